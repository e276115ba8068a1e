package register

import (
	"context"

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

// tableOf is where a file's place, position and procedure stand. Both tables
// name these columns alike.
func tableOf(file complaint.FileKind) string {
	if file == complaint.PrivacyFile {
		return "privacy_files"
	}
	return "complaints"
}
