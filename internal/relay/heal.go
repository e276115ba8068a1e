package relay

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"
)

// healBatch is how many files a pass takes together, and then notes.
const healBatch = 200

// lastMoments is how long before a raise a recording may have been that Temporal
// did not keep, because the step around it had not ended.
const lastMoments = time.Minute

// beginHealing notes that a store lost time. A register that did gives no number
// and no ID again.
func (r *Relay) beginHealing(ctx context.Context, lost register.Lost) error {
	r.log.ErrorContext(ctx, "a store lost time: the procedures are brought up to the register", "store", lost)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if lost == register.LostRegister {
		return r.store.NoteRestored(ctx)
	}
	return r.store.BeginHealing(ctx, lost)
}

// heal does a pass of the healing under way. A process that ends in the middle
// leaves it to the next one: what was rebuilt is found intact then. While no
// worker is there to answer for the procedures, it waits.
func (r *Relay) heal(ctx context.Context) error {
	healing, err := r.store.OpenHealing(ctx)
	r.metrics.healing.Set(0)
	if err != nil || healing == nil && !r.glanceDue.Load() {
		return err
	}
	if healing != nil {
		r.metrics.healing.Set(1)
	}
	polled, err := r.askForWorkers(ctx)
	if err != nil || !polled {
		return err
	}
	alone, err := r.store.HealAlone(ctx, func(ctx context.Context) error {
		healing, err := r.store.OpenHealing(ctx) // another may just have done it
		if err != nil || healing == nil {
			return errors.Join(err, r.glance(ctx))
		}
		return r.newPass(*healing).run(ctx)
	})
	if err == nil && alone {
		r.glanceDue.Store(false)
		r.metrics.healing.Set(0)
	}
	return err
}

// glance looks at the files of which something was recorded since Temporal was
// last known to have kept everything: it may have lost its last seconds.
func (r *Relay) glance(ctx context.Context) error {
	marker, err := r.store.Marker(ctx)
	if err != nil || marker.Counter == 0 {
		return err
	}
	files, err := r.store.RecordedSince(ctx, marker.SeenAt.Add(-lastMoments))
	if err != nil {
		return err
	}
	p := r.newPass(register.Healing{Lost: register.LostTemporal})
	if err := p.mend(ctx, files); err != nil {
		return err
	}
	if p.done.Rebuilt+p.done.Ended > 0 {
		r.log.ErrorContext(ctx, "Temporal lost its last moments: procedures were brought up to the register",
			"rebuilt", p.done.Rebuilt, "ended", p.done.Ended)
	}
	return nil
}

// pass goes through all open files once.
type pass struct {
	*Relay
	healing register.Healing
	limit   *rate.Limiter

	mu     sync.Mutex
	done   register.HealingDone
	untold int // procedures that do not say how far they are
}

func (r *Relay) newPass(healing register.Healing) *pass {
	return &pass{Relay: r, healing: healing, limit: rate.NewLimiter(questionsPerSecond, questionsAtOnce)}
}

func (p *pass) run(ctx context.Context) error {
	if _, err := p.seeToAttributes(ctx); err != nil { // it may be another Temporal than a moment ago
		return err
	}
	if err := p.endStrays(ctx); err != nil {
		return err
	}
	if p.healing.Lost == register.LostRegister {
		if err := p.replaceStarts(ctx); err != nil {
			return err
		}
	}
	var last complaint.CaseID
	for {
		files, err := p.store.CasesAfter(ctx, last, healBatch)
		if err != nil {
			return err
		}
		if err := errors.Join(p.mend(ctx, files), p.note(ctx)); err != nil {
			return err
		}
		if len(files) < healBatch {
			break
		}
		last = files[len(files)-1]
	}
	return p.end(ctx)
}

// note keeps how far the pass is. What it rebuilt and ended is added up over all
// passes.
func (p *pass) note(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log.WarnContext(ctx, "healing", "store", p.healing.Lost, "asked", p.done.Asked, "rebuilt", p.done.Rebuilt, "ended", p.done.Ended)
	err := p.store.NoteHealing(ctx, p.healing.ID, p.done)
	p.done.Rebuilt, p.done.Ended = 0, 0
	return err
}

// end begins the markers anew. When hardly a procedure could be asked, worker or
// register are the trouble, and the pass is made once more.
func (p *pass) end(ctx context.Context) error {
	if p.untold > mostFailed && 2*p.untold > p.done.Asked {
		return fmt.Errorf("%d of %d procedures did not say how far they are", p.untold, p.done.Asked)
	}
	there, err := p.markerThere(ctx)
	if err != nil {
		return err
	}
	counter, err := p.store.EndHealing(ctx, p.healing.ID, there)
	if err != nil {
		return err
	}
	p.log.WarnContext(ctx, "healed", "store", p.healing.Lost, "asked", p.done.Asked)
	p.wakeUp()
	return p.raise(ctx, counter)
}

// mend examines files and rebuilds the procedures that are not as they should be.
func (p *pass) mend(ctx context.Context, files []complaint.CaseID) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(questionsAtOnce)
	for _, of := range files {
		work.Go(func() error {
			if err := p.limit.Wait(ctx); err != nil {
				return err
			}
			return p.mendOne(ctx, of)
		})
	}
	return work.Wait()
}

func (p *pass) mendOne(ctx context.Context, of complaint.CaseID) error {
	ctx, cancel := context.WithTimeout(ctx, 3*questionTakes)
	defer cancel()
	b := p.rebuilder()
	found, run, err := b.examine(ctx, of, p.healing.Lost)
	if _, untold := errors.AsType[errUntold](err); untold {
		// A register that lost time is the measure of every procedure; otherwise
		// one that fails is left to a person, who sees it as stuck.
		p.count(func() { p.untold++ })
		p.log.ErrorContext(ctx, "a procedure does not say how far it is", "workflow", of.WorkflowID())
		if found, err = intact, nil; p.healing.Lost == register.LostRegister {
			found = foreign
		}
	}
	if err != nil {
		return err
	}
	p.metrics.healed.WithLabelValues(string(found)).Inc()
	p.count(func() { p.done.Asked++ })
	switch found {
	case intact:
		return nil
	case over:
		p.log.WarnContext(ctx, "a run of a term that has closed is ended", "workflow", of.WorkflowID())
		p.count(func() { p.done.Ended++ })
		return b.end(ctx, run)
	}
	p.log.WarnContext(ctx, "a procedure is begun anew from the register", "workflow", of.WorkflowID(), "was", found)
	if err := b.rebuild(ctx, of); err != nil {
		return fmt.Errorf("begin %s anew: %s", of.WorkflowID(), codeOf(err))
	}
	p.count(func() { p.done.Rebuilt++ })
	return nil
}

func (p *pass) count(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
}

func (r *Relay) rebuilder() rebuilder {
	return rebuilder{r.store, r.temporal, r.namespace, r.taskQueue}
}

// replaceStarts begins the files that no run has entered, where Temporal has a
// run of that name all the same: it belongs to what the register lost.
func (p *pass) replaceStarts(ctx context.Context) error {
	var last int64
	for {
		rows, err := p.store.HeadsUndone(ctx, last, healBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			last = row.ID
			if !starts(row) {
				continue
			}
			if err := p.replaceStart(ctx, row); err != nil {
				return err
			}
		}
	}
}

func (p *pass) replaceStart(ctx context.Context, row register.OutboxRow) error {
	if err := p.limit.Wait(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*questionTakes)
	defer cancel()
	status, _, err := inquiry{p.temporal, p.namespace}.status(ctx, row.Workflow)
	if err != nil || status == none {
		return err
	}
	p.count(func() { p.done.Rebuilt++ })
	return begin(ctx, p.temporal, p.taskQueue, row, replace)
}
