package relay

import (
	"context"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	"go.temporal.io/api/serviceerror"
)

// patience bounds a wait that ends by itself when the rule holds.
const patience = 30 * time.Second

// runs starts a relay that ticks only once an hour, so that what it does it was
// woken for.
func (w *world) runs(tuning Tuning) {
	w.Helper()
	tuning.Tick = time.Hour
	w.temporal.arrived = make(chan delivery, 100)
	ctx, stop := context.WithCancel(w.Context())
	ended := make(chan error)
	relay := w.newRelay(tuning)
	go func() { ended <- relay.Run(ctx) }()
	w.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				w.Errorf("Run ended with %v", err)
			}
		case <-time.After(patience):
			w.Error("Run does not end with its context")
		}
	})
}

func (w *world) waitFor(row int64) {
	w.Helper()
	select {
	case got := <-w.temporal.arrived:
		if got.Row != row {
			w.Fatalf("row %d left, want %d", got.Row, row)
		}
	case <-time.After(patience):
		w.Fatalf("row %d did not leave", row)
	}
}

func TestNewRowsAndRecordingsWakeTheRelay(t *testing.T) {
	w := newWorld(t)
	w.runs(Tuning{})
	start := w.lodge(1)
	w.waitFor(start)
	signal := w.command(1, complaint.Withdraw, complaint.Withdrawal{})
	w.record(1, start)
	w.waitFor(signal)
}

func TestRelayHearsTheRegisterAgainAfterALostConnection(t *testing.T) {
	w := newWorld(t)
	w.runs(Tuning{})
	w.waitFor(w.lodge(1))
	w.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	w.waitFor(w.lodge(2))
}

func TestRelayGoesOnByItselfWhenTemporalAppears(t *testing.T) {
	w := newWorld(t)
	w.temporal.down = serviceerror.NewUnavailable("not there yet")
	w.runs(Tuning{FirstWait: time.Millisecond, LastWait: 10 * time.Millisecond})
	row := w.lodge(1)
	w.temporal.set(func() { w.temporal.down = nil })
	w.waitFor(row)
}

func TestWaitsForServersGrowWithinBoundsUntilOneAnswers(t *testing.T) {
	waits := trouble{first: time.Second, last: 5 * time.Second}
	for _, want := range []time.Duration{1, 2, 4, 5, 5} {
		if got := waits.next(); got != want*time.Second {
			t.Fatalf("wait of %v, want %v", got, want*time.Second)
		}
	}
	waits.over()
	if got := waits.next(); got != time.Second {
		t.Errorf("after an answer the wait is %v, want the first one", got)
	}
}

func TestMetricsShowWhatWaitsAndWhatIsBlocked(t *testing.T) {
	w := newWorld(t)
	blocked := w.lodge(1)
	w.lodge(2)
	w.exec(`UPDATE outbox SET blocked_at = $2 WHERE id = $1`, blocked, w.now())
	w.mustRound()
	w.pass(time.Minute)
	summary, err := w.store.OutboxSummary(t.Context(), w.now())
	if err != nil {
		t.Fatal(err)
	}
	w.relay.metrics.show(summary, w.now())
	for name, want := range map[string]float64{"rows_waiting": 1, "blocked_workflows": 1,
		"oldest_waiting_seconds": 60, "recording_lag_seconds": 60, "deliveries_total": 1} {
		if got := w.metric("ombudsdienst_relay_" + name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}
