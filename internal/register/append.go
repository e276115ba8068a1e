package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// AppendOutbox leaves a command for the procedure of a complaint and answers
// with the row's ID. It takes the next place in that workflow under the lock of
// the complaint's row, so the order of places is the order of commits.
func (s *Store) AppendOutbox(ctx context.Context, tx *sqlx.Tx, number complaint.Number, kind complaint.CommandKind, body any) (int64, error) {
	return s.AppendFor(ctx, tx, complaint.CaseID{Number: number}, kind, body)
}

// AppendFor leaves a command for the procedure of either file of a complaint;
// each has places of its own.
func (s *Store) AppendFor(ctx context.Context, tx *sqlx.Tx, of complaint.CaseID, kind complaint.CommandKind, body any) (int64, error) {
	content, err := jsonText(body)
	if err != nil {
		return 0, wrap(err, "write %s of %s to the outbox", kind, of.Number)
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		WITH place AS (
			UPDATE `+tableOf(of.File)+` SET last_seq = last_seq + 1
			WHERE number = $1
			RETURNING number, last_seq
		)
		INSERT INTO outbox (workflow_id, number, seq, kind, body, created_at, next_at)
		SELECT $5, number, last_seq, $2, $3, $4, $4 FROM place
		RETURNING id`,
		of.Number, kind, content, s.now(), of.WorkflowID())
	return id, wrap(missing(err, "complaint"), "write %s of %s to the outbox", kind, of.Number)
}

// FirstRow is the start of a complaint's procedure.
type FirstRow struct {
	Number complaint.Number
	Body   complaint.Start
}

type startRow struct {
	Workflow string           `json:"workflow_id"`
	Number   complaint.Number `json:"number"`
	Body     complaint.Start  `json:"body"`
	At       time.Time        `json:"created_at"`
}

const newStarts = `
	INSERT INTO outbox (workflow_id, number, seq, kind, body, created_at, next_at)
	SELECT workflow_id, number, 1, 'Start', body, created_at, created_at
	FROM json_populate_recordset(NULL::outbox, $1)
	ORDER BY number`

func (s *Store) startRow(number complaint.Number, body complaint.Start) startRow {
	return startRow{complaint.CaseID{Number: number}.WorkflowID(), number, body, s.now()}
}

// AppendStarts leaves the starts of complaints that were lodged as started, in
// the order of their numbers, which is that of their arrival.
func (s *Store) AppendStarts(ctx context.Context, tx *sqlx.Tx, starts []FirstRow) error {
	rows := make([]startRow, len(starts))
	for i, start := range starts {
		rows[i] = s.startRow(start.Number, start.Body)
	}
	return wrap(writeRows(ctx, s, tx, newStarts, rows), "write starts to the outbox")
}

// tableOf is where a file's place, position and procedure stand. Both tables
// name these columns alike.
func tableOf(file complaint.FileKind) string {
	if file == complaint.PrivacyFile {
		return "privacy_files"
	}
	return "complaints"
}
