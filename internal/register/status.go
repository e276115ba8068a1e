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
	Pending        complaint.Ground  `db:"pending"`    // what is asked of the complainant; empty: nothing
	PendingUntil   complaint.Day     `db:"pending_until"`
}

// PrivacyProgress is how far the DPO's file is, as the complainant may know it.
type PrivacyProgress struct {
	Split      complaint.Split          `db:"split"`
	Stage      complaint.Stage          `db:"stage"`
	LastDay    complaint.Day            `db:"last_day"`
	Extended   bool                     `db:"extended"`
	Result     *complaint.PrivacyResult `db:"result"`
	ReferredAt time.Time                `db:"referred_at"`
	ClosedAt   *time.Time               `db:"closed_at"`
}

// PrivacyProgress finds the DPO's file of a case; nil where there is none.
func (s *Store) PrivacyProgress(ctx context.Context, number complaint.Number) (*PrivacyProgress, error) {
	var p PrivacyProgress
	err := s.db.GetContext(ctx, &p, `
		SELECT split, stage, last_day, extended_at IS NOT NULL AS extended,
			CASE stage WHEN 'closed' THEN result END AS result, referred_at, closed_at
		FROM privacy_files WHERE number = $1`, number)
	if err == errNoRows {
		return nil, nil
	}
	return &p, wrap(err, "find the privacy file of %s", number)
}

// Progress finds a case by its receipt code, through its keyed hash. Nothing of
// the code itself is compared: how long the database takes to compare hashes tells
// at most how one begins, and without the key nobody can make a code whose hash
// begins like another's. So it tells no more than a comparison in constant time.
func (s *Store) Progress(ctx context.Context, receiptCode string) (Progress, error) {
	var p Progress
	if err := s.ready(ctx, s.db); err != nil {
		return p, err
	}
	err := s.db.GetContext(ctx, &p, `
		SELECT c.number, c.stage, c.result, `+receivedAt+` AS received_at, c.last_day, c.acknowledged_at, c.closed_at,
			CASE WHEN c.stage <> 'closed' THEN COALESCE(c.pending_ground, '') ELSE '' END AS pending, c.pending_until,
			COALESCE((SELECT r.mandate NOT IN ('attached', 'legal') OR r.ends_on < $2
				FROM representations r WHERE r.number = c.number ORDER BY r.id DESC LIMIT 1), false) AS unmandated
		FROM complaints c JOIN submissions s USING (number)
		WHERE s.receipt_hash = $1`, s.keys.Hash(purposeReceipt, []byte(receiptCode)), complaint.DayOf(s.now()))
	return p, wrap(missing(err, "receipt code"), "find a case by its receipt code")
}
