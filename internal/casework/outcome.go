package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// OutcomeDecision is the officer's answer. WithoutAnswers says why it does not
// wait for departments that still owe theirs, or for the service that helps first.
type OutcomeDecision struct {
	Findings        []complaint.PointFinding
	Verdict         complaint.Verdict
	Resolution      complaint.Resolution
	Remedy          string
	Norms           []complaint.Norm
	Recommendations []complaint.Recommendation
	WithoutAnswers  string
}

// DecideOutcome keeps the outcome (resultaat) of an admissible complaint, once.
// Letters to the complainant and to the departments with a recommendation
// follow, and then the case closes.
func (d *Desk) DecideOutcome(ctx context.Context, actor Actor, once Once, number complaint.Number, outcome OutcomeDecision) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := d.checkOutcome(outcome); err != nil {
			return Standing{}, err
		}
		if err := a.investigable(); err != nil {
			return Standing{}, err
		}
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		open, err := a.owing(ctx)
		if err != nil {
			return Standing{}, err
		}
		if len(open) > 0 && strings.TrimSpace(outcome.WithoutAnswers) == "" {
			return Standing{}, complaint.Conflict("consultations_open",
				"No answer has come yet from %s; give a reason in without_answers to decide without.",
				strings.Join(departmentsOf(open), ", "))
		}
		first, err := register.FindServiceFirst(ctx, a.tx, number)
		if err != nil {
			return Standing{}, err
		}
		if first.Waits() && strings.TrimSpace(outcome.WithoutAnswers) == "" {
			return Standing{}, complaint.Conflict("service_first_open",
				"%s helps first until %s; give a reason in without_answers to decide without.", first.Department, first.ReturnOn)
		}
		return a.standing(), a.decide(ctx, outcome, open, first)
	})
}

// departmentsOf names the departments that were asked, each once.
func departmentsOf(asked []complaint.Consultation) []string {
	codes := []string{}
	for _, c := range asked {
		codes = append(codes, c.Department)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func (d *Desk) checkOutcome(o OutcomeDecision) error {
	c := d.checker()
	if len(o.Findings) == 0 {
		c.wrong("findings", "needs at least one finding")
	}
	for i, f := range o.Findings {
		at := fmt.Sprintf("findings[%d].", i)
		c.required(at+"point", f.Point, 2000)
		c.required(at+"reasons", f.Reasons, 10_000)
		if !f.Verdict.Valid() {
			c.wrong(at+"verdict", "is not a verdict")
		}
	}
	switch {
	case !o.Verdict.Valid():
		c.wrong("verdict", "is not a verdict")
	case !o.Verdict.Fits(o.Findings):
		c.wrong("verdict", "does not fit the verdicts of the findings")
	}
	if !o.Resolution.Valid() {
		c.wrong("resolution", "is not a resolution")
	}
	c.text("remedy", o.Remedy, 10_000)
	for i, n := range o.Norms {
		if !n.Valid() || slices.Contains(o.Norms[:i], n) {
			c.wrong(fmt.Sprintf("norms[%d]", i), "is not an ombuds norm, or stands there twice")
		}
	}
	for i, r := range o.Recommendations {
		at := fmt.Sprintf("recommendations[%d].", i)
		c.department(at+"department", r.Department)
		c.required(at+"text", r.Text, 10_000)
		c.notPast(at+"due_on", r.DueOn)
	}
	c.text("without_answers", o.WithoutAnswers, 10_000)
	return c.result()
}

// decide keeps the outcome; why it did not wait for the departments that still
// owed an answer, or helped first, stands in the file and in no letter.
func (a *act) decide(ctx context.Context, o OutcomeDecision, open []complaint.Consultation, first *register.ServiceFirst) error {
	// Recommendations have rows of their own, from which they are read back.
	decision, dropped, err := a.store.AddDecision(ctx, a.tx, a.c.Number, register.DecidedOutcome, a.actor.Login, true, complaint.Outcome{
		Findings: o.Findings, Verdict: o.Verdict, Resolution: o.Resolution, Remedy: o.Remedy, Norms: o.Norms,
		WithoutAnswers: o.WithoutAnswers, DecidedBy: a.actor.Login, DecidedAt: a.Now(),
	})
	if err != nil {
		return err
	}
	letters, err := a.outcomeLetters(ctx, decision, o, open)
	if err == nil {
		letters, err = a.releaseService(ctx, first, letters)
	}
	if err != nil {
		return err
	}
	waiting := departmentsOf(open)
	if first.Waits() {
		waiting = append(waiting, first.Department)
	}
	err = a.note(ctx, "outcome_decided", register.Details{
		"verdict": o.Verdict, "resolution": o.Resolution, "recommendations": len(o.Recommendations),
		"without_answers": waiting,
	}, "findings", "verdict", "resolution", "remedy", "norms", "recommendations", "without_answers")
	if err != nil {
		return err
	}
	return a.tell(ctx, complaint.DecideOutcome, complaint.OutcomeDecided{Letters: letters, Dropped: dropped})
}

// outcomeLetters owes the outcome itself, then what departments are told: what
// is recommended to them, and that an answer is not needed any more.
func (a *act) outcomeLetters(ctx context.Context, decision int64, o OutcomeDecision, open []complaint.Consultation) ([]int64, error) {
	letters, err := a.oweComplainant(ctx, complaint.LetterOutcome)
	if err != nil {
		return nil, err
	}
	for _, r := range o.Recommendations {
		letter, err := a.recommend(ctx, decision, r)
		if err != nil {
			return nil, err
		}
		letters = append(letters, letter)
	}
	released, err := a.releaseDepartments(ctx, open)
	return append(letters, released...), err
}

func (a *act) recommend(ctx context.Context, decision int64, r complaint.Recommendation) (int64, error) {
	id, err := register.AddRecommendation(ctx, a.tx, a.c.Number, decision, r)
	if err != nil {
		return 0, err
	}
	return a.store.OweLetter(ctx, a.tx, register.OwedLetter{
		Number: a.c.Number, Kind: complaint.LetterRecommendation, Version: id, Department: r.Department,
	})
}
