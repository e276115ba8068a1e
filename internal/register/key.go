package register

import (
	"context"
	"crypto/hmac"
	"errors"

	"github.com/jmoiron/sqlx"
)

const purposeCheck = "register check"

// ErrOtherKey says that the register was made with another key: what this one
// seals could not be opened beside what is there.
var ErrOtherKey = errors.New("this key does not belong to this register")

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
	value := s.keys.Hash(purposeCheck, nil)
	done, err := tx.ExecContext(ctx, `INSERT INTO register_key (check_value) VALUES ($1) ON CONFLICT DO NOTHING`, value)
	if err != nil {
		return wrap(err, "bind the register to its key")
	}
	if bound, err := done.RowsAffected(); err != nil || bound == 1 {
		return errors.Join(err, s.opensFirst(ctx, tx))
	}
	var kept []byte
	if err := tx.GetContext(ctx, &kept, `SELECT check_value FROM register_key`); err != nil {
		return wrap(err, "read the check value of the key")
	}
	if !hmac.Equal(kept, value) {
		return ErrOtherKey
	}
	s.keyFits.Store(true)
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
