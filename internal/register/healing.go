package register

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Lost names the store that lost time.
type Lost string

// The stores.
const (
	LostTemporal Lost = "temporal" // a power cut, an older backup, or everything gone
	LostRegister Lost = "register" // put back to an older state
)

// Healing is under way: procedures are brought up to the register.
type Healing struct {
	ID   int64 `db:"id"`
	Lost Lost  `db:"lost"`
}

// HealingDone counts what a healing has done so far.
type HealingDone struct {
	Asked   int // procedures, in this pass
	Rebuilt int // procedures begun anew, in this pass
	Ended   int // procedures ended whose file is closed or not here, in this pass
}

// OpenHealing is the healing under way; nil when there is none.
func (s *Store) OpenHealing(ctx context.Context) (*Healing, error) {
	var h Healing
	err := s.db.GetContext(ctx, &h, `SELECT id, lost FROM healings WHERE done_at IS NULL`)
	if err == errNoRows {
		return nil, nil
	}
	return &h, wrap(err, "look for a healing")
}

// BeginHealing notes that a store lost time. While a healing is under way it is
// that one; what it learns of the register counts more.
func (s *Store) BeginHealing(ctx context.Context, lost Lost) error {
	return wrap(s.tx(ctx, func(tx *sqlx.Tx) error { return s.beginHealing(ctx, tx, lost) }), "begin a healing")
}

func (s *Store) beginHealing(ctx context.Context, tx *sqlx.Tx, lost Lost) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO healings (lost, found_at) VALUES ($1, $2)
		ON CONFLICT ((true)) WHERE done_at IS NULL
		DO UPDATE SET lost = CASE WHEN healings.lost = 'register' THEN 'register' ELSE excluded.lost END`, lost, s.now())
	return err
}

// HealAlone runs work while no other process heals; false when another does. The
// right to it ends with the connection, so also with the process.
func (s *Store) HealAlone(ctx context.Context, work func(context.Context) error) (alone bool, err error) {
	conn, err := s.db.Connx(ctx)
	if err != nil {
		return false, wrap(err, "connect for a healing")
	}
	defer conn.Close()
	err = conn.GetContext(ctx, &alone, `SELECT pg_try_advisory_lock(hashtext('healing'))`)
	if err != nil || !alone {
		return false, wrap(err, "take the healing")
	}
	defer func() {
		// A connection that still held the lock must not go back to the others.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if _, failed := conn.ExecContext(ctx, `SELECT pg_advisory_unlock(hashtext('healing'))`); failed != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}()
	return true, work(ctx)
}

// NoteHealing keeps how far a pass is.
func (s *Store) NoteHealing(ctx context.Context, id int64, d HealingDone) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE healings SET asked = $2, rebuilt = rebuilt + $3, ended = ended + $4 WHERE id = $1`,
		id, d.Asked, d.Rebuilt, d.Ended)
	return wrap(err, "note how far a healing is")
}

// EndHealing ends a healing after a pass that reached every file, and begins the
// marker anew above what Temporal had. It answers with the counter to raise there.
func (s *Store) EndHealing(ctx context.Context, id, there int64) (counter int64, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if counter, err = s.setMarker(ctx, tx, there); err != nil {
			return err
		}
		return one(tx.ExecContext(ctx, `UPDATE healings SET done_at = $2 WHERE id = $1 AND done_at IS NULL`, id, s.now()))
	})
	return counter, wrap(err, "end a healing")
}

// Course is how far the procedure of a file has come, as the register has it.
type Course struct {
	Closed   bool `db:"closed"`
	Entered  bool `db:"entered"`  // by a run
	Revision int  `db:"revision"` // of its position
	Done     int  `db:"done"`     // the highest place that is recorded
}

// CourseOf reads how far a file's procedure has come.
func (s *Store) CourseOf(ctx context.Context, of complaint.CaseID) (c Course, err error) {
	err = s.db.GetContext(ctx, &c, `
		SELECT stage = 'closed' AS closed, run_id IS NOT NULL AS entered, revision,
			COALESCE((SELECT max(seq) FROM outbox WHERE workflow_id = $2 AND done_at IS NOT NULL), 0) AS done
		FROM `+tableOf(of.File)+` WHERE number = $1`, of.Number, of.WorkflowID())
	return c, wrap(missing(err, "case"), "read how far %s is", of.WorkflowID())
}

// RowAt is the outbox row at a place of a file's procedure; 0 when there is none.
func (s *Store) RowAt(ctx context.Context, of complaint.CaseID, place int) (row int64, err error) {
	err = s.db.GetContext(ctx, &row, `
		SELECT COALESCE((SELECT id FROM outbox WHERE workflow_id = $1 AND seq = $2), 0)`, of.WorkflowID(), place)
	return row, wrap(err, "read place %d of %s", place, of.WorkflowID())
}

// StartOf is the row that began the present run of a file's procedure.
func (s *Store) StartOf(ctx context.Context, of complaint.CaseID) (row OutboxRow, err error) {
	err = s.db.GetContext(ctx, &row, `
		SELECT id, workflow_id, number, seq, kind, body, deliveries, next_at AS due_at, passed_over, delivered_at,
			false AS others_recorded
		FROM outbox WHERE workflow_id = $1 AND run_id IS NOT NULL
		ORDER BY seq DESC LIMIT 1`, of.WorkflowID())
	return row, wrap(missing(err, "start of the procedure"), "read the start of %s", of.WorkflowID())
}

// RecordedSince lists the files of which something was recorded since a moment.
func (s *Store) RecordedSince(ctx context.Context, since time.Time) ([]complaint.CaseID, error) {
	var workflows []string
	err := s.db.SelectContext(ctx, &workflows, `
		SELECT DISTINCT workflow_id FROM outbox WHERE done_at >= $1 ORDER BY workflow_id`, since)
	var files []complaint.CaseID
	for _, workflow := range workflows {
		if of, ok := complaint.CaseOf(workflow); ok {
			files = append(files, of)
		}
	}
	return files, wrap(err, "list what was recorded")
}

const headsUndone = `
	SELECT id, workflow_id, number, seq, kind, body, deliveries, next_at AS due_at, passed_over, delivered_at,
		false AS others_recorded
	FROM outbox o
	WHERE done_at IS NULL AND id > $1
	  AND NOT EXISTS (SELECT FROM outbox earlier
		WHERE earlier.workflow_id = o.workflow_id AND earlier.seq < o.seq AND earlier.done_at IS NULL)
	ORDER BY id LIMIT $2`

// HeadsUndone lists the first row of each workflow that is not recorded, in the
// order of their IDs, after one and at most so many.
func (s *Store) HeadsUndone(ctx context.Context, after int64, limit int) ([]OutboxRow, error) {
	var rows []OutboxRow
	err := s.db.SelectContext(ctx, &rows, headsUndone, after, limit)
	return rows, wrap(err, "list what is not recorded")
}

// Belonging says whether a run that Temporal has may go on.
type Belonging struct {
	Known      bool         `db:"known"` // the file is in the register
	Closed     bool         `db:"closed"`
	ReopenedAt sql.NullTime `db:"reopened_at"` // a start of a later run, not entered yet, was left then
}

// BelongingOf reads what becomes of a run of a file.
func (s *Store) BelongingOf(ctx context.Context, of complaint.CaseID) (b Belonging, err error) {
	err = s.db.GetContext(ctx, &b, `
		SELECT true AS known, stage = 'closed' AS closed,
			(SELECT max(created_at) FROM outbox
			 WHERE workflow_id = $2 AND done_at IS NULL AND seq > 1 AND run_id IS NULL AND c.run_id IS NULL) AS reopened_at
		FROM `+tableOf(of.File)+` c WHERE number = $1`, of.Number, of.WorkflowID())
	if err == errNoRows {
		return Belonging{}, nil
	}
	return b, wrap(err, "look for %s", of.WorkflowID())
}
