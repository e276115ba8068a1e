package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// ContinuationCause is why a closing was taken back.
type ContinuationCause string

// The causes.
const (
	RefusalReversed ContinuationCause = "refusal_reversed"
	SplitCorrected  ContinuationCause = "split_corrected" // it was not about personal data alone
)

// Continuation (hervatting) is a closing that was taken back: the case went on in
// the term it had. What had closed it stays to be counted.
type Continuation struct {
	Term      int               `db:"term" json:"term"`
	Cause     ContinuationCause `db:"cause" json:"cause" enum:"refusal_reversed,split_corrected"`
	Result    complaint.Result  `db:"result" json:"result" doc:"with which it had closed"`
	DecidedAt *time.Time        `db:"decided_at" json:"decided_at" nullable:"true"`
	ClosedAt  time.Time         `db:"closed_at" json:"closed_at"`
	ResumedAt time.Time         `db:"resumed_at" json:"resumed_at"`
	ResumedBy string            `db:"resumed_by" json:"resumed_by"`
	Reasons   string            `db:"reasons" json:"reasons"`
}

// GoOn takes the closing of a closed, locked case back: it has no result any more
// and keeps its term, deadline and what the watch saw of it. It answers with the
// revision from which the next run of the procedure goes on.
func (s *Store) GoOn(ctx context.Context, tx *sqlx.Tx, number complaint.Number, cause ContinuationCause, reasons, by string) (revision int, err error) {
	err = one(tx.ExecContext(ctx, `
		INSERT INTO continuations (number, term, cause, result, decided_at, closed_at, resumed_at, resumed_by, reasons)
		SELECT number, term, $2, result, decided_at, closed_at, $3, $4, $5
		FROM complaints
		WHERE number = $1 AND stage = 'closed'`, number, cause, s.now(), by, reasons))
	if err != nil {
		return 0, wrap(err, "keep the closing of %s", number)
	}
	err = tx.GetContext(ctx, &revision, `
		UPDATE complaints
		SET stage = 'received', waiting_for = 'none', revision = revision + 1, run_id = NULL,
			result = NULL, decided_at = NULL, closed_at = NULL
		WHERE number = $1
		RETURNING revision`, number)
	return revision, wrap(err, "take the closing of %s back", number)
}

func continuations(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]Continuation, error) {
	found := []Continuation{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT term, cause, result, decided_at, closed_at, resumed_at, resumed_by, reasons
		FROM continuations
		WHERE number = $1
		ORDER BY id`, number)
	return found, wrap(err, "read the continuations of %s", number)
}
