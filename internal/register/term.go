package register

import (
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// TermNote is an event of a term as somebody brought it about.
type TermNote struct {
	complaint.TermEvent
	Reasons string // of a correction or a notice
	By      string // login; empty for the public
}

// AddTermEvent keeps the next event of a locked complaint's term and answers
// with all of them. Its place is given here.
func (s *Store) AddTermEvent(ctx context.Context, tx *sqlx.Tx, number complaint.Number, n TermNote) ([]complaint.TermEvent, error) {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO term_events (number, seq, kind, at, days, new_date, reasons, noted_by, noted_at)
		SELECT $1::text, 1 + COALESCE((SELECT max(seq) FROM term_events WHERE number = $1::text), 0), $2, $3, $4, $5, $6, $7, $8`,
		number, n.Kind, n.At, n.Days, n.NewDate, n.Reasons, orNull(n.By), s.now())
	if err != nil {
		return nil, wrap(err, "keep the event %s of %s", n.Kind, number)
	}
	return TermEvents(ctx, tx, number)
}

// TermEvents lists the events of a complaint's terms in their order.
func TermEvents(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]complaint.TermEvent, error) {
	var events []complaint.TermEvent
	err := sqlx.SelectContext(ctx, db, &events, `
		SELECT seq, kind, at, days, new_date FROM term_events WHERE number = $1 ORDER BY seq`, number)
	return events, wrap(err, "read the term of %s", number)
}
