package wiring

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"ombudsdienst/internal/register"
)

// Rekey puts a new key in the place of the register's, as the owner, and says how
// far it is. The new key is taken from the settings, and made where they name
// none. API and worker are stopped meanwhile, and start with the new key.
func (p *Program) Rekey(ctx context.Context) error {
	if p.MigrateDatabaseURL == "" {
		return errNoDatabase
	}
	old, err := p.oldKeys()
	if err != nil {
		return err
	}
	next, place, err := p.newKeys()
	if err != nil {
		return err
	}
	owner, err := sqlx.Open("postgres", p.MigrateDatabaseURL)
	if err != nil {
		return errors.New("MIGRATE_DATABASE_URL is not the address of a PostgreSQL database")
	}
	defer owner.Close()
	rows := 0
	err = register.Rekey(ctx, owner, old, next, func(n int) {
		if rows += n; n > 0 {
			p.say("%d rows are sealed with the new key", rows)
		}
	})
	if errors.Is(err, register.ErrOtherKey) {
		return fmt.Errorf("%w: neither the key in use nor the new one is the register's, or they are not the two with which a change was begun", err)
	}
	if err != nil {
		return err
	}
	p.say("the register belongs to the new key: put %s in the place of the old one, then start", place)
	return nil
}

// oldKeys reads the key in use. A missing file is not made: it would be another key.
func (p *Program) oldKeys() (*register.Keys, error) {
	if p.Key != "" {
		return p.keys()
	}
	return register.LoadKeys(p.keyFile())
}

// newKeys reads the key that is to be in use, and says where it stands.
func (p *Program) newKeys() (*register.Keys, string, error) {
	if p.NewKey != "" {
		keys, err := register.ParseKeys(p.NewKey)
		if err != nil {
			return nil, "", fmt.Errorf("REGISTER_KEY_NEW: %w", err)
		}
		return keys, "REGISTER_KEY_NEW", nil
	}
	file := cmp.Or(p.NewKeyFile, p.keyFile()+".new")
	keys, err := register.LoadOrCreateKeys(file)
	return keys, file, err
}
