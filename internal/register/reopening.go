package register

import (
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// FinishedTerm (termijn) is a term of a case that was opened again after it, with
// its figures and decisions as they were.
type FinishedTerm struct {
	Term       int                `db:"term" json:"term"`
	Result     complaint.Result   `db:"result" json:"result"`
	Day0       complaint.Day      `db:"day_0" json:"day_0" format:"date"`
	LastDay    complaint.Day      `db:"last_day" json:"last_day" format:"date"`
	TermLast   complaint.Day      `db:"term_last_day" json:"term_last_day" format:"date" doc:"by which figures count, also after a delay notice"`
	OverdueAt  *time.Time         `db:"overdue_at" json:"overdue_at" nullable:"true"`
	DecidedAt  *time.Time         `db:"decided_at" json:"decided_at" nullable:"true"`
	ClosedAt   time.Time          `db:"closed_at" json:"closed_at"`
	ReopenedAt time.Time          `db:"reopened_at" json:"reopened_at" doc:"when the next term began"`
	ReopenedBy string             `db:"reopened_by" json:"reopened_by"`
	Reasons    string             `db:"reasons" json:"reasons" doc:"of the reopening"`
	Outcome    *complaint.Outcome `db:"-" json:"outcome" nullable:"true"`
	Withdrawal *Withdrawal        `db:"-" json:"withdrawal" nullable:"true"`
}

// Reopen keeps the finished term of a closed, locked case and begins the next,
// which has no result, no figures and no deadline of its own yet. It answers with
// the revision from which the next run of the procedure goes on.
func (s *Store) Reopen(ctx context.Context, tx *sqlx.Tx, number complaint.Number, reasons, by string) (revision int, err error) {
	err = one(tx.ExecContext(ctx, `
		INSERT INTO terms (number, term, result, deadline_version, day_0, last_day, term_last_day, warned, overdue_at,
			decided_at, closed_at, reopened_at, reopened_by, reasons)
		SELECT number, term, result, deadline_version, day_0, last_day, term_last_day, warned, overdue_at,
			decided_at, closed_at, $2, $3, $4
		FROM complaints
		WHERE number = $1 AND stage = 'closed'`, number, s.now(), by, reasons))
	if err != nil {
		return 0, wrap(err, "keep the finished term of %s", number)
	}
	err = tx.GetContext(ctx, &revision, `
		UPDATE complaints
		SET term = term + 1, stage = 'received', waiting_for = 'none', revision = revision + 1, run_id = NULL,
			result = NULL, decided_at = NULL, closed_at = NULL, warned = NULL, overdue_at = NULL, overdue_provisional = false
		WHERE number = $1
		RETURNING revision`, number)
	return revision, wrap(err, "reopen %s", number)
}

// enterAgain notes that a further run of a case has begun.
func (s *Store) enterAgain(ctx context.Context, tx *sqlx.Tx, e complaint.Entry, start outboxState) error {
	err := one(tx.ExecContext(ctx, `UPDATE complaints SET run_id = $2 WHERE number = $1`, e.Number, e.RunID))
	if err != nil {
		return err
	}
	return s.AddEvent(ctx, tx, e.Number, "taken", byProcedure,
		Details{"command": start.Kind, "seq": start.Seq, "effect": complaint.Applied})
}

func finishedTerms(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]FinishedTerm, error) {
	terms := []FinishedTerm{}
	err := sqlx.SelectContext(ctx, db, &terms, `
		SELECT term, result, day_0, last_day, term_last_day, overdue_at, decided_at, closed_at, reopened_at, reopened_by, reasons
		FROM terms
		WHERE number = $1
		ORDER BY term`, number)
	for i := range terms {
		if err == nil {
			err = decisionsOfTerm(ctx, db, number, &terms[i])
		}
	}
	return terms, wrap(err, "read the terms of %s", number)
}

func decisionsOfTerm(ctx context.Context, db sqlx.QueryerContext, number complaint.Number, t *FinishedTerm) error {
	var rows []decisionRow
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT id, kind, content
		FROM decisions
		WHERE number = $1 AND term = $2
		ORDER BY id`, number, t.Term)
	for _, row := range rows {
		switch {
		case err != nil:
		case row.Kind == DecidedOutcome:
			if err = json.Unmarshal(row.Content, &t.Outcome); err == nil {
				t.Outcome.Recommendations, err = recommendationsOf(ctx, db, row.ID)
			}
		case row.Kind == DecidedWithdrawal:
			err = json.Unmarshal(row.Content, &t.Withdrawal)
		}
	}
	return err
}

// firstDay0 is day 0 of the first term of a case that was opened again; zero for
// any other.
func firstDay0(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (complaint.Day, error) {
	var day complaint.Day
	err := sqlx.GetContext(ctx, db, &day, `SELECT day_0 FROM terms WHERE number = $1 AND term = 1`, number)
	if err == errNoRows {
		return complaint.Day{}, nil
	}
	return day, err
}

// fileTerms reads the terms before this one, and whether the entry was voided.
func (s *Store) fileTerms(ctx context.Context, tx *sqlx.Tx, number complaint.Number, file *File) (err error) {
	if file.Terms, err = finishedTerms(ctx, tx, number); err != nil {
		return err
	}
	if file.Continuations, err = continuations(ctx, tx, number); err != nil {
		return err
	}
	file.Voiding, err = voiding(ctx, tx, number)
	return err
}
