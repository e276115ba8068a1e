package register

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// checkSeals finds seals that do not fit, and days without one.
func (s *Store) checkSeals(ctx context.Context, tx *sqlx.Tx, found *Integrity) error {
	first, err := firstDay(ctx, tx)
	if err != nil {
		return err
	}
	walk := sealWalk{store: s, found: found, first: first}
	if walk.adopted, err = adopted(ctx, tx); err != nil {
		return err
	}
	if err := walk.along(ctx, tx); err != nil {
		return err
	}
	if through := lastOver(s.now(), sealWithin); !walk.first.IsZero() && !through.Before(walk.first) {
		found.add(Flaw{Kind: FlawUnsealed, Book: "seals", Day: walk.first, Text: fmt.Sprintf(
			"The days from %s to %s are not sealed: the API seals them while it runs, so it stood still, or a seal was removed.", walk.first, through)})
	}
	return nil
}

// checkSealed compares what was sealed with what stands there now.
func checkSealed(ctx context.Context, tx *sqlx.Tx, found *Integrity) error {
	var broken []struct {
		tail
		Seal     int64
		SealedAt sql.NullTime `db:"sealed_at"`
	}
	err := tx.SelectContext(ctx, &broken, `
		SELECT s.chain, s.place, s.seal, seals.sealed_at
		FROM sealed s LEFT JOIN bindings b USING (chain, place) LEFT JOIN seals ON seals.id = s.seal
		WHERE b.hash IS DISTINCT FROM s.hash ORDER BY s.chain, s.place`)
	for _, t := range broken {
		found.add(Flaw{Kind: FlawSeal, Chain: t.Chain, Place: t.Place, Book: "seals", Row: t.Seal, Day: dayOf(t.SealedAt), Text: fmt.Sprintf(
			"In the chain of %s, place %d is not what was sealed with seal %d: rows up to it were changed or removed afterwards.", t.Chain, t.Place, t.Seal)})
	}
	return err
}

// dayOf is the day of a moment; zero when there is none.
func dayOf(at sql.NullTime) complaint.Day {
	if !at.Valid {
		return complaint.Day{}
	}
	return complaint.DayOf(at.Time)
}

// sealWalk goes along the seals, in the order in which they were made.
type sealWalk struct {
	store   *Store
	found   *Integrity
	adopted map[string]int64
	first   complaint.Day // the first day that the next seal covers

	seal  Seal // the one that is being read; ID 0: none yet
	tails []tail
	last  Seal // the one before it
}

// along reads seals and what they stand for side by side, one seal at a time:
// a register of years has many. What stands for no seal is met as well.
func (w *sealWalk) along(ctx context.Context, tx *sqlx.Tx) error {
	rows, err := tx.QueryxContext(ctx, `
		SELECT coalesce(seals.id, sealed.seal) AS id,
			coalesce(day, 'epoch') AS day, coalesce(first_day, 'epoch') AS first_day, coalesce(sealed_at, 'epoch') AS sealed_at,
			coalesce(chains, 0) AS chains, coalesce(seals.seal, '') AS seal, last_event, last_audit,
			coalesce(chain, '') AS chain, place, hash
		FROM seals FULL JOIN sealed ON sealed.seal = seals.id
		ORDER BY 1, chain COLLATE "C", place`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r struct {
			Seal
			Chain string
			Place sql.NullInt64
			Hash  []byte
		}
		if err := rows.StructScan(&r); err != nil {
			return err
		}
		if r.ID != w.seal.ID {
			w.end()
			w.seal, w.tails = r.Seal, nil
		}
		if r.Place.Valid {
			w.tails = append(w.tails, tail{r.Chain, r.Place.Int64, r.Hash})
		}
	}
	w.end()
	return rows.Err()
}

// end checks the seal that was read, with all that it stands for.
func (w *sealWalk) end() {
	seal := w.seal
	if seal.ID == 0 {
		return
	}
	fits := w.store.keys.made(seal.Seal, purposeSeal, sealContent(seal, w.last.Seal, w.adopted, w.tails))
	follows := w.last.ID == 0 || seal.FirstDay == w.first
	if !fits || !follows || seal.ID != w.last.ID+1 || seal.Chains != len(w.tails) {
		w.found.add(Flaw{Kind: FlawSeal, Book: "seals", Row: seal.ID, Day: complaint.DayOf(seal.SealedAt), Text: fmt.Sprintf(
			"Seal %d does not fit what it stands for: it, the seal before it or what it covers was changed or removed.", seal.ID)})
	}
	if len(seal.Seal) == 0 { // it is gone; the next one is held against the last that is there
		return
	}
	w.found.Seals++
	w.found.SealedUntil, w.found.LastSeal = seal.Day, hex.EncodeToString(seal.Seal)
	w.last, w.first = seal, seal.Day.AddDays(1)
}
