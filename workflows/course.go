package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// course is what the procedures of a complaint and of a privacy file have in
// common: commands taken in sequence, letters owed, a position that is shown
// and recorded, and a closing that forgets nothing.
type course struct {
	story      story
	id         complaint.CaseID
	row        int64 // the outbox row that started this run
	taken      int   // highest sequence taken
	takenRow   int64 // of that sequence
	position   complaint.Position
	result     complaint.Result // empty until the case is decided
	letters    map[int64]complaint.LetterState
	delivering map[int64]bool // an activity is at work on the letter
	again      map[int64]bool // a person wants it sent again meanwhile; true: also when it left, for it came back
	first      []int64        // letters of a changed last day: what the watch writes goes out behind them
	stop       func()         // ends what only watches; nil before that began
	busy       int            // recordings and deliveries under way
	closed     bool           // in the register
	takeover   takeover
}

// story is what only one kind of procedure knows of itself.
type story interface {
	place() (complaint.Stage, complaint.WaitingFor) // where the case stands, from the state alone
	describe(workflow.Context)                      // the short case file for supervisors
	seen(complaint.WatchEvent)                      // takes in what the watch did before this run
	catchUp(workflow.Context, complaint.Told)       // begins what was under way before this run
}

func newCourse(s story, id complaint.CaseID, row int64, seq int, first complaint.Position) course {
	return course{story: s, id: id, row: row, taken: seq, takenRow: row, position: first, letters: map[int64]complaint.LetterState{},
		delivering: map[int64]bool{}, again: map[int64]bool{},
		takeover: takeover{takers: map[complaint.CommandKind]func(workflow.Context, complaint.ToldStep){}}}
}

// common gives handlers of messages what every procedure has.
func (c *course) common() *course { return c }

// enter asks the register for this case; false when another run has it. A run
// that takes the place of a lost one is told what was before it.
func (c *course) enter(ctx workflow.Context, summary string) (bool, error) {
	if err := c.answerProgress(ctx); err != nil {
		return false, err
	}
	c.story.describe(ctx)
	var entered complaint.Entered
	err := workflow.ExecuteActivity(lasting(ctx, summary), activities.NameRegister, complaint.Entry{
		Number: c.id.Number, File: c.id.File, Row: c.row, RunID: workflow.GetInfo(ctx).OriginalRunID, Position: c.position,
		TakesOver: c.takeover.due,
	}).Get(ctx, &entered)
	if err == nil && entered.Ours && entered.Told != nil {
		c.takeOver(ctx, *entered.Told)
		c.story.catchUp(ctx, *entered.Told)
	}
	return entered.Ours, err
}

// move brings the position up to the state, shows it to supervisors, and tells
// whether it changed.
func (c *course) move(ctx workflow.Context) bool {
	if c.takeover.telling {
		return false
	}
	defer c.story.describe(ctx)
	stage, waiting := c.story.place()
	if stage == c.position.Stage && waiting == c.position.WaitingFor {
		return false
	}
	c.position = complaint.Position{Revision: c.position.Revision + 1, Stage: stage, WaitingFor: waiting}
	if err := c.showPosition(ctx); err != nil {
		workflow.GetLogger(ctx).Error("the search attributes were not set", "number", c.id.Number)
	}
	return true
}

// showPosition sets the attributes by which supervisors filter.
func (c *course) showPosition(ctx workflow.Context) error {
	return workflow.UpsertTypedSearchAttributes(ctx,
		AttributeStage.ValueSet(string(c.position.Stage)),
		AttributeWaitingFor.ValueSet(string(c.position.WaitingFor)))
}

// show sets attributes by which supervisors filter.
func (c *course) show(ctx workflow.Context, updates ...temporal.SearchAttributeUpdate) {
	if c.takeover.telling {
		return
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		workflow.GetLogger(ctx).Error("a search attribute was not set", "number", c.id.Number)
	}
}

// close waits until nothing is owed and closes register and run together. The
// register refuses while a command is on its way here; that command is taken
// first, and then closing is tried again. It leaves the case open when the
// decision is taken back meanwhile.
func (c *course) close(ctx workflow.Context) error {
	for pause := time.Minute; ; pause = min(2*pause, time.Hour) {
		if err := workflow.Await(ctx, func() bool { return c.result == "" || c.settled() }); err != nil {
			return err
		}
		if c.closed {
			break
		}
		if c.result == "" {
			return nil
		}
		if err := c.askToClose(ctx, pause); err != nil {
			return err
		}
	}
	if c.stop != nil {
		c.stop() // no timer of a closed case is left to be seen
	}
	c.position = complaint.Position{Revision: c.position.Revision + 1, Stage: complaint.Closed, WaitingFor: complaint.WaitNone}
	c.story.describe(ctx)
	return c.showPosition(ctx)
}

// askToClose tries once; refused, it waits for the command that is on its way,
// for the length of a pause at most.
func (c *course) askToClose(ctx workflow.Context, pause time.Duration) error {
	taken := c.taken
	closed, err := c.closeRegister(ctx)
	c.closed = closed
	if err != nil || closed {
		return err
	}
	_, err = workflow.AwaitWithTimeout(ctx, pause, func() bool { return c.taken > taken })
	return err
}

// settled tells that nothing is under way and every letter has left.
func (c *course) settled() bool {
	if c.closed {
		return c.busy == 0
	}
	for _, id := range workflow.DeterministicKeys(c.letters) {
		if !c.letters[id].HasLeft() {
			return false
		}
	}
	return c.busy == 0
}

func (c *course) closing() *complaint.Closing {
	return &complaint.Closing{Number: c.id.Number, File: c.id.File, Result: c.result, Taken: c.taken, Revision: c.position.Revision + 1}
}

// closeRegister asks the register to close the case.
func (c *course) closeRegister(ctx workflow.Context) (bool, error) {
	var closed bool
	err := write(ctx, activities.NameClose, "Close the case in the register", *c.closing(), &closed)
	return closed, err
}
