package register

import (
	"context"
	"database/sql"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// This file is what the relay sees of the register: the rows that have to reach
// the procedure. When a row leaves again and what counts as a try are the
// relay's rules.

// OutboxRow is a message on its way to a workflow.
type OutboxRow struct {
	ID          int64                 `db:"id"`
	Workflow    string                `db:"workflow_id"`
	Number      complaint.Number      `db:"number"`
	Seq         int                   `db:"seq"` // place in its workflow, from 1
	Kind        complaint.CommandKind `db:"kind"`
	Body        []byte                `db:"body"`         // JSON; never logged
	Tries       int                   `db:"deliveries"`   // that counted
	DueAt       time.Time             `db:"due_at"`       // when it was to leave, before this claim
	PassedOver  bool                  `db:"passed_over"`  // a person decided that the procedure passes it over
	DeliveredAt sql.NullTime          `db:"delivered_at"` // when the server last answered about it; not valid: never

	// OthersRecorded tells whether any row was recorded since DeliveredAt. This
	// row is the first of its workflow that is not done, so it was of another.
	OthersRecorded bool `db:"others_recorded"`
}

// OutboxClaim says what a relay is ready to deliver, and how long it keeps that
// from other relays.
type OutboxClaim struct {
	For    time.Duration
	Limit  int  // rows at most
	Starts int  // starts in flight at most
	Again  bool // whether rows that were delivered before may leave again
}

// outboxDue holds for rows that may leave: due, not blocked, and the first of
// their workflow that is not done.
const outboxDue = `outbox.done_at IS NULL AND outbox.blocked_at IS NULL AND outbox.next_at <= $1
	AND NOT EXISTS (SELECT FROM outbox earlier
		WHERE earlier.workflow_id = outbox.workflow_id AND earlier.seq < outbox.seq AND earlier.done_at IS NULL)`

const outboxClaim = `
	WITH going_on AS (
		SELECT id, next_at, 1 AS turn FROM outbox
		WHERE ` + outboxDue + `
		  AND (kind <> 'Start' OR delivered_at IS NOT NULL) AND ($5 OR delivered_at IS NULL)
		ORDER BY next_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
	), in_flight AS (
		SELECT (SELECT count(*) FROM outbox
			WHERE kind = 'Start' AND done_at IS NULL AND blocked_at IS NULL AND delivered_at IS NOT NULL)
		     + (SELECT count(*) FROM outbox
			WHERE kind = 'Start' AND done_at IS NULL AND delivered_at IS NULL AND next_at > $1) AS starts
	), starting AS (
		SELECT id, next_at, 2 AS turn FROM outbox
		WHERE ` + outboxDue + ` AND kind = 'Start' AND delivered_at IS NULL
		ORDER BY id LIMIT (SELECT greatest(0, least($3, $4 - starts)) FROM in_flight)
		FOR UPDATE SKIP LOCKED
	), claimed AS (
		SELECT id, next_at FROM (SELECT * FROM going_on UNION ALL SELECT * FROM starting) due
		ORDER BY turn, CASE turn WHEN 1 THEN next_at END, id LIMIT $3
	)
	UPDATE outbox SET next_at = $2 FROM claimed WHERE outbox.id = claimed.id
	RETURNING outbox.id, workflow_id, number, seq, kind, body, deliveries, claimed.next_at AS due_at, delivered_at, passed_over,
		coalesce((SELECT max(done_at) FROM outbox) > delivered_at, false) AS others_recorded`

// ClaimOutbox takes due rows and holds them for a while; rows that another relay
// is claiming at this moment are passed over. Cases in progress go before new
// starts, which leave as far as their cap has room. Relays that claim in the
// same instant do not see each other's starts and may pass the cap by a claim.
func (s *Store) ClaimOutbox(ctx context.Context, c OutboxClaim) ([]OutboxRow, error) {
	var rows []OutboxRow
	now := s.now()
	err := s.db.SelectContext(ctx, &rows, outboxClaim, now, now.Add(c.For), c.Limit, c.Starts, c.Again)
	return rows, wrap(err, "claim outbox rows")
}

// ReleaseOutbox gives a claimed row back untried; it may leave after a wait.
func (s *Store) ReleaseOutbox(ctx context.Context, row OutboxRow, wait time.Duration) error {
	const query = `UPDATE outbox SET next_at = $2 WHERE id = $1 AND done_at IS NULL`
	return s.changeOutbox(ctx, "release", row, query, s.now().Add(wait))
}

// NoteDelivery keeps that the server answered about the row: how many tries
// have counted so far, and how long it has until it may leave again.
func (s *Store) NoteDelivery(ctx context.Context, row OutboxRow, pause time.Duration) error {
	const query = `UPDATE outbox SET delivered_at = $2, next_at = $3, deliveries = $4 WHERE id = $1 AND done_at IS NULL`
	now := s.now()
	return s.changeOutbox(ctx, "note the delivery of", row, query, now, now.Add(pause), row.Tries)
}

// BlockOutbox gives the row up, and with it its workflow, until the procedure
// records it or a person settles it.
func (s *Store) BlockOutbox(ctx context.Context, row OutboxRow) error {
	const query = `UPDATE outbox SET blocked_at = $2, deliveries = $3 WHERE id = $1 AND done_at IS NULL`
	return s.changeOutbox(ctx, "block", row, query, s.now(), row.Tries)
}

// changeOutbox updates one row, which is nothing to do once it is done.
func (s *Store) changeOutbox(ctx context.Context, verb string, row OutboxRow, query string, args ...any) error {
	_, err := s.db.ExecContext(ctx, query, append([]any{row.ID}, args...)...)
	return wrap(err, "%s outbox row %d", verb, row.ID)
}

// RecordAfterClosing records a row that found its procedure ended, which is
// right on a closed case only; false when the case is not closed.
func (s *Store) RecordAfterClosing(ctx context.Context, row OutboxRow) (closed bool, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lock(ctx, tx, row.Number); err != nil {
			return err
		}
		of, _ := complaint.CaseOf(row.Workflow)
		err := tx.GetContext(ctx, &closed, `SELECT stage = 'closed' FROM `+tableOf(of.File)+` WHERE number = $1`, row.Number)
		if err != nil || !closed {
			return err
		}
		return s.recordRow(ctx, tx, complaint.Recording{
			Number: row.Number, File: of.File, Row: row.ID, Effect: complaint.AfterClosing,
		})
	})
	return closed && err == nil, wrap(err, "record outbox row %d after closing", row.ID)
}

// OutboxSummary tells how the outbox stands.
type OutboxSummary struct {
	Waiting     int          `db:"waiting"`      // rows not done, without the blocked ones
	Blocked     int          `db:"blocked"`      // workflows
	Late        int          `db:"late"`         // workflows with a row that is older than it may be, also blocked ones
	Oldest      sql.NullTime `db:"oldest"`       // when the oldest waiting row was made
	OldestTaken sql.NullTime `db:"oldest_taken"` // the earliest last delivery that is not recorded
}

// OutboxSummary counts what is not done; late is what was left before a moment.
func (s *Store) OutboxSummary(ctx context.Context, late time.Time) (OutboxSummary, error) {
	// Two parts, each with an index: the rows that are done are many more.
	const query = `
		WITH undone AS (
			SELECT workflow_id, created_at, delivered_at, blocked_at FROM outbox
			WHERE done_at IS NULL AND kind = 'Start' AND delivered_at IS NULL
			UNION ALL
			SELECT workflow_id, created_at, delivered_at, blocked_at FROM outbox
			WHERE done_at IS NULL AND (kind <> 'Start' OR delivered_at IS NOT NULL)
		)
		SELECT count(*) FILTER (WHERE blocked_at IS NULL) AS waiting,
		       count(*) FILTER (WHERE blocked_at IS NOT NULL) AS blocked,
		       count(DISTINCT workflow_id) FILTER (WHERE created_at < $1) AS late,
		       min(created_at) FILTER (WHERE blocked_at IS NULL) AS oldest,
		       min(delivered_at) FILTER (WHERE blocked_at IS NULL) AS oldest_taken
		FROM undone`
	var summary OutboxSummary
	err := s.db.GetContext(ctx, &summary, query, late)
	return summary, wrap(err, "sum up the outbox")
}

// RemoveDone removes rows of closed cases that were done before a moment, at
// most so many, and tells how many. What a case needs of them it has in its
// history; while it is open they tell what its procedure must know, so they stay.
func (s *Store) RemoveDone(ctx context.Context, before time.Time, most int) (int, error) {
	removed, err := s.db.ExecContext(ctx, `
		DELETE FROM outbox WHERE id IN (
			SELECT o.id FROM outbox o
			JOIN complaints c USING (number) LEFT JOIN privacy_files p USING (number)
			WHERE o.done_at < $1 AND c.closed_at < $1 AND (p.number IS NULL OR p.closed_at < $1)
			ORDER BY o.done_at
			LIMIT $2 FOR UPDATE OF o SKIP LOCKED)`, before, most)
	if err != nil {
		return 0, wrap(err, "remove outbox rows that are done")
	}
	n, err := removed.RowsAffected()
	return int(n), wrap(err, "remove outbox rows that are done")
}
