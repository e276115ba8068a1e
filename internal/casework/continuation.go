package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// takeClosingBack opens a closed case in the term that it had, as if it had not
// closed: what closed it was wrong, and its day 0 and last day stay. What had
// closed it stays to be counted. A reopening is another thing: it begins a term.
// The deadline is derived once more, because days off that were added meanwhile
// moved those of open cases only.
func (a *act) takeClosingBack(ctx context.Context, cause register.ContinuationCause, reasons string) (complaint.Start, error) {
	revision, err := a.store.GoOn(ctx, a.tx, a.c.Number, cause, reasons, a.actor.Login)
	if err != nil {
		return complaint.Start{}, err
	}
	events, err := register.TermEvents(ctx, a.tx, a.c.Number)
	if err != nil {
		return complaint.Start{}, err
	}
	term, err := a.renew(ctx, a.tx, a.c.Number, events, register.DeadlineCalendar)
	if err != nil {
		return complaint.Start{}, err
	}
	if a.c, err = register.LockCase(ctx, a.tx, a.c.Number); err != nil { // as it goes on
		return complaint.Start{}, err
	}
	err = a.note(ctx, "gone_on", register.Details{"cause": cause, "term": a.c.Term, "last_day": term.Deadline.LastDay}, "reasons")
	start := a.startAgain(term, revision)
	start.GoesOn = true
	a.goesTo(start)
	return start, err
}
