package register

import (
	"bytes"
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// AdmitLetter lets a written e-mail leave today, or holds it until tomorrow when
// its address has had its share: rendered means that it may leave. It keeps the
// name of the message, and since when it is tried. A letter counts once on a day,
// however often it is tried; one that a person released always passes.
func (s *Store) AdmitLetter(ctx context.Context, id int64, a complaint.Admission) (state complaint.LetterState, err error) {
	err = s.withLetter(ctx, id, func(tx *sqlx.Tx, l LetterCase) error {
		state = l.State
		if l.State != complaint.LetterRendered || l.Channel != complaint.ByEmail {
			return nil
		}
		today := complaint.DayOf(s.now())
		address, may, err := s.countMail(ctx, tx, l, today, a.PerDay)
		if err != nil {
			return err
		}
		if !may {
			state = complaint.LetterHeld
			return s.hold(ctx, tx, l, today, address)
		}
		return one(tx.ExecContext(ctx, `
			UPDATE letters SET message_id = $2, counted_on = $3, tried_since = COALESCE(tried_since, $4)
			WHERE id = $1`, id, a.MessageID, today, s.now()))
	})
	return state, err
}

// countMail counts a letter for its address. The row of the address is locked
// until the end of the transaction, so that several workers count in turns.
func (s *Store) countMail(ctx context.Context, tx *sqlx.Tx, l LetterCase, today complaint.Day, perDay int) (address []byte, may bool, err error) {
	var letter struct {
		Recipient string        `db:"recipient"`
		CountedOn complaint.Day `db:"counted_on"`
		Released  bool          `db:"released"`
	}
	err = tx.GetContext(ctx, &letter, `
		SELECT COALESCE(recipient, '') AS recipient, counted_on, released FROM letters WHERE id = $1`, l.ID)
	if err != nil {
		return nil, false, err
	}
	if err := s.ready(ctx, tx); err != nil {
		return nil, false, err
	}
	address = s.keys.Hash(purposeMailAddress, bytes.ToLower([]byte(letter.Recipient)))
	if letter.CountedOn == today {
		return address, true, nil
	}
	counted, err := tx.ExecContext(ctx, `
		INSERT INTO mail_counts AS c (day, address, letters) VALUES ($1, $2, 1)
		ON CONFLICT (day, address) DO UPDATE SET letters = c.letters + 1
		WHERE c.letters < $3 OR $4`, today, address, perDay, letter.Released)
	if err != nil {
		return nil, false, err
	}
	n, err := counted.RowsAffected()
	return address, n == 1, err
}

// hold lets a letter wait for the next day. The supervisors hear of it once for
// each address and day.
func (s *Store) hold(ctx context.Context, tx *sqlx.Tx, l LetterCase, today complaint.Day, address []byte) error {
	until := today.AddDays(1).At(0, 0)
	err := one(tx.ExecContext(ctx, `
		UPDATE letters SET state = 'held', held_until = $2, last_error_code = 'too_many_to_one_address' WHERE id = $1`, l.ID, until))
	if err != nil {
		return err
	}
	err = s.AddEvent(ctx, tx, l.Number, eventOf(l.Kind.File(), "letter_held"), byProcedure, Details{"letter": l.ID, "kind": l.Kind})
	if err != nil {
		return err
	}
	told, err := tx.ExecContext(ctx, `
		UPDATE mail_counts SET told = true WHERE day = $1 AND address = $2 AND NOT told`, today, address)
	if err != nil {
		return err
	}
	if n, err := told.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return s.tellOfLetter(ctx, tx, l, complaint.WatchLettersHeld)
}

// ReleaseHeld lets letters go on whose day of waiting is over, at most so many at
// once, and tells the procedures that answer for them. They are written anew, as
// things stand when they leave. What will find its address full today waits on as
// it is, but for one, of which the supervisors hear. It also forgets what was
// counted on earlier days.
func (s *Store) ReleaseHeld(ctx context.Context, most int, share complaint.MailShare) error {
	var due []int64
	now := s.now()
	err := s.db.SelectContext(ctx, &due, `
		WITH due AS (
			SELECT id, held_until, owed_at, row_number() OVER (PARTITION BY lower(recipient) ORDER BY owed_at, id) AS place,
				CASE WHEN language IS NULL THEN $4::int ELSE $3::int END AS share
			FROM letters WHERE state = 'held' AND held_until <= $1
		), too_many AS (
			SELECT id FROM letters WHERE state = 'held' AND id IN (SELECT id FROM due WHERE place > share + 1)
			FOR UPDATE SKIP LOCKED
		), waiting AS (
			UPDATE letters SET held_until = $5 WHERE id IN (SELECT id FROM too_many)
		)
		SELECT id FROM due WHERE place <= share + 1
		ORDER BY held_until, owed_at, id LIMIT $2`,
		now, most, share.Complainant, share.House, complaint.DayOf(now).AddDays(1).At(0, 0))
	if err != nil {
		return wrap(err, "find the letters held")
	}
	for _, id := range due {
		if err := s.releaseHeld(ctx, id); err != nil {
			return err
		}
	}
	_, err = s.db.ExecContext(ctx, `DELETE FROM mail_counts WHERE day < $1`, complaint.DayOf(s.now()))
	return wrap(err, "forget what was counted")
}

func (s *Store) releaseHeld(ctx context.Context, id int64) error {
	return s.withLetter(ctx, id, func(tx *sqlx.Tx, l LetterCase) error {
		if l.State != complaint.LetterHeld {
			return nil
		}
		err := one(tx.ExecContext(ctx, `
			UPDATE letters
			SET state = 'owed', held_until = NULL, last_error_code = NULL,
				rendered_at = NULL, recipient = NULL, subject = NULL, text = NULL, pdf = NULL
			WHERE id = $1`, id))
		if err != nil {
			return err
		}
		return s.HandBack(ctx, tx, l, complaint.LetterOwed)
	})
}

// HandBack gives a letter that has to leave once more to the procedure that
// answers for it; where none runs, it is left to the worker.
func (s *Store) HandBack(ctx context.Context, tx *sqlx.Tx, l LetterCase, state complaint.LetterState) error {
	of := complaint.CaseID{Number: l.Number, File: l.Kind.File()}
	answers, err := answersFor(ctx, tx, of, l)
	if err != nil {
		return err
	}
	if !answers {
		return markStray(ctx, tx, l.ID)
	}
	_, err = s.AppendFor(ctx, tx, of, complaint.SettleLetter, complaint.LetterSettled{Letter: l.ID, State: state, CameBack: l.State == complaint.LetterSent})
	return err
}

// answersFor tells whether a running procedure answers for a letter.
func answersFor(ctx context.Context, tx *sqlx.Tx, of complaint.CaseID, l LetterCase) (bool, error) {
	var runs bool
	err := tx.GetContext(ctx, &runs, `SELECT stage <> 'closed' FROM `+tableOf(of.File)+` WHERE number = $1`, l.Number)
	return runs && !l.Stray && !l.Kind.ToStaff(), wrap(err, "look who answers for letter %d", l.ID)
}
