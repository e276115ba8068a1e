package pgtest_test

import (
	"database/sql"
	"testing"

	"ombudsdienst/internal/devstack/pgtest"

	_ "github.com/lib/pq"
)

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestEachDatabaseIsFreshAndOfItsOwner(t *testing.T) {
	for range 2 {
		ownerURL, _ := pgtest.New(t)
		if _, err := open(t, ownerURL).Exec(`CREATE TABLE complaint (id int)`); err != nil {
			t.Fatalf("the owner cannot make a table in a fresh database: %v", err)
		}
	}
}

func TestApplicationUserMayOnlyDoWhatTheOwnerGrants(t *testing.T) {
	ownerURL, appURL := pgtest.New(t)
	owner, app := open(t, ownerURL), open(t, appURL)
	if _, err := owner.Exec(`CREATE TABLE complaint (id int)`); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Exec(`SELECT id FROM complaint`); err == nil {
		t.Error("the application reads a table without a grant")
	}
	if _, err := app.Exec(`CREATE TABLE other (id int)`); err == nil {
		t.Error("the application makes a table")
	}
	if _, err := owner.Exec(`GRANT SELECT ON complaint TO ombudsdienst_app`); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Exec(`SELECT id FROM complaint`); err != nil {
		t.Errorf("the application cannot read what was granted: %v", err)
	}
}
