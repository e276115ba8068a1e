package wiring

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"ombudsdienst/internal/complaint"
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
	config, err := p.verifying(db, keys, temporal, options.Namespace)
	if err != nil {
		return err
	}
	if err := p.checkKey(ctx, config.Store); errors.Is(err, register.ErrOtherKey) {
		return err
	}
	config.Repair = repair
	findings, err := relay.Verify(ctx, config)
	if err != nil {
		return err
	}
	findings, settled, err := relay.Unsettled(ctx, config.Store, findings)
	if err != nil {
		return err
	}
	if settled > 0 {
		p.say("%d findings that somebody has settled are not listed", settled)
	}
	for _, f := range findings {
		p.say("%s", f)
	}
	if err := errors.Join(p.sayMoves(ctx, db), p.sayLost(ctx, db)); err != nil {
		return err
	}
	if len(findings) > 0 {
		return ErrFindings
	}
	p.say("all is well")
	return nil
}

// saidFor is how long verify names the numbers that were lost with a restored register.
const saidFor = 90 * 24 * time.Hour

// sayLost names receipts for which the register has nothing any more. That is what
// a restore cost, and nothing that could be mended.
func (p *Program) sayLost(ctx context.Context, db *sqlx.DB) error {
	lost, err := register.LostReceipts(ctx, db, p.Now().Add(-saidFor))
	for _, l := range lost {
		p.say("%s was given on %s and lost when the register was restored: who holds its receipt has to lodge again",
			l.Number, l.StartedAt.In(complaint.Brussels).Format("2006-01-02 15:04"))
	}
	return err
}
