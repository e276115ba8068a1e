package register

import (
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// insertDeadline keeps the first version of a deadline; nothing while no term runs.
func (s *Store) insertDeadline(ctx context.Context, tx *sqlx.Tx, l Lodging) error {
	if l.Deadline.LastDay.IsZero() {
		return nil
	}
	moments, err := jsonText(l.Moments)
	if err != nil {
		return err
	}
	derivation, err := jsonText(l.Deadline.Derivation)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO deadlines (number, version, moments, derivation, reason, at)
		VALUES ($1, $2, $3, $4, 'received', $5)`,
		l.Number, l.Deadline.Version, moments, derivation, s.now())
	return err
}

// deadline reads the deadline in force; the zero one when no term runs.
func deadline(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (complaint.Deadline, error) {
	var row struct {
		Version    int           `db:"deadline_version"`
		Day0       complaint.Day `db:"day_0"`
		LastDay    complaint.Day `db:"last_day"`
		SendBy     complaint.Day `db:"send_by"`
		EndsAt     time.Time     `db:"ends_at"`
		Moments    []byte        `db:"moments"`
		Derivation []byte        `db:"derivation"`
	}
	err := sqlx.GetContext(ctx, db, &row, `
		SELECT c.deadline_version, c.day_0, c.last_day, c.send_by, c.ends_at, d.moments, d.derivation
		FROM complaints c JOIN deadlines d ON d.number = c.number AND d.version = c.deadline_version
		WHERE c.number = $1`, number)
	if err == errNoRows {
		return complaint.Deadline{}, nil
	}
	if err != nil {
		return complaint.Deadline{}, wrap(err, "read the deadline of %s", number)
	}
	found := complaint.Deadline{
		Version: row.Version, Day0: row.Day0, LastDay: row.LastDay, SendBy: row.SendBy, EndsAt: row.EndsAt.In(complaint.Brussels),
	}
	var moments complaint.Moments
	if err = json.Unmarshal(row.Moments, &moments); err == nil {
		err = json.Unmarshal(row.Derivation, &found.Derivation)
	}
	found.Warnings = moments.Warnings
	return found, wrap(err, "read the deadline of %s", number)
}
