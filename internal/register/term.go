package register

import (
	"cmp"
	"context"
	"time"

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
		number, n.Kind, n.At, n.Days, n.NewDate, n.Reasons, orNull(n.By), cmp.Or(n.NotedAt, s.now()))
	if err != nil {
		return nil, wrap(err, "keep the event %s of %s", n.Kind, number)
	}
	return TermEvents(ctx, tx, number)
}

// TermEvents lists the events of a complaint's terms in their order.
func TermEvents(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]complaint.TermEvent, error) {
	var events []complaint.TermEvent
	err := sqlx.SelectContext(ctx, db, &events, `
		SELECT seq, kind, at, days, new_date, noted_at FROM term_events WHERE number = $1 ORDER BY seq`, number)
	return events, wrap(err, "read the term of %s", number)
}

// NamedLastDay tells whether a letter that has been written named a last day to
// the complainant. One that is still to be written will name the one in force.
func NamedLastDay(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (bool, error) {
	var named bool
	err := tx.GetContext(ctx, &named, `
		SELECT EXISTS (SELECT FROM letters
			WHERE number = $1 AND rendered_at IS NOT NULL AND state <> 'dropped'
			  AND kind IN ('acknowledgement', 'delay-notice', 'correction', 'late-notice', 'reopened'))`, number)
	return named, wrap(err, "look at the letters of %s", number)
}

// OpenTerm is an open case with a term, as changed days off find it.
type OpenTerm struct {
	Number complaint.Number
	Events []complaint.TermEvent
	InForce
}

// OpenTerms lists open cases in which a term runs, in the order of their
// numbers, after a number and at most so many.
func (s *Store) OpenTerms(ctx context.Context, after complaint.Number, limit int) ([]OpenTerm, error) {
	var numbers []complaint.Number
	err := s.db.SelectContext(ctx, &numbers, `
		SELECT number FROM complaints
		WHERE stage <> 'closed' AND deadline_version > 0 AND number > $1
		ORDER BY number LIMIT $2`, after, limit)
	if err != nil {
		return nil, wrap(err, "list open terms")
	}
	terms := make([]OpenTerm, len(numbers))
	for i, number := range numbers {
		terms[i].Number = number
		if terms[i].Events, err = TermEvents(ctx, s.db, number); err != nil {
			return nil, err
		}
		if terms[i].InForce, err = DeadlineInForce(ctx, s.db, number); err != nil {
			return nil, err
		}
	}
	return terms, nil
}

// receivedAt is when a complaint was received, as far as that was corrected.
const receivedAt = `COALESCE((SELECT e.at FROM term_events e
	WHERE e.number = c.number AND e.kind = 'receipt_corrected' ORDER BY e.seq DESC LIMIT 1), s.received_at)`

// deadlineView measures a deadline at the moment when the answer left, else at
// the closing, else now.
func deadlineView(ctx context.Context, tx *sqlx.Tx, number complaint.Number, d complaint.Deadline, row caseRow, now time.Time) (*DeadlineView, error) {
	var left *time.Time
	err := tx.GetContext(ctx, &left, `
		SELECT max(left_at) FROM letters
		WHERE number = $1 AND `+answering+`
		  AND owed_at >= COALESCE((SELECT max(at) FROM term_events WHERE number = $1 AND kind = 'reopened'), '-infinity')`, number)
	if err != nil {
		return nil, err
	}
	view := &DeadlineView{Deadline: d, Warned: row.Warned, OverdueAt: row.OverdueAt}
	moment := now
	switch {
	case left != nil:
		moment = *left
	case row.ClosedAt != nil:
		moment = *row.ClosedAt
	}
	view.DaysTaken, view.DaysLeft, view.Late = d.DaysTaken(moment), d.DaysLeft(moment), d.Late(moment)
	return view, nil
}
