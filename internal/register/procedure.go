package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// outboxState is how far a row is, as the procedure's recordings need it.
type outboxState struct {
	Kind   complaint.CommandKind `db:"kind"`
	Seq    int                   `db:"seq"`
	DoneAt *time.Time            `db:"done_at"`
	RunID  string                `db:"run_id"`
}

func readOutboxRow(ctx context.Context, tx *sqlx.Tx, number complaint.Number, row int64) (outboxState, error) {
	var state outboxState
	err := tx.GetContext(ctx, &state, `
		SELECT kind, seq, done_at, COALESCE(run_id, '') AS run_id
		FROM outbox
		WHERE id = $1 AND number = $2`, row, number)
	return state, missing(err, "command of this complaint")
}

// markDone ends a row's way, also one that was given up.
func (s *Store) markDone(ctx context.Context, tx *sqlx.Tx, row int64, effect complaint.Effect, runID string) error {
	return one(tx.ExecContext(ctx, `
		UPDATE outbox SET done_at = $2, effect = $3, run_id = NULLIF($4, ''), blocked_at = NULL
		WHERE id = $1 AND done_at IS NULL`, row, s.now(), effect, runID))
}

// move sets where a case stands, unless a newer position or its closing is
// already there. It tells whether it did.
func move(ctx context.Context, tx *sqlx.Tx, of complaint.CaseID, p complaint.Position) (bool, error) {
	result, err := tx.ExecContext(ctx, `
		UPDATE `+tableOf(of.File)+` SET revision = $2, stage = $3, waiting_for = $4
		WHERE number = $1 AND revision < $2 AND stage <> 'closed'`, of.Number, p.Revision, p.Stage, p.WaitingFor)
	if err != nil {
		return false, err
	}
	changed, err := result.RowsAffected()
	return changed == 1, err
}

// Enter enters a complaint in the register for a run of its procedure: the start
// row is done, the case stands where the rules put it, and earlier complaints of
// the same person are linked. The same run may ask again; another run is told
// that the complaint is not its own, and changes nothing.
func (s *Store) Enter(ctx context.Context, e complaint.Entry) (entered complaint.Entered, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lock(ctx, tx, e.Number); err != nil {
			return err
		}
		if e.TakesOver {
			entered, err = s.takeOver(ctx, tx, e)
			return err
		}
		start, err := readOutboxRow(ctx, tx, e.Number, e.Row)
		if err != nil {
			return err
		}
		entered.Ours = start.DoneAt == nil || start.RunID == e.RunID
		if start.DoneAt != nil {
			return nil
		}
		if err := s.markDone(ctx, tx, e.Row, complaint.Applied, e.RunID); err != nil {
			return err
		}
		if _, err := move(ctx, tx, complaint.CaseID{Number: e.Number, File: e.File}, e.Position); err != nil {
			return err
		}
		if e.File == complaint.PrivacyFile {
			return s.notePrivacyEntry(ctx, tx, e)
		}
		if start.Kind.StartsAgain() {
			return s.enterAgain(ctx, tx, e, start)
		}
		return s.noteEntry(ctx, tx, e)
	})
	return entered, wrap(err, "enter %s", e.Number)
}

func (s *Store) noteEntry(ctx context.Context, tx *sqlx.Tx, e complaint.Entry) error {
	var found struct {
		Finding complaint.Judgement `db:"finding"`
		Ground  complaint.Ground    `db:"ground"`
	}
	err := tx.GetContext(ctx, &found, `
		UPDATE complaints SET run_id = $2
		WHERE number = $1
		RETURNING finding, ground`, e.Number, e.RunID)
	if err != nil {
		return err
	}
	if err := s.AddEvent(ctx, tx, e.Number, "registered", byProcedure, nil); err != nil {
		return err
	}
	return s.AddEvent(ctx, tx, e.Number, "assessed", byProcedure, Details{"finding": found.Finding, "ground": found.Ground})
}

// Record keeps that the procedure has taken a command, with its effect, and
// where the case now stands. A row is done once; an older position never
// overwrites a newer one.
func (s *Store) Record(ctx context.Context, r complaint.Recording) error {
	err := s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lock(ctx, tx, r.Number); err != nil {
			return err
		}
		if r.Row != 0 {
			if err := s.recordRow(ctx, tx, r); err != nil {
				return err
			}
		}
		moved, err := move(ctx, tx, complaint.CaseID{Number: r.Number, File: r.File}, r.Position)
		if err != nil || !moved {
			return err
		}
		return s.AddEvent(ctx, tx, r.Number, eventOf(r.File, "moved"), byProcedure, Details{"stage": r.Stage, "waiting_for": r.WaitingFor})
	})
	return wrap(err, "record on %s", r.Number)
}

func (s *Store) recordRow(ctx context.Context, tx *sqlx.Tx, r complaint.Recording) error {
	row, err := readOutboxRow(ctx, tx, r.Number, r.Row)
	if err != nil || row.DoneAt != nil {
		return err
	}
	if err := s.markDone(ctx, tx, r.Row, r.Effect, ""); err != nil {
		return err
	}
	if r.Effect != complaint.Applied {
		if err := s.releaseUnapplied(ctx, tx, r.Row); err != nil {
			return err
		}
	}
	return s.AddEvent(ctx, tx, r.Number, eventOf(r.File, "taken"), byProcedure, Details{"command": row.Kind, "seq": row.Seq, "effect": r.Effect})
}

// releaseUnapplied lets go of what a command would have brought about, so that
// a command that harmed nothing does not keep the case open either: its letters
// that have not left, and the consultation it opened.
func (s *Store) releaseUnapplied(ctx context.Context, tx *sqlx.Tx, row int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE letters SET state = 'dropped', settled_at = $2, settled_reason = 'not_applied'
		WHERE state IN ('owed', 'rendered', 'held') AND id IN (
			SELECT (body->>'letter')::bigint FROM outbox WHERE id = $1 AND kind IN ('AskDepartment', 'HandOverQuestion')
			UNION ALL
			SELECT jsonb_array_elements_text(body->'letters')::bigint FROM outbox
			WHERE id = $1 AND jsonb_typeof(body->'letters') = 'array')`, row, s.now())
	if err != nil {
		return err
	}
	if err := s.strayUnapplied(ctx, tx, row); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE consultations SET state = 'ended', ended_at = $2
		WHERE state = 'open' AND id IN (
			SELECT (body->>'consultation')::bigint FROM outbox
			WHERE id = $1 AND kind IN ('AskDepartment', 'HandOverQuestion'))`, row, s.now())
	return err
}

// Close closes a case when nothing keeps it open: no command given after the
// last one taken, no letter that has not left, and no breach of which the authority
// has still to be told. It closes with what was
// decided in the register only, whatever the procedure was made to believe.
// Closed, it stays closed for the run that closed it, also when the answer to that
// was lost and the case has been opened again meanwhile: the next run waits for the
// end of this one.
func (s *Store) Close(ctx context.Context, c complaint.Closing) (closed bool, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lock(ctx, tx, c.Number); err != nil {
			return err
		}
		var state struct {
			Closed bool `db:"closed"`
			Kept   bool `db:"kept"`
			Due    bool `db:"due"` // somebody decided what the case is closed with
		}
		err := tx.GetContext(ctx, &state, `
			SELECT stage = 'closed' OR EXISTS (
					SELECT FROM outbox o WHERE o.workflow_id = $3 AND o.seq > $2 AND o.kind IN ('Reopen', 'GoOn')) AS closed,
				EXISTS (SELECT FROM outbox o WHERE o.workflow_id = $3 AND o.seq > $2)
				OR EXISTS (SELECT FROM letters l
					WHERE l.number = c.number AND l.file = $4 AND l.staff IS NULL AND l.state NOT IN ('sent', 'posted', 'dropped'))
				OR $4 = 'privacy' AND EXISTS (SELECT FROM privacy_files p
					WHERE p.number = c.number AND p.suspected_breach AND p.breach_notified_at IS NULL) AS kept,
				CASE $5 WHEN 'answered' THEN EXISTS (SELECT FROM decisions d
						WHERE d.number = c.number AND d.kind = 'outcome' AND $4 = '')
					WHEN 'withdrawn' THEN EXISTS (SELECT FROM decisions d WHERE d.number = c.number AND d.kind = 'withdrawal')
					ELSE true END OR $4 <> '' AS due
			FROM `+tableOf(c.File)+` c
			WHERE number = $1`, c.Number, c.Taken, complaint.CaseID{Number: c.Number, File: c.File}.WorkflowID(), c.File, string(c.Result))
		closed = state.Closed
		if err != nil || state.Closed || state.Kept || !state.Due {
			return err
		}
		closed = true
		if c.File == complaint.PrivacyFile {
			return s.closePrivacy(ctx, tx, c)
		}
		return s.close(ctx, tx, c)
	})
	return closed && err == nil, wrap(err, "close %s", c.Number)
}

func (s *Store) close(ctx context.Context, tx *sqlx.Tx, c complaint.Closing) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE complaints
		SET stage = 'closed', waiting_for = 'none', result = $2, closed_at = $3, revision = GREATEST(revision, $4)
		WHERE number = $1`, c.Number, c.Result, s.now(), c.Revision))
	if err != nil {
		return err
	}
	if err := s.endConsultations(ctx, tx, c.Number); err != nil {
		return err
	}
	if err := s.dropNotices(ctx, tx, c.Number); err != nil {
		return err
	}
	return s.AddEvent(ctx, tx, c.Number, "closed", byProcedure, Details{"result": c.Result})
}
