package casework

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// storeTogether stores requests in one transaction, or those under a key that
// were stored before gives their first answers. An error stores none of them.
func (d *Desk) storeTogether(ctx context.Context, tx *sqlx.Tx, requests []*request) error {
	claimed, err := d.claim(ctx, tx, requests)
	if err != nil {
		return err
	}
	var valid []*lodging
	for _, r := range claimed {
		valid = append(valid, r.valid...)
	}
	if len(valid) > 0 {
		if err := d.number(ctx, tx, valid); err != nil {
			return err
		}
		if err := d.lodge(ctx, tx, valid); err != nil {
			return err
		}
	}
	return d.keepAnswers(ctx, tx, claimed)
}

// claim answers with the requests that are to be carried out: those without a
// key, and those whose key is used for the first time. The others get their
// first answer, or a refusal of their own.
func (d *Desk) claim(ctx context.Context, tx *sqlx.Tx, requests []*request) (claimed []*request, err error) {
	var keys []register.Key
	for _, r := range requests {
		r.err, r.before = nil, nil
		if r.key.Key != "" {
			keys = append(keys, r.key)
		}
	}
	first, err := d.store.ClaimKeys(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	for _, r := range requests {
		if r.key.Key != "" {
			isFirst := first[0]
			if first = first[1:]; !isFirst {
				if err := d.answerAgain(ctx, tx, r); err != nil {
					return nil, err
				}
				continue
			}
		}
		claimed = append(claimed, r)
	}
	return claimed, nil
}

// answerAgain gives a request the answer it had before.
func (d *Desk) answerAgain(ctx context.Context, tx *sqlx.Tx, r *request) error {
	kept, err := d.store.KeptAnswer(ctx, tx, r.key, &r.before)
	switch category := complaint.CategoryOf(err); {
	case category == complaint.Invalid:
		r.err = err
		return nil
	case err == nil && !kept:
		r.err = complaint.Refuse(complaint.Unavailable, "just_expired", "The first answer under this key has just expired; send it again.")
	}
	return err
}

// keepAnswers keeps the answers of requests under a key.
func (d *Desk) keepAnswers(ctx context.Context, tx *sqlx.Tx, requests []*request) error {
	var keys []register.Key
	var answers []any
	for _, r := range requests {
		if r.key.Key != "" {
			keys, answers = append(keys, r.key), append(answers, r.kept)
		}
	}
	return d.store.KeepAnswers(ctx, tx, keys, answers)
}

// number gives numbers in the order of arrival, all of the year of one moment,
// at which they are registered, and what they owe its IDs.
func (d *Desk) number(ctx context.Context, tx *sqlx.Tx, valid []*lodging) error {
	now, letters := d.Now(), 0
	for _, l := range valid {
		letters += len(l.Letters)
	}
	places, err := d.store.TakePlaces(ctx, tx, now, len(valid), letters)
	if err != nil {
		return err
	}
	for i, l := range valid {
		l.RegisteredAt = later(now, l.Submission.ReceivedAt)
		l.numbered(places.Number(i), places.Letters[:len(l.Letters)])
		places.Letters = places.Letters[len(l.Letters):]
		d.derive(l)
		l.note()
		l.into.Receipt = Receipt{
			Number: l.Number, ReceiptCode: l.ReceiptCode, ReceivedAt: l.Submission.ReceivedAt, LastDay: l.Deadline.LastDay,
			PossibleDuplicates: l.into.Receipt.PossibleDuplicates,
		}
	}
	return nil
}

// numbered gives a lodging its number and its letters theirs.
func (l *lodging) numbered(number complaint.Number, ids []int64) {
	l.Number, l.start.Number, l.start.Copies = number, number, nil
	for i, id := range ids {
		letter := &l.Letters[i]
		letter.ID, letter.Number = id, number
		if i == 0 {
			l.start.Acknowledgement = id
		} else {
			letter.CopyOf, l.start.Copies = ids[0], []int64{id}
		}
	}
}

// note writes the line of history and that of the audit.
func (l *lodging) note() {
	details := register.Details{"intake": l.Submission.Intake, "last_day": l.Deadline.LastDay}
	if l.said != "" {
		details["mandate_said"] = l.said
	}
	l.Event = register.NewEvent{Number: l.Number, Kind: "received", Actor: l.actor.name(), Details: details}
	l.Audit = register.Audit{Actor: l.actor.name(), Role: l.actor.role(), Action: "received",
		Number: l.Number, Address: l.actor.Address, Fields: []string{"submission"}}
}

// lodge stores numbered submissions, what they owe and their starts. Where one of
// them is asked for more or is the DPO's, all starts come after that, for they
// leave in the order of arrival.
func (d *Desk) lodge(ctx context.Context, tx *sqlx.Tx, valid []*lodging) error {
	complete := !slices.ContainsFunc(valid, (*lodging).owesMore)
	rows := make([]register.Lodging, len(valid))
	for i, l := range valid {
		rows[i] = l.Lodging
		if complete {
			rows[i].Start = &l.start
		}
	}
	if err := d.store.Lodge(ctx, tx, rows...); err != nil || complete {
		return err
	}
	starts := make([]register.FirstRow, len(valid))
	for i, l := range valid {
		if err := d.oweMore(ctx, tx, l); err != nil {
			return err
		}
		starts[i] = register.FirstRow{Number: l.Number, Body: l.start}
	}
	return d.store.AppendStarts(ctx, tx, starts)
}

// owesMore tells of few submissions that something is asked of the complainant,
// or that a privacy file begins.
func (l *lodging) owesMore() bool {
	return l.asksMore() || l.Finding.Judgement == complaint.FindPrivacy
}

// oweMore asks for what is missing, or starts the privacy file.
func (d *Desk) oweMore(ctx context.Context, tx *sqlx.Tx, l *lodging) error {
	if !l.owesMore() {
		return nil
	}
	a := &act{Desk: d, tx: tx, actor: l.actor, c: register.Case{
		Number: l.Number, Language: l.Submission.Language, ReplyChannel: l.Submission.Correspondent().Channel,
		ReceivedAt:  l.Submission.ReceivedAt,
		Represented: l.Submission.Representative != nil,
	}}
	if l.asksMore() {
		return a.firstRequest(ctx, l)
	}
	referred, err := a.referOnArrival(ctx)
	l.start.Referred = referred
	return err
}
