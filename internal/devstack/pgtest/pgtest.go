// Package pgtest gives tests databases on a real PostgreSQL: one private server
// for each test binary, started with the first database that is asked for and
// gone with the binary, and a fresh empty database for each call.
//
// It does not know the tables: a test brings what makes them, which is done once
// for a test binary; its databases are copies of the first. Where
// PostgreSQL is missing tests are skipped aloud, or fail when
// OMBUDSDIENST_TEST_ALL=1 asks for all of them. A server that is there already
// is used instead when OMBUDSDIENST_TEST_DATABASE_URL holds the address of its
// superuser.
package pgtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ombudsdienst/internal/devstack"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const (
	limit       = time.Minute
	connections = 30 // of one pool
)

// server is where databases are made.
type server struct {
	admin, owner, app string   // addresses; owner and app name no database of ours
	db                *sql.DB  // the superuser's, kept: a connection costs as much as a small test
	life              *os.File // stays open while this process lives
}

var shared = sync.OnceValues(func() (server, error) {
	s, err := connect()
	if err != nil {
		return server{}, err
	}
	s.db, err = sql.Open("postgres", s.admin)
	return s, err
})

// New makes a database and returns its addresses for the owner, who may do
// everything in it, and for the application, who may do what the owner grants.
// The database goes when the test ends.
func New(t testing.TB) (ownerURL, appURL string) {
	t.Helper()
	return provide(t, func(ctx context.Context, s server, name string) error {
		return devstack.CreateDatabase(ctx, s.admin, name)
	})
}

// Migrate makes the tables of a database as its owner, gives a user rights, and
// puts in what each test begins with.
type Migrate func(ctx context.Context, owner *sql.DB, appUser string) error

// Migrated is New with tables in it: a copy of one database that the first call
// of a test binary migrates. All calls in it hand in the same function.
func Migrated(t testing.TB, migrate Migrate) (ownerURL, appURL string) {
	t.Helper()
	return provide(t, func(ctx context.Context, s server, name string) error {
		model.once.Do(func() { model.name, model.err = makeModel(s, migrate) })
		if model.err != nil {
			return model.err
		}
		return copyModel(ctx, s, name)
	})
}

// Connect opens a database until the test ends. Its connections are kept
// meanwhile: a new one costs the server a process and the reading of its
// catalogue.
func Connect(t testing.TB, url string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func provide(t testing.TB, make func(context.Context, server, string) error) (ownerURL, appURL string) {
	t.Helper()
	s, err := shared()
	if err != nil {
		if os.Getenv("OMBUDSDIENST_TEST_ALL") == "1" {
			t.Fatalf("no PostgreSQL for this test: %v", err)
		}
		t.Skipf("SKIPPED, no PostgreSQL for this test: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	name := newName()
	if err := make(ctx, s, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, s.db, name) })
	return address(t, s.owner, name), address(t, s.app, name)
}

func newName() string { return "test_" + strings.ToLower(rand.Text()) }

// Dir makes a folder that goes when the test ends and that the user whom
// PostgreSQL runs as can pass, which root's t.TempDir is not.
func Dir(t testing.TB) string {
	t.Helper()
	dir, err := PassableDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the test's folder: %v", err)
		}
	})
	return dir
}

// PassableDir makes a temporary folder that PostgreSQL's user may pass, which
// its caller removes.
func PassableDir() (string, error) {
	dir, err := os.MkdirTemp("", "ombudsdienst-test-*")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

func address(t testing.TB, url, database string) string {
	t.Helper()
	address, err := devstack.AddressOf(url, database, nil)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func drop(t testing.TB, db *sql.DB, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if _, err := db.ExecContext(ctx, `DROP DATABASE `+pq.QuoteIdentifier(name)+` WITH (FORCE)`); err != nil {
		t.Errorf("drop the test's database: %v", err)
	}
}

func connect() (server, error) {
	if given := os.Getenv("OMBUDSDIENST_TEST_DATABASE_URL"); given != "" {
		return borrow(given)
	}
	return start()
}

// borrow derives the passwords from the address, so that test binaries that
// share the server at one time agree on them.
func borrow(adminURL string) (server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	sum := sha256.Sum256([]byte(adminURL))
	password := hex.EncodeToString(sum[:])
	if err := devstack.CreateRoles(ctx, adminURL, password, password); err != nil {
		return server{}, err
	}
	owner, err := devstack.AddressOf(adminURL, "", url.UserPassword(devstack.OwnerRole, password))
	if err != nil {
		return server{}, err
	}
	app, err := devstack.AddressOf(adminURL, "", url.UserPassword(devstack.AppRole, password))
	return server{admin: adminURL, owner: owner, app: app}, err
}

func start() (server, error) {
	dir, err := PassableDir()
	if err != nil {
		return server{}, err
	}
	life, err := clearAfterUs(dir)
	if err != nil {
		return server{}, err
	}
	folder, err := devstack.Open(dir)
	if err != nil {
		return server{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	pg, err := devstack.StartPostgres(ctx, folder, devstack.PostgresOptions{Settings: map[string]string{
		"fsync":              "off",
		"full_page_writes":   "off",
		"synchronous_commit": "off",
		"max_connections":    "200",
	}})
	if err != nil {
		return server{}, err
	}
	return server{admin: pg.AdminURL(), owner: pg.OwnerURL(), app: pg.AppURL(), life: life}, nil
}

// clearAfterUs leaves a shell waiting for the end of this process, which it
// sees as the end of its input however the process ended. It stops the server
// where the kernel did not, and removes the folder. The file returned is our end
// of the input: letting go of it counts as the end of this process.
func clearAfterUs(dir string) (*os.File, error) {
	input, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer input.Close()
	shell := exec.Command("/bin/sh", "-c", `
		cat > /dev/null
		read -r pid < postgres.pid && kill -INT "$pid"
		i=0
		while [ -e postgres/data/postmaster.pid ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
		cd / && rm -rf "$1"`, "sh", filepath.Clean(dir))
	shell.Dir = dir
	shell.Stdin = input
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return ours, shell.Start()
}
