package register

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// HistoryPart is the part of the history that is looked at: after the cursor of
// the part before it, and for about so long. Without a time it is all the rest.
type HistoryPart struct {
	Cursor string
	Within time.Duration
	Places int // of chains that are read with one question; 0: a number that suits
}

// historyPlace is how far a look through the history came.
type historyPlace struct {
	Stage int       `json:"stage"`
	Walk  walkState `json:"walk"`
	Share share     `json:"share"`
}

// historyStage looks at something, or at a part of it, and tells whether that is
// done.
type historyStage func(context.Context, *sqlx.Tx, *Integrity, *historyPlace) (done bool, err error)

// whole makes a stage of a check that is done at once.
func whole(check func(context.Context, *sqlx.Tx, *Integrity) error) historyStage {
	return func(ctx context.Context, tx *sqlx.Tx, found *Integrity, _ *historyPlace) (bool, error) {
		return true, check(ctx, tx, found)
	}
}

// share is the part of the rows that a check looks at: those that leave the rest
// Next when they are divided by Of.
type share struct {
	Next int64 `json:"next"`
	Of   int64 `json:"of"` // 0: not known yet
}

// rowsOfShare is about how many rows a check compares at once.
const rowsOfShare = 500_000

// inShares makes a stage of a check that compares all rows with each other.
func inShares(check func(context.Context, *sqlx.Tx, *Integrity, share) error) historyStage {
	return func(ctx context.Context, tx *sqlx.Tx, found *Integrity, at *historyPlace) (bool, error) {
		if at.Share.Of < 1 {
			at.Share = share{}
			err := tx.GetContext(ctx, &at.Share.Of, `
				SELECT 1 + (SELECT coalesce(max(id), 0) FROM events) / $1 + (SELECT coalesce(max(id), 0) FROM audit) / $1`, rowsOfShare)
			if err != nil {
				return false, err
			}
		}
		if err := check(ctx, tx, found, at.Share); err != nil {
			return false, err
		}
		at.Share.Next++
		done := at.Share.Next >= at.Share.Of
		if done {
			at.Share = share{}
		}
		return done, nil
	}
}

// CheckHistory looks through chains and seals, each part on one state of the
// register. It computes every hash itself and trusts nothing of the database but
// what it reads.
func (s *Store) CheckHistory(ctx context.Context, part HistoryPart) (Integrity, error) {
	begun, found := time.Now(), Integrity{Flaws: []Flaw{}}
	stages := []historyStage{
		s.checkChains(cmp.Or(part.Places, placesAtOnce)), inShares(checkUnbound), inShares(checkRepeated),
		whole(checkSealed), whole(s.checkSeals),
	}
	var at historyPlace
	if _, err := readCursor(part.Cursor, &at); err != nil {
		return found, err
	}
	at.Stage = max(at.Stage, 0)
	err := s.look(ctx, func(tx *sqlx.Tx) error {
		if err := s.ready(ctx, tx); err != nil {
			return err
		}
		for at.Stage < len(stages) {
			done, err := stages[at.Stage](ctx, tx, &found, &at)
			if err != nil {
				return err
			}
			if done {
				at.Stage++
			}
			if part.Within > 0 && time.Since(begun) >= part.Within {
				break
			}
		}
		return nil
	})
	if at.Stage < len(stages) {
		next := encodeCursor(at)
		found.NextCursor = &next
	}
	found.Sound = found.Total == 0
	return found, wrap(err, "check the history")
}

// placesAtOnce is how many places of chains are read with one question.
const placesAtOnce = 10_000

// checkChains goes on along the chains, so many places at a time.
func (s *Store) checkChains(places int) historyStage {
	return func(ctx context.Context, tx *sqlx.Tx, found *Integrity, at *historyPlace) (bool, error) {
		old, err := adopted(ctx, tx)
		if err != nil {
			return false, err
		}
		rows, err := tx.QueryxContext(ctx, selectBound, at.Walk.Chain, at.Walk.Next-1, places)
		if err != nil {
			return false, err
		}
		defer rows.Close()
		walk, read := chainWalk{store: s, found: found, adopted: old, walkState: &at.Walk}, 0
		for ; rows.Next(); read++ {
			var r boundRow
			if err := rows.StructScan(&r); err != nil {
				return false, err
			}
			walk.step(r)
		}
		if err := rows.Err(); err != nil || read == places {
			return false, err
		}
		walk.end()
		return true, nil
	}
}

// checkUnbound finds rows that are in no chain.
func checkUnbound(ctx context.Context, tx *sqlx.Tx, found *Integrity, of share) error {
	var rows []struct {
		Book   string
		ID     int64
		Number complaint.Number
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT 'events' AS book, id, number FROM events
		WHERE id % $2 = $1 AND NOT EXISTS (
			SELECT FROM bindings b WHERE b.book = 'events' AND b.row_id = events.id AND b.row_id % $2 = $1)
		UNION ALL
		SELECT 'audit', id, coalesce(number, '') FROM audit
		WHERE id % $2 = $1 AND NOT EXISTS (
			SELECT FROM bindings b WHERE b.book = 'audit' AND b.row_id = audit.id AND b.row_id % $2 = $1)
		ORDER BY book, id`, of.Next, of.Of)
	for _, r := range rows {
		found.add(Flaw{Kind: FlawUnbound, Number: r.Number, Book: r.Book, Row: r.ID, Text: fmt.Sprintf(
			"Row %d of %s is in no chain: it was put there past the program, or what bound it was removed.", r.ID, r.Book)})
	}
	return err
}

// checkRepeated finds rows that are bound twice, and rows with the mark of
// another.
func checkRepeated(ctx context.Context, tx *sqlx.Tx, found *Integrity, of share) error {
	var rows []struct {
		Book   string
		ID     int64
		Number complaint.Number
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT book, row_id AS id, '' AS number FROM bindings WHERE row_id % $2 = $1 GROUP BY book, row_id HAVING count(*) > 1
		UNION ALL
		SELECT 'events', max(id), max(number) FROM events WHERE mark <> '' AND get_byte(mark, 0) % $2 = $1 GROUP BY mark HAVING count(*) > 1
		UNION ALL
		SELECT 'audit', max(id), coalesce(max(number), '') FROM audit WHERE mark <> '' AND get_byte(mark, 0) % $2 = $1 GROUP BY mark HAVING count(*) > 1
		ORDER BY book, id`, of.Next, of.Of)
	for _, r := range rows {
		found.add(Flaw{Kind: FlawRepeated, Number: r.Number, Book: r.Book, Row: r.ID, Text: fmt.Sprintf(
			"Row %d of %s was put there a second time, past the program: copied, or taken out and put back.", r.ID, r.Book)})
	}
	return err
}
