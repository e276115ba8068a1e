package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// scanPause is how long a document waits that could not be scanned, twice as long
// after each try, an hour at most.
const scanPause = 30 * time.Second

// UnscannedAttachments lists documents that a scanner has to look at now, the
// oldest first.
func (s *Store) UnscannedAttachments(ctx context.Context, most int) ([]int64, error) {
	var found []int64
	err := s.db.SelectContext(ctx, &found, `
		SELECT a.id FROM attachments a LEFT JOIN attachment_scans x ON x.attachment = a.id
		WHERE x.attachment IS NULL
		   OR x.state = 'unscanned' AND x.at + LEAST($1 * power(2, LEAST(x.tries, 10) - 1), 3600) * interval '1 second' <= $2
		ORDER BY a.id LIMIT $3`, scanPause.Seconds(), s.now(), most)
	return found, wrap(err, "find what is not scanned")
}

// AttachmentScanned keeps what a scanner said of a document; unscanned: it could
// not say. What is clean or infected stays so. Staff are told once of one that is
// infected.
func (s *Store) AttachmentScanned(ctx context.Context, id int64, state complaint.ScanState, signature string, content []byte) error {
	hash := sha256.Sum256(content)
	err := s.tx(ctx, func(tx *sqlx.Tx) error {
		var number complaint.Number
		err := tx.GetContext(ctx, &number, `SELECT number FROM attachments WHERE id = $1`, id)
		if err != nil {
			return missing(err, "attachment")
		}
		if err := lock(ctx, tx, number); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `
			INSERT INTO attachment_scans AS x (attachment, state, signature, sha256, tries, at) VALUES ($1, $2, $3, $4, 1, $5)
			ON CONFLICT (attachment) DO UPDATE SET state = $2, signature = $3, tries = x.tries + 1, at = $5
			WHERE x.state = 'unscanned'`, id, state, signature, hash[:], s.now())
		if err != nil || state != complaint.ScanInfected {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return s.tellOfInfection(ctx, tx, number, id, hash[:])
	})
	return wrap(err, "keep the scan of attachment %d", id)
}

// tellOfInfection writes the history and owes a message to whoever is in charge.
func (s *Store) tellOfInfection(ctx context.Context, tx *sqlx.Tx, number complaint.Number, id int64, hash []byte) error {
	err := s.AddEvent(ctx, tx, number, string(complaint.WatchAttachmentInfected), byProcedure,
		Details{"attachment": id, "sha256": hex.EncodeToString(hash)})
	if err != nil {
		return err
	}
	var watched int64
	err = tx.GetContext(ctx, &watched, `
		INSERT INTO watched (number, kind, version, days_left, letters, at, attachment)
		VALUES ($1, $2, 0, 0, '{}', $3, $4)
		RETURNING id`, number, complaint.WatchAttachmentInfected, s.now(), id)
	if err != nil {
		return err
	}
	return s.oweStray(ctx, tx, complaint.WatchEvent{Number: number, Kind: complaint.WatchAttachmentInfected}, watched)
}

// ScanCounts tells how many documents could not be scanned although it was tried,
// since when, and how many are infected.
type ScanCounts struct {
	Failing  int        `db:"failing"`
	Infected int        `db:"infected"`
	Oldest   *time.Time `db:"oldest"` // last try of the one that waits longest
}

// CountScans counts what the scanner left open.
func (s *Store) CountScans(ctx context.Context) (ScanCounts, error) {
	var c ScanCounts
	err := s.db.GetContext(ctx, &c, `
		SELECT count(*) FILTER (WHERE state = 'unscanned') AS failing,
			count(*) FILTER (WHERE state = 'infected') AS infected,
			min(at) FILTER (WHERE state = 'unscanned') AS oldest
		FROM attachment_scans WHERE state <> 'clean'`)
	return c, wrap(err, "count the scans")
}
