package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

func TestACommandPassedOverFreesTheOnesBehindIt(t *testing.T) {
	w := newWorld(t, brussels("2026-03-02 10:30"))
	tell(w, time.Hour, complaint.PassOver, complaint.PassedOver{})
	w.outcome(2 * time.Hour)
	require.Equal(t, complaint.Answered, w.run(start(brussels("2026-03-02 10:30"))).Result)
	require.Equal(t, map[int64]complaint.Effect{102: complaint.NotApplied, 103: complaint.Applied}, w.effects())
}

func TestACommandThatCameFirstCannotBePassedOver(t *testing.T) {
	w := newWorld(t, brussels("2026-03-02 10:30"))
	w.ask(time.Hour, 1, "HOSPITALISATIE")
	w.seq-- // the same place, the same row
	tell(w, 2*time.Hour, complaint.PassOver, complaint.PassedOver{})
	w.outcome(3 * time.Hour)
	require.Equal(t, complaint.Answered, w.run(start(brussels("2026-03-02 10:30"))).Result)
	require.Equal(t, map[int64]complaint.Effect{102: complaint.Applied, 103: complaint.Applied}, w.effects())
}

func TestACommandThatCannotBeReadIsPassedOver(t *testing.T) {
	w := newWorld(t, brussels("2026-03-02 10:30"))
	w.env.RegisterDelayedCallback(func() { w.env.SignalWorkflow(workflows.SignalDecideOutcome, "not a message") }, time.Hour)
	tell(w, 2*time.Hour, complaint.PassOver, complaint.PassedOver{})
	w.outcome(3 * time.Hour)
	require.Equal(t, complaint.Answered, w.run(start(brussels("2026-03-02 10:30"))).Result)
	require.Equal(t, complaint.NotApplied, w.effects()[102])
}
