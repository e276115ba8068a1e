package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
)

// Progress is what a complainant may know of the case without logging in:
// phases and moments, no content.
type Progress struct {
	Number         complaint.Number  `db:"number"`
	Stage          complaint.Stage   `db:"stage"`
	Result         *complaint.Result `db:"result"`
	ReceivedAt     time.Time         `db:"received_at"`
	LastDay        complaint.Day     `db:"last_day"`
	AcknowledgedAt *time.Time        `db:"acknowledged_at"`
	ClosedAt       *time.Time        `db:"closed_at"`
	Unmandated     bool              `db:"unmandated"` // who has the code may be a representative without a mandate
}

// Progress finds a case by its receipt code.
func (s *Store) Progress(ctx context.Context, receiptCode string) (Progress, error) {
	var p Progress
	if err := s.ready(ctx, s.db); err != nil {
		return p, err
	}
	err := s.db.GetContext(ctx, &p, `
		SELECT c.number, c.stage, c.result, s.received_at, c.last_day, c.acknowledged_at, c.closed_at,
			COALESCE((SELECT r.mandate NOT IN ('attached', 'legal') OR r.ends_on < $2
				FROM representations r WHERE r.number = c.number ORDER BY r.id DESC LIMIT 1), false) AS unmandated
		FROM complaints c JOIN submissions s USING (number)
		WHERE s.receipt_hash = $1`, s.keys.Hash(purposeReceipt, []byte(receiptCode)), complaint.DayOf(s.now()))
	return p, wrap(missing(err, "receipt code"), "find a case by its receipt code")
}
