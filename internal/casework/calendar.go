package casework

import (
	"context"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// CalendarMove is an open case whose dates move because the organisation's days
// off or warning days were changed. The last day stays where it is.
type CalendarMove struct {
	Number        complaint.Number
	Before, After complaint.Deadline
}

// calendarBatch is how many open cases are looked at together.
const calendarBatch = 200

// CalendarMoves lists the open cases whose dates would move.
func (d *Desk) CalendarMoves(ctx context.Context) ([]CalendarMove, error) {
	moves := []CalendarMove{}
	err := d.eachMove(ctx, func(m CalendarMove) error {
		moves = append(moves, m)
		return nil
	})
	return moves, err
}

// AdoptCalendar gives each open case whose dates move its next deadline version,
// in a transaction of its own, and tells how many that were. Done again, it finds
// nothing to do.
func (d *Desk) AdoptCalendar(ctx context.Context) (adopted int, err error) {
	err = d.eachMove(ctx, func(m CalendarMove) error {
		return register.Tx(ctx, d.DB, func(tx *sqlx.Tx) error {
			changed, err := d.adoptCalendar(ctx, tx, m.Number)
			if changed && err == nil {
				adopted++
			}
			return err
		})
	})
	return adopted, err
}

// adoptCalendar looks again under the lock, for the case may have moved on.
func (d *Desk) adoptCalendar(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (bool, error) {
	c, err := register.LockCase(ctx, tx, number)
	if err != nil || c.Stage == complaint.Closed {
		return false, err
	}
	events, err := register.TermEvents(ctx, tx, number)
	if err != nil {
		return false, err
	}
	before, err := register.DeadlineInForce(ctx, tx, number)
	if err != nil || !d.movesAhead(events, before) {
		return false, err
	}
	change, err := d.renew(ctx, tx, number, events, register.DeadlineCalendar)
	if err != nil || !change.Changed {
		return false, err
	}
	err = d.store.AddEvent(ctx, tx, number, "calendar_changed", "procedure", register.Details{
		"send_by_before": before.Deadline.SendBy, "send_by": change.Deadline.SendBy,
	})
	if err != nil {
		return false, err
	}
	_, err = d.store.AppendOutbox(ctx, tx, number, complaint.ChangeDeadline, complaint.DeadlineChanged{Moments: change.Moments})
	return err == nil, err
}

// eachMove goes through the open cases whose dates move, in batches.
func (d *Desk) eachMove(ctx context.Context, work func(CalendarMove) error) error {
	var last complaint.Number
	for {
		terms, err := d.store.OpenTerms(ctx, last, calendarBatch)
		if err != nil || len(terms) == 0 {
			return err
		}
		for _, t := range terms {
			last = t.Number
			if !d.movesAhead(t.Events, t.InForce) {
				continue
			}
			if err := work(CalendarMove{t.Number, t.Deadline, d.derived(t.Events, t.InForce).Deadline}); err != nil {
				return err
			}
		}
	}
}

// movesAhead tells whether a date moves that has not come yet; what is past has
// been done and is not done again.
func (d *Desk) movesAhead(events []complaint.TermEvent, before register.InForce) bool {
	change := d.derived(events, before)
	if !change.Changed {
		return false
	}
	now := d.Now()
	differs := func(was, is time.Time) bool { return was.After(now) && !is.Equal(was) }
	if d.today().Before(before.Deadline.LastDay) && change.Deadline.SendBy != before.Deadline.SendBy ||
		differs(before.Moments.AcknowledgeBy, change.Moments.AcknowledgeBy) ||
		differs(before.Moments.AcknowledgeAlarm, change.Moments.AcknowledgeAlarm) ||
		differs(before.Moments.ConfirmAt, change.Moments.ConfirmAt) {
		return true
	}
	return !slices.EqualFunc(ahead(before.Moments.Warnings, now), ahead(change.Moments.Warnings, now), sameWarning)
}

func ahead(warnings []complaint.Warning, now time.Time) []complaint.Warning {
	return slices.DeleteFunc(slices.Clone(warnings), func(w complaint.Warning) bool { return !w.At.After(now) })
}

func sameWarning(a, b complaint.Warning) bool { return a.DaysLeft == b.DaysLeft && a.At.Equal(b.At) }
