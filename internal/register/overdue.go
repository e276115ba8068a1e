package register

import (
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// becomeOverdue keeps that the last day has ended without an answer, once for
// each end: a version that only moved the end back does not say it again. While
// the answer lies printed it is provisional, for the mail room may still say that
// it was posted in time; otherwise the complainant is told.
func (s *Store) becomeOverdue(ctx context.Context, tx *sqlx.Tx, c Case) ([]int64, error) {
	printed, err := answerIs(ctx, tx, c, complaint.LetterPrinted)
	if err != nil {
		return nil, err
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE complaints SET warned = 0, overdue_at = $2, overdue_provisional = $3
		WHERE number = $1 AND overdue_at IS NULL`, c.Number, s.now(), printed)
	if err != nil {
		return nil, err
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 || printed {
		return nil, err
	}
	return s.oweLateNotice(ctx, tx, c)
}

// confirmOverdue ends the time in which the mail room could say that the answer
// was posted in time. It changes nothing when that has been said.
func (s *Store) confirmOverdue(ctx context.Context, tx *sqlx.Tx, c Case) ([]int64, error) {
	result, err := tx.ExecContext(ctx, `
		UPDATE complaints SET overdue_provisional = false
		WHERE number = $1 AND overdue_at IS NOT NULL AND overdue_provisional`, c.Number)
	if err != nil {
		return nil, err
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return nil, err
	}
	return s.oweLateNotice(ctx, tx, c)
}

// TakeOverdueBack keeps that a case had been answered in time after all: this
// letter is its answer and was posted on or before the last day. It tells whether
// there was an overdue to take back.
func (s *Store) TakeOverdueBack(ctx context.Context, tx *sqlx.Tx, c Case, l LetterCase, postedOn complaint.Day) (bool, error) {
	var overdue bool
	err := tx.GetContext(ctx, &overdue, `
		SELECT EXISTS (SELECT FROM complaints
			WHERE number = $1 AND overdue_at IS NOT NULL AND last_day >= $2)`, c.Number, postedOn)
	if err != nil || !overdue {
		return false, wrap(err, "look whether %s is overdue", c.Number)
	}
	var answer bool
	err = tx.GetContext(ctx, &answer, `
		SELECT EXISTS (SELECT FROM letters
			WHERE number = $1 AND id = $2 AND state = 'posted' AND `+answering+ofThisTerm+`)`, c.Number, l.ID)
	if err != nil || !answer {
		return false, wrap(err, "look how %s was answered", c.Number)
	}
	return true, s.takeBackWatch(ctx, tx, c.Number, true, Details{"letter": l.ID, "posted_on": postedOn})
}

// answering holds for letters that say how a case ended. A refusal that was
// reversed says nothing any more.
const answering = `(kind IN ('outcome', 'reclassified') OR kind = 'inadmissible' AND 'inadmissible' = (
	SELECT d.content->>'decision' FROM decisions d
	WHERE d.number = letters.number AND d.kind = 'admissibility' ORDER BY d.id DESC LIMIT 1))`

// ofThisTerm holds for letters of the term that runs.
const ofThisTerm = `
	AND owed_at >= COALESCE((SELECT max(at) FROM term_events WHERE number = $1 AND kind = 'reopened'), '-infinity')`

// answerIs tells whether the letter that decides this term of the case is in one
// of the states.
func answerIs(ctx context.Context, tx *sqlx.Tx, c Case, states ...complaint.LetterState) (bool, error) {
	var found bool
	err := tx.GetContext(ctx, &found, `
		SELECT EXISTS (SELECT FROM letters
			WHERE number = $1 AND `+answering+` AND state = ANY($2)`+ofThisTerm+`)`,
		c.Number, pq.Array(states))
	return found, err
}

// goesOn fills in what the watch does after the end of the term.
func goesOn(ctx context.Context, tx *sqlx.Tx, c Case, e complaint.WatchEvent, r *complaint.WatchRecorded) error {
	if e.Kind != complaint.WatchOverdue && e.Kind != complaint.WatchStillOverdue {
		return nil
	}
	var state struct {
		Overdue     bool `db:"overdue"`
		Provisional bool `db:"overdue_provisional"`
	}
	err := tx.GetContext(ctx, &state, `
		SELECT overdue_at IS NOT NULL AS overdue, overdue_provisional FROM complaints WHERE number = $1`, c.Number)
	if err != nil {
		return err
	}
	left, err := answerIs(ctx, tx, c, complaint.LetterSent, complaint.LetterPosted, complaint.LetterDropped)
	r.Provisional = state.Provisional && e.Kind == complaint.WatchOverdue
	r.GoesOn = state.Overdue && !left && !c.Withdrawn
	return err
}
