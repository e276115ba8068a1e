package register

import (
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// OweComplainant owes a letter to whoever hears about the case, unless nobody
// can be answered. The letters are the one and the copies of it.
func (s *Store) OweComplainant(ctx context.Context, tx *sqlx.Tx, c Case, kind complaint.LetterKind, version int64) ([]int64, error) {
	if c.Represented {
		sub, err := s.Current(ctx, tx, c.Number)
		if err != nil {
			return nil, err
		}
		return s.OweTo(ctx, tx, c.Number, sub, kind, version)
	}
	if c.ReplyChannel == "" {
		return []int64{}, nil
	}
	id, err := s.OweLetter(ctx, tx, OwedLetter{
		Number: c.Number, Kind: kind, Version: version, Channel: c.ReplyChannel, Language: c.Language,
	})
	return []int64{id}, err
}

// OweTo owes a letter as a submission stands: to its addressee, with a copy for
// the complainant where the representative is written to and a copy was asked
// for.
func (s *Store) OweTo(ctx context.Context, tx *sqlx.Tx, number complaint.Number, sub complaint.Submission, kind complaint.LetterKind, version int64) ([]int64, error) {
	letter, reachable := LetterTo(number, sub, kind, version)
	if !reachable {
		return []int64{}, nil
	}
	id, err := s.OweLetter(ctx, tx, letter)
	second, wanted := CopyOf(sub, letter, id)
	if err != nil || !wanted {
		return []int64{id}, err
	}
	copied, err := s.OweLetter(ctx, tx, second)
	return []int64{id, copied}, err
}

// OweFirst owes a letter of a kind that nobody could be sent before; nothing
// where one is there.
func (s *Store) OweFirst(ctx context.Context, tx *sqlx.Tx, number complaint.Number, sub complaint.Submission, kind complaint.LetterKind) ([]int64, error) {
	var known bool
	err := tx.GetContext(ctx, &known, `SELECT EXISTS (SELECT FROM letters WHERE number = $1 AND kind = $2)`, number, kind)
	if err != nil || known {
		return nil, wrap(err, "look for the letter %s of %s", kind, number)
	}
	return s.OweTo(ctx, tx, number, sub, kind, 1)
}

// LetterTo is a letter to whoever it is for as a submission stands; false when
// they cannot be reached.
func LetterTo(number complaint.Number, sub complaint.Submission, kind complaint.LetterKind, version int64) (OwedLetter, bool) {
	to := sub.Addressee(kind)
	letter := OwedLetter{Number: number, Kind: kind, Version: version, Channel: to.Channel, Language: sub.Language}
	return letter, to.Channel != ""
}

// CopyOf is the complainant's copy of a letter that has an ID; false when there
// is none.
func CopyOf(sub complaint.Submission, letter OwedLetter, id int64) (OwedLetter, bool) {
	to, own := sub.Addressee(letter.Kind), sub.Self()
	if !to.Representative || !to.Mandated || !sub.Representative.Copy || own.Channel == "" {
		return OwedLetter{}, false
	}
	letter.Channel, letter.CopyOf = own.Channel, id
	return letter, true
}
