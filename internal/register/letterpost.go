package register

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// withLetter changes a letter under the lock of its complaint.
func (s *Store) withLetter(ctx context.Context, id int64, change func(*sqlx.Tx, LetterCase) error) error {
	return s.tx(ctx, func(tx *sqlx.Tx) error {
		l, err := LockLetter(ctx, tx, id)
		if err != nil {
			return err
		}
		return wrap(change(tx, l), "change letter %d", id)
	})
}

// SaveRendered keeps a letter as it will leave, and makes it searchable. A
// letter that was written before stays as it was.
func (s *Store) SaveRendered(ctx context.Context, id int64, r complaint.RenderedLetter) error {
	return s.withLetter(ctx, id, func(tx *sqlx.Tx, l LetterCase) error {
		if l.State != complaint.LetterOwed {
			return nil
		}
		pdf := r.PDF
		if pdf == nil {
			pdf = []byte{}
		}
		err := one(tx.ExecContext(ctx, `
			UPDATE letters
			SET state = 'rendered', rendered_at = $2, recipient = $3, subject = $4, text = $5, pdf = $6,
				channel = COALESCE(NULLIF($7, ''), channel)
			WHERE id = $1 AND state = 'owed'`, id, s.now(), r.Recipient, r.Subject, r.Text, pdf, string(r.Channel)))
		if err != nil {
			return err
		}
		if l.Kind.File() == complaint.PrivacyFile {
			return nil // the DPO's words are not for the complaint's readers
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE complaints SET search = search || to_tsvector('simple', $2)
			WHERE number = $1 AND NOT concealed`, l.Number, r.Text)
		return err
	})
}

// ClaimLetter hands a written letter out for sending, to one caller only, and
// answers with its state: sending means that the caller sends it now. One that
// is found in sending was claimed before and nobody said what became of it, so
// it is in doubt from here on. Every other state is answered as it is.
func (s *Store) ClaimLetter(ctx context.Context, id int64) (state complaint.LetterState, err error) {
	err = s.withLetter(ctx, id, func(tx *sqlx.Tx, l LetterCase) error {
		state = l.State
		switch l.State {
		case complaint.LetterRendered:
			state = complaint.LetterSending
			return one(tx.ExecContext(ctx, `
				UPDATE letters SET state = 'sending', sending_at = $2, attempts = attempts + 1
				WHERE id = $1`, id, s.now()))
		case complaint.LetterSending:
			state = complaint.LetterInDoubt
			return s.takeBack(ctx, tx, l, state, "interrupted")
		}
		return nil
	})
	return state, err
}

// LetterLeft keeps that a letter was sent, or lies printed for the mail room. A
// file cannot be in doubt, so a written letter may be so at once. Said again, or
// of what was let go of, it changes nothing.
func (s *Store) LetterLeft(ctx context.Context, id int64, state complaint.LetterState, providerID string) error {
	return s.withLetter(ctx, id, func(tx *sqlx.Tx, l LetterCase) error {
		// A message to staff may be in the mail server's hands when its case closes.
		after := l.State == complaint.LetterDropped && l.Kind.ToStaff()
		if !after && (l.State == state || l.State.HasLeft()) {
			return nil
		}
		before := []complaint.LetterState{complaint.LetterRendered, complaint.LetterSending, complaint.LetterInDoubt}
		if !after && !slices.Contains(before, l.State) {
			return complaint.Conflict("letter_not_rendered", "The letter has not been written yet.")
		}
		now := s.now()
		err := one(tx.ExecContext(ctx, `
			UPDATE letters
			SET state = $2, provider_id = NULLIF($3, ''), last_error_code = NULL,
				left_at = CASE WHEN $2 = 'sent' THEN $4::timestamptz END,
				settled_at = CASE WHEN state <> 'dropped' THEN settled_at END,
				settled_reason = CASE WHEN state <> 'dropped' THEN settled_reason END,
				printed_at = CASE WHEN $2 = 'printed' THEN $4::timestamptz ELSE printed_at END
			WHERE id = $1`, id, state, providerID, now))
		if err == nil && state.HasLeft() {
			err = s.noteLeft(ctx, tx, l, now)
		}
		if err == nil && l.State == complaint.LetterInDoubt {
			err = s.clearDoubt(ctx, tx, l, state)
		}
		if err != nil {
			return err
		}
		return s.AddEvent(ctx, tx, l.Number, eventOf(l.Kind.File(), "letter_"+string(state)), byProcedure, Details{"letter": id, "kind": l.Kind})
	})
}

// clearDoubt tells the procedure that a letter left after all: the sender that
// was given up for dead was only slow, and no person is asked any more. Where
// none answers for the letter, none is told: what is said to a closed case would
// stand in the way of its reopening.
func (s *Store) clearDoubt(ctx context.Context, tx *sqlx.Tx, l LetterCase, state complaint.LetterState) error {
	of := complaint.CaseID{Number: l.Number, File: l.Kind.File()}
	answers, err := answersFor(ctx, tx, of, l)
	if err == nil && answers {
		_, err = s.AppendFor(ctx, tx, of, complaint.SettleLetter, complaint.LetterSettled{Letter: l.ID, State: state})
	}
	return err
}

// LetterBack keeps that a letter did not leave for sure: rendered (it is tried
// again), failed or in doubt, with a code that names nobody. A letter that has
// left meanwhile stays so.
func (s *Store) LetterBack(ctx context.Context, id int64, state complaint.LetterState, code string) error {
	return s.withLetter(ctx, id, func(tx *sqlx.Tx, l LetterCase) error {
		before := []complaint.LetterState{complaint.LetterOwed, complaint.LetterRendered, complaint.LetterSending}
		if !slices.Contains(before, l.State) {
			return nil
		}
		if l.State == complaint.LetterOwed && state == complaint.LetterRendered {
			state = complaint.LetterOwed
		}
		return s.takeBack(ctx, tx, l, state, code)
	})
}

// takeBack tells in the history, and to staff, what needs a person.
func (s *Store) takeBack(ctx context.Context, tx *sqlx.Tx, l LetterCase, state complaint.LetterState, code string) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE letters SET state = $2, last_error_code = $3 WHERE id = $1`, l.ID, state, code))
	if err != nil || !state.NeedsPerson() {
		return err
	}
	err = s.AddEvent(ctx, tx, l.Number, eventOf(l.Kind.File(), "letter_"+string(state)), byProcedure,
		Details{"letter": l.ID, "kind": l.Kind, "code": code})
	if err != nil || state != complaint.LetterFailed {
		return err
	}
	return s.tellOfLetter(ctx, tx, l, complaint.WatchLetterFailed)
}
