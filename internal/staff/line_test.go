package staff

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// from is one of many addresses that somebody tries from.
type from func(n int) string

var crowds = map[string]from{
	"IPv4 of one provider":   func(n int) string { return fmt.Sprintf("203.0.%d.%d", n/250, n%250) },
	"IPv4 of everywhere":     func(n int) string { return fmt.Sprintf("%d.%d.0.1", 20+n/250, n%250) },
	"IPv6 of one customer":   func(n int) string { return fmt.Sprintf("2001:db8:0:%x::1", n) },
	"IPv6 of one provider":   func(n int) string { return fmt.Sprintf("2001:db8:%x::1", n) },
	"IPv6 of many providers": func(n int) string { return fmt.Sprintf("2a02:%x::1", n) },
}

// newcomers came nowhere near the login before, but may be anybody's neighbour.
var newcomers = map[string]string{
	"elsewhere":               "192.0.2.1",
	"elsewhere, IPv6":         "2a10:1::1",
	"at the same provider":    "203.0.113.1",
	"at the same one, IPv6":   "2001:db8:ffff::1",
	"where one tries as well": "20.1.99.99",
}

// siege is a crowd that tries at a login all the time, as often as it is let.
type siege struct {
	throttle *Throttle
	clock    *clock
	crowd    from
	size     int
	fresh    bool // comes from other addresses all the time
	asked    int
	looked   int
}

// until lets the crowd try each second until a moment and at that moment too, so
// that it is always there first; and more seldom while nobody else tries.
func (s *siege) until(at time.Time) {
	step := time.Second
	if at.Sub(s.clock.at) > bearAccount.longest {
		step = 10 * time.Second
	}
	for s.clock.at.Before(at) {
		s.clock.at = s.clock.at.Add(min(step, at.Sub(s.clock.at)))
		for n := range s.size {
			if s.fresh {
				n = s.asked
			}
			s.asked++
			if s.throttle.Begin(Try{Login: "olga", Address: s.crowd(n)}) == 0 {
				s.looked++
			}
		}
	}
}

// waits is how long somebody waits for the first try that is looked at, coming
// back when told to, in the whole seconds of Retry-After.
func (s *siege) waits(t *testing.T, address string, atMost time.Duration) time.Duration {
	t.Helper()
	began := s.clock.at
	for s.clock.at.Sub(began) <= atMost {
		wait := s.throttle.Begin(Try{Login: "olga", Address: address})
		if wait == 0 {
			return s.clock.at.Sub(began)
		}
		if wait > bearAccount.longest {
			t.Fatalf("told to wait %v", wait)
		}
		s.until(s.clock.at.Add((wait + time.Second - 1).Truncate(time.Second)))
	}
	t.Errorf("not looked at within %v", atMost)
	return atMost
}

func TestANewcomerHasTheNextTurnHoweverManyOthersGuessAndPoll(t *testing.T) {
	for kind, crowd := range crowds {
		for _, size := range []int{20, 60, 200} {
			t.Run(fmt.Sprint(size, " ", kind), func(t *testing.T) {
				throttle, clock := newThrottle()
				s := &siege{throttle: throttle, clock: clock, crowd: crowd, size: size}
				s.until(noon.Add(2 * time.Hour)) // each had a turn
				for where, address := range newcomers {
					if wait := s.waits(t, address, 2*bearAccount.longest); wait > bearAccount.longest+time.Second {
						t.Errorf("%s: waited %v", where, wait)
					}
				}
			})
		}
	}
}

func TestANewcomerWaitsOneTurnForEachNetworkThatAskedBefore(t *testing.T) {
	for _, size := range []int{20, 60, 200} {
		throttle, clock := newThrottle()
		s := &siege{throttle: throttle, clock: clock, crowd: crowds["IPv4 of everywhere"], size: size}
		s.until(noon.Add(time.Minute)) // few had a turn, all ask
		s.waits(t, "192.0.2.1", time.Duration(size+1)*bearAccount.longest)
	}
}

func TestANewcomerSharesTheTurnsOfItsNetworkAndIsTheFirstThere(t *testing.T) {
	for _, size := range []int{20, 60} {
		throttle, clock := newThrottle()
		s := &siege{throttle: throttle, clock: clock, crowd: crowds["IPv6 of one provider"], size: size}
		s.until(noon.Add(2 * time.Hour))
		s.waits(t, "2001:db8:0:ffff::1", time.Duration(size+1)*bearAccount.longest)
	}
}

func TestAFloodOfAddressesOfOneProviderDelaysOneTurn(t *testing.T) {
	for _, kind := range []string{"IPv6 of one customer", "IPv6 of one provider"} {
		throttle, clock := newThrottle()
		s := &siege{throttle: throttle, clock: clock, crowd: crowds[kind], size: 10, fresh: true}
		s.until(noon.Add(20 * time.Minute))
		if wait := s.waits(t, "2a10:1::1", time.Hour); wait > 2*bearAccount.longest {
			t.Errorf("%s: waited %v", kind, wait)
		}
	}
}

func TestWhoMistypedOnceIsBeforeWhoGuessesOn(t *testing.T) {
	throttle, clock := newThrottle()
	s := &siege{throttle: throttle, clock: clock, crowd: crowds["IPv6 of one customer"], size: 10, fresh: true}
	s.until(noon.Add(20 * time.Minute))
	for range bearPair.free { // each is looked at and wrong
		s.waits(t, "192.0.2.1", 2*bearAccount.longest)
	}
}

func TestWhoMistypedCountsAsNewAfterTheTurnsThatAreRemembered(t *testing.T) {
	throttle, clock := newThrottle()
	s := &siege{throttle: throttle, clock: clock, crowd: crowds["IPv6 of one provider"], size: 10, fresh: true}
	s.until(noon.Add(20 * time.Minute))
	s.waits(t, "192.0.2.1", time.Hour)
	if wait := s.waits(t, "192.0.2.1", (mostHad+2)*bearAccount.longest); wait < time.Hour {
		t.Errorf("those who are new waited for the one who is not, who waited %v", wait)
	}
}

func TestGuessingFromManyAddressesIsSlowInSum(t *testing.T) {
	for kind, crowd := range crowds {
		for _, fresh := range []bool{false, true} {
			throttle, clock := newThrottle()
			s := &siege{throttle: throttle, clock: clock, crowd: crowd, size: 40, fresh: fresh}
			s.until(noon.Add(3 * time.Hour))
			most := bearAccount.free + 6 + int(3*time.Hour/bearAccount.longest) // six pauses are shorter
			if s.looked > most || !fresh && s.looked < most-6 {                 // who never comes back takes no turn
				t.Errorf("%s: %d tries were looked at", kind, s.looked)
			}
		}
	}
}

func TestATurnIsKeptForAWhileAndHoldsUpNobody(t *testing.T) {
	throttle, clock := newThrottle()
	s := &siege{throttle: throttle, clock: clock, crowd: crowds["IPv6 of many providers"], size: 60}
	s.until(noon.Add(time.Hour))
	slow, late, other := Try{Login: "olga", Address: "192.0.2.1"}, Try{Login: "olga", Address: "198.51.100.1"}, "198.18.0.1"
	throttle.Begin(slow)
	throttle.Begin(late)
	s.until(clock.at.Add(bearAccount.longest + time.Second))
	s.waits(t, other, 2*bearAccount.longest)
	s.until(clock.at.Add(turnKept - 2*bearAccount.longest))
	if wait := throttle.Begin(slow); wait != 0 {
		t.Errorf("the turn was not kept: %v", wait)
	}
	s.until(clock.at.Add(3 * bearAccount.longest))
	if wait := throttle.Begin(late); wait == 0 {
		t.Error("the turn was kept for longer than that")
	}
	s.waits(t, late.Address, 2*bearAccount.longest) // it had one turn, the others more
}

func TestWhoComesInHadNoTurn(t *testing.T) {
	throttle, clock := newThrottle()
	s := &siege{throttle: throttle, clock: clock, crowd: crowds["IPv6 of many providers"], size: 60}
	s.until(noon.Add(time.Hour))
	for range 20 {
		s.waits(t, "192.0.2.1", 2*bearAccount.longest)
		throttle.Succeeded(Try{Login: "olga", Address: "192.0.2.1"})
	}
	for _, had := range throttle.lines["olga"].had {
		if had == Neighbourhood("192.0.2.1") {
			t.Fatal("a right password is remembered as a wrong one")
		}
	}
}

// Whoever asks, from wherever, at whatever pace: nobody waits longer than a
// pause before asking again, the sum of tries at a login is bounded, and so is
// the memory.
func TestAnyMixtureOfTriesKeepsTheBounds(t *testing.T) {
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 1))
		throttle, clock := newThrottle()
		looked, right := map[string]int{}, map[string]int{}
		places := 1 + random.IntN(400)
		for range 4000 {
			kinds := []from{crowds["IPv4 of one provider"], crowds["IPv6 of one customer"], crowds["IPv6 of many providers"], func(int) string { return "?" }}
			try := Try{Login: fmt.Sprint("login-", random.IntN(2)), Address: kinds[random.IntN(len(kinds))](random.IntN(places))}
			switch wait := throttle.Begin(try); {
			case wait < 0 || wait > bearPair.longest:
				t.Fatalf("seed %d: told to wait %v", seed, wait)
			case wait == 0 && random.IntN(20) == 0:
				right[try.Login]++
				throttle.Succeeded(try)
			case wait == 0:
				looked[try.Login]++
			}
			clock.at = clock.at.Add(time.Duration(random.ExpFloat64() * float64(2*time.Second)))
		}
		past := clock.at.Sub(noon)
		for login, n := range looked {
			if most := bearAccount.free + 6 + int(past/bearAccount.longest) + 8*right[login]; n > most {
				t.Errorf("seed %d: %d tries were looked at within %v, and %d were right", seed, n, past, right[login])
			}
		}
		for _, line := range throttle.lines {
			if len(line.waiting) > mostWaiting || len(line.had) > mostHad || len(line.given) > 20 {
				t.Errorf("seed %d: %d wait, %d are remembered, %d have a turn", seed, len(line.waiting), len(line.had), len(line.given))
			}
		}
	}
}

func TestTheLinesTakeBoundedMemoryAndTheLongestStay(t *testing.T) {
	throttle, clock := newThrottle()
	s := &siege{throttle: throttle, clock: clock, crowd: crowds["IPv4 of everywhere"], size: 60}
	s.until(noon.Add(time.Minute))
	for n := range 3 * mostLines {
		throttle.Begin(Try{Login: fmt.Sprint("x", n), Address: fmt.Sprintf("10.1.%d.%d", n>>8, n&255)})
	}
	if len(throttle.lines) > mostLines || throttle.lines["olga"] == nil {
		t.Errorf("%d lines; olga's is there: %v", len(throttle.lines), throttle.lines["olga"] != nil)
	}
}

func TestALineIsForgottenWithItsAccount(t *testing.T) {
	throttle, clock := newThrottle()
	s := &siege{throttle: throttle, clock: clock, crowd: crowds["IPv4 of everywhere"], size: 60}
	s.until(noon.Add(time.Minute))
	clock.at = clock.at.Add(24 * time.Hour)
	if wait := throttle.Begin(Try{Login: "olga", Address: s.crowd(0)}); wait != 0 {
		t.Errorf("waits %v", wait)
	}
	if had := throttle.lines["olga"].had; len(had) != 1 {
		t.Errorf("%d turns are remembered", len(had))
	}
}
