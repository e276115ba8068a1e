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

// taker is a procedure that takes commands.
type taker interface{ common() *course }

// on takes the commands of one kind in the order of their sequence: only the
// next one is taken, so a repeated delivery changes nothing.
func on[T any](ctx workflow.Context, t taker, commands workflow.Selector, signal string,
	handle func(workflow.Context, complaint.Message[T]) verdict,
) {
	c := t.common()
	channel := workflow.GetSignalChannel(ctx, signal)
	commands.AddReceive(channel, func(received workflow.ReceiveChannel, _ bool) {
		var message complaint.Message[T]
		received.Receive(ctx, &message)
		if message.Seq != c.taken+1 {
			return
		}
		c.taken = message.Seq
		v := handle(ctx, message)
		c.move(ctx)
		if !v.recorded {
			c.record(ctx, message.Row, v.effect)
		}
	})
}
