package relay

import (
	"context"
	"fmt"

	"ombudsdienst/internal/complaint"
)

const checkNumbers = "numbers"

// missingNumbers finds numbers that the counter gave and that name nothing, but
// for those that were passed over because the register was restored. The place after the last one given closes each year, so that a gap at its end
// shows too.
func (v *verifier) missingNumbers(ctx context.Context) ([]Finding, error) {
	type gap struct{ Year, First, Last int }
	const query = `
		WITH places AS (
			SELECT left(number, 4)::int AS year, right(number, 6)::int AS place FROM submissions
			UNION ALL
			SELECT left(number, 4)::int, right(number, 6)::int FROM lost_numbers
			UNION ALL
			SELECT year, last + 1 FROM counters
		), steps AS (
			SELECT year, place, lag(place, 1, 0) OVER (PARTITION BY year ORDER BY place) AS before FROM places
		)
		SELECT year, before + 1 AS first, place - 1 AS last FROM steps
		WHERE place > before + 1 ORDER BY year, first`
	return each(ctx, v, func(g gap) Finding {
		first := complaint.NewNumber(g.Year, g.First)
		if g.First == g.Last {
			return Finding{Check: checkNumbers, Number: first, Text: "This number was given, but nothing is stored under it."}
		}
		return Finding{Check: checkNumbers, Subject: string(first), Text: fmt.Sprintf(
			"The numbers %s to %s were given, but nothing is stored under them.", first, complaint.NewNumber(g.Year, g.Last))}
	}, query)
}

// numbersBeyondCounter finds submissions whose number was not given yet. Where all
// numbers up to them are stored, the counter goes on behind them; where not, which
// of the numbers are right is a person's to say.
func (v *verifier) numbersBeyondCounter(ctx context.Context) ([]Finding, error) {
	type stray struct {
		Number complaint.Number
		Last   int
		Whole  bool
	}
	const query = `
		SELECT s.number, coalesce(c.last, 0) AS last,
			count(*) OVER (PARTITION BY left(s.number, 4))
				= max(right(s.number, 6)::int) OVER (PARTITION BY left(s.number, 4)) - coalesce(c.last, 0) AS whole
		FROM submissions s LEFT JOIN counters c ON c.year = left(s.number, 4)::int
		WHERE right(s.number, 6)::int > coalesce(c.last, 0) ORDER BY s.number`
	findings, err := each(ctx, v, func(s stray) Finding {
		return Finding{Check: checkNumbers, Number: s.Number, Repaired: v.Repair && s.Whole, Text: fmt.Sprintf(
			"It is stored, but the counter of %d stands at %d and would give this number again.", s.Number.Year(), s.Last)}
	}, query)
	for _, f := range findings {
		if err != nil || !f.Repaired {
			continue
		}
		_, err = v.DB.ExecContext(ctx, `
			INSERT INTO counters (year, last) VALUES ($1, $2)
			ON CONFLICT (year) DO UPDATE SET last = greatest(counters.last, excluded.last)`, f.Number.Year(), f.Number.Place())
	}
	return findings, err
}

// incompleteCases finds submissions without a case, and cases whose procedure
// was never asked for.
func (v *verifier) incompleteCases(ctx context.Context) ([]Finding, error) {
	type lodged struct {
		Number  complaint.Number
		HasCase bool `db:"has_case"`
	}
	const query = `
		SELECT s.number, c.number IS NOT NULL AS has_case
		FROM submissions s LEFT JOIN complaints c USING (number)
		WHERE c.number IS NULL OR c.last_seq = 0 ORDER BY s.number`
	return each(ctx, v, func(l lodged) Finding {
		text := "It is stored, but it has no case."
		if l.HasCase {
			text = "Its procedure was never asked for, so nobody works on it."
		}
		return Finding{Check: checkNumbers, Number: l.Number, Text: text}
	}, query)
}
