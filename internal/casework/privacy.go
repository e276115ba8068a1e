package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// PrivacyReferral says that a complaint concerns personal data, which the data
// protection officer (DPO) answers. Mixed: the rest goes on as a complaint. A
// suspected breach has to be told to the authority within 72 hours.
type PrivacyReferral struct {
	Reasons         string
	Mixed           bool
	SuspectedBreach bool
}

func (d *Desk) checkReferral(r PrivacyReferral) error {
	check := d.checker()
	check.required("reasons", r.Reasons, 10_000)
	return check.result()
}

// ReferPrivacy (doorverwijzing naar de DPO) is an officer's referral: a privacy
// file starts at once. Where there is one, it confirms which part is about
// personal data, or corrects that.
func (d *Desk) ReferPrivacy(ctx context.Context, actor Actor, once Once, number complaint.Number, r PrivacyReferral) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	if err := d.checkReferral(r); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		file, err := a.store.PrivacyCase(ctx, a.tx, number)
		switch {
		case err != nil:
			return Standing{}, err
		case file != nil:
			return a.split(ctx, file, r)
		}
		if err := a.undecided(); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.refer(ctx, r)
	})
}

func (a *act) refer(ctx context.Context, r PrivacyReferral) error {
	letters, err := a.openPrivacy(ctx, register.PrivacyReferral{
		By: a.actor.Login, Reasons: r.Reasons, Split: complaint.SplitOf(r.Mixed), SuspectedBreach: r.SuspectedBreach,
	})
	if err != nil {
		return err
	}
	var dropped []int64
	if !r.Mixed {
		released, err := a.releaseOpen(ctx)
		if err != nil {
			return err
		}
		letters = append(letters, released...)
		if dropped, err = a.store.NoteReferred(ctx, a.tx, a.c.Number, true); err != nil {
			return err
		}
	}
	err = a.note(ctx, "referred", register.Details{"mixed": r.Mixed, "suspected_breach": r.SuspectedBreach},
		"reasons", "mixed", "suspected_breach")
	if err != nil {
		return err
	}
	return a.tell(ctx, complaint.ReferPrivacy, complaint.PrivacyReferred{Mixed: r.Mixed, Letters: letters, Dropped: dropped})
}

// referOnArrival starts the privacy file of a submission that says itself that
// it concerns personal data. A person has still to confirm the split: until then
// the complaint stays open on its own clock.
func (a *act) referOnArrival(ctx context.Context) (*complaint.PrivacyReferred, error) {
	letters, err := a.openPrivacy(ctx, register.PrivacyReferral{Split: complaint.SplitUnconfirmed})
	if err != nil {
		return nil, err
	}
	return &complaint.PrivacyReferred{Letters: letters, Unconfirmed: true}, a.note(ctx, "referred", register.Details{"on_arrival": true})
}

// openPrivacy opens the file with its term, which began when the submission
// first arrived, starts its procedure, and answers with the letters that tell
// the complainant.
func (a *act) openPrivacy(ctx context.Context, r register.PrivacyReferral) ([]int64, error) {
	r.Number = a.c.Number
	r.Deadline = complaint.PrivacyDeadline(a.c.ReceivedAt, false, a.Calendar)
	r.NotifyBy = complaint.NotifyBreachBy(a.c.ReceivedAt)
	if err := a.store.OpenPrivacy(ctx, a.tx, r); err != nil {
		return nil, err
	}
	transfer, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
		Number: a.c.Number, Kind: complaint.LetterPrivacyTransfer, Version: 1, Department: complaint.DPO,
	})
	if err != nil {
		return nil, err
	}
	start := complaint.PrivacyStart{Number: a.c.Number, Moments: privacyMoments(r.Deadline), Transfer: transfer}
	if r.SuspectedBreach {
		start.Breach = a.breachOf(1, r.NotifyBy)
	}
	if err := a.tellDPO(ctx, complaint.CommandStart, start); err != nil {
		return nil, err
	}
	return a.oweComplainant(ctx, complaint.LetterPrivacyReferral)
}

func privacyMoments(d complaint.Deadline) complaint.Moments {
	return complaint.Moments{Version: d.Version, Days: d.Days, LastDay: d.LastDay, EndsAt: d.EndsAt, Warnings: d.Warnings}
}

// tellDPO leaves a message for the procedure of the privacy file.
func (a *act) tellDPO(ctx context.Context, kind complaint.CommandKind, body any) error {
	_, err := a.store.AppendFor(ctx, a.tx, complaint.CaseID{Number: a.c.Number, File: complaint.PrivacyFile}, kind, body)
	return err
}

// privacyAct is a command of the DPO under way on a privacy file.
type privacyAct struct {
	*act
	file *register.PrivacyCase
}

func privacyCommand(ctx context.Context, d *Desk, actor Actor, once Once, number complaint.Number, work func(privacyAct) error) (Standing, error) {
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (Standing, error) {
		c, file, err := d.lockPrivacy(ctx, tx, number)
		if err != nil {
			return Standing{}, err
		}
		a := privacyAct{&act{Desk: d, tx: tx, actor: actor, c: c}, file}
		return Standing{Number: number, Stage: file.Stage, WaitingFor: file.WaitingFor}, work(a)
	})
}

// lockPrivacy locks a complaint that has a privacy file. One that was never
// referred is missing in the same words as one that is not there.
func (d *Desk) lockPrivacy(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (register.Case, *register.PrivacyCase, error) {
	c, err := register.LockCase(ctx, tx, number)
	var file *register.PrivacyCase
	if err == nil {
		file, err = d.store.PrivacyCase(ctx, tx, number)
	}
	if err == nil && file == nil || complaint.CategoryOf(err) == complaint.NotFound {
		err = complaint.Missing("privacy file")
	}
	return c, file, err
}

// unanswered refuses a command on a privacy file that has its answer.
func (a privacyAct) unanswered() error {
	if a.file.Answered {
		return complaint.Conflict("privacy_answered", "The DPO has answered in privacy file %s.", a.c.Number)
	}
	return nil
}

// ExtendPrivacy gives the DPO two months more, once, within the first month, for
// reasons that the complainant is told (GDPR art. 12(3)).
func (d *Desk) ExtendPrivacy(ctx context.Context, actor Actor, once Once, number complaint.Number, reasons string) (Standing, error) {
	if err := actor.must(staff.DPO); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", reasons, 10_000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return privacyCommand(ctx, d, actor, once, number, func(a privacyAct) error {
		if err := a.unanswered(); err != nil {
			return err
		}
		if a.file.Extended {
			return complaint.Conflict("already_extended", "The term of privacy file %s has been extended; that is possible once.", number)
		}
		if !d.Now().Before(a.file.EndsAt) {
			return complaint.Conflict("first_month_over", "The first month of privacy file %s is over: its term can no longer be extended.", number)
		}
		return a.extend(ctx, reasons)
	})
}

func (a privacyAct) extend(ctx context.Context, reasons string) error {
	deadline := complaint.PrivacyDeadline(a.file.ReceivedAt, true, a.Calendar)
	deadline.Version = a.file.Version + 1
	if err := a.store.ExtendPrivacy(ctx, a.tx, a.c.Number, deadline, reasons, a.actor.Login); err != nil {
		return err
	}
	letters, err := a.oweComplainant(ctx, complaint.LetterPrivacyExtension)
	if err != nil {
		return err
	}
	if err := a.note(ctx, "privacy_extended", register.Details{"last_day": deadline.LastDay}, "reasons"); err != nil {
		return err
	}
	return a.tellDPO(ctx, complaint.ExtendPrivacy, complaint.PrivacyExtended{Moments: privacyMoments(deadline), Letters: letters})
}

// PrivacyAnswer is what the DPO answers; the zero result is answered.
type PrivacyAnswer struct {
	Answer string
	Result complaint.PrivacyResult
}

// AnswerPrivacy keeps the DPO's answer, once; a letter follows, and then the
// privacy file closes.
func (d *Desk) AnswerPrivacy(ctx context.Context, actor Actor, once Once, number complaint.Number, answer PrivacyAnswer) (Standing, error) {
	if err := actor.must(staff.DPO); err != nil {
		return Standing{}, err
	}
	if answer.Result == "" {
		answer.Result = complaint.PrivacyAnswered
	}
	check := d.checker()
	check.required("answer", answer.Answer, 50_000)
	if !answer.Result.Valid() {
		check.wrong("result", "is not one of answered, refused, withdrawn")
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return privacyCommand(ctx, d, actor, once, number, func(a privacyAct) error {
		if err := a.unanswered(); err != nil {
			return err
		}
		return a.answerPrivacy(ctx, answer)
	})
}

func (a privacyAct) answerPrivacy(ctx context.Context, answer PrivacyAnswer) error {
	if err := a.store.AnswerPrivacy(ctx, a.tx, a.c.Number, answer.Result, answer.Answer, a.actor.Login); err != nil {
		return err
	}
	letters, err := a.oweComplainant(ctx, complaint.LetterPrivacyAnswer)
	if err != nil {
		return err
	}
	if err := a.note(ctx, "privacy_answered", register.Details{"result": answer.Result}, "answer", "result"); err != nil {
		return err
	}
	return a.tellDPO(ctx, complaint.AnswerPrivacy, complaint.PrivacyClosed{Result: answer.Result, Letters: letters})
}
