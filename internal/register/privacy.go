package register

import (
	"context"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// privacyEvents begins the kinds of what happens in a privacy file, which the
// complaint's own file does not show.
const privacyEvents = "privacy_"

// eventOf names something that happens in either file of a complaint.
func eventOf(file complaint.FileKind, kind string) string {
	if file == complaint.PrivacyFile {
		return privacyEvents + kind
	}
	return kind
}

// PrivacyReferral opens a privacy file.
type PrivacyReferral struct {
	Number          complaint.Number
	By              string // login; empty: the submission itself says so
	Reasons         string
	Split           complaint.Split
	SuspectedBreach bool
	NotifyBy        time.Time
	Deadline        complaint.Deadline
}

// OpenPrivacy opens the privacy file of a locked complaint that has none.
func (s *Store) OpenPrivacy(ctx context.Context, tx *sqlx.Tx, r PrivacyReferral) error {
	var splitBy *string
	var splitAt *time.Time
	now := s.now()
	if r.Split != complaint.SplitUnconfirmed {
		splitBy, splitAt = &r.By, &now
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO privacy_files (number, referred_at, referred_by, reasons, split, split_by, split_at, suspected_breach,
			notify_by, deadline_version, day_0, last_day, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.Number, now, orNull(r.By), r.Reasons, r.Split, splitBy, splitAt, r.SuspectedBreach,
		r.NotifyBy, r.Deadline.Version, r.Deadline.Day0, r.Deadline.LastDay, r.Deadline.EndsAt)
	if err == nil {
		err = s.keepPrivacyDeadline(ctx, tx, r.Number, r.Deadline)
	}
	if err == nil && r.Split == complaint.SplitPure {
		err = s.conceal(ctx, tx, r.Number)
	}
	return wrap(err, "open the privacy file of %s", r.Number)
}

func (s *Store) keepPrivacyDeadline(ctx context.Context, tx *sqlx.Tx, number complaint.Number, d complaint.Deadline) error {
	body, err := jsonText(d)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO privacy_deadlines (number, version, deadline, at) VALUES ($1, $2, $3, $4)`,
		number, d.Version, body, s.now())
	return err
}

// conceal makes a complaint's content the DPO's alone: what full-text search
// finds it by is its number and nothing else.
func (s *Store) conceal(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	return one(tx.ExecContext(ctx, `
		UPDATE complaints SET concealed = true, search = to_tsvector('simple', number) WHERE number = $1`, number))
}

// NoteReferred notes that a complaint ends because the DPO answers, or, with
// false, that it goes on after all.
func (s *Store) NoteReferred(ctx context.Context, tx *sqlx.Tx, number complaint.Number, ended bool) error {
	var decided *time.Time
	if now := s.now(); ended {
		decided = &now
	}
	err := one(tx.ExecContext(ctx, `UPDATE complaints SET decided_at = $2 WHERE number = $1`, number, decided))
	if err == nil && ended {
		err = s.endConsultations(ctx, tx, number)
	}
	return wrap(err, "note the referral of %s", number)
}

// PrivacyCase is where a privacy file stands, with what has been decided.
type PrivacyCase struct {
	Split           complaint.Split      `db:"split"`
	Stage           complaint.Stage      `db:"stage"`
	WaitingFor      complaint.WaitingFor `db:"waiting_for"`
	SuspectedBreach bool                 `db:"suspected_breach"`
	ReceivedAt      time.Time            `db:"received_at"`
	Version         int                  `db:"deadline_version"`
	EndsAt          time.Time            `db:"ends_at"`
	Extended        bool                 `db:"extended"`
	Answered        bool                 `db:"answered"`
}

// PrivacyCase reads the privacy file of a locked complaint; nil where there is
// none.
func (s *Store) PrivacyCase(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (*PrivacyCase, error) {
	var c PrivacyCase
	err := tx.GetContext(ctx, &c, `
		SELECT p.split, p.stage, p.waiting_for, p.suspected_breach, s.received_at, p.deadline_version, p.ends_at,
			p.extended_at IS NOT NULL AS extended, p.answered_at IS NOT NULL AS answered
		FROM privacy_files p JOIN submissions s USING (number)
		WHERE p.number = $1`, number)
	if err == errNoRows {
		return nil, nil
	}
	return &c, wrap(err, "read the privacy file of %s", number)
}

// ConfirmSplit keeps which part is about personal data. Of a pure one the
// content is the DPO's from here on.
func (s *Store) ConfirmSplit(ctx context.Context, tx *sqlx.Tx, number complaint.Number, split complaint.Split, breach bool, by string) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE privacy_files SET split = $2, split_by = $3, split_at = $4, suspected_breach = suspected_breach OR $5
		WHERE number = $1 AND split = 'unconfirmed'`, number, split, by, s.now(), breach))
	if err == nil && split == complaint.SplitPure {
		err = s.conceal(ctx, tx, number)
	}
	return wrap(err, "confirm the split of %s", number)
}

// ExtendPrivacy gives a privacy file its longer term.
func (s *Store) ExtendPrivacy(ctx context.Context, tx *sqlx.Tx, number complaint.Number, d complaint.Deadline, reasons, by string) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE privacy_files
		SET deadline_version = $2, last_day = $3, ends_at = $4, warned = NULL,
			extended_by = $5, extended_at = $6, extension_reasons = $7
		WHERE number = $1 AND extended_at IS NULL`,
		number, d.Version, d.LastDay, d.EndsAt, by, s.now(), reasons))
	if err == nil {
		err = s.keepPrivacyDeadline(ctx, tx, number, d)
	}
	return wrap(err, "extend the term of %s", number)
}

// AnswerPrivacy keeps the DPO's answer, once.
func (s *Store) AnswerPrivacy(ctx context.Context, tx *sqlx.Tx, number complaint.Number, result complaint.PrivacyResult, answer, by string) error {
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE privacy_files SET result = $2, answer = $3, answered_by = $4, answered_at = $5
		WHERE number = $1 AND answered_at IS NULL`, number, result, answer, by, s.now())),
		"keep the DPO's answer on %s", number)
}

// ofPrivacy picks the events of the privacy file, or those of the complaint's own.
func ofPrivacy(all []Event, privacy bool) []Event {
	picked := []Event{}
	for _, e := range all {
		if strings.HasPrefix(e.Kind, privacyEvents) == privacy {
			picked = append(picked, e)
		}
	}
	return picked
}
