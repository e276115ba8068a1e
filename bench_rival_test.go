package main

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/devstack"
	"ombudsdienst/schema"
)

// rival is what intake is measured by: pgbench, which writes in a database of its
// own on the same server, with as many clients, each transaction committed by
// itself and each statement prepared.
//
// It writes what one lodging leaves in the register, taken from one that was
// lodged: a row each of submissions, initiatives, complaints, term_events,
// deadlines, letters, events, audit and outbox, with all their columns. The tables
// are those of the register with every index, check, reference and trigger; so
// there are two rows of bindings too.
type rival struct {
	s      *stack
	binary string
	url    string // of the owner

	same string // script: these rows, and the number from the counter, as a plain program takes it
	gaps string // the same with the number from a sequence: nobody waits for a turn, and numbers get lost
	one  string // the row of the submission alone, in one statement, in a copy of its table without references and triggers
}

// lodgedTables are the tables that a lodging writes, in the order of what refers
// to what.
var lodgedTables = []string{
	"submissions", "initiatives", "complaints", "term_events", "deadlines", "letters", "events", "audit", "outbox",
}

// inPlace is what a script writes instead of the value that the first lodging
// has: what differs from one to the next.
var inPlace = map[string]string{
	"number":       ":number",
	"workflow_id":  "'complaint-' || :number",
	"receipt_hash": "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())",
	"email":        "gen_random_uuid() || '@example.org'",
}

func newRival(s *stack) *rival {
	binary, err := exec.LookPath("pgbench")
	if err != nil {
		s.t.Skip("SKIPPED, pgbench is not there")
	}
	const name = "rival"
	require.NoError(s.t, devstack.CreateDatabase(s.t.Context(), s.postgres.AdminURL(), name))
	address, err := devstack.AddressOf(s.postgres.OwnerURL(), name, nil)
	require.NoError(s.t, err)
	owner, err := sqlx.Open("postgres", address)
	require.NoError(s.t, err)
	defer owner.Close()
	require.NoError(s.t, schema.Migrate(s.t.Context(), owner.DB, ""))
	_, err = owner.Exec(`
		INSERT INTO register_key (check_value) VALUES ('');
		INSERT INTO counters (year, last) VALUES (2026, 1);
		CREATE SEQUENCE plain_number START 400000;
		CREATE TABLE plain (LIKE submissions INCLUDING ALL)`)
	require.NoError(s.t, err)
	r := &rival{s: s, binary: binary, url: address}
	rows := ""
	for _, table := range lodgedTables {
		rows += s.insertLike(table, table)
	}
	const fromSequence = `SELECT '2026-' || lpad(nextval('plain_number')::text, 6, '0') AS number`
	r.same = r.script("same", `BEGIN;
		UPDATE counters SET last = last + 1 WHERE year = 2026
		RETURNING '2026-' || lpad(last::text, 6, '0') AS number \gset
		`+rows+`COMMIT;`)
	r.gaps = r.script("gaps", `BEGIN;
		`+fromSequence+` \gset
		`+rows+`COMMIT;`)
	r.one = r.script("one", strings.ReplaceAll(s.insertLike("submissions", "plain"), ":number", "("+fromSequence+")"))
	return r
}

// insertLike writes the statement that inserts a row into a table, like the first
// row that the register has in a table with the same columns.
func (s *stack) insertLike(from, into string) string {
	var columns []string
	require.NoError(s.t, s.db.Select(&columns, `
		SELECT column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name = $1 AND column_name <> 'id' AND is_generated = 'NEVER'
		ORDER BY ordinal_position`, from))
	var names, values []string
	for _, column := range columns {
		var value *string
		require.NoError(s.t, s.db.Get(&value, fmt.Sprintf(
			`SELECT quote_literal(%s::text) FROM %s WHERE number IS NOT NULL LIMIT 1`, column, from)))
		if value == nil {
			continue
		}
		if other, changes := inPlace[column]; changes {
			value = &other
		}
		names, values = append(names, column), append(values, *value)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s);\n", into, strings.Join(names, ", "), strings.Join(values, ", "))
}

func (r *rival) script(name, text string) string {
	file := filepath.Join(r.s.t.TempDir(), name+".sql")
	require.NoError(r.s.t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// run is how many transactions a second a script comes to.
func (r *rival) run(script string) float64 {
	address, err := url.Parse(r.url)
	require.NoError(r.s.t, err)
	password, _ := address.User.Password()
	command := exec.Command(r.binary, "-n", "-M", "prepared", "-c", strconv.Itoa(benchClients), "-j", "2",
		"-T", strconv.Itoa(int(benchTime/time.Second)), "-f", script,
		"-h", address.Hostname(), "-p", address.Port(), "-U", address.User.Username(), filepath.Base(address.Path))
	command.Env = append(os.Environ(), "PGPASSWORD="+password)
	out, err := command.CombinedOutput()
	require.NoError(r.s.t, err, string(out))
	found := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	require.NotNil(r.s.t, found, string(out))
	tps, err := strconv.ParseFloat(string(found[1]), 64)
	require.NoError(r.s.t, err)
	return tps
}
