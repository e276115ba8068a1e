package casework

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// Measures of the gatherer.
const (
	mostTogether = 64               // requests in one transaction
	mostWaiting  = 1024             // requests
	mostBytes    = 64 << 20         // of what waits; a lone request may have more
	storingTime  = 20 * time.Second // of one transaction, less than callers wait
)

// errTooMuch refuses what cannot wait: the caller is to come again.
var errTooMuch = complaint.Refuse(complaint.Unavailable, "too_much_at_once",
	"Too many complaints are being lodged at this moment; send it again in a few seconds.")

// gatherer stores what is lodged at one time in one transaction. The counter of
// the numbers makes lodgings take turns from number to commit, so as many as
// possible go through it together: whoever comes while a transaction runs goes
// into the next one, and nobody waits for company.
type gatherer struct {
	work func(context.Context, *sqlx.Tx, []*request) error
	db   *sqlx.DB

	mu      sync.Mutex
	waiting []*request // in the order of arrival
	bytes   int        // of these
	storing bool
	idle    sync.Cond // with mu: storing ended
}

func newGatherer(db *sqlx.DB, work func(context.Context, *sqlx.Tx, []*request) error) *gatherer {
	g := &gatherer{work: work, db: db}
	g.idle.L = &g.mu
	return g
}

// store waits until a request is stored. A caller who goes away meanwhile takes
// back what is not being stored yet; the rest is stored all the same.
func (g *gatherer) store(ctx context.Context, r *request) error {
	if err := g.add(r); err != nil {
		return err
	}
	select {
	case <-r.stored:
		if failed, ok := errors.AsType[*panicked](r.err); ok {
			panic(failed.cause) // where it is noted, as if each stored alone
		}
		return r.err
	case <-ctx.Done():
		g.withdraw(r)
		return ctx.Err()
	}
}

// add lets a request wait for its turn, unless too much waits already.
func (g *gatherer) add(r *request) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == mostWaiting || g.bytes > 0 && g.bytes+r.size > mostBytes {
		return errTooMuch
	}
	g.waiting = append(g.waiting, r)
	g.bytes += r.size
	if !g.storing {
		g.storing = true
		go g.run()
	}
	return nil
}

func (g *gatherer) withdraw(r *request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting, r); i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
		g.bytes -= r.size
	}
}

// finish waits until nothing is being stored.
func (g *gatherer) finish() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.storing {
		g.idle.Wait()
	}
}

// run stores until nothing waits.
func (g *gatherer) run() {
	for {
		together := g.next()
		if together == nil {
			return
		}
		g.storeAll(together)
		for _, r := range together {
			close(r.stored)
		}
	}
}

// next takes the requests that are stored together, in the order of arrival. Of
// two under one key the second stays: it finds the first one's answer.
func (g *gatherer) next() []*request {
	g.mu.Lock()
	defer g.mu.Unlock()
	var together, rest []*request
	keys := map[[3]string]bool{}
	for _, r := range g.waiting {
		key := [3]string{r.key.Caller, r.key.Route, r.key.Key}
		if len(together) == mostTogether || r.key.Key != "" && keys[key] {
			rest = append(rest, r)
			continue
		}
		together = append(together, r)
		keys[key] = true
		g.bytes -= r.size
	}
	g.waiting = rest
	if together == nil {
		g.storing = false
		g.idle.Broadcast()
	}
	return together
}

// storeAll stores requests in one transaction. What the register refuses harms
// nobody else: the requests are tried again in two halves, in their order.
func (g *gatherer) storeAll(together []*request) {
	ctx, cancel := context.WithTimeout(context.Background(), storingTime)
	defer cancel()
	undone := false // nothing of it can have been stored
	err := register.Tx(ctx, g.db, func(tx *sqlx.Tx) error {
		err := g.attempt(ctx, tx, together)
		undone = err != nil && complaint.CategoryOf(err) != complaint.Unavailable
		return err
	})
	switch {
	case err == nil:
	case ctx.Err() != nil: // nobody here knows whether it is stored
		fail(together, complaint.Refuse(complaint.Unavailable, "register_unavailable", "The register does not answer in time."))
	case undone && len(together) > 1:
		half := len(together) / 2
		g.storeAll(together[:half])
		g.storeAll(together[half:])
	default:
		fail(together, err)
	}
}

func fail(together []*request, err error) {
	for _, r := range together {
		r.err = err
	}
}

// panicked is a mistake of the program met while storing.
type panicked struct{ cause any }

func (*panicked) Error() string { return "a mistake of the program" }

// attempt turns a panic into an error, for it must not end the others' storing.
func (g *gatherer) attempt(ctx context.Context, tx *sqlx.Tx, together []*request) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicked{cause}
		}
	}()
	return g.work(ctx, tx, together)
}
