package workflows

import (
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// verdict is what a handler answers: the effect, and whether the command is
// recorded together with the letters that follow it (then by that activity).
type verdict struct {
	effect   complaint.Effect
	recorded bool
}

var (
	applied    = verdict{effect: complaint.Applied}
	notApplied = verdict{effect: complaint.NotApplied}
)

// listen takes commands for as long as the run lives.
func (p *procedure) listen(ctx workflow.Context) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		commands := workflow.NewSelector(ctx)
		on(ctx, p, commands, SignalDecideAdmissibility, p.decideAdmissibility)
		on(ctx, p, commands, SignalAskDepartment, p.askDepartment)
		on(ctx, p, commands, SignalReceiveAnswer, p.receiveAnswer)
		on(ctx, p, commands, SignalDecideOutcome, p.decideOutcome)
		on(ctx, p, commands, SignalWithdraw, p.withdraw)
		on(ctx, p, commands, SignalSettleLetter, p.settleLetter)
		for {
			commands.Select(ctx)
		}
	})
}

// on takes the commands of one kind in the order of their sequence: only the
// next one is taken, so a repeated delivery changes nothing.
func on[T any](ctx workflow.Context, p *procedure, commands workflow.Selector, signal string,
	handle func(workflow.Context, complaint.Message[T]) verdict,
) {
	channel := workflow.GetSignalChannel(ctx, signal)
	commands.AddReceive(channel, func(c workflow.ReceiveChannel, _ bool) {
		var message complaint.Message[T]
		if !c.ReceiveAsync(&message) {
			return // not a command of ours, and dropped: somebody typed it into the Web UI
		}
		if message.Seq != p.taken+1 {
			return
		}
		p.taken = message.Seq
		v := handle(ctx, message)
		p.move(ctx)
		if !v.recorded {
			p.record(ctx, message.Row, v.effect)
		}
	})
}

// decideAdmissibility takes an officer's decision. A refusal or a
// reclassification also ends a case that went on by itself.
func (p *procedure) decideAdmissibility(_ workflow.Context, m complaint.Message[complaint.AdmissibilityDecided]) verdict {
	if p.result != "" {
		return notApplied
	}
	p.Ground = m.Body.Ground
	switch m.Body.Judgement {
	case complaint.FindAdmissible:
		p.admitted = true
		return applied
	case complaint.FindInadmissible:
		p.end(complaint.Inadmissible, activities.NameNotifyDecision, "Send the refusal with its reasons", m.Body.Letters)
	case complaint.FindReclassified:
		p.end(complaint.Reclassified, activities.NameNotifyDecision, "Hand the question to the department", m.Body.Letters)
	default:
		return notApplied
	}
	return applied
}

// decideOutcome takes the answer of the ombuds officer. NotifyOutcome records
// it before the letter leaves, which spares the case a step.
func (p *procedure) decideOutcome(_ workflow.Context, m complaint.Message[complaint.OutcomeDecided]) verdict {
	if p.result != "" || !p.admitted {
		return notApplied
	}
	p.end(complaint.Answered, activities.NameNotifyOutcome, "Send the outcome to the complainant", m.Body.Letters)
	stage, waiting := p.place()
	p.ending.recording = &complaint.Recording{
		Number: p.Number, Row: m.Row, Effect: complaint.Applied,
		Position: complaint.Position{Revision: p.position.Revision + 1, Stage: stage, WaitingFor: waiting},
	}
	return verdict{effect: complaint.Applied, recorded: true}
}

// withdraw takes a withdrawal, at any moment before the case is decided.
func (p *procedure) withdraw(_ workflow.Context, m complaint.Message[complaint.Withdrawal]) verdict {
	if p.result != "" {
		return notApplied
	}
	p.end(complaint.Withdrawn, activities.NameConfirmWithdrawal, "Confirm the withdrawal", m.Body.Letters)
	return applied
}

// settleLetter takes what the mail room or an officer said of a letter: posted
// on a day, left after all, to be sent again, or dropped.
func (p *procedure) settleLetter(ctx workflow.Context, m complaint.Message[complaint.LetterSettled]) verdict {
	if _, known := p.letters[m.Body.Letter]; !known {
		return notApplied
	}
	p.letters[m.Body.Letter] = m.Body.State
	switch {
	case m.Body.State.HasLeft():
	case p.delivering[m.Body.Letter]:
		p.again[m.Body.Letter] = true // one at a time; it goes out when that one is done
	default:
		p.sendAgain(ctx, m.Body.Letter)
	}
	return applied
}

// end decides the case; the main line then lets the letters leave. Open
// consultations need no answer any more.
func (p *procedure) end(result complaint.Result, activity, summary string, letters []int64) {
	p.result = result
	p.ending = ending{activity: activity, summary: summary, letters: letters}
	p.own(letters...)
	for _, c := range p.consultations {
		c.closed = true
	}
}
