package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Document (stuk) is what was sent in after the complaint: words, attachments or
// both.
type Document struct {
	ID      int64     `db:"id" json:"id"`
	Text    string    `db:"text" json:"text"`
	AddedBy string    `db:"added_by" json:"added_by,omitempty" doc:"login of the member of staff; empty: the complainant"`
	AddedAt time.Time `db:"added_at" json:"added_at"`
	Late    bool      `db:"late" json:"late" doc:"the case was closed"`
}

// AddDocument keeps what was sent in on a complaint. An empty login is the
// complainant.
func (s *Store) AddDocument(ctx context.Context, tx *sqlx.Tx, number complaint.Number, d Document, attached []complaint.Attachment) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO documents (number, text, added_by, added_at, late)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, number, d.Text, orNull(d.AddedBy), s.now(), d.Late)
	for _, a := range attached {
		if err != nil {
			break
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO attachments (number, document, name, media_type, content)
			VALUES ($1, $2, $3, $4, $5)`, number, id, a.Name, a.MediaType, a.Content)
	}
	return id, wrap(err, "store a document of %s", number)
}

func documents(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]Document, error) {
	found := []Document{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT id, text, COALESCE(added_by, '') AS added_by, added_at, late
		FROM documents
		WHERE number = $1
		ORDER BY id`, number)
	return found, wrap(err, "read the documents of %s", number)
}

// fileAdded reads what was added to a complaint, and what it goes together with.
func (s *Store) fileAdded(ctx context.Context, tx *sqlx.Tx, number complaint.Number, file *File) (err error) {
	if file.Documents, err = documents(ctx, tx, number); err != nil {
		return err
	}
	if file.Notes, err = notes(ctx, tx, number); err != nil {
		return err
	}
	if file.Links, err = links(ctx, tx, number); err != nil {
		return err
	}
	sender, err := senderOf(ctx, tx, number)
	if err != nil {
		return err
	}
	if file.Earlier, err = earlierOf(ctx, tx, sender); err != nil {
		return err
	}
	file.Duplicates, err = duplicatesOf(ctx, tx, sender, false)
	return err
}
