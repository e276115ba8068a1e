package register

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
)

const (
	purposeCheck   = "register check"
	purposeEarlier = "hashing keys of before"
)

// ErrOtherKey says that the register was made with another key: what this one
// seals could not be opened beside what is there.
var ErrOtherKey = errors.New("this key does not belong to this register")

// ErrKeyChanging says that a change of the key was begun and broke off. It is a
// kind of ErrOtherKey: until it is finished no program may use the register.
var ErrKeyChanging = fmt.Errorf("%w yet: a change of the key was begun and not finished; run `ombudsdienst rekey` again as before", ErrOtherKey)

// CheckKey tells whether the register was made with this key, and binds a fresh
// register to it. Of several programs that bring their keys to a fresh register
// at one time, the first one's stays and the others get ErrOtherKey unless theirs
// is the same.
func (s *Store) CheckKey(ctx context.Context) error {
	return s.tx(ctx, func(tx *sqlx.Tx) error { return s.checkKey(ctx, tx) })
}

// checkKey is CheckKey inside a transaction. Once the key is known to fit, the
// register is not asked again.
func (s *Store) checkKey(ctx context.Context, tx *sqlx.Tx) error {
	if s.keyFits.Load() {
		return nil
	}
	value := s.keys.checkValue()
	done, err := tx.ExecContext(ctx, `INSERT INTO register_key (check_value) VALUES ($1) ON CONFLICT DO NOTHING`, value)
	if err != nil {
		return wrap(err, "bind the register to its key")
	}
	if bound, err := done.RowsAffected(); err != nil || bound == 1 {
		return errors.Join(err, s.opensFirst(ctx, tx))
	}
	kept, err := readKeyRow(ctx, tx, "")
	if err != nil {
		return wrap(err, "read the check value of the key")
	}
	if err := s.keys.belongs(kept); err != nil {
		return err
	}
	s.keyFits.Store(true)
	return nil
}

// ready sees to it that the key knows its place after the keys before it, before
// it is used to look something up. A fresh register has had no other key.
func (s *Store) ready(ctx context.Context, db sqlx.QueryerContext) error {
	if s.placed.Load() {
		return nil
	}
	kept, err := readKeyRow(ctx, db, "")
	if errors.Is(err, errNoRows) {
		return nil
	}
	if err != nil {
		return wrap(err, "read the check value of the key")
	}
	if err := s.keys.belongs(kept); err != nil {
		return err
	}
	s.placed.Store(true)
	return nil
}

// keyRow is what the register knows of its key.
type keyRow struct {
	CheckValue []byte   `db:"check_value"`
	Version    byte     `db:"version"`
	Earlier    optional `db:"earlier"`
	Changing   bool     `db:"changing"`
}

func readKeyRow(ctx context.Context, db sqlx.QueryerContext, lock string) (keyRow, error) {
	var row keyRow
	err := sqlx.GetContext(ctx, db, &row, `SELECT check_value, version, earlier, changing FROM register_key`+lock)
	return row, err
}

// belongs refuses another register's key, and puts the register's own in its place.
func (k *Keys) belongs(row keyRow) error {
	switch {
	case !hmac.Equal(row.CheckValue, k.checkValue()):
		return ErrOtherKey
	case row.Changing:
		return ErrKeyChanging
	}
	return k.takePlace(row)
}

// checkValue tells keys apart; nobody learns the key from it.
func (k *Keys) checkValue() []byte { return hashWith(k.hash, purposeCheck, nil) }

// takePlace puts the register's own key where the register says that it stands.
func (k *Keys) takePlace(row keyRow) error {
	var earlier [][]byte
	if len(row.Earlier) > 0 {
		kept, err := k.cipher.Open(nil, nil, row.Earlier, []byte(purposeEarlier))
		if err != nil {
			return errors.New("open the hashing keys of before: the key does not fit")
		}
		for part := range slices.Chunk(kept, secretBytes) {
			earlier = append(earlier, part)
		}
	}
	k.stand(row.Version, earlier)
	return nil
}

// opensFirst tries the key on the oldest submission: a register can be older
// than its check value.
func (s *Store) opensFirst(ctx context.Context, tx *sqlx.Tx) error {
	var sealed []byte
	err := tx.GetContext(ctx, &sealed, `SELECT receipt_sealed FROM submissions ORDER BY number LIMIT 1`)
	if errors.Is(err, errNoRows) {
		return nil
	}
	if err != nil {
		return wrap(err, "read what was sealed first")
	}
	if _, err := s.keys.Open(purposeReceipt, sealed); err != nil {
		return ErrOtherKey
	}
	return nil
}
