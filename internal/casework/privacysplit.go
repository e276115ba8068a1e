package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// SplitPrivacy is the DPO's word on which part is about personal data, the first
// or a correction.
func (d *Desk) SplitPrivacy(ctx context.Context, actor Actor, once Once, number complaint.Number, r PrivacyReferral) (Standing, error) {
	if err := actor.must(staff.DPO); err != nil {
		return Standing{}, err
	}
	if err := d.checkReferral(r); err != nil {
		return Standing{}, err
	}
	return privacyCommand(ctx, d, actor, once, number, func(a privacyAct) error {
		_, err := a.split(ctx, a.file, r)
		return err
	})
}

// split confirms which part is about personal data, or corrects what was
// confirmed. The complaint follows: all of it ends it as referred, a part lets it
// go on under its own day 0, also when it had closed as referred. What ended in
// another way stays as it is.
func (a *act) split(ctx context.Context, file *register.PrivacyCase, r PrivacyReferral) (Standing, error) {
	to := complaint.SplitOf(r.Mixed)
	if err := a.maySplit(file, to); err != nil {
		return Standing{}, err
	}
	goesOn := a.undecided() == nil || file.Split == complaint.SplitPure && a.referredOnly()
	count, err := a.store.KeepSplit(ctx, a.tx, a.c.Number, register.SplitNote{Split: to, Reasons: r.Reasons, By: a.actor.Login})
	if err != nil {
		return Standing{}, err
	}
	kind := "split_confirmed"
	if count > 1 {
		kind = "split_corrected"
	}
	err = a.note(ctx, kind, register.Details{"mixed": r.Mixed, "suspected_breach": r.SuspectedBreach}, "reasons", "mixed", "suspected_breach")
	if err == nil && r.SuspectedBreach && !file.SuspectedBreach {
		err = a.suspect(ctx, file, BreachSuspicion{Suspected: true, Reasons: r.Reasons})
	}
	if err != nil || !goesOn {
		return a.standing(), err
	}
	message := complaint.PrivacyReferred{Mixed: r.Mixed}
	if message.Dropped, err = a.store.DropSplits(ctx, a.tx, a.c.Number); err != nil {
		return Standing{}, err
	}
	if message.Letters, err = a.store.OweComplainant(ctx, a.tx, a.c, complaint.LetterPrivacySplit, int64(count)); err != nil {
		return Standing{}, err
	}
	if !r.Mixed {
		return a.standing(), a.endAsReferred(ctx, message)
	}
	err = a.goOnWithRest(ctx, message, r.Reasons)
	return a.standing(), err
}

// referredOnly tells whether the complaint has ended, or is ending, as referred
// and in no other way.
func (a *act) referredOnly() bool {
	return !a.c.Withdrawn && !a.c.Voided && (a.c.Stage != complaint.Closed || a.c.Result == complaint.ReferredPrivacy)
}

// maySplit: the same is not said twice. What is the DPO's alone, by the DPO's own
// word or answer, only the DPO gives back. A complaint that was split is not taken
// into the DPO's file once either of the two has its answer.
func (a *act) maySplit(file *register.PrivacyCase, to complaint.Split) error {
	switch {
	case file.Split == to:
		return complaint.Conflict("already_referred", "Complaint %s has been referred to the DPO, as %s.", a.c.Number, to)
	case file.Split == complaint.SplitPure && (file.SplitByDPO || file.Answered) && a.actor.Role != staff.DPO:
		return complaint.Conflict("dpo_decides", "All of complaint %s is the DPO's: only the DPO takes that back.", a.c.Number)
	case to == complaint.SplitMixed || file.Split == complaint.SplitUnconfirmed:
		return nil
	case file.Answered:
		return complaint.Conflict("privacy_answered", "The DPO has answered in privacy file %s: the rest is answered as a complaint.", a.c.Number)
	}
	return a.undecided()
}

// endAsReferred ends the complaint: nothing is left to examine, and departments
// that were asked need not answer.
func (a *act) endAsReferred(ctx context.Context, message complaint.PrivacyReferred) error {
	released, err := a.releaseOpen(ctx)
	if err != nil {
		return err
	}
	dropped, err := a.store.NoteReferred(ctx, a.tx, a.c.Number, true)
	if err != nil {
		return err
	}
	message.Letters, message.Dropped = append(message.Letters, released...), append(message.Dropped, dropped...)
	return a.tell(ctx, complaint.ReferPrivacy, message)
}

// goOnWithRest lets the rules judge the rest as if it had come alone, under the
// complaint's own day 0; where it had closed, a new run takes it up.
func (a *act) goOnWithRest(ctx context.Context, message complaint.PrivacyReferred, reasons string) error {
	if a.c.Stage != complaint.Closed { // the closing itself is kept when it is taken back
		if _, err := a.store.NoteReferred(ctx, a.tx, a.c.Number, false); err != nil {
			return err
		}
	}
	sub, err := a.store.Current(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	found := complaint.ReplyReceived{}
	if err := a.judgeAgain(ctx, sub, &found); err != nil {
		return err
	}
	if a.c.Stage != complaint.Closed {
		message.Found = &found
		return a.tell(ctx, complaint.ReferPrivacy, message)
	}
	start, err := a.takeClosingBack(ctx, register.SplitCorrected, reasons)
	if err != nil {
		return err
	}
	start.Letters, start.Dropped = message.Letters, append(message.Dropped, found.Dropped...)
	if found.Asked != nil {
		start.Asked, start.Requests, start.WaitingFor = found.Asked, found.Letters, complaint.WaitComplainant
	}
	return a.tell(ctx, complaint.GoOn, start)
}
