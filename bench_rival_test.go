package main

import (
	"cmp"
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
// deadlines, letters, events, audit and outbox, and two of bindings, with all
// their columns and indexes.
type rival struct {
	s      *stack
	binary string
	url    string // of the owner

	bare string // script: these rows in one statement, in copies of the tables without references and triggers, under numbers from a sequence: nobody waits for anybody
	same string // these rows one by one in the tables as they are, their triggers making the bindings, under numbers from the counter, without gaps
	one  string // the row of the submission alone, in one statement, bare
}

// lodgedTables are the tables that a lodging writes, in the order of what refers
// to what.
var lodgedTables = []string{
	"submissions", "initiatives", "complaints", "term_events", "deadlines", "letters", "events", "audit", "outbox", "bindings",
}

// inPlace is what a script writes instead of the value that the first lodging
// has: what differs from one to the next.
var inPlace = map[string]string{
	"number":       ":number",
	"chain":        ":number",
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
		CREATE SEQUENCE plain_number`)
	require.NoError(s.t, err)
	r := &rival{s: s, binary: binary, url: address}
	const fromSequence = `SELECT '2026-' || lpad(nextval('plain_number')::text, 6, '0') AS number`
	same, bare := "", "WITH numbered AS ("+fromSequence+")"
	for _, table := range lodgedTables {
		_, err := owner.Exec(fmt.Sprintf(`CREATE TABLE plain_%s (LIKE %[1]s INCLUDING ALL)`, table))
		require.NoError(s.t, err)
		for i, row := range s.insertsLike(table) {
			bare += fmt.Sprintf(",\n%s_%d AS (%s)", table, i, plainly(row, "SELECT number FROM numbered"))
			if table != "bindings" {
				same += row + ";\n"
			}
		}
	}
	r.bare = r.script("bare", bare+"\nSELECT number FROM numbered;")
	r.same = r.script("same", `BEGIN;
		UPDATE counters SET last = last + 1 WHERE year = 2026
		RETURNING '2026-' || lpad(last::text, 6, '0') AS number \gset
		`+same+`COMMIT;`)
	r.one = r.script("one", plainly(s.insertsLike("submissions")[0], fromSequence)+";")
	return r
}

// plainly turns an insert to the copy of its table, under the number that a query
// gives.
func plainly(insert, number string) string {
	return strings.ReplaceAll(strings.Replace(insert, "INSERT INTO ", "INSERT INTO plain_", 1), ":number", "("+number+")")
}

// insertsLike writes the statements that insert rows like those that the register
// has in a table.
func (s *stack) insertsLike(table string) (inserts []string) {
	var columns []string
	require.NoError(s.t, s.db.Select(&columns, `
		SELECT column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name = $1 AND column_name <> 'id' AND is_generated = 'NEVER'
		ORDER BY ordinal_position`, table))
	rows, err := s.db.Queryx(fmt.Sprintf(`SELECT %s FROM %s`, "quote_literal("+strings.Join(columns, "::text), quote_literal(")+"::text)", table))
	require.NoError(s.t, err)
	defer rows.Close()
	for rows.Next() {
		row, into := make([]*string, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		require.NoError(s.t, rows.Scan(into...))
		var names, values []string
		for i, column := range columns {
			if row[i] == nil {
				continue
			}
			names, values = append(names, column), append(values, cmp.Or(inPlace[column], *row[i]))
		}
		inserts = append(inserts, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(values, ", ")))
	}
	require.NoError(s.t, rows.Err())
	return inserts
}

func (r *rival) script(name, text string) string {
	file := filepath.Join(r.s.t.TempDir(), name+".sql")
	require.NoError(r.s.t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// run is how many transactions a second a script comes to, once its clients are
// connected.
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
	if found == nil { // none was done in the time
		return 0
	}
	tps, err := strconv.ParseFloat(string(found[1]), 64)
	require.NoError(r.s.t, err)
	return tps
}
