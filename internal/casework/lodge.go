package casework

import (
	"context"
	"errors"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// Receipt is what somebody gets for a submission: it is safely in the register.
type Receipt struct {
	Number      complaint.Number `json:"number"`
	ReceiptCode string           `json:"receipt_code"`
	ReceivedAt  time.Time        `json:"received_at"`
	LastDay     complaint.Day    `json:"last_day"` // zero: no term runs yet (a phone note)

	PossibleDuplicates []complaint.Number `json:"possible_duplicates,omitempty"` // for staff only
}

// LodgeResult is the receipt of a submission, or why it was not stored.
type LodgeResult struct {
	Receipt Receipt
	Err     error
}

// keptResult is a LodgeResult as it is kept for a repetition.
type keptResult struct {
	Receipt Receipt          `json:"receipt"`
	Refusal *complaint.Error `json:"refusal,omitempty"`
}

// errNothingValid keeps refusals from being stored as an answer.
var errNothingValid = errors.New("no submission is valid")

// Lodge (indienen) stores submissions with numbers in their order, all in one
// transaction. One that is not valid gets its own error, takes no number and
// does not hinder the others. Lodged by staff under a key, the key is kept for
// good: what is typed in from a file or a letter is never registered twice.
func (d *Desk) Lodge(ctx context.Context, actor Actor, once Once, submissions []complaint.Submission) ([]LodgeResult, error) {
	if err := actor.must(staff.Public, staff.Intake, staff.Ombuds, staff.DPO); err != nil {
		return nil, err
	}
	checked := make([]complaint.Submission, len(submissions))
	kept := make([]keptResult, len(submissions))
	valid := 0
	for i, s := range submissions {
		var err error
		if checked[i], err = d.checkSubmission(actor, s); err != nil {
			kept[i].Refusal, _ = errors.AsType[*complaint.Error](err)
			continue
		}
		valid++
	}
	answered, err := exactlyOnce(ctx, d, once.key(actor.Role != staff.Public), func(tx *sqlx.Tx) ([]keptResult, error) {
		if valid == 0 {
			return nil, errNothingValid
		}
		return kept, d.lodgeValid(ctx, tx, actor, checked, kept, valid)
	})
	switch {
	case err == nil:
		kept = answered
	case !errors.Is(err, errNothingValid):
		return nil, err
	}
	results := make([]LodgeResult, len(kept))
	for i, k := range kept {
		results[i].Receipt = k.Receipt
		if k.Refusal != nil {
			results[i].Err = k.Refusal
		}
	}
	return results, nil
}

// lodgeValid numbers and stores what was not refused.
func (d *Desk) lodgeValid(ctx context.Context, tx *sqlx.Tx, actor Actor, checked []complaint.Submission, kept []keptResult, valid int) error {
	for i, s := range checked { // before the counter, which other lodgings wait for
		var err error
		if kept[i].Receipt.PossibleDuplicates, err = d.possibleDuplicates(ctx, tx, actor, s); err != nil {
			return err
		}
	}
	year, place, err := register.NextNumbers(ctx, tx, d.Now(), valid)
	if err != nil {
		return err
	}
	for i, s := range checked {
		if kept[i].Refusal != nil {
			continue
		}
		l := d.prepare(actor, complaint.NewNumber(year, place), s)
		if err := d.lodge(ctx, tx, actor, l); err != nil {
			return err
		}
		kept[i].Receipt = Receipt{
			Number: l.Number, ReceiptCode: l.ReceiptCode, ReceivedAt: s.ReceivedAt, LastDay: l.Deadline.LastDay,
			PossibleDuplicates: kept[i].Receipt.PossibleDuplicates,
		}
		place++
	}
	return nil
}

// later keeps the registration behind the receipt when a clock was set back
// between the two.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// prepare judges a submission and derives its term. A phone note has no term
// before the writing arrives.
func (d *Desk) prepare(actor Actor, number complaint.Number, s complaint.Submission) register.Lodging {
	l := register.Lodging{
		Number: number, Submission: s, RegisteredAt: later(d.Now(), s.ReceivedAt), LodgedBy: actor.Login,
		ReceiptCode: newReceiptCode(), Finding: complaint.Assess(s),
	}
	if s.Intake == complaint.PhoneNote {
		return l
	}
	l.Deadline = d.Organisation.Terms.AnswerTerm().DeriveKnown(s.ReceivedAt, l.RegisteredAt, d.Calendar)
	l.Moments = d.momentsOf(l.Deadline)
	return l
}

func (d *Desk) lodge(ctx context.Context, tx *sqlx.Tx, actor Actor, l register.Lodging) error {
	if err := d.store.Lodge(ctx, tx, l); err != nil {
		return err
	}
	a := &act{Desk: d, tx: tx, actor: actor, c: register.Case{
		Number: l.Number, Language: l.Submission.Language, ReplyChannel: l.Submission.Correspondent().Channel,
		ReceivedAt:  l.Submission.ReceivedAt,
		Represented: l.Submission.Representative != nil,
	}}
	start := complaint.Start{
		Number: l.Number, Department: l.Submission.Department,
		Stage: complaint.Assessing, WaitingFor: complaint.WaitOmbuds,
		Ground: l.Finding.Ground, Moments: l.Moments,
	}
	if !l.Finding.NeedsPerson() {
		start.Stage = complaint.Investigating
	}
	if err := a.firstLetters(ctx, l, &start); err != nil {
		return err
	}
	if l.Finding.Judgement == complaint.FindPrivacy {
		referred, err := a.referOnArrival(ctx)
		if err != nil {
			return err
		}
		start.Referred = referred
	}
	err := a.note(ctx, "received", register.Details{"intake": l.Submission.Intake, "last_day": l.Deadline.LastDay}, "submission")
	if err != nil {
		return err
	}
	return a.tell(ctx, complaint.CommandStart, start)
}
