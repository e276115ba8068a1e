package workflows

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// A run may take the place of one that Temporal lost. It begins as that one did
// and is then told, by the register, what was recorded since: the same handlers
// take the same commands once more, and nothing else happens while they do. After
// that it goes on where things stand: letters that have not left leave, and the
// timers run that are still to come.

// QueryProgress asks a run how far it has come: complaint.Progress.
const QueryProgress = "Progress"

// takeover is what a run needs to take the place of another.
type takeover struct {
	due     bool      // it has still to be told
	telling bool      // it is being told: handlers set the state and let nothing begin
	done    bool      // it has been told
	moment  time.Time // of the step that is being told
	takers  map[complaint.CommandKind]func(workflow.Context, complaint.ToldStep)
}

// answerProgress lets the relay ask how far the run is.
func (c *course) answerProgress(ctx workflow.Context) error {
	return workflow.SetQueryHandler(ctx, QueryProgress, func() (complaint.Progress, error) {
		return complaint.Progress{Taken: c.taken, Row: c.takenRow, Revision: c.position.Revision, TakingOver: c.takeover.due}, nil
	})
}

// untilTold keeps commands waiting until the run knows what was before them.
func (c *course) untilTold(ctx workflow.Context) {
	if c.takeover.due {
		_ = workflow.Await(ctx, func() bool { return !c.takeover.due }) // the context is never cancelled
	}
}

// retakes remembers how a command is taken once more.
func retakes[T any](c *course, signal string, handle func(workflow.Context, complaint.Message[T]) verdict) {
	c.takeover.takers[complaint.CommandKind(signal)] = func(ctx workflow.Context, step complaint.ToldStep) {
		message := complaint.Message[T]{Row: step.Row, Seq: step.Seq}
		if err := json.Unmarshal(step.Body, &message.Body); err != nil {
			workflow.GetLogger(ctx).Error("a recorded command cannot be read", "number", c.id.Number, "row", step.Row)
			return
		}
		handle(ctx, message)
	}
}

// now is the time by which handlers judge: that of the step while one is told.
func (c *course) now(ctx workflow.Context) time.Time {
	if c.takeover.telling {
		return c.takeover.moment
	}
	return workflow.Now(ctx)
}

// takeOver brings the state up to the register.
func (c *course) takeOver(ctx workflow.Context, told complaint.Told) {
	c.takeover.telling = true
	for _, step := range told.Steps {
		c.takeover.moment = step.At
		if step.Watch != nil {
			c.own(step.Letters...)
			c.story.seen(*step.Watch)
		} else if take := c.takeover.takers[step.Command]; take != nil {
			take(ctx, step)
		}
	}
	c.takeover.telling = false
	for _, l := range told.Letters {
		c.letters[l.Letter] = l.State
	}
	c.taken, c.takenRow, c.position = told.Taken, told.Row, told.Position
	c.takeover.due, c.takeover.done = false, true
}

// catchUp begins what was under way: letters that have not left, but those that end
// the case, which the main line lets leave. A place that the lost run had not
// recorded is recorded.
func (c *course) catchUp(ctx workflow.Context, ending []int64) {
	c.show(ctx, AttributeStage.ValueSet(string(c.position.Stage)), AttributeWaitingFor.ValueSet(string(c.position.WaitingFor)))
	for _, id := range workflow.DeterministicKeys(c.letters) {
		state := c.letters[id]
		if !state.HasLeft() && !state.NeedsPerson() && !slices.Contains(ending, id) {
			c.send(ctx, activities.NameSendLetter, fmt.Sprintf("Go on with letter %d", id), id)
		}
	}
	if c.move(ctx) {
		c.record(ctx, 0, complaint.Applied)
	}
}

// catchUp of a complaint also takes up the watch after the end of the term, and
// messages to staff.
func (p *procedure) catchUp(ctx workflow.Context, told complaint.Told) {
	p.ending.recording = nil // it was recorded
	if p.agenda.overdue {
		p.follow(ctx, told.Overdue)
	}
	p.tellStaff(ctx, told.Notices)
	if !p.Moments.EndsAt.IsZero() {
		p.show(ctx, AttributeDeadline.ValueSet(p.Moments.EndsAt))
	}
	if p.agenda.given != noWarning {
		p.show(ctx, AttributeWarned.ValueSet(int64(p.agenda.given)))
	}
	p.course.catchUp(ctx, p.ending.letters)
}

// seen takes in what the watch did before this run.
func (p *procedure) seen(e complaint.WatchEvent) {
	switch e.Kind {
	case complaint.WatchWarned:
		p.agenda.given, p.agenda.said = e.DaysLeft, e.Version
		p.agenda.warnings = slices.DeleteFunc(slices.Clone(p.agenda.warnings), func(w complaint.Warning) bool { return w.DaysLeft >= e.DaysLeft })
	case complaint.WatchOverdue:
		p.agenda.overdue, p.agenda.given, p.agenda.said, p.agenda.warnings = true, 0, e.Version, nil
	case complaint.WatchStillOverdue:
		p.agenda.weeks = -e.DaysLeft / 7
	case complaint.WatchAcknowledgementLate:
		p.agenda.acknowledgement = time.Time{}
	case complaint.WatchAcknowledgementAlarm:
		p.agenda.acknowledgement, p.agenda.alarm = time.Time{}, time.Time{}
	case complaint.WatchRefusalLate:
		p.RefuseBy = time.Time{}
	case complaint.WatchServiceReturned:
		if p.service != nil {
			p.service.returned = true
		}
	case complaint.WatchReminded, complaint.WatchEscalated:
		for _, c := range p.consultations {
			if c.Consultation == e.Consultation {
				c.reminded, c.escalated = true, c.escalated || e.Kind == complaint.WatchEscalated
			}
		}
	case complaint.WatchMissingReminded, complaint.WatchMissingEnded:
		if p.asked != nil && p.asked.Round == e.Round {
			p.asked.reminded, p.asked.ended = true, p.asked.ended || e.Kind == complaint.WatchMissingEnded
		}
	}
}

// seen takes in what the watch did before this run.
func (p *privacy) seen(e complaint.WatchEvent) {
	switch e.Kind {
	case complaint.WatchBreachWarned:
		p.warned = max(p.warned, e.Version)
		return
	case complaint.WatchBreachOverdue:
		p.alarmed = max(p.alarmed, e.Version)
		return
	}
	if e.Kind == complaint.WatchOverdue {
		p.overdue = e.Version
	}
	p.warnings = slices.DeleteFunc(slices.Clone(p.warnings), func(w complaint.Warning) bool { return p.overdue != 0 || w.DaysLeft >= e.DaysLeft })
}

// catchUp of a privacy file shows its term, which may have been extended.
func (p *privacy) catchUp(ctx workflow.Context, _ complaint.Told) {
	p.show(ctx, AttributeDeadline.ValueSet(p.Moments.EndsAt))
	p.course.catchUp(ctx, p.answer)
}
