package register

import (
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// DeadlineVersion is a deadline as it comes into force.
type DeadlineVersion struct {
	Number   complaint.Number
	Deadline complaint.Deadline
	Moments  complaint.Moments
	Reason   string // the kind of the event that it follows from, or DeadlineCalendar
}

// DeadlineCalendar is the reason of a version that follows from changed days off.
const DeadlineCalendar = "calendar"

type receivedRow struct {
	Number     complaint.Number `json:"number"`
	At         time.Time        `json:"at"`
	Days       int              `json:"days"`
	NotedBy    *string          `json:"noted_by"`
	NotedAt    time.Time        `json:"noted_at"`
	Version    int              `json:"version"`
	Moments    any              `json:"moments"`
	Derivation any              `json:"derivation"`
}

// The event that begins a term, and the version that follows from it.
const (
	newTerms = `
		INSERT INTO term_events (number, seq, kind, at, days, noted_by, noted_at)
		SELECT number, 1, 'received', at, days, noted_by, noted_at
		FROM json_populate_recordset(NULL::term_events, $4)`
	newDeadlines = `
		INSERT INTO deadlines (number, version, moments, derivation, reason, at)
		SELECT number, version, moments, derivation, 'received', noted_at
		FROM json_to_recordset($4) AS new (number text, version int, moments jsonb, derivation jsonb, noted_at timestamptz)`
)

// termRows are the first deadlines; none where no term runs.
func termRows(lodgings []Lodging) []receivedRow {
	rows := []receivedRow{}
	for _, l := range lodgings {
		if l.Deadline.LastDay.IsZero() {
			continue
		}
		rows = append(rows, receivedRow{
			l.Number, l.Submission.ReceivedAt, l.Deadline.Days, orNull(l.LodgedBy), l.RegisteredAt,
			l.Deadline.Version, l.Moments, l.Deadline.Derivation,
		})
	}
	return rows
}

func (s *Store) insertVersion(ctx context.Context, tx *sqlx.Tx, v DeadlineVersion) error {
	moments, err := jsonText(v.Moments)
	if err != nil {
		return err
	}
	derivation, err := jsonText(v.Deadline.Derivation)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO deadlines (number, version, moments, derivation, reason, at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		v.Number, v.Deadline.Version, moments, derivation, v.Reason, s.now())
	return err
}

// SaveDeadline puts the next version of a deadline into force on a locked
// complaint. A later end that has not come yet takes back what the watch saw of
// the earlier one.
func (s *Store) SaveDeadline(ctx context.Context, tx *sqlx.Tx, v DeadlineVersion) error {
	var before struct {
		Overdue bool          `db:"overdue"`
		LastDay complaint.Day `db:"last_day"`
	}
	err := tx.GetContext(ctx, &before, `
		SELECT overdue_at IS NOT NULL AS overdue, last_day FROM complaints WHERE number = $1`, v.Number)
	if err != nil {
		return wrap(missing(err, "complaint"), "read the deadline of %s", v.Number)
	}
	if err := s.insertVersion(ctx, tx, v); err != nil {
		return wrap(err, "keep the deadline of %s", v.Number)
	}
	d := v.Deadline
	err = one(tx.ExecContext(ctx, `
		UPDATE complaints
		SET deadline_version = $2, day_0 = $3, last_day = $4, term_last_day = $5, send_by = $6, ends_at = $7
		WHERE number = $1`, v.Number, d.Version, d.Day0, d.LastDay, d.TermLastDay, d.SendBy, d.EndsAt))
	if err != nil {
		return wrap(err, "keep the deadline of %s", v.Number)
	}
	if before.LastDay.IsZero() || !d.LastDay.After(before.LastDay) || d.Overdue(s.now()) {
		return nil
	}
	moved := before.Overdue && v.Reason != string(complaint.TermReopened) // a second term leaves the first as it was
	return s.takeBackWatch(ctx, tx, v.Number, moved, Details{"version": d.Version})
}

// takeBackWatch forgets the warnings of an end that moved on, and says in the
// history when the case had been overdue.
func (s *Store) takeBackWatch(ctx context.Context, tx *sqlx.Tx, number complaint.Number, overdue bool, details Details) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE complaints SET warned = NULL, overdue_at = NULL, overdue_provisional = false
		WHERE number = $1`, number))
	if err != nil || !overdue {
		return wrap(err, "take the overdue of %s back", number)
	}
	return s.AddEvent(ctx, tx, number, "overdue_taken_back", byProcedure, details)
}

// InForce is the deadline in force with the moments that the procedure was
// given; both zero when no term runs.
type InForce struct {
	Deadline complaint.Deadline
	Moments  complaint.Moments
}

func deadline(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (complaint.Deadline, error) {
	in, err := DeadlineInForce(ctx, db, number)
	return in.Deadline, err
}

// DeadlineInForce reads the deadline of a complaint.
func DeadlineInForce(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (InForce, error) {
	var row struct {
		Version     int           `db:"deadline_version"`
		Day0        complaint.Day `db:"day_0"`
		TermLastDay complaint.Day `db:"term_last_day"`
		LastDay     complaint.Day `db:"last_day"`
		SendBy      complaint.Day `db:"send_by"`
		EndsAt      time.Time     `db:"ends_at"`
		Moments     []byte        `db:"moments"`
		Derivation  []byte        `db:"derivation"`
	}
	err := sqlx.GetContext(ctx, db, &row, `
		SELECT c.deadline_version, c.day_0, c.term_last_day, c.last_day, c.send_by, c.ends_at, d.moments, d.derivation
		FROM complaints c JOIN deadlines d ON d.number = c.number AND d.version = c.deadline_version
		WHERE c.number = $1`, number)
	if err == errNoRows {
		return InForce{}, nil
	}
	if err != nil {
		return InForce{}, wrap(err, "read the deadline of %s", number)
	}
	in := InForce{Deadline: complaint.Deadline{
		Version: row.Version, Day0: row.Day0, TermLastDay: row.TermLastDay, LastDay: row.LastDay, SendBy: row.SendBy,
		Days: row.Day0.DaysUntil(row.TermLastDay), EndsAt: row.EndsAt.In(complaint.Brussels),
	}}
	if err = json.Unmarshal(row.Moments, &in.Moments); err == nil {
		err = json.Unmarshal(row.Derivation, &in.Deadline.Derivation)
	}
	in.Deadline.Warnings = in.Moments.Warnings
	return in, wrap(err, "read the deadline of %s", number)
}
