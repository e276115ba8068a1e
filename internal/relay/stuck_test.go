package relay

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// pends makes the n-th case wait for something.
func (w *world) pends(n int, p pending) {
	w.temporal.set(func() { w.temporal.pending["complaint-"+string(complaint.NewNumber(2026, n))] = p })
}

// goesOn makes it wait for nothing.
func (w *world) goesOn(n int) { w.pends(n, pending{}) }

func (w *world) failing(attempt int32) pending {
	return pending{task: &workflowpb.PendingWorkflowTaskInfo{Attempt: attempt, ScheduledTime: timestamppb.New(w.now()),
		State: enumspb.PENDING_WORKFLOW_TASK_STATE_STARTED}}
}

func (w *world) unpolled() pending {
	return pending{task: &workflowpb.PendingWorkflowTaskInfo{Attempt: 1, ScheduledTime: timestamppb.New(w.now()),
		State: enumspb.PENDING_WORKFLOW_TASK_STATE_SCHEDULED}}
}

// retrying is an activity asked for now. What the server says of its last try
// stays as young as it is.
func (w *world) retrying(attempt int32) pending {
	return pending{since: w.now(), activities: []*workflowpb.PendingActivityInfo{{ActivityId: "17", Attempt: attempt,
		ActivityType: &commonpb.ActivityType{Name: "NotifyOutcome"}, State: enumspb.PENDING_ACTIVITY_STATE_SCHEDULED}}}
}

func TestProcedureWhoseCodeFailsIsFound(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.pends(1, w.failing(2))
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v about a worker that died once", findings)
	}
	w.pends(1, w.failing(3))
	w.wantFinding("stuck", number, "2 times", "nobody watches its term", "build")
}

func TestProcedureThatNoWorkerTakesIsFoundAfterAMinute(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.pends(1, w.unpolled())
	w.pass(time.Minute)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v about what was given a minute ago", findings)
	}
	w.pass(time.Second)
	w.wantFinding("stuck", number, "Since 2026-03-02 10:00", "no worker takes")
}

func TestActivityRetriedForAnHourIsFound(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.pends(1, w.retrying(14))
	w.pass(time.Hour)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v within the hour", findings)
	}
	w.pass(time.Second)
	w.wantFinding("stuck", number, "NotifyOutcome has not succeeded since 2026-03-02 10:00", "14 tries")
	w.pends(1, pending{since: w.now().Add(-2 * time.Hour), activities: w.retrying(1).activities})
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v about an activity that was not retried", findings)
	}
}

// mustLook looks once and checks the figures: failing, waiting and retrying cases.
func (w *world) mustLook(failing, waiting, retrying float64) {
	w.Helper()
	w.mustLookAtAny()
	for name, want := range map[string]float64{"failing": failing, "waiting": waiting, "retrying": retrying} {
		if got := w.metric("ombudsdienst_stuck_" + name + "_cases"); got != want {
			w.Errorf("%v %s cases, want %v", got, name, want)
		}
	}
}

func (w *world) lookedAt() []string {
	w.Helper()
	w.temporal.mu.Lock()
	defer w.temporal.mu.Unlock()
	asked := slices.Clone(w.temporal.asked)
	w.temporal.asked = nil
	slices.Sort(asked)
	return slices.Compact(asked)
}

func TestStuckCasesAreFiguresUntilTheyGoOn(t *testing.T) {
	w := newWorld(t)
	for n := range 5 {
		w.sound(n + 1)
	}
	w.mustLook(0, 0, 0)
	w.pends(1, w.failing(3))
	w.pends(2, w.unpolled())
	w.pends(3, w.retrying(20))
	w.pends(4, w.failing(9))
	w.closeCase(5)
	w.pends(5, w.failing(9))
	w.pass(2 * time.Hour)
	w.mustLook(2, 1, 1)
	w.goesOn(1)
	w.goesOn(2)
	w.goesOn(3)
	w.mustLook(1, 0, 0)
	w.temporal.set(func() { w.temporal.statuses["complaint-2026-000004"] = terminated })
	w.mustLook(0, 0, 0)
}

func TestEveryOpenCaseHasItsTurn(t *testing.T) {
	w := newWorld(t)
	w.relay = w.newRelay(Tuning{LookAt: 4, LooksPerSecond: 1000})
	var all []string
	for n := range 10 {
		all = append(all, "complaint-"+string(w.sound(n+1)))
	}
	var seen []string
	for range 3 {
		w.mustLook(0, 0, 0)
		asked := w.lookedAt()
		if len(asked) > 4 {
			t.Fatalf("a look asked about %d cases", len(asked))
		}
		seen = append(seen, asked...)
	}
	if slices.Sort(seen); !slices.Equal(seen, all) {
		t.Errorf("three looks saw %v", seen)
	}
	w.mustLook(0, 0, 0)
	if asked := w.lookedAt(); !slices.Equal(asked, all[:4]) {
		t.Errorf("after the last case comes %v, want the first again", asked)
	}
}

func TestAPrivacyFileHasItsTurnAfterItsComplaint(t *testing.T) {
	w := newWorld(t)
	w.sound(1)
	w.sound(2)
	row := w.refer(1)
	_, err := w.store.Enter(t.Context(), complaint.Entry{Number: "2026-000001", File: complaint.PrivacyFile, Row: row, RunID: "run",
		Position: complaint.Position{Revision: 1, Stage: complaint.Investigating, WaitingFor: complaint.WaitDPO}})
	if err != nil {
		t.Fatal(err)
	}
	w.temporal.statuses["privacy-2026-000001"] = running
	w.temporal.set(func() { w.temporal.pending["privacy-2026-000001"] = w.failing(3) })
	w.relay = w.newRelay(Tuning{LookAt: 1, LooksPerSecond: 1000})
	var order []string
	for range 3 {
		w.mustLookAtAny()
		order = append(order, w.lookedAt()...)
	}
	if want := []string{"complaint-2026-000001", "privacy-2026-000001", "complaint-2026-000002"}; !slices.Equal(order, want) {
		t.Errorf("the turns were %v, want %v", order, want)
	}
	w.wantFinding("stuck", "2026-000001", "privacy file", "program fails")
}

func (w *world) mustLookAtAny() {
	w.Helper()
	if err := w.relay.look(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func TestCasesWithSomethingUndoneComeFirst(t *testing.T) {
	w := newWorld(t)
	for n := range 10 {
		w.sound(n + 1)
	}
	w.command(8, complaint.DecideOutcome, complaint.OutcomeDecided{})
	w.exec(`INSERT INTO letters (number, kind, version, state, channel, language, owed_at)
		VALUES ('2026-000009', 'outcome', 1, 'owed', 'post', 'nl', $1)`, w.now())
	w.pass(2 * time.Minute)
	w.relay = w.newRelay(Tuning{LookAt: 4, LooksPerSecond: 1000})
	w.mustLook(0, 0, 0)
	want := []string{"complaint-2026-000001", "complaint-2026-000002", "complaint-2026-000008", "complaint-2026-000009"}
	if asked := w.lookedAt(); !slices.Equal(asked, want) {
		t.Errorf("a look saw %v, want %v", asked, want)
	}
}

func TestStuckCaseIsLookedAtAgainBeforeItsTurn(t *testing.T) {
	w := newWorld(t)
	for n := range 10 {
		w.sound(n + 1)
	}
	w.relay = w.newRelay(Tuning{LookAt: 4, LooksPerSecond: 1000})
	w.pends(1, w.failing(3))
	w.mustLook(1, 0, 0)
	w.goesOn(1)
	w.mustLook(0, 0, 0)
}

func TestAbsentTemporalLeavesTheFiguresAsTheyWere(t *testing.T) {
	w := newWorld(t)
	for n := range 5 {
		w.sound(n + 1)
	}
	w.pends(1, w.failing(3))
	w.mustLook(1, 0, 0)
	w.lookedAt()
	w.temporal.down = serviceerror.NewUnavailable("away")
	if err := w.relay.look(t.Context()); err == nil {
		t.Error("a look without Temporal is no look")
	}
	if got := w.metric("ombudsdienst_stuck_failing_cases"); got != 1 {
		t.Errorf("%v failing cases, want the one of before", got)
	}
}

func TestCommandNotRecordedWithinAMinuteIsAFigure(t *testing.T) {
	w := newWorld(t)
	w.sound(1)
	w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
	for _, c := range []struct {
		after time.Duration
		want  float64
	}{{time.Minute, 0}, {time.Second, 1}} {
		w.pass(c.after)
		summary, err := w.store.OutboxSummary(t.Context(), w.now().Add(-stuckRecording))
		if err != nil {
			t.Fatal(err)
		}
		w.relay.metrics.show(summary, w.now())
		if got := w.metric("ombudsdienst_stuck_unrecorded_workflows"); got != c.want {
			t.Errorf("%v unrecorded %v later, want %v", got, c.after, c.want)
		}
	}
}

func TestFindingsAboutStuckCasesNameNoErrorText(t *testing.T) {
	for _, o := range []obstacle{taskFails, taskWaits, activityRetries} {
		line := Finding{Check: checkStuck, Number: "2026-000001", Text: snag{obstacle: o, Activity: "SendLetter"}.String()}.String()
		if !strings.HasPrefix(line, "stuck: 2026-000001: ") || strings.Contains(line, "\n") {
			t.Errorf("not one line about the case: %q", line)
		}
	}
}
