package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// Assignment names the ombuds officer who handles a complaint from now on.
type Assignment struct {
	Officer string
	Reasons string
}

// Assign gives a complaint to an officer. The procedure does not hear of it: it
// changes nothing in time.
func (d *Desk) Assign(ctx context.Context, actor Actor, once Once, number complaint.Number, to Assignment) (Standing, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("officer", to.Officer, 100)
	check.text("reasons", to.Reasons, 10_000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if a.c.Stage == complaint.Closed {
			return Standing{}, complaint.Conflict("closed", "Complaint %s is closed.", number)
		}
		known, err := register.IsOfficer(ctx, a.tx, to.Officer)
		if err != nil {
			return Standing{}, err
		}
		if !known {
			check.wrong("officer", "is not the login of an ombuds officer")
			return Standing{}, check.result()
		}
		if err := a.store.SetOfficer(ctx, a.tx, a.c, to.Officer, to.Reasons, actor.Login); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.note(ctx, "assigned", register.Details{"officer": to.Officer}, "officer")
	})
}
