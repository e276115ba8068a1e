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
