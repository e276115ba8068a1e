package relay

import (
	"slices"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	"go.temporal.io/api/serviceerror"
)

func TestStartsLeaveInTheOrderOfArrivalAlsoAfterTriesInVain(t *testing.T) {
	w := newWorld(t)
	w.relay = w.newRelay(Tuning{Parallel: 1})
	var want []int64
	for n := 1; n <= 3; n++ {
		want = append(want, w.lodge(n))
		w.pass(time.Second)
	}
	w.mustPrepare()
	w.temporal.answer = func(delivery) error { return serviceerror.NewUnavailable("away") }
	for range 3 {
		if err := w.round(); err == nil {
			t.Fatal("the relay does not notice that the server is away")
		}
		w.pass(time.Minute)
	}
	want = append(want, w.lodge(4))
	w.temporal.answer = nil
	w.temporal.sent = nil
	w.mustRound()
	w.wantSent(want...)
}

// mustPrepare lets the relay know its server.
func (w *world) mustPrepare() {
	w.Helper()
	if err := w.relay.prepare(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func TestNoLaterComplaintStartsBeforeAnEarlierOneThatWaits(t *testing.T) {
	w := newWorld(t)
	const all, parallel, cap = 120, 4, 10
	w.relay = w.newRelay(Tuning{Parallel: parallel, StartsInFlight: cap})
	numbers := map[int64]int{}
	for n := 1; n <= all; n++ {
		numbers[w.lodge(n)] = n
	}
	late := all
	for len(w.temporal.sentRows()) < late {
		before := w.temporal.sentRows()
		w.mustRound()
		sent := w.temporal.sentRows()
		if len(sent) == len(before) {
			t.Fatal("nothing leaves")
		}
		for _, row := range sent[len(before):] {
			w.record(numbers[row], row)
		}
		if late < all+20 { // who comes later waits for those who were there
			late++
			numbers[w.lodge(late)] = late
		}
	}
	for place, row := range w.temporal.sentRows() {
		if moved := numbers[row] - 1 - place; moved >= cap || moved <= -cap {
			t.Errorf("complaint %d left in place %d, which is more than what is in flight", numbers[row], place+1)
		}
	}
}

func TestTheComplaintThatWaitsLongestForItsAcknowledgementIsAFigure(t *testing.T) {
	w := newWorld(t)
	owe := func(n int, state string) {
		w.register(n)
		w.exec(`INSERT INTO letters (number, kind, version, state, channel, language, owed_at, rendered_at, recipient, subject, text, pdf, settled_reason)
			VALUES ($1, 'acknowledgement', 1, $2, 'post', 'nl', $3, $3, '', '', '', '', 'x')`, complaint.NewNumber(2026, n), state, w.now())
	}
	look := func() (program, person float64) {
		since, err := w.store.OldestUnacknowledged(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return age(since.Program, w.now()), age(since.Person, w.now())
	}
	if program, person := look(); program != 0 || person != 0 {
		t.Errorf("without complaints: %v and %v", program, person)
	}
	owe(1, "dropped")
	owe(2, "printed")
	w.pass(time.Minute)
	owe(3, "owed")
	w.pass(time.Minute)
	owe(4, "rendered")
	if program, person := look(); program != 60 || person != 120 {
		t.Errorf("want 60 s for the program and 120 s for a person, got %v and %v", program, person)
	}
	w.exec(`UPDATE letters SET state = 'sent', left_at = $1 WHERE number = '2026-000003'`, w.now())
	if program, _ := look(); program != 0 {
		t.Errorf("the one that left does not count: %v", program)
	}
}

func TestOnlyDoneRowsOfCasesClosedLongAgoAreRemoved(t *testing.T) {
	w := newWorld(t)
	w.relay = w.newRelay(Tuning{TidyAtOnce: 1, KeepDone: 8 * 7 * 24 * time.Hour})
	recorded := func(n int) int64 {
		row := w.lodge(n)
		w.record(n, row)
		return row
	}
	closed, open, mixed, undone := recorded(1), recorded(2), recorded(3), recorded(4)
	w.closeCase(1)
	w.closeCase(3)
	w.closeCase(4)
	late := w.command(4, complaint.Withdraw, complaint.Withdrawal{}) // it has not been recorded
	w.exec(`INSERT INTO privacy_files (number, referred_at, reasons, split, suspected_breach, notify_by, deadline_version, day_0, last_day, ends_at)
		VALUES ('2026-000003', now(), '', 'unconfirmed', false, now(), 1, now(), now(), now())`)
	w.pass(8*7*24*time.Hour - time.Second)
	recent := recorded(5)
	w.closeCase(5)
	if err := w.relay.tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wantRows(closed, open, mixed, undone, late, recent)
	w.pass(2 * time.Second)
	if err := w.relay.tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wantRows(open, mixed, late, recent)
}

// wantRows checks which rows are left in the outbox.
func (w *world) wantRows(want ...int64) {
	w.Helper()
	var got []int64
	if err := w.db.SelectContext(w.Context(), &got, `SELECT id FROM outbox ORDER BY id`); err != nil {
		w.Fatal(err)
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("rows left: %v, want %v", got, want)
	}
}

func TestTwoDaysWithoutAWorkerAreNoStormOfSignals(t *testing.T) {
	w := newWorld(t)
	const cases, each = 50, 10
	firstOf := map[int]int64{}
	for n := 1; n <= cases; n++ {
		w.record(n, w.lodge(n))
	}
	w.temporal.workers = 0
	w.pass(pollersKnownFor)
	for i := range cases * each {
		n := i%cases + 1
		row := w.command(n, complaint.ReceiveAnswer, complaint.AnswerReceived{Consultation: int64(i)})
		if firstOf[n] == 0 {
			firstOf[n] = row
		}
	}
	for range 48 {
		w.mustRound()
		w.pass(time.Hour)
	}
	sent := w.temporal.sentRows()
	if len(sent) != cases {
		t.Fatalf("%d deliveries in two days, want one for each of %d cases: what waits behind it stays", len(sent), cases)
	}
	w.temporal.workers = 1
	for place := range each {
		w.pass(pollersKnownFor)
		w.mustRound()
		for n := 1; n <= cases; n++ {
			w.recordNext(n)
		}
		if place == 0 && len(w.temporal.sentRows()) != 2*cases {
			t.Errorf("%d deliveries when the worker is back, want each first one once more", len(w.temporal.sentRows())-cases)
		}
	}
	w.mustRound()
	if got := len(w.temporal.sentRows()); got != cases*(each+1) {
		t.Errorf("%d deliveries of %d commands in all, want only the first ones twice", got, cases*each)
	}
}

// recordNext records the first row of a case that is not done.
func (w *world) recordNext(n int) {
	w.Helper()
	w.exec(`UPDATE outbox SET done_at = $2, effect = 'applied' WHERE id = (
		SELECT id FROM outbox WHERE number = $1 AND done_at IS NULL ORDER BY seq LIMIT 1)`, complaint.NewNumber(2026, n), w.now())
}
