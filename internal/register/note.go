package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Note (nota) is what officers write down for each other; no letter shows it.
type Note struct {
	ID      int64     `db:"id" json:"id"`
	Text    string    `db:"text" json:"text"`
	NotedBy string    `db:"noted_by" json:"noted_by"`
	NotedAt time.Time `db:"noted_at" json:"noted_at"`
}

// AddNote keeps a note on a complaint.
func (s *Store) AddNote(ctx context.Context, tx *sqlx.Tx, number complaint.Number, text, by string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO notes (number, text, noted_by, noted_at)
		VALUES ($1, $2, $3, $4)`, number, text, by, s.now())
	return wrap(err, "store a note on %s", number)
}

func notes(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]Note, error) {
	found := []Note{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT id, text, noted_by, noted_at
		FROM notes
		WHERE number = $1
		ORDER BY id`, number)
	return found, wrap(err, "read the notes on %s", number)
}
