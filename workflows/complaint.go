package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// Ending is what a procedure returns.
type Ending struct {
	Number complaint.Number `json:"number"`
	Result complaint.Result `json:"result,omitempty"` // empty: another run has this complaint
}

// procedure is the state of one complaint's run.
type procedure struct {
	course
	complaint.Start

	admitted      bool // by the rules or by a person
	consultations []*consultation
	service       *serviceFirst // nil: the service was not asked to help first
	ending        ending        // the letters that end the case, once it is decided
	asked         *asking       // nil: nothing is asked of the complainant
	unconfirmed   bool          // which part the DPO answers has still to be confirmed
	agenda        agenda
}

// ending is how a decided case takes leave.
type ending struct {
	activity, summary string
	letters           []int64
	recording         *complaint.Recording
}

// ComplaintProcedure carries one complaint through the three steps of the
// procedure: register, acknowledge, and within 45 calendar days investigate with
// the department and communicate the result. A request to cancel it, which the
// Web UI offers to everyone, changes nothing: a promise is not cancelled.
func ComplaintProcedure(ctx workflow.Context, start complaint.Message[complaint.Start]) (Ending, error) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	p := newProcedure(start)
	p.listen(ctx)
	return p.run(ctx)
}

// newProcedure sets the first state, before any message can arrive.
func newProcedure(start complaint.Message[complaint.Start]) *procedure {
	s := start.Body
	p := &procedure{
		Start: s, admitted: s.Ground == complaint.GroundAdmissible, agenda: newAgenda(s.Moments),
	}
	p.course = newCourse(p, complaint.CaseID{Number: s.Number}, start.Row, start.Seq,
		firstPosition(s))
	p.takeover.due = start.TakesOver
	p.ask(s.Asked)
	switch {
	case s.Referred == nil:
	case s.Referred.Unconfirmed:
		p.unconfirmed = true
	default:
		p.refer(s.Referred.Letters)
	}
	return p
}

// run is the table of contents of the procedure.
func (p *procedure) run(ctx workflow.Context) (Ending, error) {
	ours, err := p.register(ctx)
	if err != nil || !ours {
		return Ending{Number: p.Number}, err
	}
	p.begin(ctx)
	p.watch(ctx)
	for !p.closed { // until then a decision may be taken back
		if err := p.decided(ctx); err != nil {
			return Ending{Number: p.Number}, err
		}
		p.answer(ctx)
		if err := p.close(ctx); err != nil {
			return Ending{Number: p.Number}, err
		}
	}
	return Ending{Number: p.Number, Result: p.result}, nil
}

// begin lets the first letters leave. A run that took the place of a lost one has
// gone on with whatever had not left. Letters that the command which took a closing
// back dropped may lie printed: no run knew of them.
func (p *procedure) begin(ctx workflow.Context) {
	p.course.withdraw(ctx, p.Dropped...)
	if p.takeover.done {
		return
	}
	p.acknowledge(ctx)
	p.sendRequest(ctx, p.Requests)
	p.referredOnArrival(ctx)
	p.confirmReopening(ctx)
	p.goOn(ctx)
}

// register is step 1. The first run that enters the complaint keeps it.
func (p *procedure) register(ctx workflow.Context) (bool, error) {
	return p.enter(ctx, "Register complaint "+string(p.Number))
}

// acknowledge is step 2, beside the main line.
func (p *procedure) acknowledge(ctx workflow.Context) {
	if p.Acknowledgement == 0 {
		return
	}
	p.send(ctx, activities.NameAcknowledge, "Send the acknowledgement of receipt", append([]int64{p.Acknowledgement}, p.Copies...)...)
}

// decided waits until the case is decided: an outcome after the investigation
// with the departments, a refusal, a reclassification, a referral or a
// withdrawal. The handlers of these commands set the result.
func (p *procedure) decided(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return p.result != "" })
}

// answer lets the letters leave that tell the complainant how the case ended.
func (p *procedure) answer(ctx workflow.Context) {
	e := p.ending
	if len(e.letters) == 0 && e.recording == nil {
		return // nobody can be written to
	}
	first, others := e.letters[:min(1, len(e.letters))], e.letters[min(1, len(e.letters)):]
	p.deliver(ctx, e.activity, e.summary, complaint.Delivery{
		Number: p.Number, Recording: e.recording, Letters: first, Closing: p.closing(),
	})
	for _, id := range others { // each on its own, so that none waits for another
		p.send(ctx, activities.NameSendLetter, fmt.Sprintf("Send letter %d to a department", id), id)
	}
}

// place finds where the case stands from the state alone.
func (p *procedure) place() (complaint.Stage, complaint.WaitingFor) {
	switch {
	case p.closed:
		return complaint.Closed, complaint.WaitNone
	case p.result != "":
		return complaint.Answering, p.waitingForLetters()
	case p.askedNow():
		return complaint.Assessing, complaint.WaitComplainant
	case !p.admitted:
		return complaint.Assessing, complaint.WaitOmbuds
	}
	if open := p.openConsultations(); len(open) > 0 {
		first := slices.MinFunc(open, func(a, b *consultation) int { return a.EscalateAt.Compare(b.EscalateAt) })
		return complaint.Investigating, complaint.WaitDepartment(first.Department)
	}
	if p.withService() {
		return complaint.Investigating, complaint.WaitDepartment(p.service.Department)
	}
	return complaint.Investigating, complaint.WaitOmbuds
}
