package relay

import (
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
)

// reopened is a case that has ended and is opened again, with the row of that.
func (w *world) reopened() int64 {
	w.Helper()
	return w.openAgain(complaint.Reopen)
}

func (w *world) openAgain(kind complaint.CommandKind) int64 {
	w.Helper()
	w.record(1, w.lodge(1))
	w.closeCase(1)
	w.exec(`UPDATE complaints SET stage = 'received', result = NULL, closed_at = NULL, term = 2`)
	return w.command(1, kind, complaint.Start{Number: complaint.NewNumber(2026, 1), Term: 2})
}

func TestAReopeningMayFollowARunThatHasEnded(t *testing.T) {
	for _, kind := range []complaint.CommandKind{complaint.Reopen, complaint.GoOn} {
		t.Run(string(kind), func(t *testing.T) { mayFollow(t, kind) })
	}
}

func mayFollow(t *testing.T, kind complaint.CommandKind) {
	w := newWorld(t)
	row := w.openAgain(kind)
	w.mustRound()
	got := w.temporal.sent[0]
	if got.Row != row || got.Start == nil || got.Workflow != "complaint-2026-000001" ||
		got.Start.WorkflowIDReusePolicy != enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE {
		t.Errorf("%+v left", got)
	}
	if started := got.Input.(complaint.Message[complaint.Start]); started.Seq != 2 || started.Body.Term != 2 {
		t.Errorf("the run begins with %+v", started)
	}
}

func TestAReopeningWaitsAMomentForTheRunThatIsJustEnding(t *testing.T) {
	w := newWorld(t)
	row := w.reopened()
	w.temporal.set(func() {
		w.temporal.answer = func(delivery) error { return serviceerror.NewWorkflowExecutionAlreadyStarted("", "", "") }
	})
	w.mustRound()
	if got := w.row(row); got.Delivered.Valid || got.Deliveries != 0 || got.NextAt.After(w.now().Add(time.Second)) {
		t.Errorf("it counts as delivered: %+v", got)
	}
	w.temporal.set(func() { w.temporal.answer = nil })
	w.pass(time.Second)
	w.mustRound()
	if got := w.row(row); !got.Delivered.Valid {
		t.Errorf("it has not left: %+v", got)
	}
}
