package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// privacy is the state of one privacy file's run.
type privacy struct {
	course
	complaint.PrivacyStart
	warnings []complaint.Warning // not yet given, ascending
	extended bool
	overdue  int     // the version of the term whose end was seen; 0: none
	warned   int     // the version of a breach of which the DPO was warned
	alarmed  int     // and of which the alarm was raised
	answer   []int64 // the letters that end the file, once it is answered
}

// PrivacyProcedure carries what concerns personal data to the answer of the data
// protection officer (DPO): told at once, reminded before the end of the month,
// overdue at its end, closed when the answer has left. It runs beside the
// complaint of the same number and neither waits for the other. As with the
// complaint, a request to cancel it changes nothing.
func PrivacyProcedure(ctx workflow.Context, start complaint.Message[complaint.PrivacyStart]) (Ending, error) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	p := newPrivacy(start)
	p.listen(ctx)
	return p.run(ctx)
}

func newPrivacy(start complaint.Message[complaint.PrivacyStart]) *privacy {
	p := &privacy{PrivacyStart: start.Body, warnings: start.Body.Moments.Warnings}
	p.course = newCourse(p, complaint.CaseID{Number: start.Body.Number, File: complaint.PrivacyFile}, start.Row, start.Seq,
		complaint.Position{Revision: 1, Stage: complaint.Investigating, WaitingFor: complaint.WaitDPO})
	p.takeover.due = start.TakesOver
	return p
}

func (p *privacy) run(ctx workflow.Context) (Ending, error) {
	ending := Ending{Number: p.Number}
	ours, err := p.enter(ctx, "Register privacy file "+string(p.Number))
	if err != nil || !ours {
		return ending, err
	}
	if !p.takeover.done {
		p.send(ctx, activities.NameTransferPrivacy, "Send the matter to the DPO", p.Transfer)
	}
	workflow.Go(ctx, p.watch)
	workflow.Go(ctx, p.watchBreach)
	if err := workflow.Await(ctx, func() bool { return p.result != "" }); err != nil {
		return ending, err
	}
	if len(p.answer) > 0 {
		p.deliver(ctx, activities.NameAnswerPrivacy, "Send the answer of the DPO to the complainant", complaint.Delivery{
			Number: p.Number, File: complaint.PrivacyFile, Letters: p.answer, Closing: p.closing(),
		})
	}
	if err := p.breachSettled(ctx); err != nil {
		return ending, err
	}
	if err := p.close(ctx); err != nil {
		return ending, err
	}
	ending.Result = p.result
	return ending, nil
}

func (p *privacy) listen(ctx workflow.Context) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		commands := workflow.NewSelector(ctx)
		on(ctx, p, commands, SignalExtendPrivacy, p.extend)
		on(ctx, p, commands, SignalAnswerPrivacy, p.answered)
		on(ctx, p, commands, SignalChangeBreach, p.changeBreach)
		on(ctx, p, commands, SignalChangeDeadline, p.moveTerm)
		on(ctx, p, commands, SignalSettleLetter, p.settleLetter)
		p.untilTold(ctx)
		for {
			commands.Select(ctx)
		}
	})
}

// extend takes the longer term; the watch sets its timer anew.
func (p *privacy) extend(ctx workflow.Context, m complaint.Message[complaint.PrivacyExtended]) verdict {
	if p.result != "" || m.Body.Moments.Version <= p.Moments.Version {
		return notApplied
	}
	p.extended = true
	p.take(ctx, m.Body.Moments)
	if len(m.Body.Letters) > 0 {
		p.send(ctx, activities.NameExtendPrivacy, "Tell the complainant that the DPO needs longer", m.Body.Letters...)
	}
	return applied
}

// moveTerm takes the term of another moment of receipt.
func (p *privacy) moveTerm(ctx workflow.Context, m complaint.Message[complaint.DeadlineChanged]) verdict {
	if p.result != "" || m.Body.Moments.Version <= p.Moments.Version {
		return notApplied
	}
	p.take(ctx, m.Body.Moments)
	if len(m.Body.Letters) > 0 {
		p.send(ctx, activities.NameTellLastDay, "Tell the DPO and the complainant the last day "+p.Moments.LastDay.String(), m.Body.Letters...)
	}
	return applied
}

// take brings moments into force and shows them; the watch sees the version.
func (p *privacy) take(ctx workflow.Context, m complaint.Moments) {
	p.Moments, p.warnings = m, m.Warnings
	p.show(ctx, AttributeDeadline.ValueSet(m.EndsAt))
}

// answered takes the DPO's answer; the main line lets its letters leave.
func (p *privacy) answered(_ workflow.Context, m complaint.Message[complaint.PrivacyClosed]) verdict {
	if p.result != "" {
		return notApplied
	}
	p.result, p.answer = complaint.Result(m.Body.Result), m.Body.Letters
	p.own(m.Body.Letters...)
	return applied
}

// watch reminds the DPO before the end of the term and says when it has passed.
// It never ends the file.
func (p *privacy) watch(ctx workflow.Context) {
	for {
		version := p.Moments.Version
		now := workflow.Now(ctx)
		p.remind(ctx, now)
		if !now.Before(p.Moments.EndsAt) {
			if p.overdue == 0 {
				p.overdue = version
				p.warn(ctx, complaint.WatchOverdue, 0, "Tell the DPO that the term has passed")
			}
			if workflow.Await(ctx, func() bool { return p.Moments.Version != version || p.overdue == 0 }) != nil {
				return
			}
			continue
		}
		p.overdue = 0
		alarm, cancel := workflow.WithCancel(ctx)
		next, summary := p.next()
		timer := workflow.NewTimerWithOptions(alarm, next.Sub(now), workflow.TimerOptions{Summary: summary})
		err := workflow.Await(ctx, func() bool { return timer.IsReady() || p.Moments.Version != version })
		cancel()
		if err != nil {
			return
		}
	}
}

// next is what the watch waits for, in words for the timeline.
func (p *privacy) next() (time.Time, string) {
	if len(p.warnings) > 0 {
		at := p.warnings[0].At
		return at, fmt.Sprintf("Reminder to the DPO on %s; answer due %s", complaint.DayOf(at), p.Moments.LastDay)
	}
	return p.Moments.EndsAt, fmt.Sprintf("End of the DPO's term: answer due %s", p.Moments.LastDay)
}

// remind gives the reminders that are due; those that passed together as one,
// and none after the end of the term.
func (p *privacy) remind(ctx workflow.Context, now time.Time) {
	var due *complaint.Warning
	for len(p.warnings) > 0 && !now.Before(p.warnings[0].At) {
		due, p.warnings = &p.warnings[0], p.warnings[1:]
	}
	if due != nil && now.Before(p.Moments.EndsAt) {
		p.warn(ctx, complaint.WatchWarned, due.DaysLeft, "Remind the DPO of the last day")
	}
}

func (p *privacy) warn(ctx workflow.Context, kind complaint.WatchKind, daysLeft int, summary string) {
	p.show(ctx, AttributeWarned.ValueSet(int64(daysLeft)))
	event := complaint.WatchEvent{
		Number: p.Number, File: complaint.PrivacyFile, Kind: kind, Version: p.Moments.Version, DaysLeft: daysLeft,
	}
	p.noteThen(ctx, event, activities.NameRemindDPO, summary, func(ctx workflow.Context, recorded complaint.WatchRecorded) {
		if recorded.Superseded {
			p.sayAgain(ctx, event)
		}
	})
}

// place finds where the file stands. Whoever has to settle a letter of this file
// is the DPO.
func (p *privacy) place() (complaint.Stage, complaint.WaitingFor) {
	switch {
	case p.closed:
		return complaint.Closed, complaint.WaitNone
	case p.result == "":
		return complaint.Investigating, complaint.WaitDPO
	}
	waiting := p.waitingForLetters()
	if waiting == complaint.WaitOmbuds || waiting == complaint.WaitNone && p.Due() {
		waiting = complaint.WaitDPO
	}
	return complaint.Answering, waiting
}
