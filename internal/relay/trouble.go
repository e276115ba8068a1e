package relay

import (
	"sync"
	"time"
)

// trouble is what the deliveries beside Run tell it about a server that is
// away, and how long to wait then.
type trouble struct {
	first, last time.Duration

	mu   sync.Mutex
	err  error
	wait time.Duration // the last one; zero since a server answered
}

// report keeps the trouble until Run has waited for it.
func (t *trouble) report(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = err
}

// reported is the trouble to wait for, if any.
func (t *trouble) reported() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

func (t *trouble) forget() { t.report(nil) }

// next is how long to wait now: twice as long as last time, within bounds.
func (t *trouble) next() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wait = min(t.last, max(t.first, 2*t.wait))
	return t.wait
}

// over starts the waits anew, because a server answered.
func (t *trouble) over() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wait = 0
}
