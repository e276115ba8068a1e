package register

import (
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// RecordWatch keeps what the passing of time brought about, and owes the letters
// that follow from it. Each event is kept once; asked again, the answer is the
// same. What a closed case brings changes nothing, nor does that an acknowledgement
// is late which has left, nor what an older deadline version brings: the procedure
// is told so, and says it of the newer one.
func (s *Store) RecordWatch(ctx context.Context, e complaint.WatchEvent) (recorded complaint.WatchRecorded, err error) {
	if e.File == complaint.PrivacyFile {
		return s.recordPrivacyWatch(ctx, e)
	}
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		c, err := LockCase(ctx, tx, e.Number)
		if err != nil {
			return err
		}
		known, before, err := watchedBefore(ctx, tx, e)
		if err == nil && known {
			recorded = before
			return goesOn(ctx, tx, c, e, &recorded)
		}
		if err != nil || c.Stage == complaint.Closed {
			return err
		}
		if c.Acknowledged && ofAcknowledgement(e) {
			return nil // the procedure waits for the copy only
		}
		if recorded.Superseded = ofTheTerm(e) && e.Version < c.DeadlineVersion; recorded.Superseded {
			return nil
		}
		if recorded, err = s.watchOnce(ctx, tx, c, e); err != nil {
			return err
		}
		return goesOn(ctx, tx, c, e, &recorded)
	})
	return recorded, wrap(err, "record %s on %s", e.Kind, e.Number)
}

// ofTheTerm tells whether an event is of one version of the deadline; questions
// to departments and to the complainant, a refusal that was found and the service
// that helps first have days of their own.
func ofTheTerm(e complaint.WatchEvent) bool {
	return e.Round == 0 && e.Consultation == 0 && e.Kind != complaint.WatchRefusalLate && e.Kind != complaint.WatchServiceReturned
}

// ofAcknowledgement tells whether an event says that the acknowledgement is late.
func ofAcknowledgement(e complaint.WatchEvent) bool {
	return e.Kind == complaint.WatchAcknowledgementLate || e.Kind == complaint.WatchAcknowledgementAlarm
}

// watchOnce applies an event that is new. A reminder after the end that comes
// when the answer has left is none.
func (s *Store) watchOnce(ctx context.Context, tx *sqlx.Tx, c Case, e complaint.WatchEvent) (recorded complaint.WatchRecorded, err error) {
	if e.Kind == complaint.WatchStillOverdue {
		if err := goesOn(ctx, tx, c, e, &recorded); err != nil || !recorded.GoesOn {
			return recorded, err
		}
	}
	if recorded.Letters, err = s.applyWatch(ctx, tx, c, e); err != nil {
		return recorded, err
	}
	id, err := s.keepWatched(ctx, tx, e, recorded.Letters)
	if err != nil {
		return recorded, err
	}
	recorded.Notices, err = s.oweNotices(ctx, tx, e, id)
	return recorded, err
}

func watchedBefore(ctx context.Context, tx *sqlx.Tx, e complaint.WatchEvent) (bool, complaint.WatchRecorded, error) {
	var row struct {
		ID      int64         `db:"id"`
		Letters pq.Int64Array `db:"letters"`
	}
	err := tx.GetContext(ctx, &row, `
		SELECT id, letters FROM watched
		WHERE number = $1 AND kind = $2 AND version = $3 AND days_left = $4 AND consultation = $5 AND round = $6`,
		e.Number, e.Kind, e.Version, e.DaysLeft, e.Consultation, e.Round)
	if err == errNoRows {
		return false, complaint.WatchRecorded{}, nil
	}
	if err != nil {
		return false, complaint.WatchRecorded{}, err
	}
	notices, err := noticesOf(ctx, tx, e.Number, row.ID)
	return true, complaint.WatchRecorded{Letters: row.Letters, Notices: notices}, err
}

func (s *Store) keepWatched(ctx context.Context, tx *sqlx.Tx, e complaint.WatchEvent, letters []int64) (int64, error) {
	if letters == nil {
		letters = []int64{}
	}
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO watched (number, kind, version, days_left, consultation, letters, at, round)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`,
		e.Number, e.Kind, e.Version, e.DaysLeft, e.Consultation, pq.Array(letters), s.now(), e.Round)
	if err != nil {
		return 0, err
	}
	details := Details{"version": e.Version}
	if e.Kind == complaint.WatchWarned {
		details["days_left"] = e.DaysLeft
	}
	if e.Consultation != 0 {
		details["consultation"] = e.Consultation
	}
	return id, s.AddEvent(ctx, tx, e.Number, string(e.Kind), byProcedure, details)
}

func (s *Store) applyWatch(ctx context.Context, tx *sqlx.Tx, c Case, e complaint.WatchEvent) ([]int64, error) {
	switch e.Kind {
	case complaint.WatchWarned:
		return nil, one(tx.ExecContext(ctx, `UPDATE complaints SET warned = $2 WHERE number = $1`, e.Number, e.DaysLeft))
	case complaint.WatchOverdue:
		return s.becomeOverdue(ctx, tx, c)
	case complaint.WatchOverdueConfirmed:
		return s.confirmOverdue(ctx, tx, c)
	case complaint.WatchReminded:
		return s.oweReminder(ctx, tx, e, complaint.LetterReminder)
	case complaint.WatchEscalated:
		return s.oweReminder(ctx, tx, e, complaint.LetterEscalation)
	case complaint.WatchServiceReturned:
		return nil, s.returnFromService(ctx, tx, e.Number)
	case complaint.WatchMissingReminded:
		return s.oweMissingReminder(ctx, tx, c, e)
	}
	return nil, nil
}

// oweLateNotice tells the complainant that the term has passed, unless nobody
// can be answered, the complaint was withdrawn or referred to the DPO, or the letter that decides the
// case has left already and only others keep it open.
func (s *Store) oweLateNotice(ctx context.Context, tx *sqlx.Tx, c Case) ([]int64, error) {
	if c.ReplyChannel == "" || c.Withdrawn || c.Voided || c.Referred {
		return nil, nil
	}
	left, err := answerIs(ctx, tx, c, complaint.LetterSent, complaint.LetterPosted, complaint.LetterDropped)
	if err != nil || left {
		return nil, err
	}
	return s.OweComplainant(ctx, tx, c, complaint.LetterLateNotice, int64(c.DeadlineVersion))
}

// oweReminder writes to a department only while its answer is awaited.
func (s *Store) oweReminder(ctx context.Context, tx *sqlx.Tx, e complaint.WatchEvent, kind complaint.LetterKind) ([]int64, error) {
	asked, err := consultation(ctx, tx, e.Consultation)
	if err != nil || asked.Number != e.Number || asked.State != complaint.ConsultationOpen {
		return nil, err
	}
	id, err := s.OweLetter(ctx, tx, OwedLetter{
		Number: e.Number, Kind: kind, Version: asked.ID, Department: asked.Department,
	})
	return []int64{id}, err
}
