package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// BreachStepKind is what was said of a suspected breach.
type BreachStepKind string

// The steps.
const (
	BreachSuspected BreachStepKind = "suspected"
	BreachTakenBack BreachStepKind = "taken_back"
	BreachNotified  BreachStepKind = "notified" // to the authority
	BreachMoved     BreachStepKind = "moved"    // the receipt was corrected
)

// BreachStep is one word of a person on a suspected breach.
type BreachStep struct {
	Kind     BreachStepKind `db:"kind" json:"kind" enum:"suspected,taken_back,notified,moved"`
	At       time.Time      `db:"at" json:"at" doc:"when one became aware of it, when the authority was told, else when it was said"`
	NotifyBy *time.Time     `db:"notify_by" json:"notify_by" nullable:"true" doc:"until when the authority is told; null: nothing is due any more"`
	Reasons  string         `db:"reasons" json:"reasons"`
	By       string         `db:"noted_by" json:"noted_by"`
	NotedAt  time.Time      `db:"noted_at" json:"noted_at"`
}

// BreachFile is what the DPO's file shows of a suspected breach.
type BreachFile struct {
	AwareAt   *time.Time   `db:"breach_aware_at" json:"aware_at" nullable:"true" doc:"null: on receipt"`
	WarnedAt  *time.Time   `db:"breach_warned_at" json:"warned_at" nullable:"true"`
	OverdueAt *time.Time   `db:"breach_overdue_at" json:"overdue_at" nullable:"true" doc:"when the watch saw the end of the 72 hours"`
	Late      bool         `db:"breach_late" json:"late" doc:"the authority was told after the 72 hours"`
	Steps     []BreachStep `db:"-" json:"steps" doc:"what was said of it, by whom and why"`
}

const breachColumns = `p.breach_aware_at, p.breach_warned_at, p.breach_overdue_at,
	COALESCE(p.breach_notified_at > p.notify_by, false) AS breach_late`

// ChangeBreach keeps a step of a suspected breach and answers with the version of
// what is due. Aware is when one became aware of it; nil: on receipt.
func (s *Store) ChangeBreach(ctx context.Context, tx *sqlx.Tx, number complaint.Number, step BreachStep, aware *time.Time) (version int, err error) {
	_, err = tx.ExecContext(ctx, `
		INSERT INTO breach_steps (number, kind, at, notify_by, reasons, noted_by, noted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		number, step.Kind, step.At, step.NotifyBy, step.Reasons, step.By, s.now())
	if err != nil {
		return 0, wrap(err, "keep what was said of a breach in %s", number)
	}
	if step.Kind == BreachNotified {
		err = tx.GetContext(ctx, &version, `
			UPDATE privacy_files SET breach_notified_at = $2, breach_version = breach_version + 1
			WHERE number = $1 AND suspected_breach AND breach_notified_at IS NULL
			RETURNING breach_version`, number, step.At)
		return version, wrap(err, "keep that the authority was told of %s", number)
	}
	err = tx.GetContext(ctx, &version, `
		UPDATE privacy_files
		SET suspected_breach = $2, notify_by = COALESCE($3::timestamptz, notify_by), breach_aware_at = $4, breach_version = breach_version + 1,
			breach_warned_at = NULL, breach_overdue_at = CASE WHEN $3::timestamptz <= $5 THEN breach_overdue_at END
		WHERE number = $1
		RETURNING breach_version`, number, step.Kind != BreachTakenBack, step.NotifyBy, aware, s.now())
	return version, wrap(err, "keep what is due of a breach in %s", number)
}

func breachSteps(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]BreachStep, error) {
	found := []BreachStep{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT kind, at, notify_by, reasons, noted_by, noted_at FROM breach_steps WHERE number = $1 ORDER BY id`, number)
	return found, wrap(err, "read what was said of a breach in %s", number)
}

// applyBreachWatch keeps that the end of the 72 hours is near or has come, and
// owes the DPO the letter that says so.
func (s *Store) applyBreachWatch(ctx context.Context, tx *sqlx.Tx, e complaint.WatchEvent) ([]int64, error) {
	over := e.Kind == complaint.WatchBreachOverdue
	version := int64(e.Version) * 10
	if over {
		version++
	}
	id, err := s.OweLetter(ctx, tx, OwedLetter{Number: e.Number, Kind: complaint.LetterPrivacyBreach, Department: complaint.DPO, Version: version})
	if err != nil {
		return nil, err
	}
	return []int64{id}, one(tx.ExecContext(ctx, `
		UPDATE privacy_files
		SET breach_warned_at = CASE WHEN $2 THEN breach_warned_at ELSE $3::timestamptz END,
			breach_overdue_at = CASE WHEN $2 THEN $3::timestamptz ELSE breach_overdue_at END
		WHERE number = $1`, e.Number, over, s.now()))
}
