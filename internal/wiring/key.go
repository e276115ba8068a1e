package wiring

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"ombudsdienst/internal/register"
)

// keyCheckTakes bounds one question to the register about its key.
const keyCheckTakes = 5 * time.Second

// keyFile is where the key is kept when the environment does not give it.
func (s Settings) keyFile() string {
	return cmp.Or(s.KeyFile, filepath.Join(s.DataDir, "register.key"))
}

// errOtherKey says where the wrong key came from and what to do about it.
func (s Settings) errOtherKey() error {
	place := "REGISTER_KEY"
	if s.Key == "" {
		place = s.keyFile() + " (made anew at a start that found none)"
	}
	return fmt.Errorf("%w: it was read from %s; start with the key that the register was made with, "+
		"in that place or by REGISTER_KEY or REGISTER_KEY_FILE", register.ErrOtherKey, place)
}

// checkKey asks the register once whether it was made with this key. Any error
// but ErrOtherKey means that it could not be asked.
func (p *Program) checkKey(ctx context.Context, store *register.Store) error {
	ctx, cancel := context.WithTimeout(ctx, keyCheckTakes)
	defer cancel()
	err := store.CheckKey(ctx)
	if errors.Is(err, register.ErrOtherKey) && !errors.Is(err, register.ErrKeyChanging) {
		return p.errOtherKey()
	}
	return err
}

// awaitKey asks until the register answers or ctx ends; its only error is
// ErrOtherKey.
func (p *Program) awaitKey(ctx context.Context, store *register.Store) error {
	for pause := 250 * time.Millisecond; ; pause = min(2*pause, 10*time.Second) {
		err := p.checkKey(ctx, store)
		if err == nil || errors.Is(err, register.ErrOtherKey) {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
			p.Log.Warn("the register has not said yet whether the key belongs to it", "error", err)
		}
	}
}

// awaitRegister is awaitKey for a program that does nothing before the register
// has answered.
func (p *Program) awaitRegister(ctx context.Context) error {
	keys, err := p.keys()
	if err != nil {
		return err
	}
	db, err := p.openDatabase(1)
	if err != nil {
		return err
	}
	defer db.Close()
	return p.awaitKey(ctx, register.New(db, keys, p.Now))
}
