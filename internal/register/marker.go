package register

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Marker is the counter by which this register and Temporal find out that one of
// them lost time. It is raised here first and then there.
type Marker struct {
	Counter  int64     `db:"counter"` // the last one raised; 0: none yet
	RaisedAt time.Time `db:"raised_at"`
	Seen     int64     `db:"seen"`    // the last one that Temporal was seen to have
	SeenAt   time.Time `db:"seen_at"` // when that one was raised
}

// lockMarker keeps those who look at the marker apart, whatever process they are in.
const lockMarker = `SELECT pg_advisory_xact_lock(hashtext('marker'))`

// Marker reads the marker.
func (s *Store) Marker(ctx context.Context) (m Marker, err error) {
	err = s.db.GetContext(ctx, &m, `SELECT counter, raised_at, seen, seen_at FROM marker`)
	if err == errNoRows {
		return Marker{}, nil
	}
	return m, wrap(err, "read the marker")
}

// SeeMarker keeps that Temporal was seen to have a counter, and raises the marker
// when the last raise arrived and is older than a while. It answers with the
// counter that Temporal has to have; nothing has to be sent when that was seen.
func (s *Store) SeeMarker(ctx context.Context, seen int64, every time.Duration) (counter int64, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, lockMarker); err != nil {
			return err
		}
		now := s.now()
		_, err := tx.ExecContext(ctx, `
			INSERT INTO marker (counter, raised_at, seen, seen_at) VALUES (1, $1, 0, $1)
			ON CONFLICT (single) DO UPDATE SET seen = $2, seen_at = marker.raised_at
			WHERE marker.counter = $2 AND marker.seen < $2`, now, seen)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE marker SET counter = counter + 1, raised_at = $1
			WHERE seen = counter AND raised_at <= $2`, now, now.Add(-every))
		if err != nil {
			return err
		}
		return tx.GetContext(ctx, &counter, `SELECT counter FROM marker`)
	})
	return counter, wrap(err, "raise the marker")
}

// SetMarker begins the marker anew above whatever either store had, once a
// healing is done.
func (s *Store) setMarker(ctx context.Context, tx *sqlx.Tx, above int64) (counter int64, err error) {
	if _, err := tx.ExecContext(ctx, lockMarker); err != nil {
		return 0, err
	}
	err = tx.GetContext(ctx, &counter, `
		INSERT INTO marker (counter, raised_at, seen, seen_at) VALUES ($1 + 1, $2, 0, $2)
		ON CONFLICT (single) DO UPDATE SET counter = greatest(marker.counter, $1) + 1, raised_at = $2, seen = 0, seen_at = $2
		RETURNING counter`, above, s.now())
	return counter, err
}
