package register

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const purposeSeal = "daily seal" // of any seal; the word is what the first ones were made with

// sealLock lets one program at a time make a seal.
const sealLock = 4250_2028

// Seal stands for the last place of every chain that grew since the seal before
// it. A daily one covers the days that are over, one made during a day covers none.
type Seal struct {
	ID        int64         `db:"id"`
	Day       complaint.Day `db:"day"`       // the last day it covers
	FirstDay  complaint.Day `db:"first_day"` // before Day when days were missed; after it when it covers none
	SealedAt  time.Time     `db:"sealed_at"`
	Chains    int           `db:"chains"`
	Seal      []byte        `db:"seal"`
	LastEvent sql.NullInt64 `db:"last_event"` // highest IDs when it was made
	LastAudit sql.NullInt64 `db:"last_audit"`
}

const sealColumns = `id, day, first_day, sealed_at, chains, seal, last_event, last_audit`

// tail is a place of a chain that a seal stands for.
type tail struct {
	Chain string
	Place int64
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

// sealOverlap is how far behind its own moment a seal made during a day looks for
// rows: what began earlier may have been committed later. What took longer still
// waits for the daily seal, which looks at everything.
const sealOverlap = 2 * time.Minute

// SealHistory seals the days that are over and not sealed yet, all with one seal,
// and answers with it; nil when there was nothing to seal. Days that were missed
// are so made up for. Of several programs at one time one makes it.
func (s *Store) SealHistory(ctx context.Context) (*Seal, error) {
	made, err := s.sealing(ctx, func(tx *sqlx.Tx, next *Seal) ([]tail, bool, error) {
		next.Day = lastOver(s.now(), sealAfter)
		if next.Day.Before(next.FirstDay) {
			return nil, false, nil
		}
		tails, err := allTails(ctx, tx)
		return tails, true, err
	})
	return made, wrap(err, "seal the history")
}

// SealLatest seals what was written since the last seal, and answers with the seal
// that it made; nil when nothing was written. From then on the end of a chain
// cannot be cut off without a trace.
func (s *Store) SealLatest(ctx context.Context) (*Seal, error) {
	made, err := s.sealing(ctx, func(tx *sqlx.Tx, next *Seal) ([]tail, bool, error) {
		next.Day = next.FirstDay.AddDays(-1)
		tails, err := s.grownTails(ctx, tx)
		return tails, len(tails) > 0, err
	})
	return made, wrap(err, "seal the latest history")
}

// sealing makes a seal of what choose finds to be sealed, when it says so.
func (s *Store) sealing(ctx context.Context, choose func(*sqlx.Tx, *Seal) ([]tail, bool, error)) (made *Seal, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if err := s.ready(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, sealLock); err != nil {
			return err
		}
		last, next, err := nextToSeal(ctx, tx)
		if err != nil || next.FirstDay.IsZero() {
			return err
		}
		err = tx.QueryRowContext(ctx, `
			SELECT (SELECT coalesce(max(id), 0) FROM events), (SELECT coalesce(max(id), 0) FROM audit)`,
		).Scan(&next.LastEvent, &next.LastAudit)
		if err != nil {
			return err
		}
		tails, worth, err := choose(tx, &next)
		if err != nil || !worth {
			return err
		}
		next.SealedAt, next.Chains = s.moment(), len(tails)
		made = &next
		return s.writeSeal(ctx, tx, made, last, tails)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// nextToSeal gives the last seal, and the next one with the first day that has
// none: the day after it, or that of the first row of all. The zero day when there
// is no row yet.
func nextToSeal(ctx context.Context, tx *sqlx.Tx) (last []byte, next Seal, err error) {
	var before Seal
	err = tx.GetContext(ctx, &before, `SELECT `+sealColumns+` FROM seals ORDER BY id DESC LIMIT 1`)
	if err == nil {
		return before.Seal, Seal{ID: before.ID + 1, FirstDay: before.Day.AddDays(1)}, nil
	}
	if !errors.Is(err, errNoRows) {
		return nil, next, err
	}
	first, err := firstDay(ctx, tx)
	return nil, Seal{ID: 1, FirstDay: first}, err
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

// notSealed leaves out the ends of chains that a seal stands for already.
const notSealed = `
	WHERE NOT EXISTS (SELECT FROM sealed s WHERE s.chain = tail.chain AND s.place = tail.place)
	ORDER BY tail.chain COLLATE "C"`

// allTails reads the end of every chain that is not sealed.
func allTails(ctx context.Context, tx *sqlx.Tx) (tails []tail, err error) {
	err = tx.SelectContext(ctx, &tails, `
		SELECT chain, place, hash FROM (
			SELECT DISTINCT ON (chain) chain, place, hash FROM bindings ORDER BY chain, place DESC) tail`+notSealed)
	return tails, err
}

// grownTails reads the ends of the chains that grew lately. It looks at new rows
// only, so it costs the same in a register of years.
func (s *Store) grownTails(ctx context.Context, tx *sqlx.Tx) (tails []tail, err error) {
	var seen Seal
	err = tx.GetContext(ctx, &seen, `
		SELECT last_event, last_audit FROM seals WHERE sealed_at <= $1 ORDER BY id DESC LIMIT 1`, s.now().Add(-sealOverlap))
	if err != nil && !errors.Is(err, errNoRows) {
		return nil, err
	}
	err = tx.SelectContext(ctx, &tails, `
		SELECT tail.chain, tail.place, tail.hash FROM (
			SELECT number AS chain FROM events WHERE id > $1
			UNION
			SELECT coalesce(number, '@' || actor) FROM audit WHERE id > $2) grown
		CROSS JOIN LATERAL (
			SELECT chain, place, hash FROM bindings WHERE bindings.chain = grown.chain ORDER BY place DESC LIMIT 1) tail`+notSealed,
		seen.LastEvent.Int64, seen.LastAudit.Int64)
	return tails, err
}

func (s *Store) writeSeal(ctx context.Context, tx *sqlx.Tx, seal *Seal, last []byte, tails []tail) error {
	old, err := adopted(ctx, tx)
	if err != nil {
		return err
	}
	seal.Seal = s.keys.Hash(purposeSeal, sealContent(*seal, last, old, tails))
	_, err = tx.NamedExecContext(ctx, `
		INSERT INTO seals (`+sealColumns+`)
		VALUES (:id, :day, :first_day, :sealed_at, :chains, :seal, :last_event, :last_audit)`, seal)
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
		INSERT INTO sealed (chain, place, seal, hash)
		SELECT chain, place, $1, hash FROM unnest($2::text[], $3::bigint[], $4::bytea[]) AS tail (chain, place, hash)`,
		seal.ID, pq.Array(chains), pq.Array(places), pq.Array(hashes))
	return err
}

// sealContent is what a seal is made of: the one before it and all that it stands for.
func sealContent(seal Seal, last []byte, old map[string]int64, tails []tail) []byte {
	content := bound(hex.EncodeToString(last), seal.FirstDay.String(), seal.Day.String(), fmt.Sprint(seal.SealedAt.UnixMicro()),
		fmt.Sprint(old["events"]), fmt.Sprint(old["audit"]), fmt.Sprint(seal.Chains))
	if seal.LastEvent.Valid || seal.LastAudit.Valid { // older seals have neither
		content += bound(fmt.Sprint(seal.LastEvent.Int64), fmt.Sprint(seal.LastAudit.Int64))
	}
	rest := make([]byte, 0, len(content)+80*len(tails))
	rest = append(rest, content...)
	for _, t := range tails {
		rest = append(rest, bound(t.Chain, fmt.Sprint(t.Place), hex.EncodeToString(t.Hash))...)
	}
	return rest
}
