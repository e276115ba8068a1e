package register

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const purposeSeal = "daily seal"

// sealLock lets one program at a time make a seal.
const sealLock = 4250_2028

// Seal is one daily seal.
type Seal struct {
	Day      complaint.Day `db:"day"`       // the last day it covers
	FirstDay complaint.Day `db:"first_day"` // before Day when days were missed
	SealedAt time.Time     `db:"sealed_at"`
	Chains   int           `db:"chains"`
	Seal     []byte        `db:"seal"`
}

// tail is a place of a chain that a seal stands for.
type tail struct {
	Chain string
	Place int64
	Day   complaint.Day
	Hash  []byte
}

// Days are sealed somewhat after their end, when what was begun in them is over.
const (
	sealAfter  = 15 * time.Minute
	sealWithin = 2 * time.Hour // of the end; then its absence is a flaw
)

// lastOver is the last day that ended at least a while before a moment.
func lastOver(now time.Time, ago time.Duration) complaint.Day {
	return complaint.DayOf(now.Add(-ago)).AddDays(-1)
}

// SealHistory seals the days that are over and not sealed yet, all with one seal,
// and answers with it; nil when there was nothing to seal. Days that were missed
// are so made up for. Of several programs at one time one makes it.
func (s *Store) SealHistory(ctx context.Context) (made *Seal, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := s.ready(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, sealLock); err != nil {
			return err
		}
		last, first, err := nextToSeal(ctx, tx)
		if err != nil || first.IsZero() {
			return err
		}
		through := lastOver(s.now(), sealAfter)
		if through.Before(first) {
			return nil
		}
		made = &Seal{Day: through, FirstDay: first, SealedAt: s.moment()}
		return s.writeSeal(ctx, tx, made, last)
	})
	if err != nil {
		return nil, wrap(err, "seal the history")
	}
	return made, nil
}

// nextToSeal gives the last seal and the first day without one: the day after it,
// or that of the first row of all. The zero day when there is no row yet.
func nextToSeal(ctx context.Context, tx *sqlx.Tx) (last []byte, first complaint.Day, err error) {
	var before Seal
	err = tx.GetContext(ctx, &before, `SELECT day, first_day, sealed_at, chains, seal FROM seals ORDER BY day DESC LIMIT 1`)
	if err == nil {
		return before.Seal, before.Day.AddDays(1), nil
	}
	if !errors.Is(err, errNoRows) {
		return nil, first, err
	}
	first, err = firstDay(ctx, tx)
	return nil, first, err
}

// firstDay is the day of the first row of all; zero when there is none.
func firstDay(ctx context.Context, tx *sqlx.Tx) (complaint.Day, error) {
	var at *time.Time
	err := tx.GetContext(ctx, &at, `
		SELECT least((SELECT at FROM events ORDER BY id LIMIT 1), (SELECT at FROM audit ORDER BY id LIMIT 1))`)
	if err != nil || at == nil {
		return complaint.Day{}, err
	}
	return complaint.DayOf(*at), nil
}

func (s *Store) writeSeal(ctx context.Context, tx *sqlx.Tx, seal *Seal, last []byte) error {
	var tails []tail
	err := tx.SelectContext(ctx, &tails, `
		SELECT chain, place, hash FROM (
			SELECT DISTINCT ON (chain) chain, place, hash FROM bindings ORDER BY chain, place DESC) tail
		WHERE NOT EXISTS (SELECT FROM sealed s WHERE s.chain = tail.chain AND s.place = tail.place)
		ORDER BY chain COLLATE "C"`)
	if err != nil {
		return err
	}
	old, err := adopted(ctx, tx)
	if err != nil {
		return err
	}
	seal.Chains = len(tails)
	seal.Seal = s.keys.Hash(purposeSeal, sealContent(*seal, last, old, tails))
	_, err = tx.NamedExecContext(ctx, `
		INSERT INTO seals (day, first_day, sealed_at, chains, seal) VALUES (:day, :first_day, :sealed_at, :chains, :seal)`, seal)
	if err != nil {
		return err
	}
	var chains []string
	var places []int64
	var hashes [][]byte
	for _, t := range tails {
		chains, places, hashes = append(chains, t.Chain), append(places, t.Place), append(hashes, t.Hash)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO sealed (chain, place, day, hash)
		SELECT chain, place, $1, hash FROM unnest($2::text[], $3::bigint[], $4::bytea[]) AS tail (chain, place, hash)`,
		seal.Day, pq.Array(chains), pq.Array(places), pq.Array(hashes))
	return err
}

// sealContent is what a seal is made of: the one before it and all that it stands for.
func sealContent(seal Seal, last []byte, old map[string]int64, tails []tail) []byte {
	content := bound(hex.EncodeToString(last), seal.FirstDay.String(), seal.Day.String(), fmt.Sprint(seal.SealedAt.UnixMicro()),
		fmt.Sprint(old["events"]), fmt.Sprint(old["audit"]), fmt.Sprint(seal.Chains))
	rest := make([]byte, 0, len(content)+80*len(tails))
	rest = append(rest, content...)
	for _, t := range tails {
		rest = append(rest, bound(t.Chain, fmt.Sprint(t.Place), hex.EncodeToString(t.Hash))...)
	}
	return rest
}

// checkSeals finds seals that do not fit, and days without one.
func (s *Store) checkSeals(ctx context.Context, tx *sqlx.Tx, found *Integrity) error {
	if err := checkSealed(ctx, tx, found); err != nil {
		return err
	}
	var seals []Seal
	var tails []tail
	err := tx.SelectContext(ctx, &seals, `SELECT day, first_day, sealed_at, chains, seal FROM seals ORDER BY day`)
	if err == nil {
		err = tx.SelectContext(ctx, &tails, `SELECT chain, place, day, hash FROM sealed ORDER BY day, chain COLLATE "C", place`)
	}
	if err != nil {
		return err
	}
	old, err := adopted(ctx, tx)
	if err != nil {
		return err
	}
	first, err := firstDay(ctx, tx)
	if err != nil {
		return err
	}
	var last []byte
	for _, seal := range seals {
		n := 0
		for n < len(tails) && tails[n].Day == seal.Day {
			n++
		}
		if !s.keys.made(seal.Seal, purposeSeal, sealContent(seal, last, old, tails[:n])) || seal.Chains != n || seal.FirstDay != first && last != nil {
			found.add(Flaw{Kind: FlawSeal, Book: "seals", Day: seal.Day, Text: fmt.Sprintf(
				"The seal of %s does not fit what it stands for: it, the seal before it or what it covers was changed or removed.", seal.Day)})
		}
		last, first, tails = seal.Seal, seal.Day.AddDays(1), tails[n:]
		found.SealedUntil, found.LastSeal = seal.Day, hex.EncodeToString(seal.Seal)
	}
	found.Seals = len(seals)
	if through := lastOver(s.now(), sealWithin); !first.IsZero() && !through.Before(first) {
		found.add(Flaw{Kind: FlawUnsealed, Book: "seals", Day: first, Text: fmt.Sprintf(
			"The days from %s to %s are not sealed: the API seals them while it runs, so it stood still, or a seal was removed.", first, through)})
	}
	return nil
}

// checkSealed compares what was sealed with what stands there now.
func checkSealed(ctx context.Context, tx *sqlx.Tx, found *Integrity) error {
	var broken []tail
	err := tx.SelectContext(ctx, &broken, `
		SELECT s.chain, s.place, s.day FROM sealed s LEFT JOIN bindings b USING (chain, place)
		WHERE b.hash IS DISTINCT FROM s.hash ORDER BY s.chain, s.place`)
	for _, t := range broken {
		found.add(Flaw{Kind: FlawSeal, Chain: t.Chain, Place: t.Place, Book: "seals", Day: t.Day, Text: fmt.Sprintf(
			"In the chain of %s, place %d is not what was sealed on %s: rows up to it were changed or removed afterwards.", t.Chain, t.Place, t.Day)})
	}
	return err
}
