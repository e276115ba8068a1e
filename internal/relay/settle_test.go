package relay

import (
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
	"go.temporal.io/api/serviceerror"
)

// blockedCommand is a command of case 1 that was given up, with another behind it.
func (w *world) blockedCommand() (row, behind int64) {
	w.Helper()
	w.sound(1)
	row = w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
	behind = w.command(1, complaint.Withdraw, complaint.Withdrawal{})
	w.mustRound()
	w.exec(`UPDATE outbox SET blocked_at = $2, deliveries = 20 WHERE id = $1`, row, w.now())
	return row, behind
}

func (w *world) settle(passOver bool) {
	w.Helper()
	w.exec(`INSERT INTO accounts (login, name, role, password_hash, created_at)
		VALUES ('sven', 'Sven', 'supervisor', '', $1)`, w.now())
	err := register.Tx(w.Context(), w.db, func(tx *sqlx.Tx) error {
		row, _, err := register.LockBlocked(w.Context(), tx, complaint.CaseID{Number: "2026-000001"})
		if err != nil {
			return err
		}
		return w.store.SettleBlocked(w.Context(), tx, row, register.BlockSettlement{By: "sven", Reasons: "Hersteld.", PassOver: passOver})
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) lastSent() delivery {
	w.temporal.mu.Lock()
	defer w.temporal.mu.Unlock()
	return w.temporal.sent[len(w.temporal.sent)-1]
}

func TestBlockedCommandTriedAgainLeavesAtOnceAsItself(t *testing.T) {
	w := newWorld(t)
	row, _ := w.blockedCommand()
	before := w.lastSent().Signal.GetRequestId()
	w.settle(false)
	w.mustRound()
	sent := w.lastSent()
	if sent.Row != row || sent.Signal.GetSignalName() != string(complaint.DecideOutcome) || sent.Signal.GetRequestId() != before {
		t.Errorf("row %d left as %s under %s, want itself", sent.Row, sent.Signal.GetSignalName(), sent.Signal.GetRequestId())
	}
	if got := w.row(row); got.Deliveries != 0 || got.Blocked.Valid {
		t.Errorf("the row is %+v, want all its tries before it", got)
	}
}

func TestCommandPassedOverIsReplacedInItsPlaceAndFreesThoseBehindIt(t *testing.T) {
	w := newWorld(t)
	row, behind := w.blockedCommand()
	before := w.lastSent().Signal
	w.settle(true)
	w.mustRound()
	sent := w.lastSent()
	if sent.Row != row || sent.Signal.GetSignalName() != "PassOver" {
		t.Fatalf("row %d left as %s, want a message to pass it over", sent.Row, sent.Signal.GetSignalName())
	}
	if sent.Signal.GetRequestId() == before.GetRequestId() {
		t.Error("the server would drop it as a repeat")
	}
	if got := w.row(row); got.Done.Valid {
		t.Fatal("it is for the procedure to record it")
	}
	err := w.store.Record(t.Context(), complaint.Recording{Number: "2026-000001", Row: row, Effect: complaint.NotApplied})
	if err != nil {
		t.Fatal(err)
	}
	w.mustRound()
	if got := w.lastSent().Row; got != behind {
		t.Errorf("row %d left next, want %d", got, behind)
	}
}

func TestUnreadableCommandCanBePassedOver(t *testing.T) {
	w := newWorld(t)
	w.sound(1)
	w.settleUnreadable()
	if got := w.lastSent().Signal.GetSignalName(); got != "PassOver" {
		t.Errorf("%s left", got)
	}
}

func (w *world) settleUnreadable() {
	w.Helper()
	row := w.command(1, complaint.DecideOutcome, map[string]any{"letters": "many"})
	w.exec(`UPDATE outbox SET blocked_at = $2 WHERE id = $1`, row, w.now())
	w.settle(true)
	w.mustRound()
}

func TestCommandPassedOverWithoutAnyProcedureIsRecordedByTheRelay(t *testing.T) {
	w := newWorld(t)
	row, _ := w.blockedCommand()
	w.settle(true)
	w.temporal.answer = func(delivery) error { return serviceerror.NewNotFound("no such workflow") }
	w.mustRound()
	if got := w.row(row); !got.Done.Valid || got.Effect.String != string(complaint.NotApplied) {
		t.Errorf("the row is %+v, want it recorded as not applied", got)
	}
}

func TestBlockedFindingSaysWhereItIsSettled(t *testing.T) {
	w := newWorld(t)
	w.blockedCommand()
	w.pass(time.Second)
	for _, f := range w.verify(false) {
		if f.Check == checkBlocked && strings.Contains(f.Text, "/api/v1/relay/blocked/complaint-2026-000001/settlement") {
			return
		}
	}
	t.Errorf("findings %v", w.verify(false))
}
