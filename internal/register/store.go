package register

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Store is the register. Now is the clock by which its rows are dated.
type Store struct {
	db   *sqlx.DB
	keys *Keys
	now  func() time.Time

	keyFits    atomic.Bool // the key is known to belong to the register
	placed     atomic.Bool // the key knows its place after the keys before it
	statements sync.Map    // prepared ones by their text; they end with the handle
	preparing  sync.Map    // queries that are being prepared
}

// New makes the register over a migrated database. The handle is the
// application's; the keys open what is sealed in it.
func New(db *sqlx.DB, keys *Keys, now func() time.Time) *Store {
	return &Store{db: db, keys: keys, now: now}
}

// moment is the present as the database keeps it: to the microsecond.
func (s *Store) moment() time.Time { return s.now().Truncate(time.Microsecond) }

// Tx runs work in one transaction of isolation read committed: all of it is kept
// when work returns nil, and nothing otherwise. Rows that decide what is allowed
// are locked by the work itself, so that two transactions take turns.
func Tx(ctx context.Context, db *sqlx.DB, work func(*sqlx.Tx) error) (err error) {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return wrap(err, "begin a transaction")
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback() // the first error says what went wrong
		}
	}()
	if err := work(tx); err != nil {
		return err
	}
	return wrap(tx.Commit(), "commit")
}

func (s *Store) tx(ctx context.Context, work func(*sqlx.Tx) error) error {
	return Tx(ctx, s.db, work)
}

// one checks that a statement changed exactly one row.
func one(result interface{ RowsAffected() (int64, error) }, err error) error {
	if err != nil {
		return err
	}
	changed, err := result.RowsAffected()
	if err == nil && changed != 1 {
		err = fmt.Errorf("%d rows changed where one was meant", changed)
	}
	return err
}

// missing turns "no row" into a refusal that names what does not exist.
func missing(err error, what string) error {
	if errors.Is(err, errNoRows) {
		return complaint.Missing(what)
	}
	return err
}
