package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// A register that was put back to an older state does not know what it gave away
// since. So that nothing is given twice, it goes on well beyond.
const (
	NumbersSkipped = 1000    // of the year, unless said otherwise
	idsSkipped     = 100_000 // in each table of namedOutside
)

// namedOutside are the tables whose IDs name something that others keep: a
// message to Temporal, a letter and its file, a question to a department, a
// recommendation, what a message to staff is about.
var namedOutside = []string{"outbox", "letters", "consultations", "recommendations", "watched"}

// NoteRestored notes that the register lost time, as far as it can be known here:
// IDs and numbers go on beyond what may have been given, letters that were on
// their way out are in doubt, and a healing begins. While one after a loss of the
// register is under way, this was done.
func (s *Store) NoteRestored(ctx context.Context) error { return s.NoteRestoredBy(ctx, NumbersSkipped) }

// NoteRestoredBy is NoteRestored for those who know that more numbers were lost.
func (s *Store) NoteRestoredBy(ctx context.Context, numbers int) error {
	return wrap(s.tx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, lockMarker); err != nil {
			return err
		}
		var noted bool
		err := tx.GetContext(ctx, &noted, `SELECT EXISTS (SELECT FROM healings WHERE done_at IS NULL AND lost = 'register')`)
		if err != nil || noted {
			return err
		}
		for _, step := range []func(context.Context, *sqlx.Tx) error{
			s.skipIDs,
			func(ctx context.Context, tx *sqlx.Tx) error { return s.skipNumbers(ctx, tx, numbers) },
			s.doubtLetters,
			func(ctx context.Context, tx *sqlx.Tx) error { return s.beginHealing(ctx, tx, LostRegister) },
		} {
			if err := step(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	}), "note that the register was restored")
}

// skipIDs takes IDs of these tables and gives them to nothing. The application may
// take the next ID and no more, so it takes many.
func (s *Store) skipIDs(ctx context.Context, tx *sqlx.Tx) error {
	for _, table := range namedOutside {
		_, err := tx.ExecContext(ctx, `
			SELECT max(nextval(sequence)) FROM (SELECT pg_get_serial_sequence($1, 'id')::regclass AS sequence OFFSET 0) its,
				generate_series(1, $2)`, table, idsSkipped)
		if err != nil {
			return err
		}
	}
	return nil
}

// skipNumbers passes over numbers of this year and of the last one that has any:
// at the turn of the year either may have been lost.
func (s *Store) skipNumbers(ctx context.Context, tx *sqlx.Tx, numbers int) error {
	year, _, _ := complaint.DayOf(s.now()).Date()
	_, err := tx.ExecContext(ctx, `
		WITH years AS (
			SELECT $1::int AS year UNION SELECT max(year) FROM counters HAVING max(year) IS NOT NULL
		), before AS (
			SELECT y.year, COALESCE(c.last, 0) AS last FROM years y LEFT JOIN counters c USING (year)
		), moved AS (
			INSERT INTO counters (year, last) SELECT year, last + $2 FROM before
			ON CONFLICT (year) DO UPDATE SET last = excluded.last
		)
		INSERT INTO lost_numbers (number, reason, noted_at)
		SELECT format('%s-%s', year, lpad(place::text, 6, '0')), 'restored', $3
		FROM before, generate_series(last + 1, last + $2) AS place`, year, numbers, s.now())
	return err
}

// doubtLetters stops letters that were on their way out, also those that waited for
// another day: in the time that was lost they may have left. A person says what
// became of each.
func (s *Store) doubtLetters(ctx context.Context, tx *sqlx.Tx) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE letters SET state = CASE WHEN rendered_at IS NULL THEN 'failed' ELSE 'in_doubt' END,
			last_error_code = 'register_restored', held_until = NULL
		WHERE state IN ('owed', 'rendered', 'sending', 'held') AND staff IS NULL`)
	return err
}

// LoseNumbers keeps that Temporal knows numbers which the register does not, and
// since when. No such number is given again.
func (s *Store) LoseNumbers(ctx context.Context, lost map[complaint.Number]time.Time) error {
	return wrap(s.tx(ctx, func(tx *sqlx.Tx) error {
		for number, startedAt := range lost {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO lost_numbers (number, reason, noted_at, started_at) VALUES ($1, 'restored', $2, $3)
				ON CONFLICT (number) DO UPDATE SET started_at = excluded.started_at`, number, s.now(), startedAt)
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO counters (year, last)
			SELECT left(number, 4)::int, max(right(number, 6)::int) FROM lost_numbers GROUP BY 1
			ON CONFLICT (year) DO UPDATE SET last = greatest(counters.last, excluded.last)`)
		return err
	}), "keep the numbers that were lost")
}

// LostNumber is a number that was passed over because the register was restored.
type LostNumber struct {
	Number    complaint.Number `db:"number"`
	StartedAt time.Time        `db:"started_at"`
}

// LostReceipts lists the lost numbers of which Temporal knew since a moment:
// somebody holds a receipt of each, and nothing is stored under it.
func LostReceipts(ctx context.Context, db sqlx.QueryerContext, since time.Time) ([]LostNumber, error) {
	var lost []LostNumber
	err := sqlx.SelectContext(ctx, db, &lost, `
		SELECT number, started_at FROM lost_numbers WHERE started_at IS NOT NULL AND noted_at >= $1 ORDER BY number`, since)
	return lost, wrap(err, "list the numbers that were lost")
}
