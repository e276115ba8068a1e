package register_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// chronicle is a register with a history of three days: two files, an officer's
// looks at lists, and a seal over the first two days.
type chronicle struct {
	*books
	owner *sqlx.DB
}

func newChronicle(t *testing.T) *chronicle {
	t.Helper()
	c := &chronicle{books: newBooks(t)}
	c.owner = connect(t, c.ownerURL)
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
		"events DROP CONSTRAINT events_number_fkey", "sealed DROP CONSTRAINT sealed_day_fkey",
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
	found, err := c.CheckHistory(c.t.Context())
	must(c.t, err)
	return found
}

func (c *chronicle) wantSound() {
	c.t.Helper()
	if found := c.check(); !found.Sound || len(found.Flaws) > 0 {
		c.t.Fatalf("flaws in a sound history: %v", found.Flaws)
	}
}

// books that history is kept in, with the key of a row.
var historyBooks = map[string]string{
	"events": "id", "audit": "id", "bindings": "chain, place", "seals": "day", "sealed": "chain, place", "adopted": "book",
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

func TestAnySingleChangeOfAnyColumnOfAnyRowIsFound(t *testing.T) {
	c := newChronicle(t)
	c.wantSound()
	c.keep()
	for book := range historyBooks {
		var columns []struct {
			Name string `db:"column_name"`
			Type string `db:"data_type"`
		}
		must(t, c.owner.Select(&columns, `
			SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1`, book))
		for n := range c.rowsOf(book) {
			for _, column := range columns {
				change := fmt.Sprintf(changes[column.Type], column.Name)
				if column.Name == "number" {
					change = `CASE WHEN number = '2026-000001' THEN '2026-000002' ELSE '2026-000001' END`
				}
				if column.Name == "book" {
					change = `CASE WHEN book = 'events' THEN 'audit' ELSE 'events' END`
				}
				row := c.rowsOf(book)[n]
				c.exec(`UPDATE ` + book + ` SET ` + column.Name + ` = ` + change + ` WHERE ctid = '` + row + `'`)
				c.wantFlaw(book, n, column.Name+" was changed")
				c.back()
			}
		}
	}
	c.wantSound()
}

func TestAnySingleRowThatIsGoneIsFound(t *testing.T) {
	c := newChronicle(t)
	c.keep()
	for book := range historyBooks {
		for n := range c.rowsOf(book) {
			c.exec(`DELETE FROM ` + book + ` WHERE ctid = '` + c.rowsOf(book)[n] + `'`)
			c.wantFlaw(book, n, "it was removed")
			c.back()
		}
	}
	c.wantSound()
}

// wantFlaw checks that something is found, and that a row of a file is named
// with its file.
func (c *chronicle) wantFlaw(book string, n int, what string) {
	c.t.Helper()
	found := c.check()
	if found.Sound || len(found.Flaws) == 0 {
		c.t.Errorf("row %d of %s: %s, and nothing is found", n+1, book, what)
		return
	}
	if book != "events" && book != "audit" {
		return
	}
	f := found.Flaws[0]
	if f.Book != book || f.Row == 0 || f.Chain == "" && f.Number == "" || !strings.Contains(f.Text, book) {
		c.t.Errorf("row %d of %s: %s: the flaw does not say where: %+v", n+1, book, what, f)
	}
}

func TestARowPutInPastTheProgramIsFound(t *testing.T) {
	const line = `INSERT INTO audit (at, actor, role, action, number, address) VALUES (now(), 'olga', 'ombuds', 'look_file', '2026-000001', '::1')`
	const event = `INSERT INTO events (number, at, kind, actor) VALUES ('2026-000001', now(), 'closed', 'olga')`
	c := newChronicle(t)
	c.keep()
	for name, statements := range map[string][]string{
		"a line, bound like any other":   {line},
		"an event, bound like any other": {event},
		"a line past the trigger":        {`ALTER TABLE audit DISABLE TRIGGER bound_at_commit`, line},
		"an event past the trigger":      {`ALTER TABLE events DISABLE TRIGGER bound_at_commit`, event},
		"a copy of a line": {`INSERT INTO audit (at, actor, role, action, number, address, fields, mark)
			SELECT at, actor, role, action, number, address, fields, mark FROM audit ORDER BY id LIMIT 1`},
		"a line that says it is old": {`UPDATE adopted SET last_id = 1000`, line},
		"a place for a row that is bound": {`INSERT INTO bindings
			SELECT chain, place + 10, book, row_id, hash FROM bindings ORDER BY chain, place LIMIT 1`},
	} {
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

func TestRowsThatChangePlacesAreFound(t *testing.T) {
	c := newChronicle(t)
	c.keep()
	for name, statement := range map[string]string{
		"two rows of one file": `UPDATE audit a SET action = b.action, mark = b.mark, at = b.at FROM audit b
			WHERE a.number = '2026-000001' AND b.number = a.number AND a.id <> b.id
				AND 'assessed' NOT IN (a.action, b.action)`,
		"two places of one file": `UPDATE bindings a SET row_id = b.row_id, book = b.book FROM bindings b
			WHERE a.chain = b.chain AND a.chain = '2026-000001' AND a.place + b.place = 3`,
		"rows of two files": `UPDATE bindings a SET row_id = b.row_id FROM bindings b
			WHERE a.chain <> b.chain AND a.chain LIKE '2026%' AND b.chain LIKE '2026%' AND a.place = 1 AND b.place = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			c.back()
			c.exec(statement)
			if found := c.check(); len(found.Flaws) < 2 {
				t.Errorf("flaws %v, want both rows", found.Flaws)
			}
		})
	}
}

// TestAHistoryRewrittenAfterItsSealIsFound: whoever owns the database can make
// chains that fit in themselves, but no seal.
func TestAHistoryRewrittenAfterItsSealIsFound(t *testing.T) {
	c := newChronicle(t)
	c.keep()
	for name, statements := range map[string][]string{
		"the end of a chain is cut off": {
			`DELETE FROM bindings WHERE chain = '2026-000002' AND place > 3`,
			`DELETE FROM events WHERE number = '2026-000002' AND id > 2`,
			`DELETE FROM audit WHERE number = '2026-000002' AND action <> 'received'`,
		},
		"a whole file is gone": {
			`DELETE FROM bindings WHERE chain = '2026-000002'`, `DELETE FROM events WHERE number = '2026-000002'`,
			`DELETE FROM audit WHERE number = '2026-000002'`,
		},
		"the last seal is gone": {`DELETE FROM sealed`, `DELETE FROM seals`},
	} {
		t.Run(name, func(t *testing.T) {
			c.back()
			for _, statement := range statements {
				c.exec(statement)
			}
			found := c.check()
			for _, f := range found.Flaws {
				if f.Book == "seals" && !f.Day.IsZero() {
					return
				}
			}
			t.Errorf("flaws %v, want one of a seal", found.Flaws)
		})
	}
}

func TestEachDayIsSealedOnceAndAMissedOneIsMadeUpFor(t *testing.T) {
	c := newChronicle(t)
	seal := func() *register.Seal {
		made, err := c.SealHistory(t.Context())
		must(t, err)
		return made
	}
	if made := seal(); made != nil {
		t.Errorf("a day was sealed twice: %+v", made)
	}
	c.now = complaint.NewDay(2026, time.March, 4).End().Add(14 * time.Minute)
	if made := seal(); made != nil {
		t.Errorf("a day was sealed while what began in it may go on: %+v", made)
	}
	c.now = c.now.Add(time.Minute)
	if made := seal(); made == nil || made.Day != complaint.NewDay(2026, time.March, 4) || made.FirstDay != made.Day {
		t.Errorf("seal %+v, want one of 4 March", made)
	}
	c.now = c.now.Add(72 * time.Hour)
	if found := c.check(); len(found.Flaws) != 1 || found.Flaws[0].Kind != register.FlawUnsealed {
		t.Errorf("flaws %v, want the days that are not sealed", found.Flaws)
	}
	if made := seal(); made == nil || made.FirstDay != complaint.NewDay(2026, time.March, 5) || made.Day != complaint.NewDay(2026, time.March, 7) {
		t.Errorf("seal %+v, want one of 5 to 7 March", made)
	}
	c.wantSound()
}

func TestAChainHoldsWhatManyWriteAtOneTime(t *testing.T) {
	c := newChronicle(t)
	done := make(chan error)
	for writer := range 8 {
		go func() {
			var err error
			for n := range 25 {
				number := complaint.NewNumber(2026, 1+(writer+n)%2)
				err = register.Tx(t.Context(), c.db, func(tx *sqlx.Tx) error {
					if err := c.AddEvent(t.Context(), tx, number, "moved", "procedure", nil); err != nil {
						return err
					}
					return c.AddAudits(t.Context(), tx, []register.Audit{
						{Actor: "olga", Role: "ombuds", Action: "a", Number: number}, {Actor: "olga", Role: "ombuds", Action: "b", Number: number},
					})
				})
				if err != nil {
					break
				}
			}
			done <- err
		}()
	}
	for range 8 {
		must(t, <-done)
	}
	c.wantSound()
	if found := c.check(); found.Rows < 600 || found.Chains != 3 {
		t.Errorf("%d rows in %d chains", found.Rows, found.Chains)
	}
}

func TestTheProgramCannotForgeAChain(t *testing.T) {
	c := newChronicle(t)
	for _, statement := range []string{
		`INSERT INTO bindings (chain, place, book, row_id, hash) VALUES ('2026-000001', 99, 'audit', 1, '')`,
		`UPDATE bindings SET row_id = 1`, `DELETE FROM bindings`, `UPDATE seals SET chains = 0`, `DELETE FROM sealed`,
		`UPDATE adopted SET last_id = 99`, `ALTER TABLE audit DISABLE TRIGGER bound_at_commit`, `SELECT bind_row()`,
	} {
		if _, err := c.db.Exec(statement); err == nil {
			t.Errorf("the application may %s", statement)
		}
	}
}
