package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Voiding says that an entry was made in error; its number stays.
type Voiding struct {
	Reasons  string    `db:"reasons" json:"reasons"`
	VoidedBy string    `db:"voided_by" json:"voided_by"`
	VoidedAt time.Time `db:"voided_at" json:"voided_at"`
}

// Void keeps that an entry was made in error. Its letters have been dropped.
func (s *Store) Void(ctx context.Context, tx *sqlx.Tx, number complaint.Number, reasons, by string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO voidings (number, reasons, voided_by, voided_at)
		VALUES ($1, $2, $3, $4)`, number, reasons, by, s.now())
	if err == nil {
		err = one(tx.ExecContext(ctx, `UPDATE complaints SET decided_at = $2 WHERE number = $1`, number, s.now()))
	}
	if err == nil {
		_, err = s.askNoMore(ctx, tx, number) // they are among those
	}
	if err == nil {
		err = s.endConsultations(ctx, tx, number)
	}
	return wrap(err, "void %s", number)
}

// DroppedLetters are the letters of a complaint that no longer leave.
type DroppedLetters struct {
	Letters []int64
	Unasked []int64 // consultations whose question is among them
	Told    bool    // the complainant may have heard of the entry by another letter

	ServiceUnasked bool // what asks the service to help first is among them
}

// DropLetters drops what has not left, because the entry was made in error. One
// that is being sent at this moment goes its way, and of one in doubt a person
// still says whether it left.
func (s *Store) DropLetters(ctx context.Context, tx *sqlx.Tx, number complaint.Number, by string) (DroppedLetters, error) {
	letters, err := lettersOf(ctx, tx, number)
	if err != nil {
		return DroppedLetters{}, err
	}
	var dropped DroppedLetters
	for _, l := range letters {
		gone := l.State == complaint.LetterSent || l.State == complaint.LetterPosted ||
			l.State == complaint.LetterSending || l.State == complaint.LetterInDoubt
		dropped.Told = dropped.Told || gone && l.Language != nil
		if !gone && l.State != complaint.LetterDropped && l.Kind.File() == complaint.ComplaintFile {
			dropped.Letters = append(dropped.Letters, l.ID)
			dropped.ServiceUnasked = dropped.ServiceUnasked || l.Kind == complaint.LetterServiceHandOver
		}
	}
	err = tx.SelectContext(ctx, &dropped.Unasked, `
		WITH dropped AS (
			UPDATE letters SET state = 'dropped', settled_by = $2, settled_at = $3, settled_reason = 'voided'
			WHERE id = ANY ($1)
			RETURNING kind, version)
		SELECT version FROM dropped WHERE kind = 'consultation'`, pq.Array(dropped.Letters), by, s.now())
	return dropped, wrap(err, "drop the letters of %s", number)
}

func voiding(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (*Voiding, error) {
	var v Voiding
	err := sqlx.GetContext(ctx, db, &v, `
		SELECT reasons, voided_by, voided_at FROM voidings WHERE number = $1`, number)
	if err == errNoRows {
		return nil, nil
	}
	return &v, wrap(err, "read the voiding of %s", number)
}
