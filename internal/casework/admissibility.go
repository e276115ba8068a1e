package casework

import (
	"context"
	"strings"

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
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		if err := a.mayJudge(ctx, decision); err != nil {
			return Standing{}, err
		}
		if err := a.fitsTheFile(ctx, decision); err != nil {
			return Standing{}, err
		}
		err := a.judge(ctx, decision)
		return a.standing(), err
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
		c.refusal(decision)
	case complaint.FindPending:
		if !decision.Ground.CanBeMended() {
			c.wrong("ground", "is not something that the complainant can be asked for")
		}
	default:
		c.wrong("decision", "is not one of admissible, inadmissible, pending, reclassified")
	}
	return decision, c.result()
}

// refusal checks that a complaint is refused on a ground of the procedure text,
// with reasons, and that who is refused learns where to go instead.
func (c *checker) refusal(decision AdmissibilityDecision) {
	switch {
	case decision.Ground.OfOtherBodies():
		c.wrong("ground", "is a ground of other bodies: the procedure text does not refuse on it; note it as a warning instead")
	case !decision.Ground.Refuses() && !decision.Ground.IsFormDefect():
		c.wrong("ground", "is not a ground on which the procedure refuses a complaint")
	}
	c.required("reasons", decision.Reasons, 10_000)
	if decision.Ground == complaint.NotOurService && strings.TrimSpace(decision.ReferTo) == "" {
		c.wrong("refer_to", "is required: the letter names the body that can help")
	}
}

// mayJudge tells whether the case takes this decision now.
func (a *act) mayJudge(ctx context.Context, decision AdmissibilityDecision) error {
	if decision.Decision == complaint.FindAdmissible && a.c.Judged == complaint.FindInadmissible {
		return a.mayReverse(decision)
	}
	if err := a.undecided(); err != nil {
		return err
	}
	if a.c.Unsplit {
		return complaint.Conflict("split_unconfirmed",
			"Nobody has confirmed which part of complaint %s is about personal data: do that first, then the rules judge what is left.", a.c.Number)
	}
	if decision.Decision == complaint.FindPending {
		return a.mayAsk(decision.Ground)
	}
	if a.c.Judged != "" {
		return complaint.Conflict("already_judged", "The admissibility of complaint %s has been decided.", a.c.Number)
	}
	if decision.Decision == complaint.FindInadmissible && decision.Ground.IsFormDefect() {
		return a.askedInVain(ctx, decision.Ground)
	}
	if decision.Decision != complaint.FindAdmissible {
		return nil
	}
	if a.c.Admissible() {
		return complaint.Conflict("already_admissible", "Complaint %s was found admissible by the rules.", a.c.Number)
	}
	return a.inWriting()
}

// mayReverse: a refusal is reversed with reasons, also when its letter has closed
// the case.
func (a *act) mayReverse(decision AdmissibilityDecision) error {
	if a.c.Stage == complaint.Closed && a.c.Result != complaint.Inadmissible {
		return complaint.Conflict("closed", "Complaint %s is closed.", a.c.Number)
	}
	if a.c.Withdrawn {
		return complaint.Conflict("withdrawn", "Complaint %s has been withdrawn.", a.c.Number)
	}
	check := a.checker()
	check.required("reasons", decision.Reasons, 10_000)
	if err := check.result(); err != nil {
		return err
	}
	return a.inWriting()
}

// askedInVain: a defect of form ends a case only when the complainant was asked
// to mend it and the term for it has passed.
func (a *act) askedInVain(ctx context.Context, ground complaint.Ground) error {
	pending, err := register.PendingOf(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	if pending == nil || pending.Reason != ground || !a.today().After(pending.Until) {
		return complaint.Conflict("not_asked_in_vain",
			"Complaint %s may be refused for this only after the complainant was asked for it and the term for it has passed.", a.c.Number)
	}
	return nil
}

// inWriting: a phone note is no complaint before its writing has come.
func (a *act) inWriting() error {
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

// mayAsk tells whether the complainant can be asked for what a ground lacks.
func (a *act) mayAsk(ground complaint.Ground) error {
	switch {
	case a.c.Pending == ground:
		return complaint.Conflict("already_asked", "The complainant of %s is being asked for this.", a.c.Number)
	case ground == complaint.NotInWriting && a.c.DeadlineVersion != 0:
		return complaint.Conflict("in_writing", "Complaint %s is in writing.", a.c.Number)
	case ground == complaint.MandateMissing && !a.c.Represented:
		return complaint.Conflict("no_representative", "Nobody represents the complainant of %s.", a.c.Number)
	}
	return nil
}

// judge keeps a decision and tells the procedure what follows from it.
func (a *act) judge(ctx context.Context, decision AdmissibilityDecision) error {
	message := complaint.AdmissibilityDecided{Judgement: decision.Decision, Ground: decision.Ground}
	if err := a.prepareJudgement(ctx, decision, &message); err != nil {
		return err
	}
	ending := decision.Decision == complaint.FindInadmissible || decision.Decision == complaint.FindReclassified
	var err error
	if ending {
		if message.Letters, err = a.releaseOpen(ctx); err != nil {
			return err
		}
	}
	_, dropped, err := a.store.AddDecision(ctx, a.tx, a.c.Number, register.DecidedAdmissibility, a.actor.Login, ending,
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
	message.Letters, message.Dropped = append(message.Letters, letters...), append(message.Dropped, dropped...)
	err = a.note(ctx, "admissibility_decided",
		register.Details{"decision": decision.Decision, "ground": decision.Ground}, "decision", "ground", "reasons", "refer_to")
	if err != nil {
		return err
	}
	if a.c.Stage == complaint.Closed {
		start, err := a.takeClosingBack(ctx, register.RefusalReversed, decision.Reasons)
		if err != nil {
			return err
		}
		start.Letters, start.Dropped = message.Letters, message.Dropped
		return a.tell(ctx, complaint.GoOn, start)
	}
	return a.tell(ctx, complaint.DecideAdmissibility, message)
}

// prepareJudgement does what comes before a decision that lets the case go on:
// asking the complainant, ending what was asked, or taking a refusal back.
func (a *act) prepareJudgement(ctx context.Context, decision AdmissibilityDecision, message *complaint.AdmissibilityDecided) (err error) {
	switch decision.Decision {
	case complaint.FindPending:
		sub, err := a.store.Current(ctx, a.tx, a.c.Number)
		if err != nil {
			return err
		}
		if message.Dropped, err = a.store.DropRequests(ctx, a.tx, a.c.Number); err != nil {
			return err
		}
		message.Asked, message.Letters, err = a.askComplainant(ctx, decision.Ground, sub)
		return err
	case complaint.FindAdmissible:
		if a.c.Judged == complaint.FindInadmissible {
			return a.reverse(ctx, message)
		}
		if message.Dropped, err = a.store.DropRequests(ctx, a.tx, a.c.Number); err != nil {
			return err
		}
		return register.EndPending(ctx, a.tx, a.c.Number)
	}
	return nil
}

// reverse takes a refusal back: the case goes on under its original day 0. The
// complainant hears of it where the refusal may have reached them.
func (a *act) reverse(ctx context.Context, message *complaint.AdmissibilityDecided) error {
	dropped, told, err := a.store.ReverseRefusal(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	message.Dropped, message.Reversed = dropped, true
	if told {
		refusals, err := register.Refusals(ctx, a.tx, a.c.Number)
		if err != nil {
			return err
		}
		message.Letters, err = a.store.OweComplainant(ctx, a.tx, a.c, complaint.LetterReversal, int64(refusals))
		if err != nil {
			return err
		}
	}
	return a.store.AddEvent(ctx, a.tx, a.c.Number, "refusal_reversed", a.actor.name(), register.Details{"told": told})
}

// judgementLetters owes the letters of a refusal or a reclassification.
func (a *act) judgementLetters(ctx context.Context, decision AdmissibilityDecision) ([]int64, error) {
	switch decision.Decision {
	case complaint.FindInadmissible:
		refusals, err := register.Refusals(ctx, a.tx, a.c.Number)
		if err != nil {
			return nil, err
		}
		return a.store.OweComplainant(ctx, a.tx, a.c, complaint.LetterInadmissible, int64(refusals))
	case complaint.FindReclassified:
		letters, err := a.oweComplainant(ctx, complaint.LetterReclassified)
		if err != nil {
			return nil, err
		}
		request, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
			Number: a.c.Number, Kind: complaint.LetterRequest, Version: int64(a.c.Term), Department: decision.ReferTo,
		})
		return append(letters, request), err
	}
	return nil, nil
}
