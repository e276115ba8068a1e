package casework

import (
	"context"
	"strings"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// Assignment names the ombuds officer who handles a complaint from now on.
type Assignment struct {
	Officer string
	Reasons string
}

// Assign gives a complaint to an officer; handing it over from one to another
// needs reasons. The procedure does not hear of it: it changes nothing in time.
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
		if err := a.checkOfficer(ctx, check, "officer", to.Officer); err != nil {
			return Standing{}, err
		}
		if a.c.Officer != "" && a.c.Officer != to.Officer && strings.TrimSpace(to.Reasons) == "" {
			check.wrong("reasons", "is required to hand over from one officer to another")
			return Standing{}, check.result()
		}
		if err := a.mayHave(ctx, to.Officer); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.handTo(ctx, to.Officer, to.Reasons)
	})
}

// mayHave refuses an assignment by or to somebody who is named as involved.
func (a *act) mayHave(ctx context.Context, officer string) error {
	if err := a.independent(ctx); err != nil {
		return err
	}
	named, err := register.Involved(ctx, a.tx, a.c.Number)
	if err == nil && named.Person(officer) {
		err = complaint.Conflict("involved", "%s is named as involved in complaint %s.", officer, a.c.Number)
	}
	return err
}

// handTo keeps who handles the complaint; an empty login is nobody.
func (a *act) handTo(ctx context.Context, officer, reasons string) error {
	if err := a.store.SetOfficer(ctx, a.tx, a.c, officer, reasons, a.actor.Login); err != nil {
		return err
	}
	return a.note(ctx, "assigned", register.Details{"officer": officer, "previous": a.c.Officer}, "officer", "reasons")
}

// checkOfficer refuses a login that is no active ombuds officer's.
func (a *act) checkOfficer(ctx context.Context, check *checker, location, login string) error {
	known, err := register.IsOfficer(ctx, a.tx, login)
	if err == nil && !known {
		check.wrong(location, "is not the login of an ombuds officer")
		err = check.result()
	}
	return err
}
