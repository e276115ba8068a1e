package workflows

import (
	"go.temporal.io/sdk/workflow"
)

// The marker is a counter that register and Temporal both keep, so that each
// shows when it lost time. Its only run carries that number and nothing else.
const (
	MarkerName  = "Marker"
	MarkerID    = "marker"
	SignalRaise = "Raise" // the counter, as the register has it
)

// raisesPerRun bounds the history of a run: some eight hours of one raise a
// minute.
const raisesPerRun = 500

// Marker keeps the counter in its history, where the relay reads it: the input
// of the run, or its last signal. The run itself has only to begin anew in time.
func Marker(ctx workflow.Context, counter int64) error {
	raises := workflow.GetSignalChannel(ctx, SignalRaise)
	for range raisesPerRun {
		var raised int64
		raises.Receive(ctx, &raised)
		counter = max(counter, raised)
	}
	for raises.Len() > 0 {
		var raised int64
		if !raises.ReceiveAsync(&raised) {
			break
		}
		counter = max(counter, raised)
	}
	return workflow.NewContinueAsNewError(ctx, MarkerName, counter)
}
