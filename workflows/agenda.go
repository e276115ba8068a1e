package workflows

import (
	"math"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// agenda is what the watch has still to do; a zero moment is done with.
type agenda struct {
	warnings        []complaint.Warning // not yet given, ascending
	given           int                 // days left at the last warning; none: noWarning
	said            int                 // the version of the deadline of which that was said
	acknowledgement time.Time           // when one that is owed is late
	alarm           time.Time           // when it needs somebody at once
	overdue         bool                // the end of the term was seen
	confirm         time.Time           // when a provisional overdue is settled
	again           time.Time           // the next weekly reminder
	weeks           int                 // weekly reminders given
}

const noWarning = math.MaxInt

func newAgenda(m complaint.Moments) agenda {
	return agenda{warnings: m.Warnings, given: noWarning, acknowledgement: m.AcknowledgeBy, alarm: m.AcknowledgeAlarm}
}

// changeDeadline takes a new version of the deadline, and tells the complainant
// where letters are owed for that.
func (p *procedure) changeDeadline(ctx workflow.Context, m complaint.Message[complaint.DeadlineChanged]) verdict {
	if m.Body.Moments.Version <= p.Moments.Version {
		return notApplied
	}
	before := p.Moments
	p.Moments = m.Body.Moments
	if p.agenda.adopt(before, p.Moments, p.now(ctx)) {
		p.show(ctx, AttributeWarned.ValueUnset())
	}
	p.show(ctx, AttributeDeadline.ValueSet(p.Moments.EndsAt))
	if len(m.Body.Letters) > 0 {
		p.first = m.Body.Letters
		p.send(ctx, activities.NameTellLastDay, "Tell the complainant the last day "+p.Moments.LastDay.String(), m.Body.Letters...)
	}
	return applied
}

// adopt takes over the moments of a new version, and tells whether it took back
// what was said of the end before it. What has been done is not done again: no
// warning is given twice, and those that have passed together become one.
func (a *agenda) adopt(before, after complaint.Moments, now time.Time) (tookBack bool) {
	if before.EndsAt.IsZero() {
		*a = newAgenda(after)
		return false
	}
	if !a.acknowledgement.IsZero() {
		a.acknowledgement = after.AcknowledgeBy
	}
	if !a.alarm.IsZero() {
		a.alarm = after.AcknowledgeAlarm
	}
	if !a.confirm.IsZero() {
		a.confirm = after.ConfirmAt
	}
	tookBack = after.EndsAt.After(before.EndsAt) && after.EndsAt.After(now) && a.given != noWarning
	if tookBack {
		a.given, a.overdue, a.weeks = noWarning, false, 0
		a.confirm, a.again = time.Time{}, time.Time{}
	}
	moved := !after.EndsAt.Equal(before.EndsAt)
	a.warnings = slices.DeleteFunc(slices.Clone(after.Warnings), func(w complaint.Warning) bool {
		given := w.DaysLeft >= a.given
		return a.overdue || given && (!moved || !w.At.After(now))
	})
	return tookBack
}

// settleLetter takes what a person said of a letter. An answer that turns out to
// have been posted in time takes the overdue back.
func (p *procedure) settleLetter(ctx workflow.Context, m complaint.Message[complaint.LetterSettled]) verdict {
	if m.Body.InTime && p.agenda.overdue {
		p.agenda.confirm, p.agenda.again = time.Time{}, time.Time{}
		p.show(ctx, AttributeWarned.ValueUnset())
	}
	return p.course.settleLetter(ctx, m)
}

// note tells the register what time brought about, and follows its answer.
func (p *procedure) note(ctx workflow.Context, event complaint.WatchEvent, activity, summary string) {
	p.noteThen(ctx, event, activity, summary, func(ctx workflow.Context, recorded complaint.WatchRecorded) {
		if recorded.Superseded {
			p.sayAgain(ctx, event)
			return
		}
		p.follow(ctx, recorded)
	})
}

// follow does what comes after an event of the watch: staff are warned, and the
// watch goes on.
func (p *procedure) follow(ctx workflow.Context, recorded complaint.WatchRecorded) {
	p.tellStaff(ctx, recorded.Notices)
	if recorded.Provisional {
		p.agenda.confirm = p.Moments.ConfirmAt
	}
	if recorded.GoesOn {
		p.agenda.again = recorded.AgainAt
	}
}

// tellStaff lets messages to staff leave, for which nothing waits, not even the
// closing of the case.
func (p *procedure) tellStaff(ctx workflow.Context, notices []int64) {
	if len(notices) == 0 || p.takeover.telling {
		return
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		delivery := complaint.Delivery{Number: p.Number, Letters: notices}
		err := workflow.ExecuteActivity(lasting(ctx, "Warn staff"), activities.NameWarnStaff, delivery).Get(ctx, nil)
		if err != nil && !temporal.IsCanceledError(err) { // closed meanwhile: what it would have said is over
			workflow.GetLogger(ctx).Error("the register refused a message to staff", "number", p.Number)
		}
	})
}
