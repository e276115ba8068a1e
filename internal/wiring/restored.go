package wiring

import (
	"context"

	"ombudsdienst/internal/register"
)

// NumbersSkipped is how many numbers are passed over after a restore, unless
// somebody knows that more were given.
const NumbersSkipped = register.NumbersSkipped

// Restored notes that the register was put back to an older state, before
// anything works with it: numbers and IDs go on beyond what may have been given
// since, and the API then brings the procedures in Temporal back to the register.
func (p *Program) Restored(ctx context.Context, skip int) error {
	p.DatabaseURL = p.MigrateDatabaseURL
	db, err := p.openDatabase(1)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := register.New(db, nil, p.Now).NoteRestoredBy(ctx, skip); err != nil {
		return err
	}
	p.say("noted: the register was restored; the API brings the procedures back to it when it starts")
	return nil
}
