package casework

import (
	"context"

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

// CheckHistory looks through all chains of history and audit, and their seals.
func (d *Desk) CheckHistory(ctx context.Context, actor Actor) (register.Integrity, error) {
	if err := actor.must(staff.Auditor); err != nil {
		return register.Integrity{}, err
	}
	found, err := d.store.CheckHistory(ctx)
	if err != nil {
		return register.Integrity{}, err
	}
	return found, d.seen(ctx, actor, "integrity", "")
}

// SealHistory seals the days that are over; see the register.
func (d *Desk) SealHistory(ctx context.Context) (*register.Seal, error) {
	return d.store.SealHistory(ctx)
}
