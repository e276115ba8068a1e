package workflows

import (
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// listen takes commands for as long as the run lives.
func (p *procedure) listen(ctx workflow.Context) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		commands := workflow.NewSelector(ctx)
		on(ctx, p, commands, SignalDecideAdmissibility, p.decideAdmissibility)
		on(ctx, p, commands, SignalReceiveReply, p.receiveReply)
		on(ctx, p, commands, SignalCorrectSubmission, p.correctSubmission)
		on(ctx, p, commands, SignalAskDepartment, p.askDepartment)
		on(ctx, p, commands, SignalReceiveAnswer, p.receiveAnswer)
		on(ctx, p, commands, SignalHandOverQuestion, p.handOverQuestion)
		on(ctx, p, commands, SignalHandToService, p.handToService)
		on(ctx, p, commands, SignalReportService, p.reportService)
		on(ctx, p, commands, SignalEndQuestions, p.endQuestions)
		on(ctx, p, commands, SignalDecideOutcome, p.decideOutcome)
		on(ctx, p, commands, SignalWithdraw, p.withdraw)
		on(ctx, p, commands, SignalSettleLetter, p.settleLetter)
		on(ctx, p, commands, SignalPassOver, passOver)
		on(ctx, p, commands, SignalChangeDeadline, p.changeDeadline)
		on(ctx, p, commands, SignalVoid, p.voidEntry)
		on(ctx, p, commands, SignalReferPrivacy, p.referPrivacy)
		p.untilTold(ctx)
		for {
			commands.Select(ctx)
		}
	})
}

// decideAdmissibility takes an officer's decision. A refusal or a
// reclassification also ends a case that went on by itself; a refusal may be
// taken back while its letter has not closed the case.
func (p *procedure) decideAdmissibility(ctx workflow.Context, m complaint.Message[complaint.AdmissibilityDecided]) verdict {
	p.drop(ctx, m.Body.Dropped)
	if m.Body.Reversed && p.result == complaint.Inadmissible {
		p.Ground = m.Body.Ground
		p.reverse(ctx, m.Body)
		return applied
	}
	if p.result != "" {
		return notApplied
	}
	p.Ground = m.Body.Ground
	switch m.Body.Judgement {
	case complaint.FindAdmissible:
		p.admitted = true
		p.ask(nil)
	case complaint.FindPending:
		p.ask(m.Body.Asked)
		p.sendRequest(ctx, m.Body.Letters)
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
func (p *procedure) decideOutcome(ctx workflow.Context, m complaint.Message[complaint.OutcomeDecided]) verdict {
	p.drop(ctx, m.Body.Dropped)
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
func (p *procedure) withdraw(ctx workflow.Context, m complaint.Message[complaint.Withdrawal]) verdict {
	p.drop(ctx, m.Body.Dropped)
	if p.result != "" {
		return notApplied
	}
	p.end(complaint.Withdrawn, activities.NameConfirmWithdrawal, "Confirm the withdrawal", m.Body.Letters)
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
