package api

import (
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"ombudsdienst/internal/staff"
)

// What one address may ask without a token when nothing else is configured:
// enough for an office behind one address, too little to guess or to flood.
const (
	usualRate  = 50   // requests a second
	usualBurst = 1500 // at once

	lodgingRate = 20 // of them, what writes
)

// mostAddresses bounds the memory that callers can make us use.
const mostAddresses = 20_000

// limiter keeps a token bucket for each network address.
type limiter struct {
	rate  rate.Limit
	burst int

	mu      sync.Mutex
	buckets map[netip.Prefix]*rate.Limiter
}

func newLimiter(perSecond float64, burst int) *limiter {
	return &limiter{rate: rate.Limit(perSecond), burst: burst, buckets: map[netip.Prefix]*rate.Limiter{}}
}

// wait takes a token of an address; when there is none it tells after how long
// there will be one.
func (l *limiter) wait(address string, now time.Time) time.Duration {
	bucket := l.bucket(staff.Neighbourhood(address), now)
	reservation := bucket.ReserveN(now, 1)
	delay := reservation.DelayFrom(now)
	if delay > 0 {
		reservation.CancelAt(now)
	}
	return delay
}

// until tells after how long there is a token of an address, and takes none.
func (l *limiter) until(address string, now time.Time) time.Duration {
	missing := 1 - l.bucket(staff.Neighbourhood(address), now).TokensAt(now)
	return time.Duration(max(0, missing) / float64(l.rate) * float64(time.Second))
}

func (l *limiter) bucket(from netip.Prefix, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.buckets[from]; known != nil {
		return known
	}
	if len(l.buckets) >= mostAddresses {
		l.forgetIdle(now)
	}
	if len(l.buckets) >= mostAddresses {
		from = netip.Prefix{} // too many at once: newcomers share one bucket
		if shared := l.buckets[from]; shared != nil {
			return shared
		}
	}
	fresh := rate.NewLimiter(l.rate, l.burst)
	l.buckets[from] = fresh
	return fresh
}

// forgetIdle drops the buckets that are full again: a new one is no different.
func (l *limiter) forgetIdle(now time.Time) {
	for from, bucket := range l.buckets {
		if bucket.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, from)
		}
	}
}

// seconds writes a pause for Retry-After: whole seconds, at least one.
func seconds(d time.Duration) string {
	return strconv.Itoa(int(max(1, math.Ceil(d.Seconds()))))
}
