package workflows

import (
	"fmt"
	"slices"
	"time"

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
	complaint.Start
	row      int64 // the outbox row that started this run
	taken    int   // highest sequence taken
	position complaint.Position

	admitted      bool // by the rules or by a person
	result        complaint.Result
	consultations []*consultation
	letters       map[int64]complaint.LetterState
	delivering    map[int64]bool // an activity is at work on the letter
	again         map[int64]bool // a person wants it sent again meanwhile
	ending        ending         // the letters that end the case, once it is decided

	agenda agenda
	busy   int  // recordings and deliveries under way
	closed bool // in the register
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
	return &procedure{
		Start: s, row: start.Row, taken: start.Seq,
		position: complaint.Position{Revision: 1, Stage: s.Stage, WaitingFor: s.WaitingFor},
		admitted: s.Ground == complaint.GroundAdmissible,
		letters:  map[int64]complaint.LetterState{}, delivering: map[int64]bool{}, again: map[int64]bool{},
		agenda: newAgenda(s.Moments),
	}
}

// run is the table of contents of the procedure.
func (p *procedure) run(ctx workflow.Context) (Ending, error) {
	ours, err := p.register(ctx)
	if err != nil || !ours {
		return Ending{Number: p.Number}, err
	}
	p.acknowledge(ctx)
	p.watch(ctx)
	if err := p.decided(ctx); err != nil {
		return Ending{Number: p.Number}, err
	}
	p.answer(ctx)
	if err := p.close(ctx); err != nil {
		return Ending{Number: p.Number}, err
	}
	return Ending{Number: p.Number, Result: p.result}, nil
}

// register is step 1. The first run that enters the complaint keeps it.
func (p *procedure) register(ctx workflow.Context) (bool, error) {
	p.describe(ctx)
	var entered complaint.Entered
	err := workflow.ExecuteActivity(lasting(ctx, "Register complaint "+string(p.Number)),
		activities.NameRegister, complaint.Entry{
			Number: p.Number, Row: p.row, RunID: workflow.GetInfo(ctx).OriginalRunID, Position: p.position,
		}).Get(ctx, &entered)
	return entered.Ours, err
}

// acknowledge is step 2, beside the main line.
func (p *procedure) acknowledge(ctx workflow.Context) {
	if p.Acknowledgement == 0 {
		return
	}
	p.send(ctx, activities.NameAcknowledge, "Send the acknowledgement of receipt", p.Acknowledgement)
}

// decided waits until the case is decided: an outcome after the investigation
// with the departments, a refusal, a reclassification or a withdrawal. The
// handlers of these commands set the result.
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

// close waits until nothing is owed and closes register and run together. The
// register refuses while a command is on its way here; that command is taken
// first, and then closing is tried again.
func (p *procedure) close(ctx workflow.Context) error {
	for pause := time.Minute; ; pause = min(2*pause, time.Hour) {
		if err := workflow.Await(ctx, p.settled); err != nil {
			return err
		}
		if p.closed {
			break
		}
		if err := p.askToClose(ctx, pause); err != nil {
			return err
		}
	}
	p.agenda.stop() // no timer of a closed case is left to be seen
	p.position = complaint.Position{Revision: p.position.Revision + 1, Stage: complaint.Closed, WaitingFor: complaint.WaitNone}
	p.describe(ctx)
	return p.showPosition(ctx)
}

// askToClose tries once; refused, it waits for the command that is on its way,
// for the length of a pause at most.
func (p *procedure) askToClose(ctx workflow.Context, pause time.Duration) error {
	taken := p.taken
	closed, err := p.closeRegister(ctx)
	p.closed = closed
	if err != nil || closed {
		return err
	}
	_, err = workflow.AwaitWithTimeout(ctx, pause, func() bool { return p.taken > taken })
	return err
}

// settled tells that nothing is under way and every letter has left.
func (p *procedure) settled() bool {
	if p.closed {
		return p.busy == 0
	}
	for _, state := range p.letters {
		if !state.HasLeft() {
			return false
		}
	}
	return p.busy == 0
}

func (p *procedure) closing() *complaint.Closing {
	return &complaint.Closing{Number: p.Number, Result: p.result, Taken: p.taken, Revision: p.position.Revision + 1}
}

// place finds where the case stands from the state alone.
func (p *procedure) place() (complaint.Stage, complaint.WaitingFor) {
	switch {
	case p.closed:
		return complaint.Closed, complaint.WaitNone
	case p.result != "":
		return complaint.Answering, p.waitingForLetters()
	case !p.admitted:
		return complaint.Assessing, complaint.WaitOmbuds
	}
	if open := p.openConsultations(); len(open) > 0 {
		first := slices.MinFunc(open, func(a, b *consultation) int { return a.EscalateAt.Compare(b.EscalateAt) })
		return complaint.Investigating, complaint.WaitDepartment(first.Department)
	}
	return complaint.Investigating, complaint.WaitOmbuds
}

// waitingForLetters names who must act before a decided case can close.
func (p *procedure) waitingForLetters() complaint.WaitingFor {
	waiting := complaint.WaitNone
	for _, id := range workflow.DeterministicKeys(p.letters) {
		switch p.letters[id] {
		case complaint.LetterPrinted:
			return complaint.WaitMailRoom
		case complaint.LetterFailed, complaint.LetterInDoubt:
			waiting = complaint.WaitOmbuds
		}
	}
	return waiting
}
