package casework

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// SameMatter names another complaint on the same matter, and why it is that.
type SameMatter struct {
	Number  complaint.Number
	Reasons string
}

// Link notes that two complaints are about the same matter. Each keeps its number,
// its term and its own answer: a second complaint is never swallowed by the first.
func (d *Desk) Link(ctx context.Context, actor Actor, once Once, number complaint.Number, to SameMatter) (Standing, error) {
	if err := actor.must(staff.Intake, staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	if !to.Number.Valid() || to.Number == number {
		check.wrong("number", "is not the number of another complaint")
	}
	check.required("reasons", to.Reasons, 2000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		known, err := register.Exists(ctx, a.tx, to.Number)
		if err != nil {
			return Standing{}, err
		}
		if !known {
			check.wrong("number", "is not the number of another complaint")
			return Standing{}, check.result()
		}
		if err := a.store.AddLink(ctx, a.tx, number, to.Number, to.Reasons, actor.Login); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.noteLink(ctx, to.Number)
	})
}

// noteLink tells of the link in the history of both. The other complaint is not
// locked: two links in opposite directions would wait for each other.
func (a *act) noteLink(ctx context.Context, other complaint.Number) error {
	mirror, of := *a, a.c.Number
	mirror.c.Number = other
	sides := []struct {
		act   *act
		other complaint.Number
	}{{a, other}, {&mirror, of}}
	if other < of { // always in this order: what is bound to two chains takes them one after the other
		slices.Reverse(sides)
	}
	for _, side := range sides {
		if err := side.act.note(ctx, "linked", register.Details{"number": side.other}, "links"); err != nil {
			return err
		}
	}
	return nil
}
