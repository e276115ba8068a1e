package workflows

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// asking is what is asked of the complainant (pending): reminded once, and at
// the end of the term handed to an officer, who decides. The case's own term
// runs on meanwhile.
type asking struct {
	complaint.Asked
	reminded, ended bool
}

// ask begins to wait for the complainant; nil ends it.
func (p *procedure) ask(asked *complaint.Asked) {
	p.asked = nil
	if asked != nil {
		p.asked, p.admitted = &asking{Asked: *asked}, false
	}
}

// askedNow tells whether the complainant has to act.
func (p *procedure) askedNow() bool { return p.asked != nil && !p.asked.ended }

// sendRequest lets the letter leave that asks for what is missing.
func (p *procedure) sendRequest(ctx workflow.Context, letters []int64) {
	if len(letters) > 0 {
		p.send(ctx, activities.NameAskComplainant, "Ask the complainant for what is missing", letters...)
	}
}

// receiveReply takes what the rules find after the complainant answered. The
// writing of a phone note makes the acknowledgement owed.
func (p *procedure) receiveReply(ctx workflow.Context, m complaint.Message[complaint.ReplyReceived]) verdict {
	if p.result != "" {
		return notApplied
	}
	p.takeFinding(ctx, m.Body)
	return applied
}

// correctSubmission takes what a correction of what came in brings about.
func (p *procedure) correctSubmission(ctx workflow.Context, m complaint.Message[complaint.SubmissionCorrected]) verdict {
	if p.result != "" {
		return notApplied
	}
	if department := m.Body.Department; department != p.Department {
		p.Department = department
		update := AttributeDepartment.ValueSet(department)
		if department == "" {
			update = AttributeDepartment.ValueUnset()
		}
		p.show(ctx, update)
	}
	if m.Body.Judgement != "" {
		p.takeFinding(ctx, m.Body.ReplyReceived)
	} else if m.Body.Acknowledgement != 0 {
		p.Acknowledgement, p.Copies = m.Body.Acknowledgement, m.Body.Letters[1:]
		p.acknowledge(ctx)
	}
	return applied
}

// takeFinding goes on as the rules find.
func (p *procedure) takeFinding(ctx workflow.Context, reply complaint.ReplyReceived) {
	p.Ground, p.admitted, p.RefuseBy = reply.Ground, reply.Admitted, reply.RefuseBy
	p.drop(ctx, reply.Dropped)
	if !reply.StillAsked {
		p.ask(reply.Asked)
	}
	others := slices.DeleteFunc(slices.Clone(reply.Letters), func(id int64) bool { return id == reply.Acknowledgement })
	if reply.Acknowledgement != 0 {
		p.Acknowledgement = reply.Acknowledgement
		if reply.Asked == nil {
			p.Copies, others = others, nil
		}
		p.acknowledge(ctx)
	}
	p.sendRequest(ctx, others)
}

// reverse takes a refusal back: the case goes on as admissible, under the term
// that never stopped.
func (p *procedure) reverse(ctx workflow.Context, m complaint.AdmissibilityDecided) {
	p.result, p.ending, p.admitted, p.RefuseBy = "", ending{}, true, time.Time{}
	p.ask(nil)
	if len(m.Letters) > 0 {
		p.send(ctx, activities.NameNotifyDecision, "Tell the complainant that the refusal is taken back", m.Letters...)
	}
}

// askingChecks names the moments at which something is due while the complainant
// is asked, or a refusal that was found has not gone out.
func (p *procedure) askingChecks() []time.Time {
	var moments []time.Time
	if p.refusalOwed() {
		moments = append(moments, p.RefuseBy)
	}
	if p.askedNow() && p.result == "" {
		moments = append(moments, p.asked.EndsAt)
		if !p.asked.reminded {
			moments = append(moments, p.asked.RemindAt)
		}
	}
	return moments
}

// checkAsking does what is due of these.
func (p *procedure) checkAsking(ctx workflow.Context) {
	now := workflow.Now(ctx)
	if !p.RefuseBy.IsZero() && !now.Before(p.RefuseBy) {
		if p.refusalOwed() {
			p.note(ctx, complaint.WatchEvent{Number: p.Number, Kind: complaint.WatchRefusalLate, Version: p.Moments.Version}, "", "")
		}
		p.RefuseBy = time.Time{}
	}
	if !p.askedNow() || p.result != "" {
		return
	}
	event := complaint.WatchEvent{Number: p.Number, Version: p.Moments.Version, Round: p.asked.Round}
	switch {
	case !now.Before(p.asked.EndsAt):
		p.asked.ended = true
		event.Kind = complaint.WatchMissingEnded
		p.note(ctx, event, "", "")
		if p.move(ctx) {
			p.record(ctx, 0, complaint.Applied)
		}
	case !p.asked.reminded && !p.asked.RemindAt.IsZero() && !now.Before(p.asked.RemindAt):
		p.asked.reminded = true
		event.Kind = complaint.WatchMissingReminded
		p.note(ctx, event, activities.NameAskComplainant, "Remind the complainant of what is missing")
	}
}

// refusalOwed tells whether a refusal that the rules found still has to be
// decided, or its letter to leave.
func (p *procedure) refusalOwed() bool {
	switch {
	case p.RefuseBy.IsZero() || p.admitted:
		return false
	case p.result == "":
		return true
	}
	return p.result == complaint.Inadmissible && slices.ContainsFunc(p.ending.letters, func(id int64) bool { return !p.letters[id].HasLeft() })
}

// askingWords says whom an assessment waits for.
func (p *procedure) askingWords() string {
	switch {
	case p.unconfirmed:
		return "the data protection officer or an ombuds officer, to confirm which part is about personal data"
	case p.asked == nil:
		return "an ombuds officer, to decide whether the complaint is taken up"
	case p.asked.ended:
		return fmt.Sprintf("an ombuds officer, to decide: what the complainant was asked for (%s) had not come by %s", p.asked.Reason, p.asked.Until)
	default:
		return fmt.Sprintf("the complainant, to send what is missing (%s) by %s", p.asked.Reason, p.asked.Until)
	}
}
