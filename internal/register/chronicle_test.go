package register_test

import (
	"encoding/base64"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// chronicle is a register with a history of three days: two files, an officer's
// looks at lists, a seal over the first two days and one of a minute of the third.
type chronicle struct {
	*books
	owner *sqlx.DB
}

func newChronicle(t *testing.T) *chronicle {
	t.Helper()
	c := &chronicle{books: newBooks(t)}
	c.owner = pgtest.Connect(t, c.ownerURL)
	first, second := c.lodge().Number, c.lodge().Number
	c.write(first, "received")
	c.write(second, "received")
	c.write(first, "assessed")
	c.now = c.now.Add(24 * time.Hour)
	must(t, c.AddAudit(t.Context(), c.db, register.Audit{Actor: "olga", Role: "ombuds", Action: "look_complaints", Address: "::1"}))
	c.write(second, "assessed")
	c.now = c.now.Add(24 * time.Hour)
	seal, err := c.SealHistory(t.Context())
	must(t, err)
	if seal == nil {
		t.Fatal("two days are over and nothing was sealed")
	}
	c.write(first, "closed")
	c.now = c.now.Add(time.Minute)
	latest, err := c.SealLatest(t.Context())
	must(t, err)
	if latest == nil || latest.Chains != 1 {
		t.Fatalf("seal %+v of the last minute, want one of the chain that grew", latest)
	}
	c.write(second, "closed")
	must(t, c.AddAudit(t.Context(), c.db, register.Audit{Actor: "olga", Role: "ombuds", Action: "look_complaints", Address: "::1"}))
	c.free()
	return c
}

// write notes one thing in history and audit.
func (c *chronicle) write(number complaint.Number, kind string) {
	c.t.Helper()
	c.tx(func(tx *sqlx.Tx) error {
		err := c.AddEvent(c.t.Context(), tx, number, kind, "olga", register.Details{"seq": 1, "last_day": "2026-04-16", "ground": nil})
		if err != nil {
			return err
		}
		return c.AddAudit(c.t.Context(), tx, register.Audit{Actor: "olga", Role: "ombuds", Action: kind, Number: number, Address: "::1", Fields: []string{"reasons", `odd "one", {2}`}})
	})
}

// free lets the owner change what the tables' own rules forbid, as the owner can.
func (c *chronicle) free() {
	c.t.Helper()
	for _, constraint := range []string{
		"events DROP CONSTRAINT events_number_fkey", "sealed DROP CONSTRAINT sealed_seal_fkey",
		"seals DROP CONSTRAINT seals_check", "adopted DROP CONSTRAINT adopted_pkey",
	} {
		c.exec("ALTER TABLE " + constraint)
	}
}

func (c *chronicle) exec(query string, args ...any) {
	c.t.Helper()
	_, err := c.owner.Exec(query, args...)
	must(c.t, err)
}

func (c *chronicle) check() register.Integrity {
	c.t.Helper()
	found, err := c.CheckHistory(c.t.Context(), register.HistoryPart{})
	must(c.t, err)
	return found
}

// inThreeShares is a cursor at the beginning that compares a third of the rows at a
// time, as for a register of millions.
var inThreeShares = base64.RawURLEncoding.EncodeToString([]byte(`{"share": {"of": 3}}`))

// inParts looks through the history in parts as small as they can be.
func (c *chronicle) inParts() register.Integrity {
	c.t.Helper()
	all := register.Integrity{}
	part := register.HistoryPart{Within: 1, Places: 2, Cursor: inThreeShares}
	for range 100 {
		found, err := c.CheckHistory(c.t.Context(), part)
		must(c.t, err)
		all.Rows, all.Chains, all.Seals = all.Rows+found.Rows, all.Chains+found.Chains, all.Seals+found.Seals
		all.Total, all.Flaws = all.Total+found.Total, append(all.Flaws, found.Flaws...)
		if found.NextCursor == nil {
			return all
		}
		part.Cursor = *found.NextCursor
	}
	c.t.Fatal("the parts come to no end")
	return all
}

func (c *chronicle) wantSound() {
	c.t.Helper()
	if found := c.check(); !found.Sound || len(found.Flaws) > 0 {
		c.t.Fatalf("flaws in a sound history: %v", found.Flaws)
	}
}

// books that history is kept in, with the key of a row.
var historyBooks = map[string]string{
	"events": "id", "audit": "id", "bindings": "chain, place", "seals": "id", "sealed": "chain, place", "adopted": "book",
}

// changes are the least that can be done to a value of a type.
var changes = map[string]string{
	"bigint": "%s + 1000", "integer": "%s + 1", "text": "%s || ' '", "jsonb": `%s || '{"seq": 2}'`,
	"timestamp with time zone": "%s + interval '1 microsecond'", "date": "%s + 1000",
	"ARRAY": "%s || '{x}'::text[]", "bytea": "set_bit(%s, 3, 1 - get_bit(%[1]s, 3))",
}

// rowsOf lists where each row of a book is found.
func (c *chronicle) rowsOf(book string) []string {
	c.t.Helper()
	var places []string
	must(c.t, c.owner.Select(&places, `SELECT ctid::text FROM `+book+` ORDER BY `+historyBooks[book]))
	if len(places) == 0 {
		c.t.Fatalf("%s is empty", book)
	}
	return places
}

// keep copies all books, and back puts them back as they were.
func (c *chronicle) keep() {
	for book := range historyBooks {
		c.exec(`CREATE TABLE kept_` + book + ` AS SELECT * FROM ` + book)
	}
}

func (c *chronicle) back() {
	c.t.Helper()
	statements := `ALTER TABLE events DISABLE TRIGGER bound_at_commit; ALTER TABLE audit DISABLE TRIGGER bound_at_commit;`
	for book := range historyBooks {
		statements += `DELETE FROM ` + book + `; INSERT INTO ` + book + ` SELECT * FROM kept_` + book + `;`
	}
	c.exec(statements + `ALTER TABLE events ENABLE TRIGGER bound_at_commit; ALTER TABLE audit ENABLE TRIGGER bound_at_commit`)
}

// wantEachFound makes each change to the kept history alone, and wants it found.
func (c *chronicle) wantEachFound(t *testing.T, changes map[string][]string) {
	t.Helper()
	for name, statements := range changes {
		t.Run(name, func(t *testing.T) {
			c.back()
			for _, statement := range statements {
				c.exec(statement)
			}
			if found := c.check(); found.Sound {
				t.Error("nothing is found")
			}
		})
	}
}
