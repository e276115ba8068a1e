package register

import (
	"context"
	"database/sql"
)

// Unacknowledged says since when the complaint that has waited longest for its
// acknowledgement waits; not valid: none does.
type Unacknowledged struct {
	Program sql.NullTime `db:"program"` // for this program, or a server it needs
	Person  sql.NullTime `db:"person"`  // for a person: to post it, or to settle it
}

// OldestUnacknowledged looks for the complaints that have waited longest. Of a
// copy nothing is said.
func (s *Store) OldestUnacknowledged(ctx context.Context) (Unacknowledged, error) {
	const unacknowledged = `
		SELECT owed_at FROM letters
		WHERE kind = 'acknowledgement' AND copy_of IS NULL AND left_at IS NULL AND state <> 'dropped' AND state `
	var since Unacknowledged
	err := s.db.GetContext(ctx, &since, `
		SELECT (`+unacknowledged+`IN ('owed', 'rendered', 'sending', 'held') ORDER BY owed_at LIMIT 1) AS program,
		       (`+unacknowledged+`NOT IN ('owed', 'rendered', 'sending', 'held') ORDER BY owed_at LIMIT 1) AS person`)
	return since, wrap(err, "look for the oldest acknowledgement that is owed")
}
