package register

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// BlockedRow is the row at which a workflow is blocked: brought to the procedure
// again and again and not recorded. Others of the workflow wait behind it.
type BlockedRow struct {
	ID            int64                 `db:"id" json:"-"`
	Workflow      string                `db:"workflow_id" json:"workflow_id"`
	Number        complaint.Number      `db:"number" json:"number"`
	Seq           int                   `db:"seq" json:"seq" doc:"place in its workflow, from 1"`
	Command       complaint.CommandKind `db:"kind" json:"command"`
	Tries         int                   `db:"deliveries" json:"tries"`
	Behind        int                   `db:"behind" json:"behind" doc:"commands that wait behind it"`
	GivenAt       time.Time             `db:"created_at" json:"given_at"`
	BlockedAt     time.Time             `db:"blocked_at" json:"blocked_at"`
	SettledBy     *string               `db:"settled_by" json:"settled_by" nullable:"true" doc:"who settled it the last time; null: nobody"`
	SettledAt     *time.Time            `db:"settled_at" json:"settled_at" nullable:"true"`
	SettledReason *string               `db:"settled_reason" json:"settled_reason" nullable:"true"`
}

// BlockedPage is a part of the list of blocked workflows.
type BlockedPage = Page[BlockedRow]

const blockedColumns = `o.id, o.workflow_id, o.number, o.seq, o.kind, o.deliveries, o.created_at, o.blocked_at,
	o.settled_by, o.settled_at, o.settled_reason,
	(SELECT count(*) FROM outbox later
		WHERE later.workflow_id = o.workflow_id AND later.seq > o.seq AND later.done_at IS NULL) AS behind`

// Blocked lists the workflows of one kind of file that wait for a person to
// settle them.
func (s *Store) Blocked(ctx context.Context, file complaint.FileKind, p Paging) (BlockedPage, error) {
	where := &conditions{}
	where.add("o.blocked_at IS NOT NULL AND o.workflow_id = ? || o.number", complaint.CaseID{File: file}.WorkflowID())
	var last int64
	if more, err := readCursor(p.Cursor, &last); err != nil {
		return BlockedPage{}, err
	} else if more {
		where.add("o.id > ?", last)
	}
	var rows []BlockedRow
	err := s.db.SelectContext(ctx, &rows, `
		SELECT `+blockedColumns+` FROM outbox o`+where.where()+fmt.Sprintf(` ORDER BY o.id LIMIT %d`, p.limit()+1), where.args...)
	if err != nil {
		return BlockedPage{}, wrap(err, "list blocked workflows")
	}
	return pageOf(rows, p, func(r BlockedRow) int64 { return r.ID }), nil
}

// LockBlocked locks the row at which the workflow of a file is blocked, in a
// transaction that has locked its complaint; false when it is not blocked.
func LockBlocked(ctx context.Context, tx *sqlx.Tx, of complaint.CaseID) (row BlockedRow, blocked bool, err error) {
	err = tx.GetContext(ctx, &row, `
		SELECT `+blockedColumns+` FROM outbox o
		WHERE o.workflow_id = $1 AND o.blocked_at IS NOT NULL
		ORDER BY o.seq LIMIT 1 FOR UPDATE OF o`, of.WorkflowID())
	if err == errNoRows {
		return BlockedRow{}, false, nil
	}
	return row, err == nil, wrap(err, "lock %s", of.WorkflowID())
}

// BlockSettlement is what a person decided about a blocked row.
type BlockSettlement struct {
	By, Reasons string
	PassOver    bool // the procedure is told to record it as not applied
}

// SettleBlocked lets a blocked row leave anew, at once and with all its tries.
func (s *Store) SettleBlocked(ctx context.Context, tx *sqlx.Tx, row BlockedRow, to BlockSettlement) error {
	now := s.now()
	err := one(tx.ExecContext(ctx, `
		UPDATE outbox SET blocked_at = NULL, deliveries = 0, delivered_at = NULL, next_at = $2,
			settled_by = $3, settled_reason = $4, settled_at = $2, passed_over = $5
		WHERE id = $1 AND blocked_at IS NOT NULL`, row.ID, now, to.By, to.Reasons, to.PassOver))
	if err == nil {
		_, err = tx.ExecContext(ctx, `SELECT pg_notify('outbox', $1)`, row.Workflow)
	}
	return wrap(err, "settle outbox row %d", row.ID)
}

// RecordPassedOver records as not applied what no procedure is left to pass
// over; nothing when the row is done or is not to be passed over.
func (s *Store) RecordPassedOver(ctx context.Context, row OutboxRow) error {
	err := s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lock(ctx, tx, row.Number); err != nil {
			return err
		}
		of, _ := complaint.CaseOf(row.Workflow)
		var meant bool
		err := tx.GetContext(ctx, &meant, `SELECT passed_over FROM outbox WHERE id = $1`, row.ID)
		if err != nil || !meant {
			return err
		}
		return s.recordRow(ctx, tx, complaint.Recording{Number: row.Number, File: of.File, Row: row.ID, Effect: complaint.NotApplied})
	})
	return wrap(err, "record outbox row %d as passed over", row.ID)
}
