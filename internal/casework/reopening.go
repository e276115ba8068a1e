package casework

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// ReopeningNote says why a closed case is opened again.
type ReopeningNote struct {
	Reasons string
}

// Reopen (heropenen) opens a closed case again under its number. Decisions and
// figures of the term before stay as they are; a second term of the same length
// runs from today, in a new run of the procedure. The complainant is told the new
// last day. A case that was refused goes back to be judged by a person, unless
// the rules find it admissible.
func (d *Desk) Reopen(ctx context.Context, actor Actor, once Once, number complaint.Number, r ReopeningNote) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", r.Reasons, 10_000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.reopenable(); err != nil {
			return Standing{}, err
		}
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		return a.reopen(ctx, r)
	})
}

// reopenableResults are the ends after which a case may go on.
var reopenableResults = []complaint.Result{complaint.Answered, complaint.Inadmissible, complaint.Withdrawn, complaint.Reclassified}

func (a *act) reopenable() error {
	switch {
	case a.c.Stage != complaint.Closed:
		return complaint.Conflict("not_closed", "Complaint %s is open.", a.c.Number)
	case !slices.Contains(reopenableResults, a.c.Result):
		return complaint.Conflict("not_reopenable", "Complaint %s ended as %s and cannot be opened again; lodge what is still to be handled.",
			a.c.Number, a.c.Result)
	case a.c.DeadlineVersion == 0:
		return complaint.Conflict("not_in_writing", "Complaint %s is a phone note that never came in writing: lodge the writing.", a.c.Number)
	}
	return nil
}

func (a *act) reopen(ctx context.Context, r ReopeningNote) (Standing, error) {
	revision, err := a.store.Reopen(ctx, a.tx, a.c.Number, r.Reasons, a.actor.Login)
	if err != nil {
		return Standing{}, err
	}
	if a.c, err = register.LockCase(ctx, a.tx, a.c.Number); err != nil { // as the new term has it
		return Standing{}, err
	}
	term, err := a.deriveTerm(ctx, complaint.TermEvent{Kind: complaint.TermReopened, At: a.Now()}, r.Reasons)
	if err != nil {
		return Standing{}, err
	}
	letters, err := a.oweComplainant(ctx, complaint.LetterReopened)
	if err != nil {
		return Standing{}, err
	}
	err = a.note(ctx, "reopened", register.Details{"term": a.c.Term, "last_day": term.Deadline.LastDay}, "reasons")
	if err != nil {
		return Standing{}, err
	}
	start := a.startAgain(term, revision)
	start.Letters = letters
	a.goesTo(start)
	return a.standing(), a.tell(ctx, complaint.Reopen, start)
}

// goesTo lets the answer to a command tell where a case that was opened again goes
// on: its run takes it there at once.
func (a *act) goesTo(start complaint.Start) {
	a.c.Stage, a.c.WaitingFor = start.Stage, start.WaitingFor
}

// startAgain is the start of a further run of the locked case as it now stands. A
// refusal that the rules found and that nobody has decided on has its watch, by
// the days of the term.
func (a *act) startAgain(term termChange, revision int) complaint.Start {
	start := complaint.Start{
		Number: a.c.Number, Department: a.c.Department, Ground: a.c.Ground,
		Stage: complaint.Assessing, WaitingFor: complaint.WaitOmbuds,
		Moments: term.Moments, Term: a.c.Term, Revision: revision + 1,
	}
	switch {
	case a.c.Admissible():
		start.Stage, start.Ground = complaint.Investigating, complaint.GroundAdmissible
	case a.c.Finding == complaint.FindInadmissible && a.c.Judged == "":
		start.RefuseBy = a.refuseBy(term.Deadline.Day0)
	}
	return start
}
