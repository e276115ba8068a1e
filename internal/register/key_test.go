package register_test

import (
	"errors"
	"sync"
	"testing"

	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// with is the same register, opened with another key.
func (b *books) with(secret string) *books {
	b.t.Helper()
	keys, err := register.ParseKeys(secret)
	must(b.t, err)
	other := *b
	other.Store = register.New(b.db, keys, b.clock)
	return &other
}

var otherSecret = "ff" + secret[2:]

func TestRegisterBelongsToTheFirstKeyThatItWasOpenedWith(t *testing.T) {
	b := newBooks(t)
	for range 2 {
		must(t, b.CheckKey(t.Context()))
		must(t, b.with(secret).CheckKey(t.Context()))
	}
	if err := b.with(otherSecret).CheckKey(t.Context()); !errors.Is(err, register.ErrOtherKey) {
		t.Errorf("with another key: %v", err)
	}
}

func TestRegisterOlderThanItsCheckValueBelongsToTheKeyThatSealedFirst(t *testing.T) {
	b := newBooks(t)
	b.lodge()
	owner := pgtest.Connect(t, b.ownerURL)
	_, err := owner.Exec(`DELETE FROM register_key`)
	must(t, err)
	if err := b.with(otherSecret).CheckKey(t.Context()); !errors.Is(err, register.ErrOtherKey) {
		t.Errorf("with another key: %v", err)
	}
	must(t, b.with(secret).CheckKey(t.Context()))
}

func TestOfKeysBroughtAtOneTimeToAFreshRegisterOneStays(t *testing.T) {
	b := newBooks(t)
	stores := []*books{b.with(secret), b.with(otherSecret), b.with(secret), b.with(otherSecret)}
	errs := make([]error, len(stores))
	var programs sync.WaitGroup
	for i, s := range stores {
		programs.Go(func() { errs[i] = s.CheckKey(t.Context()) })
	}
	programs.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || errs[0] != errs[2] || errs[1] != errs[3] {
		t.Errorf("by turns two keys: %v", errs)
	}
}

func TestNothingIsLodgedWithAnotherKey(t *testing.T) {
	b := newBooks(t)
	must(t, b.CheckKey(t.Context()))
	other := b.with(otherSecret)
	err := register.Tx(t.Context(), b.db, func(tx *sqlx.Tx) error {
		return other.Lodge(t.Context(), tx, register.Lodging{Number: "2026-000001", ReceiptCode: "code"})
	})
	if !errors.Is(err, register.ErrOtherKey) {
		t.Errorf("lodging with another key: %v", err)
	}
}
