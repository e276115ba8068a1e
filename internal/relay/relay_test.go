package relay

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
)

func TestRowLeavesOnlyAfterTheOneBeforeItIsRecorded(t *testing.T) {
	w := newWorld(t)
	start := w.lodge(1)
	first := w.command(1, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{})
	second := w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
	other := w.lodge(2)

	w.mustRound()
	w.mustRound()
	got := w.temporal.sentRows()
	slices.Sort(got)
	if !slices.Equal(got, []int64{start, other}) {
		t.Fatalf("before anything is recorded rows %v left, want only the starts %d and %d", got, start, other)
	}
	w.record(1, start)
	w.mustRound()
	w.mustRound()
	if got := w.temporal.sentRows(); len(got) != 3 || got[2] != first {
		t.Fatalf("after the start's recording rows %v left, want %d as the third and no more", got, first)
	}
	w.record(1, first)
	w.mustRound()
	if got := w.temporal.sentRows(); len(got) != 4 || got[3] != second {
		t.Fatalf("rows %v left, want %d as the last", got, second)
	}
}

func TestStartRejectsDuplicatesAndCarriesWhatIsKnown(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	w.mustRound()
	got := w.temporal.sent[0]
	message := got.Input.(complaint.Message[complaint.Start])
	if message.Row != row || message.Seq != 1 || message.Body.Number != "2026-000001" || got.Type != workflows.ComplaintProcedureName {
		t.Errorf("start of %v with %+v", got.Type, message)
	}
	o := got.Start
	if o.ID != "complaint-2026-000001" || o.TaskQueue != workflows.TaskQueue || !o.WorkflowExecutionErrorWhenAlreadyStarted ||
		o.WorkflowIDReusePolicy != enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE {
		t.Errorf("options %+v", o)
	}
	if department, _ := o.TypedSearchAttributes.GetKeyword(workflows.AttributeDepartment); department != "HOSPITALISATIE" {
		t.Errorf("the department is not given with the start but %q", department)
	}
	if o.StaticSummary != "Complaint 2026-000001: answer due 2026-04-16" {
		t.Errorf("summary %q", o.StaticSummary)
	}
}

func TestSignalKeepsRequestIDAndBodyWhenItLeavesAgain(t *testing.T) {
	w := newWorld(t)
	w.record(1, w.lodge(1))
	row := w.command(1, complaint.ReceiveAnswer, complaint.AnswerReceived{Consultation: 7})
	w.mustRound()
	w.pass(time.Minute)
	w.mustRound()
	w.wantSent(row, row)
	first, again := w.temporal.sent[0].Signal, w.temporal.sent[1].Signal
	if first.GetRequestId() == "" || first.GetRequestId() != again.GetRequestId() {
		t.Errorf("request IDs %q and %q", first.GetRequestId(), again.GetRequestId())
	}
	payload := again.GetInput().GetPayloads()[0]
	var message complaint.Message[complaint.AnswerReceived]
	if err := json.Unmarshal(payload.GetData(), &message); err != nil {
		t.Fatal(err)
	}
	if again.GetSignalName() != workflows.SignalReceiveAnswer || again.GetNamespace() != namespace ||
		string(payload.GetMetadata()["encoding"]) != "json/plain" ||
		message != (complaint.Message[complaint.AnswerReceived]{Row: row, Seq: 2, Body: complaint.AnswerReceived{Consultation: 7}}) {
		t.Errorf("signal %s with %+v", again.GetSignalName(), message)
	}
}

func TestAlreadyStartedCountsAsDelivered(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	w.temporal.answer = func(delivery) error { return serviceerror.NewWorkflowExecutionAlreadyStarted("already", "", "") }
	w.mustRound()
	if got := w.row(row); !got.Delivered.Valid || got.Done.Valid {
		t.Errorf("the row is %+v, want it delivered and not done", got)
	}
}

func TestRecordedRowNeverLeavesAgain(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	w.mustRound()
	w.record(1, row)
	w.pass(24 * time.Hour)
	w.mustRound()
	w.wantSent(row)
}

func TestStartsInFlightAreCapped(t *testing.T) {
	w := newWorld(t)
	w.relay = w.newRelay(Tuning{StartsInFlight: 3})
	rows := map[int64]int{}
	for n := 1; n <= 5; n++ {
		rows[w.lodge(n)] = n
	}
	w.mustRound()
	sent := w.temporal.sentRows()
	if len(sent) != 3 {
		t.Fatalf("%d starts are in flight, want 3", len(sent))
	}
	w.record(rows[sent[0]], sent[0])
	signal := w.command(rows[sent[0]], complaint.Withdraw, complaint.Withdrawal{})
	w.mustRound()
	sent = w.temporal.sentRows()
	if len(sent) != 5 || !slices.Contains(sent, signal) {
		t.Errorf("rows %v left; want one start more for the one recorded, and the signal %d", sent, signal)
	}
	w.exec(`UPDATE outbox SET blocked_at = $2 WHERE id = $1`, sent[1], w.now())
	w.mustRound()
	if got := len(w.temporal.sentRows()); got != 6 {
		t.Errorf("%d rows left; want one start more for the one blocked", got)
	}
}

func TestTwoRelaysShareWithoutDeliveringTwice(t *testing.T) {
	w := newWorld(t)
	want := []int64{}
	for n := 1; n <= 60; n++ {
		want = append(want, w.lodge(n))
	}
	var both sync.WaitGroup
	for range 2 {
		relay := w.newRelay(Tuning{Parallel: 4})
		both.Go(func() {
			if err := w.roundOf(relay); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	got := w.temporal.sentRows()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%d rows left, want each of %d once: %v", len(got), len(want), got)
	}
}

func TestClaimKeepsOthersAwayAndRunsOut(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	dying := w.newRelay(Tuning{})
	claimed, err := dying.claim(t.Context())
	if err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	w.mustRound()
	w.wantSent()
	w.pass(4 * dying.Timeout)
	w.mustRound()
	w.wantSent(row)
}

func TestRowAppendedDuringDeliveryWaitsForTheRecording(t *testing.T) {
	w := newWorld(t)
	start := w.lodge(1)
	other := w.newRelay(Tuning{})
	var appended int64
	w.temporal.answer = func(d delivery) error {
		if d.Row == start {
			appended = w.command(1, complaint.Withdraw, complaint.Withdrawal{})
			if err := w.roundOf(other); err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	w.mustRound()
	w.wantSent(start)
	w.record(1, start)
	w.mustRound()
	w.wantSent(start, appended)
}

func TestNothingIsStartedBeforeSearchAttributesAreThere(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	w.temporal.down = serviceerror.NewUnavailable("not there yet")
	if err := w.round(); err == nil || w.relay.Connected() {
		t.Errorf("connected %v, error %v, want trouble", w.relay.Connected(), err)
	}
	w.temporal.down = nil
	w.mustRound()
	w.wantSent(row)
	var want []string
	for _, attribute := range workflows.SearchAttributes() {
		want = append(want, attribute.GetName())
	}
	slices.Sort(want)
	if got := w.temporal.attributeNames(); !slices.Equal(got, want) || !w.relay.Connected() {
		t.Errorf("search attributes %v, want %v", got, want)
	}
}

func TestSearchAttributesAreAddedAgainToServerThatComesBackWithout(t *testing.T) {
	w := newWorld(t)
	w.lodge(1)
	w.mustRound()
	w.temporal.set(func() {
		w.temporal.down = serviceerror.NewUnavailable("restarting")
		clear(w.temporal.attributes)
	})
	w.pass(pollersKnownFor)
	if err := w.round(); err == nil {
		t.Fatal("the relay did not notice that the server is away")
	}
	w.temporal.set(func() { w.temporal.down = nil })
	w.mustRound()
	if got := len(w.temporal.attributeNames()); got != len(workflows.SearchAttributes()) {
		t.Errorf("%d search attributes, want all", got)
	}
}
