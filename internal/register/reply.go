package register

import (
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// ReplyView is what came from the complainant in answer to what was asked.
type ReplyView struct {
	ID int64 `json:"id"`
	complaint.Reply
	NotedBy string    `json:"noted_by"`
	NotedAt time.Time `json:"noted_at"`
}

// AddReply keeps what came in answer, with its documents.
func (s *Store) AddReply(ctx context.Context, tx *sqlx.Tx, number complaint.Number, r complaint.Reply, by string, documents []complaint.Attachment) error {
	content, err := jsonText(r)
	if err != nil {
		return wrap(err, "keep a reply on %s", number)
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO replies (number, content, noted_by, noted_at)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, number, content, by, s.now())
	if err != nil {
		return wrap(err, "keep a reply on %s", number)
	}
	for _, a := range documents {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO attachments (number, reply, name, media_type, content)
			VALUES ($1, $2, $3, $4, $5)`, number, id, a.Name, a.MediaType, a.Content)
		if err != nil {
			return wrap(err, "keep a reply on %s", number)
		}
	}
	return nil
}

func replies(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]ReplyView, error) {
	var rows []struct {
		ID      int64     `db:"id"`
		Content []byte    `db:"content"`
		NotedBy string    `db:"noted_by"`
		NotedAt time.Time `db:"noted_at"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT id, content, noted_by, noted_at
		FROM replies
		WHERE number = $1
		ORDER BY id`, number)
	views := []ReplyView{}
	for _, row := range rows {
		view := ReplyView{ID: row.ID, NotedBy: row.NotedBy, NotedAt: row.NotedAt}
		if err == nil {
			err = json.Unmarshal(row.Content, &view.Reply)
		}
		views = append(views, view)
	}
	return views, wrap(err, "read the replies on %s", number)
}
