package relay

import (
	"context"
	"maps"
	"time"

	"ombudsdienst/internal/complaint"

	"golang.org/x/time/rate"
)

// lookout asks about open files in turns, so that a stuck one is seen although
// nobody opens it. A look takes those that were stuck before, then those with
// something undone, then the next of all others; at 500 cases every 5 minutes,
// 20,000 open cases have had their turn within four hours.
type lookout struct {
	inquiry
	limit *rate.Limiter
	last  complaint.CaseID            // of the turn
	stuck map[complaint.CaseID][]snag // as they were when last asked about
}

func newLookout(q inquiry, perSecond int) *lookout {
	return &lookout{inquiry: q, limit: rate.NewLimiter(rate.Limit(perSecond), 1), stuck: map[complaint.CaseID][]snag{}}
}

// lookOut looks at once and then every now and then. While the register or
// Temporal is away the last figures stand, and other figures say so.
func (r *Relay) lookOut(ctx context.Context) {
	tick := time.NewTicker(r.LookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := r.look(ctx); err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "the relay could not look for stuck cases", "code", codeOf(err))
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// look asks about one part of the open cases and shows what is stuck.
func (r *Relay) look(ctx context.Context) error {
	defer func() { r.metrics.stuck.show(r.lookout.stuck) }()
	cases, err := r.toLookAt(ctx)
	if err != nil {
		return err
	}
	failed := 0 // in a row
	for _, id := range cases {
		if err := r.lookAt(ctx, id); err == nil {
			failed = 0
		} else if failed++; failed == mostFailed || ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// mostFailed questions in a row mean that Temporal is the trouble; fewer are
// about cases of which it cannot tell, which must not hide the others.
const mostFailed = 3

// toLookAt chooses the cases of a look and moves the turn on.
func (r *Relay) toLookAt(ctx context.Context) ([]complaint.CaseID, error) {
	cases := r.lookout.someStuck(r.LookAt / 2)
	undone, err := r.store.CasesUndone(ctx, r.now().Add(-stuckRecording), (r.LookAt-len(cases))/2)
	if err != nil {
		return nil, err
	}
	cases = append(cases, undone...)
	room := r.LookAt - len(cases)
	turn, err := r.store.CasesAfter(ctx, r.lookout.last, room)
	if err != nil {
		return nil, err
	}
	r.lookout.last = complaint.CaseID{}
	if len(turn) == room {
		r.lookout.last = turn[room-1]
	}
	return append(cases, turn...), nil
}

// someStuck picks at most so many, each time others.
func (l *lookout) someStuck(most int) []complaint.CaseID {
	var some []complaint.CaseID
	for id := range maps.Keys(l.stuck) { // in no order
		if len(some) == most {
			break
		}
		some = append(some, id)
	}
	return some
}

func (r *Relay) lookAt(ctx context.Context, id complaint.CaseID) error {
	l := r.lookout
	if err := l.limit.Wait(ctx); err != nil {
		return err
	}
	status, snags, err := l.ask(ctx, id.WorkflowID(), r.now())
	if err != nil {
		return err
	}
	r.metrics.stuck.looks.Inc()
	before, known := l.stuck[id]
	switch {
	case status != runs || len(snags) == 0:
		delete(l.stuck, id)
		if known {
			r.log.InfoContext(ctx, "a case goes on", "workflow", id.WorkflowID())
		}
	default:
		l.stuck[id] = snags
		if !known || before[0].obstacle != snags[0].obstacle {
			r.log.WarnContext(ctx, "a case is stuck", "workflow", id.WorkflowID(), "obstacle", snags[0].obstacle, "activity", snags[0].Activity)
		}
	}
	return nil
}
