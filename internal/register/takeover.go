package register

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// takeOver gives an open file to a run that takes the place of a lost one, and
// tells it what was recorded. The same run may ask again. Not its own is a file
// that is closed, or that a later start has entered. Rows that are not recorded
// leave anew for it.
func (s *Store) takeOver(ctx context.Context, tx *sqlx.Tx, e complaint.Entry) (complaint.Entered, error) {
	of := complaint.CaseID{Number: e.Number, File: e.File}
	var is struct {
		Closed bool   `db:"closed"`
		RunID  string `db:"run_id"`
		Start  int64  `db:"start"`
	}
	err := tx.GetContext(ctx, &is, `
		SELECT stage = 'closed' AS closed, COALESCE(run_id, '') AS run_id,
			COALESCE((SELECT id FROM outbox WHERE workflow_id = $2 AND run_id IS NOT NULL ORDER BY seq DESC LIMIT 1), 0) AS start
		FROM `+tableOf(e.File)+` WHERE number = $1`, e.Number, of.WorkflowID())
	if err != nil || is.Closed || is.RunID == "" || is.Start != e.Row {
		return complaint.Entered{}, missing(err, "case")
	}
	told, err := s.tell(ctx, tx, of, e.Row)
	if err == nil && is.RunID != e.RunID {
		err = s.noteTakenOver(ctx, tx, e, told.Taken)
	}
	return complaint.Entered{Ours: err == nil, Told: told}, err
}

func (s *Store) noteTakenOver(ctx context.Context, tx *sqlx.Tx, e complaint.Entry, taken int) error {
	of := complaint.CaseID{Number: e.Number, File: e.File}
	err := one(tx.ExecContext(ctx, `UPDATE `+tableOf(e.File)+` SET run_id = $2 WHERE number = $1`, e.Number, e.RunID))
	if err == nil {
		err = one(tx.ExecContext(ctx, `UPDATE outbox SET run_id = $2 WHERE id = $1`, e.Row, e.RunID))
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE outbox SET next_at = $2, delivered_at = NULL, deliveries = 0, blocked_at = NULL
		WHERE workflow_id = $1 AND done_at IS NULL`, of.WorkflowID(), s.now())
	if err == nil {
		_, err = tx.ExecContext(ctx, `SELECT pg_notify('outbox', $1)`, of.WorkflowID())
	}
	if err != nil {
		return err
	}
	return s.AddEvent(ctx, tx, e.Number, eventOf(e.File, "rebuilt"), byProcedure, Details{"taken": taken})
}

// tell reads what a run that begins at a start row has to know.
func (s *Store) tell(ctx context.Context, tx *sqlx.Tx, of complaint.CaseID, start int64) (*complaint.Told, error) {
	begun, err := beginningOf(ctx, tx, start)
	if err != nil {
		return nil, err
	}
	told := &complaint.Told{Taken: begun.Seq, Row: start, Steps: []complaint.ToldStep{}}
	if err := tellCommands(ctx, tx, of, told); err != nil {
		return nil, err
	}
	if err := tellWatched(ctx, tx, of, begun, told); err != nil {
		return nil, err
	}
	slices.SortStableFunc(told.Steps, func(a, b complaint.ToldStep) int { return a.At.Compare(b.At) })
	if err := tellLetters(ctx, tx, of, told); err != nil {
		return nil, err
	}
	err = tx.QueryRowxContext(ctx, `SELECT revision, stage, waiting_for FROM `+tableOf(of.File)+` WHERE number = $1`, of.Number).
		Scan(&told.Position.Revision, &told.Position.Stage, &told.Position.WaitingFor)
	if err != nil || of.File != complaint.ComplaintFile {
		return told, err
	}
	return told, tellOverdue(ctx, tx, of.Number, told)
}

// beginning is how the run of a start row began, and the term that it is in: a
// case whose closing was taken back goes on in the term it had.
type beginning struct {
	Seq     int       `db:"seq"`
	At      time.Time `db:"at"`
	TermAt  time.Time `db:"term_at"`
	Version int       `db:"version"` // of the deadline
}

func beginningOf(ctx context.Context, tx *sqlx.Tx, start int64) (b beginning, err error) {
	err = tx.GetContext(ctx, &b, `
		SELECT o.seq, o.created_at AS at, COALESCE((o.body->'moments'->>'version')::int, 0) AS version,
			COALESCE((SELECT max(t.created_at) FROM outbox t
				WHERE t.workflow_id = o.workflow_id AND t.seq <= o.seq AND t.kind IN ('Start', 'Reopen')), o.created_at) AS term_at
		FROM outbox o WHERE o.id = $1`, start)
	return b, err
}

// tellCommands adds what was taken after the start. What was not applied only
// takes its place in the order. The clocks that noted them may have been set back,
// or differ: no command is told before the one that was taken before it.
func tellCommands(ctx context.Context, tx *sqlx.Tx, of complaint.CaseID, told *complaint.Told) error {
	var rows []struct {
		ID     int64                 `db:"id"`
		Seq    int                   `db:"seq"`
		Kind   complaint.CommandKind `db:"kind"`
		Body   []byte                `db:"body"`
		DoneAt time.Time             `db:"done_at"`
		Effect complaint.Effect      `db:"effect"`
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT id, seq, kind, body, done_at, effect FROM outbox
		WHERE workflow_id = $1 AND seq > $2 AND done_at IS NOT NULL ORDER BY seq`, of.WorkflowID(), told.Taken)
	var at time.Time
	for _, r := range rows {
		told.Taken, told.Row = r.Seq, r.ID
		if r.DoneAt.After(at) {
			at = r.DoneAt
		}
		if r.Effect == complaint.Applied {
			told.Steps = append(told.Steps, complaint.ToldStep{
				At: at, Command: r.Kind, Row: r.ID, Seq: r.Seq, Body: json.RawMessage(slices.Clone(r.Body)),
			})
		}
	}
	return err
}

// tellWatched adds what the watch did since the start, and what it did in the same
// term before of the deadline with which the run began.
func tellWatched(ctx context.Context, tx *sqlx.Tx, of complaint.CaseID, since beginning, told *complaint.Told) error {
	query := `
		SELECT kind, version, days_left, consultation, round, letters, at FROM watched
		WHERE number = $1 AND (at >= $2 OR at >= $3 AND version = $4 AND consultation = 0 AND round = 0) ORDER BY id`
	if of.File == complaint.PrivacyFile {
		query = `
			SELECT kind, version, days_left, 0 AS consultation, 0 AS round, letters, at FROM privacy_watched
			WHERE number = $1 AND (at >= $2 OR at >= $3 AND version = $4) ORDER BY at`
	}
	var rows []struct {
		Kind         complaint.WatchKind `db:"kind"`
		Version      int                 `db:"version"`
		DaysLeft     int                 `db:"days_left"`
		Consultation int64               `db:"consultation"`
		Round        int                 `db:"round"`
		Letters      pq.Int64Array       `db:"letters"`
		At           time.Time           `db:"at"`
	}
	err := tx.SelectContext(ctx, &rows, query, of.Number, since.At, since.TermAt, since.Version)
	for _, r := range rows {
		told.Steps = append(told.Steps, complaint.ToldStep{At: r.At, Letters: r.Letters, Watch: &complaint.WatchEvent{
			Number: of.Number, File: of.File, Kind: r.Kind, Version: r.Version, DaysLeft: r.DaysLeft,
			Consultation: r.Consultation, Round: r.Round,
		}})
	}
	return err
}

// tellLetters adds where the letters stand. Those of commands that are not
// recorded are left to these, and strays leave by themselves.
func tellLetters(ctx context.Context, tx *sqlx.Tx, of complaint.CaseID, told *complaint.Told) error {
	var rows []struct {
		ID    int64                 `db:"id"`
		State complaint.LetterState `db:"state"`
		Staff bool                  `db:"to_staff"`
	}
	err := tx.SelectContext(ctx, &rows, `
		WITH to_come AS (
			SELECT body FROM outbox WHERE workflow_id = $3 AND done_at IS NULL AND kind <> 'SettleLetter'
		), theirs AS (
			SELECT (body->>'letter')::bigint AS id FROM to_come WHERE jsonb_typeof(body->'letter') = 'number'
			UNION ALL
			SELECT jsonb_array_elements_text(body->'letters')::bigint FROM to_come WHERE jsonb_typeof(body->'letters') = 'array'
		)
		SELECT id, state, staff IS NOT NULL AS to_staff FROM letters
		WHERE number = $1 AND file = $2 AND id NOT IN (SELECT id FROM theirs)
		  AND (NOT stray OR state IN ('sent', 'posted', 'dropped')) ORDER BY id`,
		of.Number, of.File, of.WorkflowID())
	for _, r := range rows {
		switch {
		case !r.Staff:
			told.Letters = append(told.Letters, complaint.LetterSettled{Letter: r.ID, State: r.State})
		case !r.State.HasLeft() && !r.State.NeedsPerson():
			told.Notices = append(told.Notices, r.ID)
		}
	}
	return err
}

// tellOverdue adds how the watch goes on after the end of the term. AgainAt is
// when staff last heard of it, from which the caller finds the next moment.
func tellOverdue(ctx context.Context, tx *sqlx.Tx, number complaint.Number, told *complaint.Told) error {
	for _, step := range told.Steps {
		if step.Watch != nil && (step.Watch.Kind == complaint.WatchOverdue || step.Watch.Kind == complaint.WatchStillOverdue) {
			told.Overdue.AgainAt = step.At
		}
	}
	if told.Overdue.AgainAt.IsZero() {
		return nil
	}
	c, err := LockCase(ctx, tx, number)
	if err != nil {
		return err
	}
	again := told.Overdue.AgainAt
	err = goesOn(ctx, tx, c, complaint.WatchEvent{Number: number, Kind: complaint.WatchOverdue}, &told.Overdue)
	told.Overdue.AgainAt = again
	return err
}
