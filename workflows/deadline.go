package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// agenda is what the watch has still to do.
type agenda struct {
	warnings        []complaint.Warning // not yet given, ascending
	acknowledgement time.Time           // when one that is owed is late; zero: done with
	overdue         bool                // the term has ended
	stop            func()              // ends both timers; nil before the watch began
}

func newAgenda(m complaint.Moments) agenda {
	return agenda{warnings: m.Warnings, acknowledgement: m.AcknowledgeBy}
}

// watch guards the term beside the main line: one coroutine for the visible
// day 45, one for the internal checks before it. Neither ends the case.
func (p *procedure) watch(ctx workflow.Context) {
	ctx, p.agenda.stop = workflow.WithCancel(ctx)
	workflow.Go(ctx, func(ctx workflow.Context) { p.awaitLastDay(ctx) })
	workflow.Go(ctx, func(ctx workflow.Context) { p.keepAgenda(ctx) })
}

// awaitLastDay waits for the end of the term and says that the case is overdue,
// at once when the term had ended before the case came in.
func (p *procedure) awaitLastDay(ctx workflow.Context) {
	if p.Moments.EndsAt.IsZero() {
		return
	}
	if left := p.Moments.EndsAt.Sub(workflow.Now(ctx)); left > 0 {
		timer := workflow.NewTimerWithOptions(ctx, left, workflow.TimerOptions{
			Summary: fmt.Sprintf("Day %d: answer due %s", p.Moments.Days, p.Moments.LastDay),
		})
		if timer.Get(ctx, nil) != nil {
			return
		}
	}
	p.agenda.warnings, p.agenda.overdue = nil, true
	p.describe(ctx)
	p.warned(ctx, complaint.WatchOverdue, 0, activities.NameSendLateNotice, "Tell the complainant that the answer is late")
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
	}
	for _, w := range p.agenda.warnings {
		consider(w.At)
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
	if !p.agenda.acknowledgement.IsZero() && !now.Before(p.agenda.acknowledgement) {
		p.agenda.acknowledgement = time.Time{}
		if p.acknowledgementOwed() {
			p.note(ctx, complaint.WatchEvent{Number: p.Number, Kind: complaint.WatchAcknowledgementLate, Version: p.Moments.Version}, "", "")
		}
	}
	var due *complaint.Warning
	for len(p.agenda.warnings) > 0 && !now.Before(p.agenda.warnings[0].At) {
		due, p.agenda.warnings = &p.agenda.warnings[0], p.agenda.warnings[1:]
	}
	if due != nil {
		p.warned(ctx, complaint.WatchWarned, due.DaysLeft, "", "")
	}
	p.remindDepartments(ctx)
}

func (p *procedure) acknowledgementOwed() bool {
	return p.Acknowledgement != 0 && !p.letters[p.Acknowledgement].HasLeft()
}

// warned makes lateness, or the danger of it, visible: in the register, in the
// list of the Web UI, and where a letter is owed to the complainant.
func (p *procedure) warned(ctx workflow.Context, kind complaint.WatchKind, daysLeft int, activity, summary string) {
	if err := workflow.UpsertTypedSearchAttributes(ctx, AttributeWarned.ValueSet(int64(daysLeft))); err != nil {
		workflow.GetLogger(ctx).Error("the search attribute was not set", "attribute", "Warned")
	}
	event := complaint.WatchEvent{Number: p.Number, Kind: kind, Version: p.Moments.Version, DaysLeft: daysLeft}
	p.note(ctx, event, activity, summary)
}
