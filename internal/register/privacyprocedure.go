package register

import (
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// This file is the privacy procedure's side of the register, as procedure.go and
// watch.go are that of the complaint's procedure.

func (s *Store) notePrivacyEntry(ctx context.Context, tx *sqlx.Tx, e complaint.Entry) error {
	err := one(tx.ExecContext(ctx, `UPDATE privacy_files SET run_id = $2 WHERE number = $1`, e.Number, e.RunID))
	if err != nil {
		return err
	}
	return s.AddEvent(ctx, tx, e.Number, eventOf(e.File, "registered"), byProcedure, nil)
}

func (s *Store) closePrivacy(ctx context.Context, tx *sqlx.Tx, c complaint.Closing) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE privacy_files
		SET stage = 'closed', waiting_for = 'none', closed_at = $2, revision = GREATEST(revision, $3)
		WHERE number = $1`, c.Number, s.now(), c.Revision))
	if err != nil {
		return err
	}
	return s.AddEvent(ctx, tx, c.Number, eventOf(c.File, "closed"), byProcedure, Details{"result": c.Result})
}

// recordPrivacyWatch keeps a reminder or the end of the term, once, and owes the
// DPO the letter that says so while the answer is awaited.
func (s *Store) recordPrivacyWatch(ctx context.Context, e complaint.WatchEvent) (recorded complaint.WatchRecorded, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := lock(ctx, tx, e.Number); err != nil {
			return err
		}
		var letters pq.Int64Array
		err := tx.GetContext(ctx, &letters, `
			SELECT letters FROM privacy_watched WHERE number = $1 AND kind = $2 AND version = $3 AND days_left = $4`,
			e.Number, e.Kind, e.Version, e.DaysLeft)
		if err != errNoRows {
			recorded.Letters = letters
			return err
		}
		file, err := s.PrivacyCase(ctx, tx, e.Number)
		if err != nil || file == nil || file.Stage == complaint.Closed || ofBreach(e) && breachIsOver(file, e) {
			return err
		}
		if recorded.Superseded = !ofBreach(e) && e.Version < file.Version; recorded.Superseded {
			return nil
		}
		recorded.Letters, err = s.applyPrivacyWatch(ctx, tx, file, e)
		return err
	})
	return recorded, wrap(err, "record %s on the privacy file of %s", e.Kind, e.Number)
}

// ofBreach tells whether an event is of the 72 hours of a suspected breach.
func ofBreach(e complaint.WatchEvent) bool {
	return e.Kind == complaint.WatchBreachWarned || e.Kind == complaint.WatchBreachOverdue
}

// breachIsOver tells whether an event is of what is no longer in force. A newer
// version has warnings of its own.
func breachIsOver(file *PrivacyCase, e complaint.WatchEvent) bool {
	return e.Version < file.BreachVersion || !file.SuspectedBreach || file.Notified
}

func (s *Store) applyPrivacyWatch(ctx context.Context, tx *sqlx.Tx, file *PrivacyCase, e complaint.WatchEvent) (letters []int64, err error) {
	if ofBreach(e) {
		letters, err = s.applyBreachWatch(ctx, tx, e)
	} else {
		letters, err = s.applyTermWatch(ctx, tx, file, e)
	}
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO privacy_watched (number, kind, version, days_left, letters, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		e.Number, e.Kind, e.Version, e.DaysLeft, pq.Array(letters), s.now())
	if err != nil {
		return nil, err
	}
	return letters, s.AddEvent(ctx, tx, e.Number, eventOf(e.File, string(e.Kind)), byProcedure,
		Details{"version": e.Version, "days_left": e.DaysLeft})
}

func (s *Store) applyTermWatch(ctx context.Context, tx *sqlx.Tx, file *PrivacyCase, e complaint.WatchEvent) ([]int64, error) {
	letters := []int64{}
	if !file.Answered {
		id, err := s.OweLetter(ctx, tx, OwedLetter{
			Number: e.Number, Kind: complaint.LetterPrivacyReminder, Department: complaint.DPO,
			Version: int64(e.Version)*100 + int64(e.DaysLeft),
		})
		if err != nil {
			return nil, err
		}
		letters = append(letters, id)
	}
	return letters, one(tx.ExecContext(ctx, `
		UPDATE privacy_files SET warned = $2, overdue_at = CASE WHEN $3 THEN $4::timestamptz ELSE overdue_at END
		WHERE number = $1`, e.Number, e.DaysLeft, e.Kind == complaint.WatchOverdue, s.now()))
}

// privacyMatter reads what letters say of a privacy file; nil where there is none.
func privacyMatter(ctx context.Context, db sqlx.QueryerContext, number complaint.Number, now time.Time) (*complaint.PrivacyMatter, error) {
	var row struct {
		complaint.PrivacyMatter
		Deadline []byte
	}
	err := sqlx.GetContext(ctx, db, &row, `
		SELECT p.referred_at AS referredat, p.reasons, p.split, p.suspected_breach AS suspectedbreach, d.deadline,
			`+receivedAt+` AS receivedat, p.notify_by AS notifyby,
			p.suspected_breach AND p.breach_notified_at IS NULL AND p.notify_by <= $2 AS breachover,
			(SELECT count(*) > 1 FROM privacy_splits s WHERE s.number = p.number) AS splitcorrected,
			COALESCE(p.extension_reasons, '') AS extensionreasons,
			COALESCE(p.result, '') AS result, COALESCE(p.answer, '') AS answer
		FROM privacy_files p JOIN privacy_deadlines d ON d.number = p.number AND d.version = p.deadline_version
			JOIN submissions s ON s.number = p.number JOIN complaints c ON c.number = p.number
		WHERE p.number = $1`, number, now)
	if err == errNoRows {
		return nil, nil
	}
	matter := row.PrivacyMatter
	if err == nil {
		err = json.Unmarshal(row.Deadline, &matter.Deadline)
	}
	return &matter, wrap(err, "read the privacy file of %s", number)
}
