package casework

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// ReceiptCorrection says that a complaint had come in at another moment: stamped
// earlier, or first sent to another place inside the organisation.
type ReceiptCorrection struct {
	ReceivedAt time.Time
	Reasons    string
}

// CorrectReceipt derives the deadline again from another moment of receipt. An
// end that is then in the past makes the case overdue at once, no more.
func (d *Desk) CorrectReceipt(ctx context.Context, actor Actor, once Once, number complaint.Number, r ReceiptCorrection) (Standing, error) {
	if err := actor.must(staff.Intake, staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", r.Reasons, 2000)
	switch {
	case r.ReceivedAt.IsZero():
		check.wrong("received_at", "is required")
	case r.ReceivedAt.After(d.Now()):
		check.wrong("received_at", "is in the future")
	default:
		check.sensible("received_at", complaint.DayOf(r.ReceivedAt))
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		if a.c.Stage == complaint.Closed && a.c.Result == complaint.ReferredPrivacy {
			return a.standing(), a.correctReferred(ctx, r)
		}
		before, err := a.running(ctx)
		if err != nil {
			return Standing{}, err
		}
		if before.reopened {
			return Standing{}, complaint.Conflict("second_term",
				"Complaint %s was opened again: its second term began then, whenever it was received.", number)
		}
		return a.standing(), a.correctReceipt(ctx, r, before)
	})
}

func (a *act) correctReceipt(ctx context.Context, r ReceiptCorrection, before runningTerm) error {
	event := complaint.TermEvent{Kind: complaint.TermReceiptCorrected, At: r.ReceivedAt}
	change, err := a.changeTerm(ctx, event, r.Reasons, func(now termChange) ([]int64, error) {
		named, err := register.NamedLastDay(ctx, a.tx, a.c.Number)
		if err != nil || !named || now.Deadline.LastDay == before.LastDay || a.undecided() != nil {
			return []int64{}, err
		}
		return a.store.OweComplainant(ctx, a.tx, a.c, complaint.LetterCorrection, int64(now.Deadline.Version))
	})
	if err == nil {
		err = a.movePrivacy(ctx, r)
	}
	if err != nil {
		return err
	}
	return a.note(ctx, "receipt_corrected", register.Details{
		"day_0_before": before.Day0, "last_day_before": before.LastDay,
		"day_0": change.Deadline.Day0, "last_day": change.Deadline.LastDay,
	}, "received_at", "reasons")
}

// DelayNotice tells the complainant why the answer comes later, and by when.
type DelayNotice struct {
	Reasons string
	NewDate complaint.Day
}

// GiveDelayNotice (uitstelbericht) moves the last day once, to at most day 90,
// while it has not ended. The case still counts as late in every figure.
func (d *Desk) GiveDelayNotice(ctx context.Context, actor Actor, once Once, number complaint.Number, n DelayNotice) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", n.Reasons, 10_000)
	if n.NewDate.IsZero() {
		check.wrong("new_date", "is required")
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		if err := a.undecided(); err != nil {
			return Standing{}, err
		}
		before, err := a.running(ctx)
		if err != nil {
			return Standing{}, err
		}
		if err := a.mayDelay(check, before, n.NewDate); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.giveDelayNotice(ctx, n)
	})
}

// mayDelay tells whether a notice is still allowed, and its day possible.
func (a *act) mayDelay(check *checker, before runningTerm, day complaint.Day) error {
	switch {
	case before.delayed:
		return complaint.Conflict("delay_noticed",
			"A delay notice was given before on complaint %s; it is given once.", a.c.Number)
	case before.Overdue(a.Now()):
		return complaint.Conflict("term_ended",
			"The last day of complaint %s was %s. A delay notice is given before that day ends; afterwards the complainant is told that the answer is late.",
			a.c.Number, before.LastDay)
	}
	limit := before.Day0.AddDays(complaint.DelayLimitDays)
	if !day.After(before.LastDay) || day.After(limit) {
		check.wrong("new_date", "is not after the last day, %s, and at most day 90 of the term, %s", before.LastDay, limit)
	}
	return check.result()
}

func (a *act) giveDelayNotice(ctx context.Context, n DelayNotice) error {
	event := complaint.TermEvent{Kind: complaint.TermDelayNoticed, At: a.Now(), NewDate: n.NewDate}
	change, err := a.changeTerm(ctx, event, n.Reasons, func(now termChange) ([]int64, error) {
		return a.store.OweComplainant(ctx, a.tx, a.c, complaint.LetterDelayNotice, int64(now.Deadline.Version))
	})
	if err != nil {
		return err
	}
	return a.note(ctx, "delay_noticed", register.Details{
		"term_last_day": change.Deadline.TermLastDay, "last_day": change.Deadline.LastDay,
	}, "reasons", "new_date")
}

// runningTerm is the deadline in force of an open case.
type runningTerm struct {
	complaint.Deadline
	delayed, reopened bool
}

// running refuses a case that is closed, or whose term has not begun.
func (a *act) running(ctx context.Context) (runningTerm, error) {
	if a.c.Stage == complaint.Closed {
		return runningTerm{}, complaint.Conflict("closed", "Complaint %s is closed.", a.c.Number)
	}
	in, err := register.DeadlineInForce(ctx, a.tx, a.c.Number)
	if err != nil {
		return runningTerm{}, err
	}
	if in.Deadline.LastDay.IsZero() {
		return runningTerm{}, complaint.Conflict("no_term",
			"No term runs for complaint %s: it begins when the complaint arrives in writing.", a.c.Number)
	}
	term := runningTerm{Deadline: in.Deadline}
	events, err := register.TermEvents(ctx, a.tx, a.c.Number)
	for _, e := range events {
		switch e.Kind {
		case complaint.TermDelayNoticed:
			term.delayed = true
		case complaint.TermReopened:
			term.reopened, term.delayed = true, false
		}
	}
	return term, err
}
