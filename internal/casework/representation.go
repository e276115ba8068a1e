package casework

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// RepresentationChange is what an officer notes of a mandate on a case that goes
// on: that it holds, or that it is refused or was taken back, with reasons.
type RepresentationChange struct {
	complaint.Representation
	Reasons string
}

// Represent keeps how the mandate of a representative stands from now on. While
// the mandate is what is asked, it arrives as a reply instead.
func (d *Desk) Represent(ctx context.Context, actor Actor, once Once, number complaint.Number, change RepresentationChange) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.mandate(change.Representation, complaint.MandateAttached, complaint.MandateLegal, complaint.MandateRefused)
	check.text("reasons", change.Reasons, 10_000)
	if change.Mandate == complaint.MandateRefused {
		check.required("reasons", change.Reasons, 10_000)
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		if err := a.mayRepresent(change.Mandate); err != nil {
			return Standing{}, err
		}
		sub, err := a.store.Current(ctx, a.tx, number)
		if err != nil {
			return Standing{}, err
		}
		if _, err := a.represent(ctx, sub, change.Representation, change.Reasons); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.note(ctx, "representation_changed",
			register.Details{"mandate": change.Mandate, "ends_on": change.EndsOn, "copy": change.Copy},
			"mandate", "scope", "given_on", "ends_on", "copy_to_complainant", "reasons")
	})
}

func (a *act) mayRepresent(m complaint.Mandate) error {
	switch {
	case a.c.Stage == complaint.Closed:
		return complaint.Conflict("closed", "Complaint %s is closed.", a.c.Number)
	case !a.c.Represented:
		return complaint.Conflict("no_representative", "Nobody represents the complainant of %s.", a.c.Number)
	case a.c.Pending == complaint.MandateMissing && m != complaint.MandateRefused:
		return complaint.Conflict("mandate_asked", "The mandate of %s is asked for: note it as the complainant's reply.", a.c.Number)
	}
	return nil
}

// mandate checks a representation that is one of some states.
func (c *checker) mandate(r complaint.Representation, states ...complaint.Mandate) {
	const at = "mandate."
	if !slices.Contains(states, r.Mandate) {
		c.wrong(at+"mandate", "is not a state that can be noted here")
	}
	c.line(at+"scope", r.Scope, 500)
	c.past(at+"given_on", r.GivenOn)
	c.ends(at, r.GivenOn, r.EndsOn)
}

// ends checks the last day of a mandate.
func (c *checker) ends(at string, given, ends complaint.Day) {
	if ends.IsZero() {
		return
	}
	c.sensible(at+"ends_on", ends)
	if !given.IsZero() && ends.Before(given) {
		c.wrong(at+"ends_on", "is before given_on")
	}
}
