package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// RepresentationNote is how the mandate stands from a moment on, as somebody
// noted it.
type RepresentationNote struct {
	complaint.Representation
	Reasons string    `json:"reasons,omitempty" db:"reasons"`
	By      *string   `json:"noted_by" db:"noted_by" nullable:"true" doc:"null: the public, or by the rules"`
	At      time.Time `json:"noted_at" db:"noted_at"`
}

// AddRepresentation keeps how the mandate stands from now on. By is a login,
// empty for the public and the rules.
func (s *Store) AddRepresentation(ctx context.Context, tx *sqlx.Tx, number complaint.Number, r complaint.Representation, reasons, by string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO representations (number, mandate, scope, given_on, ends_on, copy, reasons, noted_by, noted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		number, r.Mandate, r.Scope, r.GivenOn, r.EndsOn, r.Copy, reasons, orNull(by), s.now())
	return wrap(err, "keep the representation of %s", number)
}

func (s *Store) insertRepresentations(ctx context.Context, tx *sqlx.Tx, lodgings []Lodging) error {
	for _, l := range lodgings {
		r := l.Submission.Representative
		if r == nil {
			continue
		}
		err := s.AddRepresentation(ctx, tx, l.Number, complaint.Representation{
			Mandate: r.Mandate, Scope: r.Scope, GivenOn: r.GivenOn, EndsOn: r.EndsOn, Copy: r.Copy,
		}, "", l.LodgedBy)
		if err != nil {
			return err
		}
	}
	return nil
}

// representation reads how the mandate stands; nil where nobody represents.
func representation(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (*RepresentationNote, error) {
	var r RepresentationNote
	err := sqlx.GetContext(ctx, db, &r, `
		SELECT mandate, scope, given_on, ends_on, copy, reasons, noted_by, noted_at
		FROM representations
		WHERE number = $1
		ORDER BY id DESC
		LIMIT 1`, number)
	if err == errNoRows {
		return nil, nil
	}
	return &r, wrap(err, "read the representation of %s", number)
}

// Current is the submission as it now stands: what came in, completed by what
// the complainant sent since, with the mandate as it holds today. Confirmed as
// mixed it is what is left of it, which is not about personal data.
func (s *Store) Current(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (complaint.Submission, error) {
	read, err := s.submission(ctx, db, number)
	if err != nil {
		return complaint.Submission{}, err
	}
	mixed, err := splitMixed(ctx, db, number)
	if err != nil {
		return complaint.Submission{}, err
	}
	read.ConcernsPrivacy = read.ConcernsPrivacy && !mixed
	return s.brought(ctx, db, number, read.Submission)
}

// brought brings a submission up to date.
func (s *Store) brought(ctx context.Context, db sqlx.QueryerContext, number complaint.Number, sub complaint.Submission) (complaint.Submission, error) {
	came, err := replies(ctx, db, number)
	if err != nil {
		return sub, err
	}
	corrected, err := corrections(ctx, db, number)
	if err != nil {
		return sub, err
	}
	for _, r := range came {
		reply := complaint.Noted{Reply: r.Reply, At: r.NotedAt}
		for _, c := range corrected {
			reply = reply.Without(c.fields(), c.At)
		}
		sub = sub.With(reply.Reply)
	}
	if r, err := representation(ctx, db, number); err != nil || r == nil {
		return sub, err
	} else {
		return sub.Represented(r.On(complaint.DayOf(s.now()))), nil
	}
}

// SetReplyChannel keeps by which way the complainant, or the representative with
// a mandate, is answered; empty: nobody can be.
func SetReplyChannel(ctx context.Context, tx *sqlx.Tx, number complaint.Number, by complaint.Channel) error {
	return wrap(one(tx.ExecContext(ctx, `UPDATE complaints SET reply_channel = $2 WHERE number = $1`, number, orNull(string(by)))),
		"keep the way of reply of %s", number)
}

// WriteAnew takes back what was written of letters that have not begun to leave:
// who speaks for the complainant has changed, so they are written again. One that
// waits for another day waits no longer, and is written when it goes on.
func WriteAnew(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE letters
		SET state = 'owed', rendered_at = NULL, recipient = NULL, subject = NULL, text = NULL, pdf = NULL
		WHERE number = $1 AND state = 'rendered' AND language IS NOT NULL`, number)
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			UPDATE letters SET held_until = owed_at
			WHERE number = $1 AND state = 'held' AND language IS NOT NULL`, number)
	}
	return wrap(err, "write letters of %s anew", number)
}
