package schema_test

import (
	"database/sql"
	"sync"
	"testing"

	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/schema"

	"github.com/lib/pq"
)

const appUser = "ombudsdienst_app"

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestProgramsThatMigrateAtOneTimeAgree(t *testing.T) {
	ownerURL, _ := pgtest.New(t)
	var programs sync.WaitGroup
	for range 4 {
		programs.Go(func() {
			if err := schema.Migrate(t.Context(), open(t, ownerURL), appUser); err != nil {
				t.Error(err)
			}
		})
	}
	programs.Wait()
}

func TestDatabaseIsCurrentOnlyOnceMigrated(t *testing.T) {
	ownerURL, appURL := pgtest.New(t)
	app := open(t, appURL)
	if current, err := schema.Current(t.Context(), app); err != nil || current {
		t.Errorf("an empty database: current %v, error %v", current, err)
	}
	if err := schema.Migrate(t.Context(), open(t, ownerURL), appUser); err != nil {
		t.Fatal(err)
	}
	if current, err := schema.Current(t.Context(), app); err != nil || !current {
		t.Errorf("a migrated database: current %v, error %v", current, err)
	}
}

func TestApplicationCannotChangeHistoryNorRemoveContent(t *testing.T) {
	ownerURL, appURL := pgtest.New(t)
	if err := schema.Migrate(t.Context(), open(t, ownerURL), appUser); err != nil {
		t.Fatal(err)
	}
	app := open(t, appURL)
	refused := []string{
		`UPDATE events SET kind = 'other'`, `DELETE FROM events`, `TRUNCATE events`,
		`UPDATE audit SET actor = 'other'`, `DELETE FROM audit`, `TRUNCATE audit`,
		`UPDATE submissions SET received_at = now()`, `DELETE FROM submissions`,
		`DELETE FROM complaints`, `DELETE FROM letters`, `UPDATE decisions SET content = '{}'`,
		`DELETE FROM counters`, `DELETE FROM accounts`,
		`UPDATE register_key SET check_value = ''`, `DELETE FROM register_key`, `CREATE TABLE other (id int)`,
	}
	for _, statement := range refused {
		_, err := app.ExecContext(t.Context(), statement)
		if refusal, ok := err.(*pq.Error); !ok || refusal.Code != "42501" {
			t.Errorf("%s: want a refusal of rights, got %v", statement, err)
		}
	}
	allowed := []string{
		`INSERT INTO audit (at, actor, role, action, address) VALUES (now(), 'a', 'admin', 'look', '')`,
		`SELECT id FROM events`, `DELETE FROM idempotency`, `DELETE FROM outbox WHERE done_at IS NOT NULL`,
	}
	for _, statement := range allowed {
		if _, err := app.ExecContext(t.Context(), statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// TestWhatBelongsToAComplaintIsFoundByItsNumber, without reading what belongs to
// others: every table with numbers of complaints has an index that begins with it.
func TestWhatBelongsToAComplaintIsFoundByItsNumber(t *testing.T) {
	ownerURL, _ := pgtest.New(t)
	db := open(t, ownerURL)
	if err := schema.Migrate(t.Context(), db, appUser); err != nil {
		t.Fatal(err)
	}
	var without string
	err := db.QueryRow(`
		SELECT COALESCE(string_agg(c.relname, ' '), '')
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'number'
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
		  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indpred IS NULL)`).Scan(&without)
	if err != nil || without != "" {
		t.Errorf("without an index by number: %s (%v)", without, err)
	}
}
