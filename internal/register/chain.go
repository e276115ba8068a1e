package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Flaw is something that somebody did to the history past the program: where it
// is, and in words what is wrong.
type Flaw struct {
	Kind   FlawKind         `json:"kind"`
	Number complaint.Number `json:"number,omitempty" doc:"the complaint whose file it is in; empty: no complaint's"`
	Chain  string           `json:"chain,omitempty" doc:"a complaint's number, or @ and the login of who looked at lists"`
	Place  int64            `json:"place,omitempty" doc:"in the chain"`
	Book   string           `json:"book,omitempty" doc:"events, audit or seals"`
	Row    int64            `json:"row,omitempty" doc:"its ID in that table"`
	Day    complaint.Day    `json:"day,omitzero" format:"date" doc:"of the seal, where it is about one"`
	Text   string           `json:"text"`
}

// FlawKind is a code for what is wrong.
type FlawKind string

const (
	FlawAltered  FlawKind = "altered"  // a row, or what binds it, was changed
	FlawRemoved  FlawKind = "removed"  // a row is gone
	FlawUnbound  FlawKind = "unbound"  // a row is in no chain: put there, or what bound it is gone
	FlawGap      FlawKind = "gap"      // places of a chain are gone
	FlawForeign  FlawKind = "foreign"  // a row was not written by this program
	FlawRepeated FlawKind = "repeated" // a row is there twice
	FlawSeal     FlawKind = "seal"     // a seal does not fit what it stands for
	FlawUnsealed FlawKind = "unsealed" // days that should be sealed are not
)

// maxFlaws is how many are told one by one; more are only counted.
const maxFlaws = 500

// Integrity is what a look through all chains and seals came to.
type Integrity struct {
	Rows        int           `json:"rows" doc:"of history and audit that were read"`
	Chains      int           `json:"chains"`
	Seals       int           `json:"seals"`
	SealedUntil complaint.Day `json:"sealed_until" format:"date" nullable:"true" doc:"last day that is sealed; null before the first seal"`
	LastSeal    string        `json:"last_seal" doc:"in hexadecimal, to be noted elsewhere and compared later; empty before the first one"`
	Sound       bool          `json:"sound"`
	Total       int           `json:"total" doc:"number of flaws; not all are listed when there are very many"`
	Flaws       []Flaw        `json:"flaws"`
}

func (i *Integrity) add(f Flaw) {
	if complaint.Number(f.Chain).Valid() && f.Number == "" {
		f.Number = complaint.Number(f.Chain)
	}
	i.Total++
	if len(i.Flaws) < maxFlaws {
		i.Flaws = append(i.Flaws, f)
	}
}

// CheckHistory looks through all chains and seals, on one state of the register.
// It computes every hash itself and trusts nothing of the database but what it
// reads.
func (s *Store) CheckHistory(ctx context.Context) (Integrity, error) {
	found := Integrity{Flaws: []Flaw{}}
	err := s.look(ctx, func(tx *sqlx.Tx) error {
		if err := s.ready(ctx, tx); err != nil {
			return err
		}
		for _, check := range []func(context.Context, *sqlx.Tx, *Integrity) error{
			s.checkChains, checkUnbound, checkRepeated, s.checkSeals,
		} {
			if err := check(ctx, tx, &found); err != nil {
				return err
			}
		}
		return nil
	})
	found.Sound = found.Total == 0
	return found, wrap(err, "check the history")
}

// boundRow is a place of a chain with the row that stands there.
type boundRow struct {
	Chain   string
	Place   int64
	Book    string
	RowID   int64 `db:"row_id"`
	Hash    []byte
	Present bool
	Number  string
	AtMicro int64 `db:"at_micro"` // -1: no moment at all
	Kind    string
	Actor   string
	Details string
	Role    string
	Address string
	Fields  string
	Mark    []byte
}

const selectBound = `
	SELECT b.chain, b.place, b.book, b.row_id, b.hash, e.id IS NOT NULL OR a.id IS NOT NULL AS present,
		coalesce(e.number, a.number, '') AS number,
		CASE WHEN isfinite(coalesce(e.at, a.at)) THEN (extract(epoch FROM coalesce(e.at, a.at)) * 1000000)::bigint ELSE -1 END AS at_micro,
		coalesce(e.kind, a.action, '') AS kind, coalesce(e.actor, a.actor, '') AS actor, coalesce(e.details::text, '') AS details,
		coalesce(a.role, '') AS role, coalesce(a.address, '') AS address, coalesce(a.fields::text, '') AS fields,
		coalesce(e.mark, a.mark, '') AS mark
	FROM bindings b
	LEFT JOIN events e ON b.book = 'events' AND e.id = b.row_id
	LEFT JOIN audit a ON b.book = 'audit' AND a.id = b.row_id
	ORDER BY b.chain, b.place`

// hash binds a row to the one before it, as the database's trigger does.
func (r boundRow) hash(before []byte) []byte {
	content := fmt.Sprintf("%d:%s %d ", len(r.Chain), r.Chain, r.Place)
	if r.Book == "events" {
		content += fmt.Sprintf("events %d %d %s %d:%s %d:%s %d:%s %s", r.RowID, r.AtMicro, r.Number,
			len(r.Kind), r.Kind, len(r.Actor), r.Actor, len(r.Details), r.Details, hex.EncodeToString(r.Mark))
	} else {
		content += fmt.Sprintf("audit %d %d %s %d:%s %d:%s %d:%s %d:%s %d:%s %s", r.RowID, r.AtMicro, r.Number,
			len(r.Actor), r.Actor, len(r.Role), r.Role, len(r.Kind), r.Kind, len(r.Address), r.Address,
			len(r.Fields), r.Fields, hex.EncodeToString(r.Mark))
	}
	sum := sha256.Sum256(append(slices.Clone(before), content...))
	return sum[:]
}

// content is what the row's mark stands for.
func (r boundRow) content() (string, error) {
	at := microMoment(r.AtMicro)
	if r.Book == "events" {
		return eventContent(at, NewEvent{Number: complaint.Number(r.Number), Kind: r.Kind, Actor: r.Actor}, []byte(r.Details))
	}
	var fields pq.StringArray
	err := fields.Scan(r.Fields)
	return auditContent(at, Audit{
		Actor: r.Actor, Role: r.Role, Action: r.Kind, Number: complaint.Number(r.Number), Address: r.Address, Fields: fields,
	}), err
}

func (s *Store) checkChains(ctx context.Context, tx *sqlx.Tx, found *Integrity) error {
	old, err := adopted(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := tx.QueryxContext(ctx, selectBound)
	if err != nil {
		return err
	}
	defer rows.Close()
	walk := chainWalk{store: s, found: found, adopted: old, unmarked: map[string]int64{"events": 0, "audit": 0}}
	for rows.Next() {
		var r boundRow
		if err := rows.StructScan(&r); err != nil {
			return err
		}
		walk.step(r)
	}
	walk.end()
	return rows.Err()
}

// adopted is the last row of each book that is older than the chains.
func adopted(ctx context.Context, tx *sqlx.Tx) (map[string]int64, error) {
	var rows []struct {
		Book   string
		LastID int64 `db:"last_id"`
	}
	err := tx.SelectContext(ctx, &rows, `SELECT book, last_id FROM adopted`)
	old := map[string]int64{}
	for _, r := range rows {
		old[r.Book] = r.LastID
	}
	return old, err
}

// checkUnbound finds rows that are in no chain.
func checkUnbound(ctx context.Context, tx *sqlx.Tx, found *Integrity) error {
	var rows []struct {
		Book   string
		ID     int64
		Number complaint.Number
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT 'events' AS book, id, number FROM events
		WHERE NOT EXISTS (SELECT FROM bindings b WHERE b.book = 'events' AND b.row_id = events.id)
		UNION ALL
		SELECT 'audit', id, coalesce(number, '') FROM audit
		WHERE NOT EXISTS (SELECT FROM bindings b WHERE b.book = 'audit' AND b.row_id = audit.id)
		ORDER BY book, id`)
	for _, r := range rows {
		found.add(Flaw{Kind: FlawUnbound, Number: r.Number, Book: r.Book, Row: r.ID, Text: fmt.Sprintf(
			"Row %d of %s is in no chain: it was put there past the program, or what bound it was removed.", r.ID, r.Book)})
	}
	return err
}

// checkRepeated finds rows that are bound twice, and rows with the mark of
// another.
func checkRepeated(ctx context.Context, tx *sqlx.Tx, found *Integrity) error {
	var rows []struct {
		Book   string
		ID     int64
		Number complaint.Number
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT book, row_id AS id, '' AS number FROM bindings GROUP BY book, row_id HAVING count(*) > 1
		UNION ALL
		SELECT 'events', max(id), max(number) FROM events WHERE mark <> '' GROUP BY mark HAVING count(*) > 1
		UNION ALL
		SELECT 'audit', max(id), coalesce(max(number), '') FROM audit WHERE mark <> '' GROUP BY mark HAVING count(*) > 1
		ORDER BY book, id`)
	for _, r := range rows {
		found.add(Flaw{Kind: FlawRepeated, Number: r.Number, Book: r.Book, Row: r.ID, Text: fmt.Sprintf(
			"Row %d of %s is there twice: it was copied past the program.", r.ID, r.Book)})
	}
	return err
}
