package casework

import (
	"context"
	"time"

	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// AuditTrail lists who changed and looked at what. It holds names of fields and
// no content.
func (d *Desk) AuditTrail(ctx context.Context, actor Actor, f register.AuditFilter) (register.AuditPage, error) {
	if err := actor.must(staff.Auditor); err != nil {
		return register.AuditPage{}, err
	}
	page, err := d.store.AuditTrail(ctx, f)
	if err != nil {
		return register.AuditPage{}, err
	}
	return page, d.seen(ctx, actor, "audit", "", f.Named()...)
}

// checkTakes is how long an auditor waits for a part of the history to be looked
// at; a request may take twice as long.
const checkTakes = 15 * time.Second

// CheckHistory looks through the chains of history and audit, and their seals, from
// the cursor of the part before.
func (d *Desk) CheckHistory(ctx context.Context, actor Actor, cursor string) (register.Integrity, error) {
	if err := actor.must(staff.Auditor); err != nil {
		return register.Integrity{}, err
	}
	found, err := d.store.CheckHistory(ctx, register.HistoryPart{Cursor: cursor, Within: checkTakes})
	if err != nil {
		return register.Integrity{}, err
	}
	return found, d.seen(ctx, actor, "integrity", "")
}

// SealHistory seals the days that are over; see the register.
func (d *Desk) SealHistory(ctx context.Context) (*register.Seal, error) {
	return d.store.SealHistory(ctx)
}

// SealLatest seals what was written since the last seal.
func (d *Desk) SealLatest(ctx context.Context) error {
	_, err := d.store.SealLatest(ctx)
	return err
}
