package register

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// LetterRefused keeps that a letter did not leave, or that this is not known, and
// answers with what becomes of it. Rendered by e-mail means that it is tried
// again; rendered by post, that it falls back: the same letter leaves as paper.
// Without an address to post it to, a person decides. A letter that has left
// meanwhile stays so, and one whose decision was taken back on its way leaves no
// more: it would arrive behind the letter that says so.
func (s *Store) LetterRefused(ctx context.Context, id int64, b complaint.Setback) (state complaint.LetterState, by complaint.Channel, err error) {
	err = s.withLetter(ctx, id, func(tx *sqlx.Tx, l LetterCase) error {
		state, by = l.State, l.Channel
		before := []complaint.LetterState{complaint.LetterOwed, complaint.LetterRendered, complaint.LetterSending}
		if !slices.Contains(before, l.State) || l.Channel != b.Channel {
			return nil // said before, or it went another way meanwhile
		}
		if b.Certainty != complaint.Unclear {
			dropped, err := s.dropOverturned(ctx, tx, l, b)
			if err != nil || dropped {
				state = complaint.LetterDropped
				return err
			}
		}
		over, err := s.givenUp(ctx, tx, l, b)
		if err != nil {
			return err
		}
		switch {
		case b.Certainty == complaint.Unclear:
			state = complaint.LetterInDoubt
		case b.Certainty == complaint.Temporary && !over:
			state = complaint.LetterRendered
		case l.fallsBack(b.Postal):
			state, by = complaint.LetterRendered, complaint.ByPost
			if b.AboutAddress() {
				if err := undelivered(ctx, tx, l); err != nil {
					return err
				}
			}
			return s.fallBack(ctx, tx, l, b.Code)
		default:
			state = complaint.LetterFailed
		}
		return s.takeBack(ctx, tx, l, state, b.Code)
	})
	return state, by, err
}

// dropOverturned drops a letter that did not leave and that would tell of a refusal
// that was taken back, or of an entry that was voided; it tells whether it did.
func (s *Store) dropOverturned(ctx context.Context, tx *sqlx.Tx, l LetterCase, b complaint.Setback) (bool, error) {
	if l.Kind.File() != complaint.ComplaintFile {
		return false, nil
	}
	var reason string
	err := tx.GetContext(ctx, &reason, `
		SELECT CASE
			WHEN $4 AND EXISTS (SELECT FROM voidings WHERE number = $1) THEN 'voided'
			WHEN $2 = 'inadmissible' AND EXISTS (
				SELECT FROM decisions later WHERE later.number = $1 AND later.kind = 'admissibility' AND later.id > (
					SELECT id FROM decisions
					WHERE number = $1 AND kind = 'admissibility' AND content->>'decision' = 'inadmissible'
					ORDER BY id OFFSET $3 - 1 LIMIT 1)) THEN 'refusal_reversed'
			ELSE '' END`, l.Number, string(l.Kind), l.Version, l.Kind.EndsWithVoiding())
	if err != nil || reason == "" {
		return false, err
	}
	if b.AboutAddress() {
		if err := undelivered(ctx, tx, l); err != nil {
			return false, err
		}
	}
	err = one(tx.ExecContext(ctx, `
		UPDATE letters SET state = 'dropped', last_error_code = $2, settled_at = $3, settled_reason = $4
		WHERE id = $1`, l.ID, b.Code, s.now(), reason))
	if err != nil {
		return false, err
	}
	return true, s.AddEvent(ctx, tx, l.Number, "letter_dropped", byProcedure,
		Details{"letter": l.ID, "kind": l.Kind, "code": b.Code, "reason": reason})
}

// givenUp tells whether an e-mail has been tried long enough.
func (s *Store) givenUp(ctx context.Context, tx *sqlx.Tx, l LetterCase, b complaint.Setback) (over bool, err error) {
	if b.Certainty != complaint.Temporary || l.Channel != complaint.ByEmail {
		return false, nil
	}
	err = tx.GetContext(ctx, &over, `
		SELECT COALESCE(tried_since <= $2, false) FROM letters WHERE id = $1`, l.ID, s.now().Add(-b.GiveUp))
	return over, err
}

// fallsBack tells whether a letter can go by post when e-mail fails it: it is
// written with a postal address. That of a department is the organisation's.
func (l LetterCase) fallsBack(departmental bool) bool {
	return l.FallsBack || departmental && l.Kind.ToDepartment() && l.Channel == complaint.ByEmail && l.Written
}

// fallBack turns an e-mail into a letter for the mail room: the same letter, with
// the same words, under the same ID.
func (s *Store) fallBack(ctx context.Context, tx *sqlx.Tx, l LetterCase, code string) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE letters
		SET state = 'rendered', channel = 'post', recipient = '', last_error_code = $2,
			fell_back_at = $3, fell_back_code = $2
		WHERE id = $1`, l.ID, code, s.now()))
	if err != nil {
		return err
	}
	return s.AddEvent(ctx, tx, l.Number, eventOf(l.Kind.File(), "letter_fell_back"), byProcedure,
		Details{"letter": l.ID, "kind": l.Kind, "code": code, "channel": complaint.ByPost})
}

// undelivered keeps the address at which a letter did not arrive: later letters
// do not go there.
func undelivered(ctx context.Context, tx *sqlx.Tx, l LetterCase) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE letters SET undelivered_to = recipient WHERE id = $1 AND language IS NOT NULL AND recipient <> ''`, l.ID)
	return err
}

// unreachable lists the addresses at which letters of a complaint did not arrive.
func unreachable(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (addresses []string, err error) {
	err = sqlx.SelectContext(ctx, db, &addresses, `
		SELECT DISTINCT undelivered_to FROM letters WHERE number = $1 AND undelivered_to IS NOT NULL`, number)
	return addresses, wrap(err, "read where letters of %s did not arrive", number)
}

// LetterBounced keeps that a letter which was sent came back, as a person found
// in the mailbox: it is owed again, by post where it has an address, else it
// waits for a person. An acknowledgement has not reached anybody then.
func (s *Store) LetterBounced(ctx context.Context, tx *sqlx.Tx, l LetterCase, postal bool, by, reasons string) (complaint.LetterState, error) {
	err := one(tx.ExecContext(ctx, `
		UPDATE letters
		SET state = 'rendered', left_at = NULL, tried_since = NULL, bounced_by = $2, bounced_at = $3, bounce_reasons = $4
		WHERE id = $1 AND state = 'sent' AND channel = 'email'`, l.ID, by, s.now(), reasons))
	if err != nil {
		return "", wrap(err, "take back letter %d", l.ID)
	}
	if err := undelivered(ctx, tx, l); err != nil {
		return "", wrap(err, "take back letter %d", l.ID)
	}
	if l.Kind == complaint.LetterAcknowledgement && !l.IsCopy {
		err := one(tx.ExecContext(ctx, `UPDATE complaints SET acknowledged_at = NULL WHERE number = $1`, l.Number))
		if err != nil {
			return "", wrap(err, "take back letter %d", l.ID)
		}
	}
	if l.fallsBack(postal) {
		return complaint.LetterRendered, wrap(s.fallBack(ctx, tx, l, complaint.CodeBounced), "take back letter %d", l.ID)
	}
	err = s.takeBack(ctx, tx, l, complaint.LetterFailed, complaint.CodeBounced)
	return complaint.LetterFailed, wrap(err, "take back letter %d", l.ID)
}

// tellOfLetter owes messages to staff about a letter that cannot leave or waits,
// once for each. Nobody is told of what concerns the DPO's letters to a
// complainant, and a message to staff about a message to staff would never end.
func (s *Store) tellOfLetter(ctx context.Context, tx *sqlx.Tx, l LetterCase, kind complaint.WatchKind) error {
	if l.Kind.ToStaff() || l.Kind.File() == complaint.PrivacyFile && !l.Kind.ToDPO() {
		return nil
	}
	var watched int64
	err := tx.GetContext(ctx, &watched, `
		INSERT INTO watched (number, kind, version, days_left, letters, at, letter)
		VALUES ($1, $2, 0, 0, '{}', $3, $4)
		ON CONFLICT DO NOTHING
		RETURNING id`, l.Number, kind, s.now(), l.ID)
	if err == errNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	return s.oweStray(ctx, tx, complaint.WatchEvent{Number: l.Number, Kind: kind, Letter: l.ID}, watched)
}

// oweStray owes messages to staff that the worker sends, not a procedure.
func (s *Store) oweStray(ctx context.Context, tx *sqlx.Tx, e complaint.WatchEvent, watched int64) error {
	notices, err := s.oweNotices(ctx, tx, e, watched)
	if err != nil {
		return err
	}
	for _, notice := range notices {
		if err := markStray(ctx, tx, notice); err != nil {
			return err
		}
	}
	return nil
}
