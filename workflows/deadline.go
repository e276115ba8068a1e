package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// watch guards the term beside the main line: one coroutine for the visible
// day 45, one for the internal checks before it. Neither ends the case.
func (p *procedure) watch(ctx workflow.Context) {
	ctx, p.stop = workflow.WithCancel(ctx)
	workflow.Go(ctx, func(ctx workflow.Context) { p.awaitLastDay(ctx) })
	workflow.Go(ctx, func(ctx workflow.Context) { p.keepAgenda(ctx) })
}

// awaitLastDay waits for the end of the term and says that the case is overdue,
// at once when the term had ended before the case came in or its receipt was
// corrected. An end that moved is waited for anew, and what the register did not
// keep is said anew.
func (p *procedure) awaitLastDay(ctx workflow.Context) {
	for ctx.Err() == nil {
		end := p.Moments.EndsAt
		if p.reaches(ctx, end) && !p.agenda.overdue {
			p.agenda.overdue, p.agenda.warnings = true, nil
			p.describe(ctx)
			p.warned(ctx, complaint.WatchOverdue, 0, activities.NameSendLateNotice, "Tell the complainant that the answer is late")
		}
		anew := func() bool { return !p.Moments.EndsAt.Equal(end) || !end.IsZero() && !p.agenda.overdue }
		if workflow.Await(ctx, anew) != nil {
			return
		}
	}
}

// reaches waits for an end of the term; false when it moved meanwhile, or when
// no term runs.
func (p *procedure) reaches(ctx workflow.Context, end time.Time) bool {
	left := end.Sub(workflow.Now(ctx))
	if end.IsZero() || left <= 0 {
		return !end.IsZero()
	}
	alarm, cancel := workflow.WithCancel(ctx)
	timer := workflow.NewTimerWithOptions(alarm, left, workflow.TimerOptions{
		Summary: fmt.Sprintf("Day %d: answer due %s", p.Moments.Days, p.Moments.LastDay),
	})
	err := workflow.Await(ctx, func() bool { return timer.IsReady() || !p.Moments.EndsAt.Equal(end) })
	cancel()
	return err == nil && ctx.Err() == nil && p.Moments.EndsAt.Equal(end)
}

// keepAgenda sleeps until the next check. The timer is set anew only for an
// earlier check: one that rings for nothing costs less than cancelling it.
func (p *procedure) keepAgenda(ctx workflow.Context) {
	for ctx.Err() == nil {
		p.check(ctx)
		var next time.Time
		if workflow.Await(ctx, func() bool { next = p.nextCheck(); return !next.IsZero() }) != nil {
			return
		}
		alarm, cancel := workflow.WithCancel(ctx)
		timer := workflow.NewTimerWithOptions(alarm, next.Sub(workflow.Now(ctx)), workflow.TimerOptions{
			Summary: "Next internal check: " + next.In(complaint.Brussels).Format("2006-01-02 15:04"),
		})
		err := workflow.Await(ctx, func() bool {
			earlier := p.nextCheck()
			return timer.IsReady() || !earlier.IsZero() && earlier.Before(next)
		})
		cancel()
		if err != nil {
			return
		}
	}
}

// nextCheck is the earliest moment at which something may have to be done.
func (p *procedure) nextCheck() time.Time {
	var next time.Time
	consider := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if p.acknowledgementOwed() {
		consider(p.agenda.acknowledgement)
		consider(p.agenda.alarm)
	}
	for _, w := range p.agenda.warnings {
		consider(w.At)
	}
	consider(p.agenda.confirm)
	consider(p.agenda.again)
	if p.withService() {
		consider(p.service.ReturnAt)
	}
	for _, at := range p.askingChecks() {
		consider(at)
	}
	for _, c := range p.openConsultations() {
		if !c.reminded {
			consider(c.RemindAt)
		}
		if !c.escalated {
			consider(c.EscalateAt)
		}
	}
	return next
}

// check does what is due. Warnings that have passed together, as for a letter
// entered late, are given as one; after the end of the term none is given.
func (p *procedure) check(ctx workflow.Context) {
	now := workflow.Now(ctx)
	p.checkAcknowledgement(ctx, now)
	var due *complaint.Warning
	for len(p.agenda.warnings) > 0 && !now.Before(p.agenda.warnings[0].At) {
		due, p.agenda.warnings = &p.agenda.warnings[0], p.agenda.warnings[1:]
	}
	if due != nil {
		p.warned(ctx, complaint.WatchWarned, due.DaysLeft, "", "")
	}
	p.checkOverdue(ctx, now)
	p.remindDepartments(ctx)
	p.checkAsking(ctx)
	p.takeBack(ctx)
}

// checkAcknowledgement says that the acknowledgement is late, and later that it
// needs somebody at once. Where both days have passed, only the second is said.
func (p *procedure) checkAcknowledgement(ctx workflow.Context, now time.Time) {
	var kind complaint.WatchKind
	if passed(p.agenda.acknowledgement, now) {
		kind, p.agenda.acknowledgement = complaint.WatchAcknowledgementLate, time.Time{}
	}
	if passed(p.agenda.alarm, now) {
		kind, p.agenda.alarm = complaint.WatchAcknowledgementAlarm, time.Time{}
	}
	if kind != "" && p.acknowledgementOwed() {
		p.note(ctx, complaint.WatchEvent{Number: p.Number, Kind: kind, Version: p.Moments.Version}, "", "")
	}
}

// checkOverdue settles a provisional overdue when the mail room has had its
// time, and reminds staff every week until the answer has left.
func (p *procedure) checkOverdue(ctx workflow.Context, now time.Time) {
	event := complaint.WatchEvent{Number: p.Number, Version: p.Moments.Version}
	if passed(p.agenda.confirm, now) {
		p.agenda.confirm = time.Time{}
		event.Kind = complaint.WatchOverdueConfirmed
		p.note(ctx, event, activities.NameSendLateNotice, "Tell the complainant that the answer is late")
	}
	if passed(p.agenda.again, now) {
		p.agenda.again = time.Time{}
		p.agenda.weeks++
		event.Kind, event.DaysLeft = complaint.WatchStillOverdue, -7*p.agenda.weeks
		p.note(ctx, event, "", "")
	}
}

func passed(at, now time.Time) bool { return !at.IsZero() && !now.Before(at) }

func (p *procedure) acknowledgementOwed() bool {
	return p.Acknowledgement != 0 && !p.letters[p.Acknowledgement].HasLeft()
}

// warned makes lateness, or the danger of it, visible: in the register, in the
// list of the Web UI, and where a letter is owed to the complainant.
func (p *procedure) warned(ctx workflow.Context, kind complaint.WatchKind, daysLeft int, activity, summary string) {
	p.show(ctx, AttributeWarned.ValueSet(int64(daysLeft)))
	p.agenda.given, p.agenda.said = daysLeft, p.Moments.Version
	p.note(ctx, complaint.WatchEvent{
		Number: p.Number, Kind: kind, Version: p.Moments.Version, DaysLeft: daysLeft, Last: len(p.agenda.warnings) == 0,
	}, activity, summary)
}
