package register

import (
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Whom a message within the ombuds service goes to, when not to one officer.
const (
	staffList        = "@list"
	staffSupervisors = "@supervisors"
)

// oweNotices owes the messages to staff that an event of the watch brings about:
// to who is in charge of the case today, or else the shared list, and to the
// supervisors. The letters' version is the event's ID.
func (s *Store) oweNotices(ctx context.Context, tx *sqlx.Tx, e complaint.WatchEvent, watched int64) ([]int64, error) {
	var notices []int64
	owe := func(kind complaint.LetterKind, staff string) error {
		var id int64
		err := tx.GetContext(ctx, &id, `
			INSERT INTO letters (number, kind, version, channel, staff, owed_at)
			VALUES ($1, $2, $3, 'email', $4, $5)
			RETURNING id`, e.Number, kind, watched, staff, s.now())
		notices = append(notices, id)
		return wrap(err, "owe the letter %s of %s", kind, e.Number)
	}
	officer, supervisors := e.Tells()
	if officer {
		login, err := InCharge(ctx, tx, e.Number, complaint.DayOf(s.now()))
		if err != nil {
			return nil, err
		}
		if login == "" {
			login = staffList
		}
		if err := owe(complaint.LetterStaffNotice, login); err != nil {
			return nil, err
		}
	}
	if supervisors {
		if err := owe(complaint.LetterSupervisorNotice, staffSupervisors); err != nil {
			return nil, err
		}
	}
	return notices, nil
}

// noticesOf finds the messages that an event has owed before.
func noticesOf(ctx context.Context, tx *sqlx.Tx, number complaint.Number, watched int64) ([]int64, error) {
	var notices []int64
	err := tx.SelectContext(ctx, &notices, `
		SELECT id FROM letters
		WHERE number = $1 AND version = $2 AND kind IN ('staff-notice', 'supervisor-notice')
		ORDER BY id`, number, watched)
	return notices, err
}

// dropNotices lets go of messages to staff that have not left when their case
// closes: they would tell of what is over. What they tell of a letter of the
// privacy file is not, as that the DPO was not reached: that file goes on.
func (s *Store) dropNotices(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE letters SET state = 'dropped', settled_at = $2, settled_reason = 'closed'
		WHERE number = $1 AND kind IN ('staff-notice', 'supervisor-notice') AND state NOT IN ('sent', 'dropped')
		  AND NOT EXISTS (SELECT FROM watched w JOIN letters about ON about.id = w.letter
			WHERE w.id = letters.version AND about.file = 'privacy')`,
		number, s.now())
	return err
}

// fillNotice adds what a message to staff is about and whom it goes to.
func fillNotice(ctx context.Context, tx *sqlx.Tx, row letterFileRow, file *complaint.LetterFile) error {
	var watched struct {
		Kind     complaint.WatchKind `db:"kind"`
		Version  int                 `db:"version"`
		DaysLeft int                 `db:"days_left"`
		Staff    string              `db:"staff"`
		Letter   int64               `db:"letter"`
	}
	err := tx.GetContext(ctx, &watched, `
		SELECT w.kind, w.version, w.days_left, w.letter, l.staff
		FROM letters l JOIN watched w ON w.id = l.version
		WHERE l.id = $1`, file.ID)
	if err != nil {
		return wrap(missing(err, "event"), "read letter %d", file.ID)
	}
	if watched.Staff != staffList && watched.Staff != staffSupervisors {
		file.Staff = watched.Staff
	}
	file.Watched = &complaint.WatchEvent{Number: row.Number, Kind: watched.Kind, Version: watched.Version, DaysLeft: watched.DaysLeft, Letter: watched.Letter}
	return nil
}

// fillTerm adds what a letter about a changed last day says.
func fillTerm(ctx context.Context, tx *sqlx.Tx, row letterFileRow, file *complaint.LetterFile) error {
	if row.Kind == complaint.LetterCorrection {
		err := tx.GetContext(ctx, &file.Corrected, `
			SELECT (moments->>'last_day')::date FROM deadlines
			WHERE number = $1 AND version = $2 - 1`, row.Number, row.Version)
		return wrap(missing(err, "earlier deadline"), "read letter %d", file.ID)
	}
	var notice struct {
		Reasons string        `db:"reasons"`
		NewDate complaint.Day `db:"new_date"`
	}
	err := tx.GetContext(ctx, &notice, `
		SELECT reasons, new_date FROM term_events
		WHERE number = $1 AND kind = 'delay_notice'
		ORDER BY seq DESC LIMIT 1`, row.Number)
	file.Delay = &complaint.DelayNotice{Reasons: notice.Reasons, NewDate: notice.NewDate}
	return wrap(missing(err, "delay notice"), "read letter %d", file.ID)
}
