package wiring

import (
	"context"
	"errors"

	"ombudsdienst/internal/register"
	"ombudsdienst/internal/relay"
)

// ErrFindings says that verify found something wrong.
var ErrFindings = errors.New("something is wrong")

// Verify compares the register with itself and with Temporal and prints what it
// finds, one line each; ErrFindings when there was anything.
func (p *Program) Verify(ctx context.Context, repair bool) error {
	db, err := p.openDatabase(8)
	if err != nil {
		return err
	}
	defer db.Close()
	temporal, options, err := p.dial()
	if err != nil {
		return err
	}
	defer temporal.Close()
	keys, err := p.keys()
	if err != nil {
		return err
	}
	store := register.New(db, keys, p.Now)
	if err := store.CheckKey(ctx); errors.Is(err, register.ErrOtherKey) {
		return p.errOtherKey()
	}
	findings, err := relay.Verify(ctx, relay.VerifyConfig{
		DB: db, Store: store, Temporal: temporal, Namespace: options.Namespace, Now: p.Now, Repair: repair,
	})
	if err != nil {
		return err
	}
	for _, f := range findings {
		p.say("%s", f)
	}
	if err := p.sayMoves(ctx, db); err != nil {
		return err
	}
	if len(findings) > 0 {
		return ErrFindings
	}
	p.say("all is well")
	return nil
}
