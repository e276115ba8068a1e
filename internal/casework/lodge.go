package casework

import (
	"context"
	"errors"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
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
	Before  bool // it was lodged earlier under the same key
	Err     error
}

// keptResult is a LodgeResult as it is kept for a repetition.
type keptResult struct {
	Receipt Receipt          `json:"receipt"`
	Refusal *complaint.Error `json:"refusal,omitempty"`
}

// request is what one caller lodges together. It is stored whole or not at all,
// and once under its key.
type request struct {
	actor  Actor
	key    register.Key
	kept   []keptResult
	valid  []*lodging
	size   int          // in bytes, nearly
	before []keptResult // the first answer, where this is a repetition

	stored chan struct{} // closed when all of it is known
	err    error
}

// lodging is one valid submission on its way into the register.
type lodging struct {
	register.Lodging
	actor Actor
	start complaint.Start
	said  complaint.Mandate // of a mandate, where it is not believed
	into  *keptResult
}

// Lodge (indienen) stores submissions with numbers in their order, all in one
// transaction. One that is not valid gets its own error, takes no number and
// does not hinder the others. Lodged by staff under a key, the key is kept for
// good: what is typed in from a file or a letter is never registered twice.
//
// What others lodge in the same moment is stored in the same transaction; see
// gatherer. When ctx ends, what is being stored is stored all the same.
func (d *Desk) Lodge(ctx context.Context, actor Actor, once Once, submissions []complaint.Submission) ([]LodgeResult, error) {
	if err := actor.must(staff.Public, staff.Intake, staff.Ombuds, staff.DPO); err != nil {
		return nil, err
	}
	r := &request{
		actor: actor, key: once.key(actor.Role != staff.Public),
		kept: make([]keptResult, len(submissions)), stored: make(chan struct{}),
	}
	if err := d.take(ctx, r, submissions); err != nil {
		return nil, err
	}
	if err := d.storeOnce(ctx, r); err != nil {
		return nil, err
	}
	if r.before != nil {
		r.kept = r.before
	}
	results := make([]LodgeResult, len(r.kept))
	for i, k := range r.kept {
		results[i].Receipt, results[i].Before = k.Receipt, r.before != nil
		if k.Refusal != nil {
			results[i].Err = k.Refusal
		}
	}
	return results, nil
}

// storeOnce stores what is valid. Where nothing is, nothing is kept under the
// key, for the same may be valid later; but what it was used for before counts.
func (d *Desk) storeOnce(ctx context.Context, r *request) error {
	switch {
	case len(r.valid) > 0:
		return d.gatherer.store(ctx, r)
	case r.key.Key != "":
		_, err := d.store.KeptAnswer(ctx, d.DB, r.key, &r.before)
		return err
	default:
		return nil
	}
}

// take checks what came and prepares what can be known of it before it has a
// number. Looking for duplicates is done here, where nobody waits for it.
func (d *Desk) take(ctx context.Context, r *request, submissions []complaint.Submission) error {
	for i, came := range submissions {
		s, err := d.checkSubmission(r.actor, came)
		if err != nil {
			r.kept[i].Refusal, _ = errors.AsType[*complaint.Error](err)
			continue
		}
		if r.kept[i].Receipt.PossibleDuplicates, err = d.possibleDuplicates(ctx, r.actor, s); err != nil {
			return err
		}
		l := d.prepare(r.actor, s, &r.kept[i])
		if s.Representative != nil && came.Representative.Mandate != s.Representative.Mandate {
			l.said = came.Representative.Mandate
		}
		r.valid = append(r.valid, l)
		r.size += len(s.Text)
		for _, a := range s.Attachments {
			r.size += len(a.Content)
		}
	}
	return nil
}

// prepare judges a submission as far as its number does not matter.
func (d *Desk) prepare(actor Actor, s complaint.Submission, into *keptResult) *lodging {
	l := &lodging{actor: actor, into: into, Lodging: register.Lodging{
		Submission: s, LodgedBy: actor.Login, ReceiptCode: newReceiptCode(), Finding: complaint.Assess(s), Started: true, Letters: acknowledgements(s),
	}}
	l.start = complaint.Start{
		Department: s.Department, Stage: complaint.Assessing, WaitingFor: complaint.WaitOmbuds, Ground: l.Finding.Ground,
	}
	if !l.Finding.NeedsPerson() {
		l.start.Stage = complaint.Investigating
	}
	if l.Finding.Judgement == complaint.FindInadmissible { // a refusal that is found gets its watch
		l.start.RefuseBy = d.refuseBy(complaint.DayOf(s.Arrived()))
	}
	return l
}

// derive gives a registered submission its term. A phone note has none before
// the writing arrives.
func (d *Desk) derive(l *lodging) {
	if l.Submission.Intake == complaint.PhoneNote {
		return
	}
	l.Deadline = d.Organisation.Terms.AnswerTerm().DeriveKnown(l.Submission.ReceivedAt, l.RegisteredAt, d.Calendar)
	l.Moments = d.momentsOf(l.Deadline)
	l.start.Moments = l.Moments
}

// later keeps the registration behind the receipt when a clock was set back
// between the two.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
