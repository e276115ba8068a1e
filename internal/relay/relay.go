package relay

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"ombudsdienst/internal/register"
	"ombudsdienst/workflows"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/semaphore"
)

// Config is what a relay works with. Only the tuning, the logger and the
// registerer may be left out.
type Config struct {
	Store       *register.Store
	DatabaseURL string   // of the register, for the connection that listens to it
	Temporal    Temporal // may be lazy, and away
	Namespace   string
	Now         func() time.Time
	Logger      *slog.Logger          // nil: the default one
	Registerer  prometheus.Registerer // nil: nothing is measured
	Tuning      Tuning
}

// Tuning holds the measures of a relay; what is zero gets the default named
// beside it.
type Tuning struct {
	Parallel       int           // deliveries at one time; 16
	StartsInFlight int           // starts delivered and not recorded; 200
	Tries          int           // that count, until a workflow is blocked; 20
	Timeout        time.Duration // of one question to a server; 10 s
	FirstPause     time.Duration // before a row leaves again; 1 min, then twice as long each time
	LastPause      time.Duration // at most; 15 min
	Tick           time.Duration // looks without being woken; 10 s
	FirstWait      time.Duration // after trouble with a server; 500 ms, then twice as long each time
	LastWait       time.Duration // at most; 15 s
	Settling       time.Duration // until a whole server knows new search attributes; 1 min
	LookEvery      time.Duration // for stuck cases; 5 min
	LookAt         int           // cases of one look; 500
	LooksPerSecond int           // questions to Temporal for that; 10
	RaiseEvery     time.Duration // the marker; 1 min
	TidyEvery      time.Duration // between two removals of rows that are done; 1 h
	TidyAtOnce     int           // rows of one removal; 1000
	KeepDone       time.Duration // how long rows of closed cases stay; 8 weeks
}

func (t Tuning) withDefaults() Tuning {
	setDefault(&t.Parallel, 16)
	setDefault(&t.StartsInFlight, 200)
	setDefault(&t.Tries, 20)
	setDefault(&t.Timeout, 10*time.Second)
	setDefault(&t.FirstPause, time.Minute)
	setDefault(&t.LastPause, 15*time.Minute)
	setDefault(&t.Tick, 10*time.Second)
	setDefault(&t.FirstWait, 500*time.Millisecond)
	setDefault(&t.LastWait, 15*time.Second)
	setDefault(&t.Settling, time.Minute)
	setDefault(&t.LookEvery, 5*time.Minute)
	setDefault(&t.LookAt, 500)
	setDefault(&t.LooksPerSecond, 10)
	setDefault(&t.RaiseEvery, time.Minute)
	setDefault(&t.TidyEvery, time.Hour)
	setDefault(&t.TidyAtOnce, 1000)
	setDefault(&t.KeepDone, 8*7*24*time.Hour)
	return t
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Relay carries outbox rows to Temporal. Make it with New and start Run once.
type Relay struct {
	Tuning
	store       *register.Store
	databaseURL string
	temporal    Temporal
	namespace   string
	taskQueue   string
	now         func() time.Time
	log         *slog.Logger
	metrics     metrics

	wake       chan struct{} // holds at most one: being woken twice is being woken
	appeared   chan struct{} // the same, when Temporal has appeared
	slots      *semaphore.Weighted
	deliveries sync.WaitGroup
	prepared   atomic.Bool  // Temporal answered and has the search attributes
	glanceDue  atomic.Bool  // it has appeared, and what was recorded last is still to be looked at
	preparedAt atomic.Int64 // since when, in Unix nanoseconds; 0: never
	trouble    trouble
	pollers    pollers
	lookout    *lookout
}

// New makes a relay; it touches no server yet.
func New(c Config) *Relay {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	tuning := c.Tuning.withDefaults()
	return &Relay{
		Tuning:      tuning,
		store:       c.Store,
		databaseURL: c.DatabaseURL,
		temporal:    c.Temporal,
		namespace:   c.Namespace,
		taskQueue:   workflows.TaskQueue,
		now:         c.Now,
		log:         c.Logger,
		metrics:     newMetrics(c.Registerer),
		wake:        make(chan struct{}, 1),
		appeared:    make(chan struct{}, 1),
		slots:       semaphore.NewWeighted(int64(tuning.Parallel)),
		trouble:     trouble{first: tuning.FirstWait, last: tuning.LastWait},
		lookout:     newLookout(inquiry{c.Temporal, c.Namespace}, tuning.LooksPerSecond),
	}
}

// Connected tells whether Temporal answered when it was last asked, and is
// prepared for procedures.
func (r *Relay) Connected() bool { return r.prepared.Load() }

// Run carries rows until the context ends, which is its only end; the error is
// nil then. Where the register or Temporal is away it waits and goes on.
func (r *Relay) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { r.listen(ctx) })
	beside.Go(func() { r.measure(ctx) })
	beside.Go(func() { r.lookOut(ctx) })
	beside.Go(func() { r.keepMarker(ctx) })
	beside.Go(func() { r.keepSchedule(ctx) })
	beside.Go(func() { r.tidyUp(ctx) })
	defer r.deliveries.Wait()

	tick := time.NewTicker(r.Tick)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := r.carry(ctx); err != nil {
			r.pause(ctx, err)
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-tick.C:
		}
	}
	return nil
}

// wakeUp makes Run look at the outbox.
func (r *Relay) wakeUp() { tell(r.wake) }

// tell wakes who waits for it.
func tell(waiting chan<- struct{}) {
	select {
	case waiting <- struct{}{}:
	default: // it is awake already
	}
}

// pause waits after trouble, a bounded while that grows until a server answers.
func (r *Relay) pause(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	wait := r.trouble.next()
	r.log.WarnContext(ctx, "the relay waits", "reason", err, "wait", wait)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
	r.trouble.forget()
}
