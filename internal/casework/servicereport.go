package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// ServiceReport is what a service says that it did, asked to help first, and
// whether that solved the matter.
type ServiceReport struct {
	Solved bool
	Report string
}

// ReportService keeps it, once. Handlers report for their own department; an
// officer may note what came by another way. Neither is done by a person, nor for
// a department, that is named as involved. The officer has the complaint back at
// once and decides how it ends: what the service says ends nothing.
func (d *Desk) ReportService(ctx context.Context, actor Actor, once Once, number complaint.Number, r ServiceReport) (Standing, error) {
	if err := actor.must(staff.Handler, staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("report", r.Report, 10_000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (Standing, error) {
		a, f, err := d.lockServiceTask(ctx, tx, actor, number)
		if err != nil {
			return Standing{}, err
		}
		if err := a.undecided(); err != nil {
			return Standing{}, err
		}
		if err := a.independentUnit(ctx, f.Department); err != nil {
			return Standing{}, err
		}
		if err := f.MayReport(); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.reportService(ctx, f.Department, r)
	})
}

var errNoServiceTask = complaint.Missing("hand-over to the service")

// lockServiceTask locks a complaint that a service was asked to help with. What
// is not there, what is another department's and what has become the DPO's alone
// is missing in the same words, and nothing of it is waited for.
func (d *Desk) lockServiceTask(ctx context.Context, tx *sqlx.Tx, actor Actor, number complaint.Number) (*act, *register.ServiceFirst, error) {
	f, err := register.FindServiceFirst(ctx, tx, number)
	if err != nil {
		return nil, nil, err
	}
	if f == nil || !ownConsultation(actor, f.Department) {
		return nil, nil, errNoServiceTask
	}
	c, err := register.LockCase(ctx, tx, number)
	if err == nil && c.Referred {
		err = errNoServiceTask
	}
	if err == nil {
		f, err = register.FindServiceFirst(ctx, tx, number) // as it is under the lock
	}
	return &act{Desk: d, tx: tx, actor: actor, c: c}, f, err
}

func (a *act) reportService(ctx context.Context, department string, r ServiceReport) error {
	notices, err := a.store.ReportService(ctx, a.tx, a.c, register.ServiceReport{
		Solved: r.Solved, Report: r.Report, By: a.actor.Login,
	})
	if err != nil {
		return err
	}
	err = a.note(ctx, "service_first_reported", register.Details{"department": department, "solved": r.Solved}, "solved", "report")
	if err != nil {
		return err
	}
	return a.tell(ctx, complaint.ReportService, complaint.ServiceReported{Solved: r.Solved, Notices: notices})
}

// ServiceTasks lists what departments were asked to help with first; handlers
// see those of their own department.
func (d *Desk) ServiceTasks(ctx context.Context, actor Actor, f register.ServiceTaskFilter) (register.ServiceTaskPage, error) {
	if err := actor.must(staff.Handler, staff.Ombuds, staff.Supervisor); err != nil {
		return register.ServiceTaskPage{}, err
	}
	if err := actor.ownDepartment(&f.Department); err != nil {
		return register.ServiceTaskPage{}, err
	}
	page, err := d.store.ServiceTasks(ctx, f)
	if err != nil {
		return register.ServiceTaskPage{}, err
	}
	return page, d.seen(ctx, actor, "service_tasks", "")
}

// ServiceTask opens one of them, for handlers only of their own department.
func (d *Desk) ServiceTask(ctx context.Context, actor Actor, number complaint.Number) (register.ServiceTask, error) {
	if err := actor.must(staff.Handler, staff.Ombuds, staff.Supervisor); err != nil {
		return register.ServiceTask{}, err
	}
	task, err := d.store.ServiceTask(ctx, number)
	if err != nil {
		return register.ServiceTask{}, err
	}
	if !ownConsultation(actor, task.Department) {
		return register.ServiceTask{}, errNoServiceTask
	}
	return task, d.seen(ctx, actor, "service_first", number, "reasons", "report", "complainant_name", "member_number", "facts_on", "topic")
}
