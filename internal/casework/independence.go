package casework

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// Naming says who is involved in what a complaint is about: staff by login,
// units by the code of a department. It replaces what was said before.
type Naming struct {
	Logins      []string
	Departments []string
	Reasons     string
}

// NameInvolved keeps who is involved in an open complaint and therefore neither
// decides on it nor answers for it. Who is named does not change the names. A
// complaint is taken from an officer who is named: another one is to have it.
// Questions to a department that is named are over, for nobody may answer them.
func (d *Desk) NameInvolved(ctx context.Context, actor Actor, once Once, number complaint.Number, n Naming) (Standing, error) {
	if err := actor.must(staff.Intake, staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", n.Reasons, 10_000)
	if len(n.Logins) > 50 || len(n.Departments) > 50 {
		check.wrong("logins", "has, or departments has, more than 50 names")
	}
	for _, code := range n.Departments {
		check.department("departments", code)
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if a.c.Stage == complaint.Closed {
			return Standing{}, complaint.Conflict("closed", "Complaint %s is closed.", number)
		}
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		known, err := register.KnownLogins(ctx, a.tx, n.Logins)
		if err != nil {
			return Standing{}, err
		}
		if slices.ContainsFunc(n.Logins, func(login string) bool { return !slices.Contains(known, login) }) {
			check.wrong("logins", "has a login that nobody has")
			return Standing{}, check.result()
		}
		return a.standing(), a.nameInvolved(ctx, n)
	})
}

func (a *act) nameInvolved(ctx context.Context, n Naming) error {
	named := complaint.Involved{Logins: n.Logins, Departments: n.Departments}
	if err := a.store.NameInvolved(ctx, a.tx, a.c.Number, named, n.Reasons, a.actor.Login); err != nil {
		return err
	}
	if a.c.Officer != "" && named.Person(a.c.Officer) {
		if err := a.handTo(ctx, "", n.Reasons); err != nil {
			return err
		}
	}
	err := a.note(ctx, "involved_named", register.Details{"logins": n.Logins, "departments": n.Departments},
		"logins", "departments", "reasons")
	if err != nil || a.undecided() != nil {
		return err // of a decided case nothing is asked any more
	}
	return a.endQuestions(ctx, named)
}

// endQuestions ends what departments were asked that are named as involved, and
// the time of one that was to help first. They are told; the officer then has
// the case, to ask another department or to decide without.
func (a *act) endQuestions(ctx context.Context, named complaint.Involved) error {
	var message complaint.QuestionsEnded
	open, err := a.owing(ctx)
	if err != nil {
		return err
	}
	open = slices.DeleteFunc(open, func(c complaint.Consultation) bool { return !named.Unit(c.Department) })
	for _, c := range open {
		message.Consultations = append(message.Consultations, c.ID)
		if err := a.store.EndConsultation(ctx, a.tx, c.ID); err != nil {
			return err
		}
		err := a.store.AddEvent(ctx, a.tx, a.c.Number, "question_ended", a.actor.name(),
			register.Details{"consultation": c.ID, "department": c.Department, "why": "involved"})
		if err != nil {
			return err
		}
	}
	if message.Letters, err = a.releaseDepartments(ctx, open); err != nil {
		return err
	}
	if err := a.takeFromService(ctx, named, &message); err != nil {
		return err
	}
	if len(message.Consultations) == 0 && !message.Service {
		return nil
	}
	return a.tell(ctx, complaint.EndQuestions, message)
}

// takeFromService ends the time of a service that is named as involved.
func (a *act) takeFromService(ctx context.Context, named complaint.Involved, message *complaint.QuestionsEnded) error {
	f, err := register.FindServiceFirst(ctx, a.tx, a.c.Number)
	if err != nil || !f.Waits() || !named.Unit(f.Department) {
		return err
	}
	if err := a.store.EndServiceFirst(ctx, a.tx, a.c.Number); err != nil {
		return err
	}
	message.Service = true
	if message.Letters, err = a.releaseService(ctx, f, message.Letters); err != nil {
		return err
	}
	return a.store.AddEvent(ctx, a.tx, a.c.Number, "service_ended", a.actor.name(),
		register.Details{"department": f.Department, "why": "involved"})
}

// independent refuses a decision, an answer or an assignment by somebody who is
// named as involved in the complaint.
func (a *act) independent(ctx context.Context) error {
	named, err := register.Involved(ctx, a.tx, a.c.Number)
	if err == nil && named.Person(a.actor.Login) {
		err = complaint.Conflict("involved", "You are named as involved in complaint %s.", a.c.Number)
	}
	return err
}

// independentUnit refuses it also to a department that is named as a unit.
func (a *act) independentUnit(ctx context.Context, department string) error {
	if err := a.independent(ctx); err != nil {
		return err
	}
	return a.uninvolvedUnit(ctx, department)
}

// uninvolvedUnit refuses a department that is named as a unit.
func (a *act) uninvolvedUnit(ctx context.Context, department string) error {
	named, err := register.Involved(ctx, a.tx, a.c.Number)
	if err == nil && named.Unit(department) {
		err = complaint.Conflict("involved", "%s is named as involved in complaint %s.", department, a.c.Number)
	}
	return err
}
