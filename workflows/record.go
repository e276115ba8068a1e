package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// heartbeatTimeout is when the work of a silent worker is given to another.
const heartbeatTimeout = 10 * time.Second

// lasting is for work that must be done in the end, however long the register or
// the mail server is away: it is tried again without end, with growing pauses of
// at most a quarter of an hour. One attempt has three minutes, more than a slow
// mail server is given; a worker that died in the middle is noticed by its
// missing heartbeat.
func lasting(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 3 * time.Minute,
		HeartbeatTimeout:    heartbeatTimeout,
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 15 * time.Minute,
			NonRetryableErrorTypes: []string{activities.TypeRefused},
		},
	})
}

// recording is for the register alone: pauses of at most a minute.
func recording(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 20 * time.Second,
		HeartbeatTimeout:    heartbeatTimeout,
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute,
			NonRetryableErrorTypes: []string{activities.TypeRefused},
		},
	})
}

// atOnce is for pure recording within the workflow task: a few seconds.
func atOnce(ctx workflow.Context) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: 4 * time.Second,
		StartToCloseTimeout:    2 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: 100 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Second,
			NonRetryableErrorTypes: []string{activities.TypeRefused},
		},
	})
}

// write does pure recording: at once if the register is there, else by an
// ordinary activity that supervisors see and that goes on until it is done.
func write(ctx workflow.Context, activity, summary string, argument, result any) error {
	err := workflow.ExecuteLocalActivity(atOnce(ctx), activity, argument).Get(ctx, result)
	if err == nil || refused(err) {
		return err
	}
	return workflow.ExecuteActivity(recording(ctx, summary), activity, argument).Get(ctx, result)
}

func refused(err error) bool {
	failure, ok := errors.AsType[*temporal.ApplicationError](err)
	return ok && failure.Type() == activities.TypeRefused
}

// note tells the register what time brought about and lets the letters leave
// that this owes.
func (c *course) note(ctx workflow.Context, event complaint.WatchEvent, activity, summary string) {
	c.noteThen(ctx, event, activity, summary, func(workflow.Context, complaint.WatchRecorded) {})
}

// noteThen is note for a procedure that does more with the register's answer.
func (c *course) noteThen(ctx workflow.Context, event complaint.WatchEvent, activity, summary string,
	then func(workflow.Context, complaint.WatchRecorded),
) {
	c.beside(ctx, func(ctx workflow.Context) {
		var recorded complaint.WatchRecorded
		err := write(ctx, activities.NameRecordWatch, "Record in the register: "+string(event.Kind), event, &recorded)
		if err != nil {
			workflow.GetLogger(ctx).Error("the register refused an event of the watch", "number", c.id.Number, "kind", event.Kind)
			return
		}
		if len(recorded.Letters) > 0 {
			if workflow.Await(ctx, c.firstTried) != nil {
				return
			}
			c.send(ctx, activity, summary, recorded.Letters...)
		}
		then(ctx, recorded)
	})
}

// record tells the register what became of a command, by a coroutine of its own.
// Row 0 records only where the case stands.
func (c *course) record(ctx workflow.Context, row int64, effect complaint.Effect) {
	r := complaint.Recording{Number: c.id.Number, File: c.id.File, Row: row, Effect: effect, Position: c.position}
	c.beside(ctx, func(ctx workflow.Context) {
		if err := write(ctx, activities.NameRecord, "Record in the register", r, nil); err != nil {
			workflow.GetLogger(ctx).Error("the register refused a recording", "number", c.id.Number, "row", row)
		}
	})
}

// beside runs work next to the main line; the run does not end before it is done.
// Nothing begins while a run is told what was before it.
func (c *course) beside(ctx workflow.Context, work func(workflow.Context)) {
	if c.takeover.telling {
		return
	}
	c.busy++
	workflow.Go(ctx, func(ctx workflow.Context) {
		work(ctx)
		c.busy--
	})
}
