package workflows

import (
	"go.temporal.io/sdk/workflow"

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

// passOver takes the place of a command that a person gave up, so that the ones
// behind it can be taken. When the command itself came first, it is too late.
func passOver(workflow.Context, complaint.Message[complaint.PassedOver]) verdict { return notApplied }

// taker is a procedure that takes commands.
type taker interface{ common() *course }

// on takes the commands of one kind in the order of their sequence: only the
// next one is taken, so a repeated delivery changes nothing. The handler sets the
// state and lets work begin by send, deliver, note, record and show, which do
// nothing while a run is told what another took before it; the time is c.now.
func on[T any](ctx workflow.Context, t taker, commands workflow.Selector, signal string,
	handle func(workflow.Context, complaint.Message[T]) verdict,
) {
	c := t.common()
	retakes(c, signal, handle)
	channel := workflow.GetSignalChannel(ctx, signal)
	commands.AddReceive(channel, func(received workflow.ReceiveChannel, _ bool) {
		var message complaint.Message[T]
		// One that cannot be read is dropped, and must not keep the others waiting.
		if !received.ReceiveAsync(&message) || message.Seq != c.taken+1 {
			return
		}
		c.taken, c.takenRow = message.Seq, message.Row
		v := handle(ctx, message)
		c.move(ctx)
		if !v.recorded {
			c.record(ctx, message.Row, v.effect)
		}
	})
}
