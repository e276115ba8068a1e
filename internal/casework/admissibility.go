package casework

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// AdmissibilityDecision is what an officer decides about admissibility. ReferTo
// names who can help: for reclassified the code of a department, which gets the
// question.
type AdmissibilityDecision struct {
	Decision complaint.Judgement
	Ground   complaint.Ground
	Reasons  string
	ReferTo  string
}

// DecideAdmissibility (ontvankelijkheid) keeps an officer's decision, once. It
// settles what the rules left to a person, and it may refuse or reclassify a
// complaint that went on by itself; whatever departments were asked is then over.
func (d *Desk) DecideAdmissibility(ctx context.Context, actor Actor, once Once, number complaint.Number, decision AdmissibilityDecision) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	decision, err := d.checkAdmissibility(decision)
	if err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.mayJudge(decision.Decision); err != nil {
			return Standing{}, err
		}
		if err := a.fitsTheFile(ctx, decision); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.judge(ctx, decision)
	})
}

// checkAdmissibility fills in the ground where the decision leaves no choice.
func (d *Desk) checkAdmissibility(decision AdmissibilityDecision) (AdmissibilityDecision, error) {
	c := d.checker()
	c.text("reasons", decision.Reasons, 10_000)
	c.text("refer_to", decision.ReferTo, 1000)
	switch decision.Decision {
	case complaint.FindAdmissible:
		decision.Ground = complaint.GroundAdmissible
	case complaint.FindReclassified:
		decision.Ground = complaint.InformationRequest
		c.department("refer_to", decision.ReferTo)
	case complaint.FindInadmissible:
		if !slices.Contains(complaint.RefusalGrounds, decision.Ground) {
			c.wrong("ground", "is not a ground on which the procedure refuses a complaint")
		}
		c.required("reasons", decision.Reasons, 10_000)
		if decision.Ground == complaint.NotOurService {
			c.required("refer_to", decision.ReferTo, 1000) // the letter names who can help
		}
	case complaint.FindPending:
		c.wrong("decision", "pending is not possible yet")
	default:
		c.wrong("decision", "is not one of admissible, inadmissible, reclassified")
	}
	return decision, c.result()
}

func (a *act) mayJudge(decision complaint.Judgement) error {
	if err := a.undecided(); err != nil {
		return err
	}
	if a.c.Judged != "" {
		return complaint.Conflict("already_judged", "The admissibility of complaint %s has been decided.", a.c.Number)
	}
	if decision != complaint.FindAdmissible {
		return nil
	}
	if a.c.Finding == complaint.FindAdmissible {
		return complaint.Conflict("already_admissible", "Complaint %s was found admissible by the rules.", a.c.Number)
	}
	if a.c.DeadlineVersion == 0 {
		return complaint.Conflict("not_in_writing", "Complaint %s is a phone note: it can be admitted once it is in writing.", a.c.Number)
	}
	return nil
}

// fitsTheFile keeps a refusal from telling the complainant what the file shows
// to be untrue.
func (a *act) fitsTheFile(ctx context.Context, decision AdmissibilityDecision) error {
	if decision.Decision != complaint.FindInadmissible {
		return nil
	}
	submission, err := a.store.Submission(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	if contradiction := complaint.Contradiction(submission, decision.Ground); contradiction != "" {
		return complaint.Conflict("ground_contradicted", "Complaint %s cannot be refused as %s: %s.",
			a.c.Number, decision.Ground, contradiction)
	}
	return nil
}

func (a *act) judge(ctx context.Context, decision AdmissibilityDecision) error {
	ending := decision.Decision != complaint.FindAdmissible
	_, err := a.store.AddDecision(ctx, a.tx, a.c.Number, register.DecidedAdmissibility, a.actor.Login, ending,
		complaint.AdmissionDecision{
			Decision: decision.Decision, Ground: decision.Ground, Reasons: decision.Reasons, ReferTo: decision.ReferTo,
			DecidedBy: a.actor.Login, DecidedAt: a.Now(),
		})
	if err != nil {
		return err
	}
	letters, err := a.judgementLetters(ctx, decision)
	if err != nil {
		return err
	}
	err = a.note(ctx, "admissibility_decided",
		register.Details{"decision": decision.Decision, "ground": decision.Ground}, "decision", "ground", "reasons", "refer_to")
	if err != nil {
		return err
	}
	return a.tell(ctx, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: decision.Decision, Ground: decision.Ground, Letters: letters,
	})
}

// judgementLetters owes the letters of a refusal or a reclassification.
func (a *act) judgementLetters(ctx context.Context, decision AdmissibilityDecision) ([]int64, error) {
	switch decision.Decision {
	case complaint.FindInadmissible:
		return a.oweComplainant(ctx, complaint.LetterInadmissible)
	case complaint.FindReclassified:
		letters, err := a.oweComplainant(ctx, complaint.LetterReclassified)
		if err != nil {
			return nil, err
		}
		request, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
			Number: a.c.Number, Kind: complaint.LetterRequest, Version: 1, Department: decision.ReferTo,
		})
		return append(letters, request), err
	}
	return nil, nil
}
