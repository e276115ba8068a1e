package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/internal/complaint"
)

// A new deadline is in force in the register before its command is taken here:
// for as long as the worker is away, or until thousands of cases have heard of
// a new calendar. What the watch saw of the deadline before is not kept there;
// once the new one is known here, what still holds is said of it.

// sayAgain takes back what was said of an older deadline when the newer is known,
// so that the watch says it of that one. Nothing waits for this: the command is on
// its way, and a case that closes first has nothing to say any more.
func (p *procedure) sayAgain(ctx workflow.Context, e complaint.WatchEvent) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		if workflow.Await(ctx, func() bool { return p.Moments.Version > e.Version }) == nil {
			p.agenda.unsay(e, p.Moments, workflow.Now(ctx))
		}
	})
}

// unsay makes due again what was not kept, by the moments of the deadline in
// force. What was said after it, or taken back by an end that moved on, stays.
func (a *agenda) unsay(e complaint.WatchEvent, m complaint.Moments, now time.Time) {
	switch e.Kind {
	case complaint.WatchWarned, complaint.WatchOverdue:
		if a.given == e.DaysLeft && a.said == e.Version {
			a.warnAgain(e.DaysLeft, m, now)
		}
	case complaint.WatchOverdueConfirmed:
		if a.overdue && a.confirm.IsZero() {
			a.confirm = m.ConfirmAt
		}
	case complaint.WatchStillOverdue:
		if weeks := -e.DaysLeft / 7; a.overdue && a.weeks == weeks && a.again.IsZero() {
			a.weeks, a.again = weeks-1, now
		}
	case complaint.WatchAcknowledgementLate:
		if a.acknowledgement.IsZero() {
			a.acknowledgement = m.AcknowledgeBy
		}
	case complaint.WatchAcknowledgementAlarm:
		if a.alarm.IsZero() {
			a.alarm = m.AcknowledgeAlarm
		}
	}
}

// warnAgain lets the watch stand where it stood before it said how many days were
// left. After the end no warning is given.
func (a *agenda) warnAgain(daysLeft int, m complaint.Moments, now time.Time) {
	a.given, a.overdue, a.warnings = daysLeft+1, false, nil
	if now.Before(m.EndsAt) {
		a.warnings = slices.DeleteFunc(slices.Clone(m.Warnings), func(w complaint.Warning) bool {
			return w.DaysLeft > daysLeft && !w.At.After(now)
		})
	}
}

// sayAgain lets the end of the DPO's term be said of the newer term. Its reminders
// are those of the newer term anyway.
func (p *privacy) sayAgain(ctx workflow.Context, e complaint.WatchEvent) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		err := workflow.Await(ctx, func() bool { return p.Moments.Version > e.Version })
		if err == nil && e.Kind == complaint.WatchOverdue && p.overdue == e.Version {
			p.overdue = 0
		}
	})
}
