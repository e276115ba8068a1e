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

// Void keeps that an entry was made in error. Its letters that have not left no
// longer leave; they are answered, with whether the complainant may have heard of
// the entry by another letter.
func (s *Store) Void(ctx context.Context, tx *sqlx.Tx, number complaint.Number, reasons, by string) (dropped []int64, told bool, err error) {
	if dropped, told, err = s.dropLetters(ctx, tx, number, by); err != nil {
		return nil, false, wrap(err, "drop the letters of %s", number)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO voidings (number, reasons, voided_by, voided_at)
		VALUES ($1, $2, $3, $4)`, number, reasons, by, s.now())
	if err == nil {
		err = one(tx.ExecContext(ctx, `UPDATE complaints SET decided_at = $2 WHERE number = $1`, number, s.now()))
	}
	if err == nil {
		err = s.askNoMore(ctx, tx, number)
	}
	if err == nil {
		err = s.endConsultations(ctx, tx, number)
	}
	return dropped, told, wrap(err, "void %s", number)
}

// dropLetters drops what has not left. A letter in doubt is dropped too, but it
// may have arrived; one that is being sent at this moment goes its way.
func (s *Store) dropLetters(ctx context.Context, tx *sqlx.Tx, number complaint.Number, by string) (dropped []int64, told bool, err error) {
	letters, err := lettersOf(ctx, tx, number)
	if err != nil {
		return nil, false, err
	}
	for _, l := range letters {
		if l.Kind.File() != complaint.ComplaintFile || l.State == complaint.LetterDropped {
			continue
		}
		toComplainant := l.Language != nil
		switch l.State {
		case complaint.LetterSent, complaint.LetterPosted, complaint.LetterSending:
			told = told || toComplainant
			continue
		case complaint.LetterInDoubt:
			told = told || toComplainant
		}
		dropped = append(dropped, l.ID)
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE letters SET state = 'dropped', settled_by = $2, settled_at = $3, settled_reason = 'voided'
		WHERE id = ANY ($1)`, pq.Array(dropped), by, s.now())
	return dropped, told, err
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
