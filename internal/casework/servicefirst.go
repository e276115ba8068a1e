package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// ServiceFirst asks the service to help first. Agreed says that the complainant
// wants it so.
type ServiceFirst struct {
	Department string
	ReturnOn   complaint.Day
	Agreed     bool
	Reasons    string
}

// HandToService (eerst de dienst) hands a complaint to the service that the
// complainant had not asked before, with the complainant's agreement. Both are
// written to; on the day of return the officer has the case again. The term of
// the answer keeps running.
func (d *Desk) HandToService(ctx context.Context, actor Actor, once Once, number complaint.Number, f ServiceFirst) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.department("department", f.Department)
	check.required("reasons", f.Reasons, 10_000)
	check.sensible("return_on", f.ReturnOn)
	if !f.Agreed {
		check.wrong("agreed", "must be true: the complainant has to agree")
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.mayHandToService(ctx, f); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.handToService(ctx, f)
	})
}

func (a *act) mayHandToService(ctx context.Context, f ServiceFirst) error {
	if err := a.investigable(); err != nil {
		return err
	}
	if err := a.independentUnit(ctx, f.Department); err != nil {
		return err
	}
	asked, err := register.Consultations(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	q, err := a.store.ServiceQuestion(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	return complaint.MayGoToServiceFirst(q.Prior, q.Before, asked, a.today(), f.ReturnOn, q.LastDay)
}

func (a *act) handToService(ctx context.Context, f ServiceFirst) error {
	err := a.store.AddServiceFirst(ctx, a.tx, a.c.Number, complaint.ServiceFirst{
		Department: f.Department, ReturnOn: f.ReturnOn, Reasons: f.Reasons, HandedBy: a.actor.Login, HandedAt: a.Now(),
	})
	if err != nil {
		return err
	}
	letters, err := a.oweComplainant(ctx, complaint.LetterServiceFirst)
	if err != nil {
		return err
	}
	request, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
		Number: a.c.Number, Kind: complaint.LetterServiceHandOver, Version: 1, Department: f.Department,
	})
	if err != nil {
		return err
	}
	err = a.note(ctx, "service_first", register.Details{
		"department": f.Department, "return_on": f.ReturnOn, "agreed": f.Agreed,
	}, "department", "return_on", "agreed", "reasons")
	if err != nil {
		return err
	}
	return a.tell(ctx, complaint.HandToService, complaint.HandedToService{
		Department: f.Department, ReturnOn: f.ReturnOn, ReturnAt: a.Calendar.OfficeMoment(f.ReturnOn),
		Letters: append(letters, request),
	})
}
