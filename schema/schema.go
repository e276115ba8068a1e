// Package schema holds the tables of the register as numbered SQL files that
// only go forward, applies them, and gives the application's user its rights.
//
// It knows what the tables look like and nothing of what is done with them.
package schema

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
)

// FS holds the migrations, to be read in the order of their names.
//
//go:embed *.sql
var FS embed.FS

// migrateLock is the advisory lock under which one program at a time migrates.
const migrateLock = 4250_2027

// Migrate brings the tables up to date and grants appUser its rights on them,
// which is nothing to do when appUser is empty or the owner himself. The handle
// is the owner's. It may be repeated, also by several programs at one time.
func Migrate(ctx context.Context, owner *sql.DB, appUser string) (err error) {
	lock, err := owner.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if _, err := lock.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, migrateLock); err != nil {
		return fmt.Errorf("wait for another migration: %w", err)
	}
	defer func() {
		_, unlockErr := lock.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrateLock)
		err = errors.Join(err, unlockErr)
	}()
	migrations, err := goose.NewProvider(goose.DialectPostgres, owner, FS)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := migrations.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return grant(ctx, lock, appUser)
}

// Current tells whether the database has every table that this program knows.
// A newer database is current too: old and new programs run side by side while
// a deployment changes over.
func Current(ctx context.Context, db *sql.DB) (bool, error) {
	migrations, err := goose.NewProvider(goose.DialectPostgres, db, FS)
	if err != nil {
		return false, fmt.Errorf("read the migrations: %w", err)
	}
	sources := migrations.ListSources()
	var version int64
	err = db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&version)
	if refusal, ok := errors.AsType[*pq.Error](err); ok && refusal.Code == undefinedTable {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the schema's version: %w", err)
	}
	return version >= sources[len(sources)-1].Version, nil
}

const undefinedTable = "42P01"
