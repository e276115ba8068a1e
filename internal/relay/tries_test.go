package relay

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
)

func TestNothingLeavesAgainWhileNoWorkerPolls(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	w.temporal.workers = 0
	w.mustRound() // a first delivery needs no worker: Temporal keeps it
	w.wantSent(row)
	for range 5 {
		w.pass(time.Hour)
		w.mustRound()
	}
	w.wantSent(row)
	w.temporal.workers = 1
	w.pass(pollersKnownFor)
	w.mustRound()
	w.wantSent(row, row)
}

func TestPausesGrowFromOneToFifteenMinutes(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	for sent, minutes := range []int{1, 2, 4, 8, 15, 15} {
		w.mustRound()
		if got := len(w.temporal.sentRows()); got != sent+1 {
			t.Fatalf("delivered %d times, want %d", got, sent+1)
		}
		pause := time.Duration(minutes) * time.Minute
		if got := w.row(row).NextAt.Sub(w.now()); got != pause {
			t.Fatalf("pause %d is %v, want %v", sent+1, got, pause)
		}
		w.pass(pause - time.Second)
		w.mustRound()
		if got := len(w.temporal.sentRows()); got != sent+1 {
			t.Fatalf("it left again before its pause of %v was over", pause)
		}
		w.pass(time.Second)
	}
}

func TestTryCountsOnlyWhileOthersAreRecorded(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	w.mustRound()
	for range 30 {
		w.pass(15 * time.Minute)
		w.mustRound()
	}
	if got := w.row(row); got.Deliveries != 0 || got.Blocked.Valid {
		t.Fatalf("nothing at all was recorded, but %d tries count, blocked %v", got.Deliveries, got.Blocked.Valid)
	}
	w.pass(time.Minute)
	w.recordAnother(2)
	w.pass(15 * time.Minute)
	w.mustRound()
	if got := w.row(row).Deliveries; got != 1 {
		t.Errorf("another case was recorded since the last try: %d tries count, want 1", got)
	}
	w.pass(15 * time.Minute)
	w.mustRound()
	if got := w.row(row).Deliveries; got != 1 {
		t.Errorf("nothing was recorded since the last try: %d tries count, want still 1", got)
	}
}

func TestTroubleOfTheServerIsNoTry(t *testing.T) {
	troubles := map[string]error{
		"away":              serviceerror.NewUnavailable("away"),
		"exhausted":         serviceerror.NewResourceExhausted(enumspb.RESOURCE_EXHAUSTED_CAUSE_RPS_LIMIT, "slow down"),
		"without namespace": serviceerror.NewNamespaceNotFound(namespace),
		"of unknown kind":   errors.New("something else"),
	}
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.record(1, w.lodge(1))
			row := w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
			w.temporal.answer = func(delivery) error { return trouble }
			for n := range 25 {
				w.recordAnother(n + 2)
				w.pass(time.Second)
				if err := w.round(); err == nil {
					t.Fatal("the relay does not wait for the server")
				}
			}
			if got := len(w.temporal.sentRows()); got != 25 {
				t.Errorf("the row was tried %d times in 25 rounds", got)
			}
			if got := w.row(row); got.Deliveries != 0 || got.Delivered.Valid || got.Blocked.Valid {
				t.Fatalf("the row is %+v, want it untouched", got)
			}
			w.temporal.answer = nil
			w.pass(w.relay.FirstWait)
			w.mustRound()
			if got := w.row(row); !got.Delivered.Valid {
				t.Error("it did not leave as soon as the server was back")
			}
		})
	}
}

func TestWorkflowIsBlockedAfterTwentyTriesUntilItIsRecorded(t *testing.T) {
	w := newWorld(t)
	start := w.lodge(1)
	next := w.command(1, complaint.Withdraw, complaint.Withdrawal{})
	for n := range 40 {
		w.mustRound()
		w.pass(15 * time.Minute)
		w.recordAnother(n + 2)
	}
	tries := 0
	for _, row := range w.temporal.sentRows() {
		if row == start {
			tries++
		}
	}
	if got := w.row(start); tries != 20 || !got.Blocked.Valid || got.Deliveries != 20 {
		t.Fatalf("after %d tries, of which %d count, blocked is %v; want a block after 20", tries, got.Deliveries, got.Blocked.Valid)
	}
	w.record(1, start)
	w.mustRound()
	if got := w.row(next); !got.Delivered.Valid {
		t.Error("a late recording did not end the block")
	}
}

func TestRefusedOrUnreadableRowHoldsUpItsOwnWorkflowOnly(t *testing.T) {
	w := newWorld(t)
	w.record(1, w.lodge(1))
	refusedRow := w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
	w.register(2)
	unreadable := w.command(2, complaint.CommandStart, map[string]any{"moments": "none"})
	w.temporal.answer = func(d delivery) error {
		if d.Row == refusedRow {
			return serviceerror.NewInvalidArgument("not like this")
		}
		return nil
	}
	for n := range 30 {
		w.recordAnother(n + 3)
		w.mustRound()
		w.pass(15 * time.Minute)
	}
	for _, row := range []int64{refusedRow, unreadable} {
		if got := w.row(row); !got.Blocked.Valid {
			t.Errorf("row %d is %+v, want it blocked while others go on", row, got)
		}
	}
}

func TestStartRefusedWhileAttributesSettleIsNoTry(t *testing.T) {
	w := newWorld(t)
	row := w.lodge(1)
	w.temporal.answer = func(delivery) error { return serviceerror.NewInvalidArgument("no such attribute") }
	w.mustRound()
	if got := w.row(row); got.Delivered.Valid {
		t.Fatal("a part of Temporal had not heard of the attributes, and the start pays for it")
	}
	w.temporal.answer = nil
	w.pass(time.Second)
	w.mustRound()
	if got := w.row(row); !got.Delivered.Valid {
		t.Error("the start did not leave once Temporal was prepared")
	}
}

func TestSignalToClosedCaseIsRecordedAsArrivedAfterClosing(t *testing.T) {
	w := newWorld(t)
	w.record(1, w.lodge(1))
	row := w.command(1, complaint.ReceiveAnswer, complaint.AnswerReceived{})
	w.closeCase(1)
	w.temporal.answer = func(delivery) error { return serviceerror.NewNotFound("workflow execution already completed") }
	w.mustRound()
	if got := w.row(row); !got.Done.Valid || got.Effect.String != string(complaint.AfterClosing) {
		t.Errorf("the row is %+v, want it done as %s", got, complaint.AfterClosing)
	}
}

func TestSignalWithoutRunOfOpenCaseIsNotRecorded(t *testing.T) {
	w := newWorld(t)
	w.record(1, w.lodge(1))
	row := w.command(1, complaint.ReceiveAnswer, complaint.AnswerReceived{})
	w.temporal.answer = func(delivery) error { return serviceerror.NewNotFound("no such workflow") }
	for n := range 30 {
		w.recordAnother(n + 2)
		w.mustRound()
		w.pass(15 * time.Minute)
	}
	if got := w.row(row); got.Done.Valid || !got.Blocked.Valid {
		t.Errorf("the row is %+v, want it blocked for a person to settle", got)
	}
}

func TestLogsNameRowsAndNeverTheirBodies(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.relay.log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.lodge(1)
	for _, err := range []error{nil, serviceerror.NewInvalidArgument("HOSPITALISATIE"), serviceerror.NewUnavailable("HOSPITALISATIE")} {
		w.temporal.answer = func(delivery) error { return err }
		w.pass(15 * time.Minute)
		err := w.round()
		fmt.Fprintln(&log, err) // as Run logs it
	}
	if text := log.String(); !strings.Contains(text, "complaint-2026-000001") || strings.Contains(text, "HOSPITALISATIE") {
		t.Errorf("the log names the workflow and nothing of its content:\n%s", text)
	}
}
