package casework

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// termChange is the deadline that follows from one more event.
type termChange struct {
	Deadline complaint.Deadline
	Moments  complaint.Moments
	Changed  bool // a new version came into force
}

// deriveTerm adds an event to the complaint's term and derives the deadline
// again from all of them. A new version comes into force when any date moved.
// Telling the procedure is the caller's: the moments travel in its message, or
// by changeTerm in one of their own.
func (a *act) deriveTerm(ctx context.Context, event complaint.TermEvent, reasons string) (termChange, error) {
	if event.Kind == complaint.TermWritingArrived || event.Kind == complaint.TermReopened {
		event.Days = a.Organisation.Terms.Answer
	}
	events, err := a.store.AddTermEvent(ctx, a.tx, a.c.Number, register.TermNote{TermEvent: event, Reasons: reasons, By: a.actor.Login})
	if err != nil {
		return termChange{}, err
	}
	return a.renew(ctx, a.tx, a.c.Number, events, string(event.Kind))
}

// changeTerm derives the deadline again and tells the procedure when it moved,
// with the letters that say so to the complainant.
func (a *act) changeTerm(ctx context.Context, event complaint.TermEvent, reasons string, letters func(termChange) ([]int64, error)) (termChange, error) {
	change, err := a.deriveTerm(ctx, event, reasons)
	if err != nil || !change.Changed {
		return change, err
	}
	owed, err := letters(change)
	if err != nil {
		return change, err
	}
	return change, a.tell(ctx, complaint.ChangeDeadline, complaint.DeadlineChanged{Moments: change.Moments, Letters: owed})
}

// renew derives a locked complaint's deadline and puts it into force as the next
// version when it differs from the one in force.
func (d *Desk) renew(ctx context.Context, tx *sqlx.Tx, number complaint.Number, events []complaint.TermEvent, reason string) (termChange, error) {
	before, err := register.DeadlineInForce(ctx, tx, number)
	if err != nil {
		return termChange{}, err
	}
	change := d.derived(events, before)
	if !change.Changed {
		return change, nil
	}
	return change, d.store.SaveDeadline(ctx, tx, register.DeadlineVersion{
		Number: number, Deadline: change.Deadline, Moments: change.Moments, Reason: reason,
	})
}

// derived compares the deadline that events give today with the one in force.
func (d *Desk) derived(events []complaint.TermEvent, before register.InForce) termChange {
	now := complaint.DeriveDeadline(d.Organisation.Terms.AnswerTerm(), events, d.Calendar)
	now.Version = before.Deadline.Version + 1
	moments := d.momentsOf(now)
	if now.LastDay.IsZero() || sameMoments(now, before.Deadline, moments, before.Moments) {
		return termChange{Deadline: before.Deadline, Moments: before.Moments}
	}
	return termChange{Deadline: now, Moments: moments, Changed: true}
}

// momentsOf gives the procedure the dates on which it acts.
func (d *Desk) momentsOf(deadline complaint.Deadline) complaint.Moments {
	terms := d.Organisation.Terms
	return deadline.Moments(terms.AcknowledgeTarget, terms.AcknowledgeAlarm, d.Calendar)
}

// sameMoments tells whether two versions of a deadline name the same dates.
func sameMoments(a, b complaint.Deadline, ma, mb complaint.Moments) bool {
	return a.Day0 == b.Day0 && a.TermLastDay == b.TermLastDay && a.LastDay == b.LastDay && a.SendBy == b.SendBy &&
		ma.AcknowledgeBy.Equal(mb.AcknowledgeBy) && ma.AcknowledgeAlarm.Equal(mb.AcknowledgeAlarm) && ma.ConfirmAt.Equal(mb.ConfirmAt) &&
		slices.EqualFunc(ma.Warnings, mb.Warnings, sameWarning)
}
