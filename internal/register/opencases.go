package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
)

// This file is how the relay goes through the files, complaints and privacy
// files, that the procedure has entered and not closed.

// CasesAfter lists open files in the order of their numbers, a complaint before
// its privacy file, from after one on.
func (s *Store) CasesAfter(ctx context.Context, last complaint.CaseID, limit int) ([]complaint.CaseID, error) {
	var cases []complaint.CaseID
	err := s.db.SelectContext(ctx, &cases, `
		SELECT number, '' AS file FROM complaints
		WHERE stage <> 'closed' AND run_id IS NOT NULL AND number > $1
		UNION ALL
		SELECT number, 'privacy' FROM privacy_files
		WHERE stage <> 'closed' AND run_id IS NOT NULL AND (number > $1 OR number = $1 AND $2 = '')
		ORDER BY number, file LIMIT $3`, string(last.Number), string(last.File), limit)
	return cases, wrap(err, "list open cases")
}

// CasesUndone picks open files with a command or a letter that their procedure
// has had since before a moment and not done, each time others when there are
// many. Each part of the outbox has an index.
func (s *Store) CasesUndone(ctx context.Context, before time.Time, limit int) ([]complaint.CaseID, error) {
	var cases []complaint.CaseID
	err := s.db.SelectContext(ctx, &cases, `
		WITH undone AS (
			SELECT number FROM outbox WHERE done_at IS NULL AND created_at < $1 AND kind = 'Start' AND delivered_at IS NULL
			UNION
			SELECT number FROM outbox WHERE done_at IS NULL AND created_at < $1 AND (kind <> 'Start' OR delivered_at IS NOT NULL)
			UNION
			SELECT number FROM letters WHERE state IN ('owed', 'rendered', 'sending') AND owed_at < $1
		), open AS (
			SELECT number, '' AS file FROM complaints WHERE stage <> 'closed' AND run_id IS NOT NULL
			UNION ALL
			SELECT number, 'privacy' FROM privacy_files WHERE stage <> 'closed' AND run_id IS NOT NULL
		)
		SELECT number, file FROM open WHERE number IN (SELECT number FROM undone)
		ORDER BY random() LIMIT $2`, before, limit)
	return cases, wrap(err, "list open cases with something undone")
}
