package relay

import (
	"context"
	"slices"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	enumspb "go.temporal.io/api/enums/v1"
)

func TestTheMarkerIsRaisedOnceAMinuteHereFirst(t *testing.T) {
	w := newWorld(t)
	w.tend()
	w.tend()
	w.pass(59 * time.Second)
	w.tend()
	if w.temporal.marker != 1 {
		t.Errorf("it stands at %d", w.temporal.marker)
	}
	w.pass(time.Second)
	w.tend()
	if here, err := w.store.Marker(t.Context()); err != nil || here.Counter != 2 || here.Seen != 1 || w.temporal.marker != 2 {
		t.Errorf("%+v here, %d there, %v", here, w.temporal.marker, err)
	}
}

func TestARaiseThatDidNotArriveIsNoLossAndIsMadeAgain(t *testing.T) {
	w := marked(t)
	there := w.temporal.marker
	w.tend()
	w.temporal.marker = there // the raise was lost
	w.pass(10 * time.Second)
	w.tend()
	if w.healing() != nil || w.temporal.marker != there+1 {
		t.Errorf("it stands at %d, healing %v", w.temporal.marker, w.healing())
	}
}

func TestTemporalThatLostEverythingIsHealedFromTheRegister(t *testing.T) {
	w := marked(t)
	workflow, row := w.running(1)
	closed, _ := w.running(2)
	w.closeCase(2)
	w.temporal.set(func() { clear(w.temporal.statuses); clear(w.temporal.attributes); w.temporal.marker = 0 })
	w.tend()
	if len(w.temporal.attributeNames()) == 0 {
		t.Error("procedures were begun in a Temporal that does not know the search attributes")
	}
	got := w.rebuilt()
	if len(got) != 1 || got[0] != workflow {
		t.Fatalf("rebuilt: %v, and never the closed %s", got, closed)
	}
	started := w.temporal.sent[0]
	if m := started.Input.(complaint.Message[complaint.Start]); !m.TakesOver || m.Row != row || m.Body.Department != "HOSPITALISATIE" ||
		started.Start.WorkflowIDReusePolicy != enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE {
		t.Errorf("it begins with %+v", m)
	}
	if here, err := w.store.Marker(t.Context()); w.healing() != nil || err != nil || w.temporal.marker != here.Counter {
		t.Errorf("the healing %v is not ended; the marker stands at %d", w.healing(), w.temporal.marker)
	}
}

func TestOnlyProceduresThatAreBehindAreRebuilt(t *testing.T) {
	w := marked(t)
	w.running(1)
	behind, _ := w.running(2)
	row := w.command(2, complaint.ReceiveAnswer, complaint.AnswerReceived{Consultation: 1})
	if err := w.store.Record(t.Context(), complaint.Recording{Number: "2026-000002", Row: row, Effect: complaint.Applied}); err != nil {
		t.Fatal(err)
	}
	ahead, _ := w.running(3) // its recording is on its way
	next := w.command(3, complaint.ReceiveAnswer, complaint.AnswerReceived{Consultation: 2})
	w.temporal.runs(ahead, complaint.Progress{Taken: 2, Row: next, Revision: 2})
	older, start := w.running(4)
	w.temporal.runs(older, complaint.Progress{Taken: 1, Row: start, Revision: 0})
	taking, _ := w.running(5)
	w.temporal.runs(taking, complaint.Progress{TakingOver: true})
	untold, _ := w.running(6)
	w.temporal.set(func() { delete(w.temporal.progress, untold); w.temporal.marker-- })
	w.tend()
	if got := w.rebuilt(); len(got) != 2 || !slices.Contains(got, behind) || !slices.Contains(got, older) {
		t.Errorf("rebuilt: %v", got)
	}
	if w.healing() != nil {
		t.Error("the healing is not ended")
	}
}

func TestHealingWaitsForAWorkerAndGoesOnAfterAKill(t *testing.T) {
	w := marked(t)
	workflow, _ := w.running(1)
	w.temporal.set(func() { clear(w.temporal.statuses); w.temporal.marker = 0; w.temporal.workers = 0 })
	w.tend()
	if h := w.healing(); h == nil || h.Lost != register.LostTemporal || len(w.rebuilt()) > 0 {
		t.Fatalf("healing %v without a worker, rebuilt %v", h, w.rebuilt())
	}
	w.temporal.set(func() { w.temporal.workers = 1 })
	other := w.newRelay(Tuning{}) // another process
	other.prepared.Store(true)
	if err := other.tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.rebuilt(); len(got) != 1 || got[0] != workflow || w.healing() != nil {
		t.Errorf("rebuilt: %v, healing %v", got, w.healing())
	}
}

func TestVerifySaysThatAHealingDoesNotComeToItsEnd(t *testing.T) {
	w := newWorld(t)
	if err := w.store.BeginHealing(t.Context(), register.LostTemporal); err != nil {
		t.Fatal(err)
	}
	w.wantFinding("workflows", "", "temporal lost time", "look again")
	w.pass(time.Hour)
	w.wantFinding("workflows", "", "temporal lost time", "worker")
}

func TestOneProcessHealsAtATime(t *testing.T) {
	w := marked(t)
	w.running(1)
	w.temporal.set(func() { clear(w.temporal.statuses); w.temporal.marker = 0 })
	alone, err := w.store.HealAlone(t.Context(), func(context.Context) error {
		w.tend()
		return nil
	})
	if err != nil || !alone || len(w.rebuilt()) > 0 || w.healing() == nil {
		t.Fatalf("alone %v, %v; rebuilt %v beside another", alone, err, w.rebuilt())
	}
	w.tend()
	if len(w.rebuilt()) != 1 || w.healing() != nil {
		t.Errorf("rebuilt: %v, healing %v", w.rebuilt(), w.healing())
	}
}

func TestTemporalThatLostItsLastSecondsIsCaughtUpWhenItAppears(t *testing.T) {
	w := marked(t)
	w.running(1)
	w.pass(time.Hour)
	w.tend()
	w.tend()
	lost, _ := w.running(2)
	w.temporal.set(func() { clear(w.temporal.statuses) })
	w.relay.glanceDue.Store(true)
	w.tend()
	if got := w.rebuilt(); len(got) != 1 || got[0] != lost {
		t.Errorf("rebuilt: %v; what was recorded an hour ago is not asked", got)
	}
}

// TestARunOfAClosedTermThatCameBackIsEnded: it does not know that its term has
// closed, would never end, and would not let the case be opened again.
func TestARunOfAClosedTermThatCameBackIsEnded(t *testing.T) {
	w := marked(t)
	back, start := w.running(1)
	ending, _ := w.running(2)
	for n := 1; n <= 2; n++ {
		row := w.command(n, complaint.Withdraw, complaint.Withdrawal{})
		if err := w.store.Record(t.Context(), complaint.Recording{Number: complaint.NewNumber(2026, n), Row: row, Effect: complaint.Applied}); err != nil {
			t.Fatal(err)
		}
		w.closeCase(n)
		w.temporal.runs(ending, complaint.Progress{Taken: 2, Row: row, Revision: 1})
	}
	w.temporal.runs(back, complaint.Progress{Taken: 1, Row: start})
	w.relay.glanceDue.Store(true)
	w.tend()
	if got := w.rebuilt(); len(got) != 0 || !slices.Equal(w.temporal.ended, []string{back}) {
		t.Errorf("rebuilt %v, ended %v", got, w.temporal.ended)
	}
}

func TestARegisterThatIsOlderThanTemporalGivesNothingTwice(t *testing.T) {
	w := marked(t)
	workflow, row := w.running(1)
	same, _ := w.running(2)
	undone := w.lodge(3) // Temporal entered it in the time that was lost
	w.temporal.set(func() {
		w.temporal.statuses["complaint-2026-000007"] = enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
		w.temporal.started["complaint-2026-000007"] = w.now()
		w.temporal.statuses["complaint-2026-000003"] = enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
		w.temporal.progress[workflow] = complaint.Progress{Taken: 2, Row: row + 1, Revision: 3}
		w.temporal.marker += 60
	})
	if err := w.round(); err != nil { // prepares, and finds it before anything is carried
		t.Fatal(err)
	}
	if h := w.healing(); h == nil || h.Lost != register.LostRegister || len(w.temporal.sent) > 0 {
		t.Fatalf("healing %v, sent %v", h, w.temporal.sent)
	}
	w.tend()
	if got := w.rebuilt(); len(got) != 2 || !slices.Contains(got, workflow) || !slices.Contains(got, "complaint-2026-000003") || slices.Contains(got, same) {
		t.Errorf("rebuilt: %v", got)
	}
	if got := w.temporal.sent[0]; got.Row != undone || got.Input.(complaint.Message[complaint.Start]).TakesOver {
		t.Errorf("first %+v began", got)
	}
	if got := w.temporal.ended; len(got) != 1 || got[0] != "complaint-2026-000007" {
		t.Errorf("ended: %v", got)
	}
	var last int
	var next int64
	if err := w.db.QueryRow(`SELECT last, nextval('outbox_id_seq') FROM counters`).Scan(&last, &next); err != nil || last != 1003 || next <= row+100_000 {
		t.Errorf("the counter stands at %d, the next row is %d, %v", last, next, err)
	}
	lost, err := register.LostReceipts(t.Context(), w.db, time.Time{})
	if err != nil || len(lost) != 1 || lost[0].Number != "2026-000007" {
		t.Errorf("lost with a receipt: %v, %v", lost, err)
	}
	for _, f := range w.verify(false) {
		if f.Check == checkNumbers {
			t.Errorf("verify says %s", f)
		}
	}
}

func TestRepairBeginsATerminatedProcedureAnew(t *testing.T) {
	w := newWorld(t)
	workflow, _ := w.running(1)
	w.temporal.set(func() { w.temporal.statuses[workflow] = enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED })
	findings, err := Verify(t.Context(), VerifyConfig{DB: w.db, Store: w.store, Temporal: w.temporal, Namespace: namespace, Now: w.now, Repair: true})
	if err != nil || len(findings) != 1 || !findings[0].Repaired {
		t.Fatalf("%v, %v", findings, err)
	}
	if got := w.rebuilt(); len(got) != 1 || got[0] != workflow {
		t.Errorf("rebuilt: %v", got)
	}
}
