package relay

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"
)

const (
	checkBlocked = "blocked"
	checkOutbox  = "outbox"
)

type undone struct {
	ID        int64
	Workflow  string `db:"workflow_id"`
	Number    complaint.Number
	Seq       int
	Kind      complaint.CommandKind
	CreatedAt time.Time    `db:"created_at"`
	Delivered sql.NullTime `db:"delivered_at"`
	Blocked   sql.NullTime `db:"blocked_at"`
	Behind    int          // rows of the same workflow that wait for it
}

// file tells of which file of the complaint it is.
func (u undone) file() complaint.FileKind {
	of, _ := complaint.CaseOf(u.Workflow)
	return of.File
}

// undoneHeads reads the first row of each workflow that is not done.
const undoneHeads = `
	SELECT DISTINCT ON (workflow_id) id, workflow_id, number, seq, kind, created_at, delivered_at, blocked_at,
		count(*) OVER (PARTITION BY workflow_id) - 1 AS behind
	FROM outbox WHERE done_at IS NULL ORDER BY workflow_id, seq`

// blockedWorkflows finds what the relay gave up.
func (v *verifier) blockedWorkflows(ctx context.Context) ([]Finding, error) {
	const query = `SELECT * FROM (` + undoneHeads + `) head WHERE blocked_at IS NOT NULL ORDER BY number, workflow_id`
	return each(ctx, v, func(u undone) Finding {
		return Finding{Check: checkBlocked, File: u.file(), Number: u.Number, Subject: fmt.Sprintf("step %d", u.Seq), Text: fmt.Sprintf(
			"Step %d (%s) was brought to the procedure again and again, and was given up on %s; %d more wait behind it. "+
				"A supervisor settles it under /api/v1/relay/blocked/%s/settlement, after a look at the workflow of that name in Temporal.",
			u.Seq, u.Kind, clock(u.Blocked.Time), u.Behind, u.Workflow)}
	}, query)
}

// unrecordedRows finds what the procedure should have taken by now.
func (v *verifier) unrecordedRows(ctx context.Context) ([]Finding, error) {
	const query = `
		SELECT * FROM (` + undoneHeads + `) head
		WHERE blocked_at IS NULL AND created_at < $1 ORDER BY number, workflow_id`
	return each(ctx, v, func(u undone) Finding {
		where := "it has not been brought to Temporal yet: see that the api and Temporal run"
		if u.Delivered.Valid {
			where = "it was last brought to Temporal on " + clock(u.Delivered.Time) + ": see that a worker runs"
		}
		return Finding{Check: checkOutbox, File: u.file(), Number: u.Number, Subject: fmt.Sprintf("step %d", u.Seq), Text: fmt.Sprintf(
			"Step %d (%s) of %s is not taken by the procedure; %s. %d more wait behind it.",
			u.Seq, u.Kind, clock(u.CreatedAt), where, u.Behind)}
	}, query, v.now.Add(-stuckRecording))
}

// postponedRows finds rows that would wait longer than the relay ever lets one
// wait. They may leave now: being early harms nothing.
func (v *verifier) postponedRows(ctx context.Context) ([]Finding, error) {
	horizon := v.now.Add(Tuning{}.withDefaults().LastPause + grace)
	const look = `SELECT id, workflow_id, number, seq, kind FROM outbox WHERE done_at IS NULL AND next_at > $1 ORDER BY number, seq`
	const mend = `
		UPDATE outbox SET next_at = $2 WHERE done_at IS NULL AND next_at > $1
		RETURNING id, workflow_id, number, seq, kind`
	query, args := look, []any{horizon}
	if v.Repair {
		query, args = mend, append(args, v.now)
	}
	return each(ctx, v, func(u undone) Finding {
		return Finding{Check: checkOutbox, File: u.file(), Number: u.Number, Subject: fmt.Sprintf("step %d", u.Seq), Repaired: v.Repair, Text: fmt.Sprintf(
			"Step %d (%s) was put off too far into the future; it should leave now.", u.Seq, u.Kind)}
	}, query, args...)
}
