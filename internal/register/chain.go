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

// Integrity is what a look through chains and seals came to.
type Integrity struct {
	Rows        int           `json:"rows" doc:"of history and audit that were read"`
	Chains      int           `json:"chains"`
	Seals       int           `json:"seals"`
	SealedUntil complaint.Day `json:"sealed_until" format:"date" nullable:"true" doc:"last day that is sealed; null before the first seal"`
	LastSeal    string        `json:"last_seal" doc:"in hexadecimal, to be noted elsewhere and compared later; empty before the first one"`
	Sound       bool          `json:"sound"`
	Total       int           `json:"total" doc:"number of flaws; not all are listed when there are very many"`
	Flaws       []Flaw        `json:"flaws"`
	NextCursor  *string       `json:"next_cursor" nullable:"true" doc:"asks for the rest; null: all was looked at. Then all this is about a part only"`
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

// selectBound reads places of chains after one of them, a number at a time. Each
// row is looked up by its ID: reading a book whole for every part would cost more
// the longer it is.
const selectBound = `
	SELECT b.chain, b.place, b.book, b.row_id, b.hash, e.id IS NOT NULL OR a.id IS NOT NULL AS present,
		coalesce(e.number, a.number, '') AS number,
		CASE WHEN isfinite(coalesce(e.at, a.at)) THEN (extract(epoch FROM coalesce(e.at, a.at)) * 1000000)::bigint ELSE -1 END AS at_micro,
		coalesce(e.kind, a.action, '') AS kind, coalesce(e.actor, a.actor, '') AS actor, coalesce(e.details::text, '') AS details,
		coalesce(a.role, '') AS role, coalesce(a.address, '') AS address, coalesce(a.fields::text, '') AS fields,
		coalesce(e.mark, a.mark, '') AS mark
	FROM (SELECT chain, place, book, row_id, hash FROM bindings WHERE (chain, place) > ($1, $2) ORDER BY chain, place LIMIT $3) b
	LEFT JOIN LATERAL (SELECT * FROM events WHERE b.book = 'events' AND events.id = b.row_id LIMIT 1) e ON true
	LEFT JOIN LATERAL (SELECT * FROM audit WHERE b.book = 'audit' AND audit.id = b.row_id LIMIT 1) a ON true
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
