package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// consultation (raadpleging) is one question to one department: asked, reminded
// before its due day, escalated to the head of the department after it.
type consultation struct {
	complaint.DepartmentAsked
	closed              bool // answered, or no longer needed
	answered            bool
	involved            bool // over, because the department is named as involved
	reminded, escalated bool
}

// askDepartment opens a consultation. AskDepartment records it before the letter
// leaves, which spares the case a step.
func (p *procedure) askDepartment(ctx workflow.Context, m complaint.Message[complaint.DepartmentAsked]) verdict {
	if p.result != "" || !p.admitted {
		return notApplied
	}
	return p.openConsultation(ctx, m.Row, m.Body)
}

// openConsultation lets the question leave, and with it what others are told.
func (p *procedure) openConsultation(ctx workflow.Context, row int64, asked complaint.DepartmentAsked, others ...int64) verdict {
	letters := append([]int64{asked.Letter}, others...)
	p.consultations = append(p.consultations, &consultation{DepartmentAsked: asked})
	p.move(ctx)
	p.own(letters...)
	p.deliver(ctx, activities.NameAskDepartment,
		fmt.Sprintf("Ask %s, answer due %s", asked.Department, asked.DueOn),
		complaint.Delivery{
			Number: p.Number, Letters: letters,
			Recording: &complaint.Recording{Number: p.Number, Row: row, Effect: complaint.Applied, Position: p.position},
		})
	return verdict{effect: complaint.Applied, recorded: true}
}

// handOverQuestion ends a consultation and opens the one that continues it in
// another department.
func (p *procedure) handOverQuestion(ctx workflow.Context, m complaint.Message[complaint.QuestionHandedOver]) verdict {
	i := slices.IndexFunc(p.consultations, func(c *consultation) bool { return c.Consultation == m.Body.From && !c.closed })
	if p.result != "" || i < 0 {
		return notApplied
	}
	p.consultations[i].closed = true
	return p.openConsultation(ctx, m.Row, m.Body.DepartmentAsked, m.Body.Letters...)
}

// receiveAnswer closes a consultation. An answer after the decision is kept in
// the file and moves nothing.
func (p *procedure) receiveAnswer(_ workflow.Context, m complaint.Message[complaint.AnswerReceived]) verdict {
	for _, c := range p.openConsultations() {
		if c.Consultation == m.Body.Consultation {
			c.closed, c.answered = true, true
			return applied
		}
	}
	return notApplied
}

// endQuestions stops waiting for departments that are named as involved, so that
// the case is not held up by an answer that nobody may give.
func (p *procedure) endQuestions(ctx workflow.Context, m complaint.Message[complaint.QuestionsEnded]) verdict {
	if p.result != "" {
		return notApplied
	}
	for _, c := range p.openConsultations() {
		if slices.Contains(m.Body.Consultations, c.Consultation) {
			c.closed, c.involved = true, true
		}
	}
	if m.Body.Service && p.withService() {
		p.service.returned, p.service.how = true, "is named as involved and does not help any more"
	}
	for _, letter := range m.Body.Letters {
		p.send(ctx, activities.NameSendLetter, fmt.Sprintf("Tell a department that it need not answer (letter %d)", letter), letter)
	}
	return applied
}

func (p *procedure) openConsultations() []*consultation {
	var open []*consultation
	for _, c := range p.consultations {
		if !c.closed {
			open = append(open, c)
		}
	}
	return open
}

// remindDepartments does what is due in the open consultations. One that is past
// its due day is escalated and not reminded any more.
func (p *procedure) remindDepartments(ctx workflow.Context) {
	now := workflow.Now(ctx)
	for _, c := range p.openConsultations() {
		switch {
		case !c.escalated && !now.Before(c.EscalateAt):
			c.reminded, c.escalated = true, true
			p.remind(ctx, c, complaint.WatchEscalated, "Tell the head of %s that no answer came")
		case !c.reminded && !c.RemindAt.IsZero() && !now.Before(c.RemindAt):
			c.reminded = true
			p.remind(ctx, c, complaint.WatchReminded, "Remind %s of the question")
		}
	}
}

func (p *procedure) remind(ctx workflow.Context, c *consultation, kind complaint.WatchKind, summary string) {
	event := complaint.WatchEvent{Number: p.Number, Kind: kind, Version: p.Moments.Version, Consultation: c.Consultation}
	p.note(ctx, event, activities.NameRemindDepartment, fmt.Sprintf(summary, c.Department))
}
