package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// AdmissibilityWarning is a ground of other bodies that an officer sees in a
// complaint. The procedure text does not refuse on it, so it only warns whoever
// opens the file.
type AdmissibilityWarning struct {
	Ground  complaint.Ground
	Reasons string
}

// Warn notes a ground of other bodies on the file, each once.
func (d *Desk) Warn(ctx context.Context, actor Actor, once Once, number complaint.Number, w AdmissibilityWarning) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	if !w.Ground.OfOtherBodies() {
		check.wrong("ground", "is not a ground on which other bodies refuse complaints")
	}
	check.required("reasons", w.Reasons, 10_000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if a.c.Stage == complaint.Closed {
			return Standing{}, complaint.Conflict("closed", "Complaint %s is closed.", number)
		}
		added, err := a.store.AddAdmissibilityWarning(ctx, a.tx, number, w.Ground, w.Reasons, actor.Login)
		if err != nil {
			return Standing{}, err
		}
		if !added {
			return Standing{}, complaint.Conflict("already_noted", "This warning stands on the file of %s.", number)
		}
		return a.standing(), a.note(ctx, "admissibility_warned", register.Details{"ground": w.Ground}, "ground", "reasons")
	})
}
