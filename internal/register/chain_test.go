package register_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

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
			if all, parts := c.check(), c.inParts(); !slices.Equal(all.Flaws, parts.Flaws) || all.Rows != parts.Rows || all.Chains != parts.Chains || all.Seals != parts.Seals {
				t.Errorf("row %d of %s is gone: in one part %+v, in many %+v", n+1, book, all, parts)
			}
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
	c.wantEachFound(t, map[string][]string{
		"a line, bound like any other":   {line},
		"an event, bound like any other": {event},
		"a line past the trigger":        {`ALTER TABLE audit DISABLE TRIGGER bound_at_commit`, line},
		"an event past the trigger":      {`ALTER TABLE events DISABLE TRIGGER bound_at_commit`, event},
		"a copy of a line": {`INSERT INTO audit (at, actor, role, action, number, address, fields, mark)
			SELECT at, actor, role, action, number, address, fields, mark FROM audit ORDER BY id LIMIT 1`},
		"a line that says it is old": {`UPDATE adopted SET last_id = 1000`, line},
		"a place for a row that is bound": {`INSERT INTO bindings
			SELECT chain, place + 10, book, row_id, hash FROM bindings ORDER BY chain, place LIMIT 1`},
	})
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
