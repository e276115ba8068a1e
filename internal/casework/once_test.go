package casework_test

import (
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func TestCommandSentTwiceIsAnsweredAsTheFirstTime(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	once := casework.Once{Caller: "olga", Route: "ask", Key: "k", BodyHash: []byte("a")}
	q := casework.Question{Department: "ONTHAAL", Question: "Waarom?"}
	first, err := o.Ask(t.Context(), officer, once, number, q)
	must(t, err)
	second, err := o.Ask(t.Context(), officer, once, number, q)
	must(t, err)
	if first.ID != second.ID || len(o.rows(number)) != 2 {
		t.Errorf("want consultation %d again, got %d", first.ID, second.ID)
	}
}

func TestRefusalIsNotKeptUnderItsKey(t *testing.T) {
	o := newOffice(t)
	doubtful := letter()
	doubtful.Department = ""
	number := o.entered(doubtful)
	once := casework.Once{Caller: "olga", Route: "outcome", Key: "k", BodyHash: []byte("a")}
	_, err := o.DecideOutcome(t.Context(), officer, once, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "not_admissible")
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, once, number, founded())
	must(t, err)
}

func TestSameLodgingSentTwiceIsStoredOnce(t *testing.T) {
	o := newOffice(t)
	once := casework.Once{Caller: "public", Route: "POST /submissions", Key: "k1", BodyHash: []byte("a")}
	var clicks sync.WaitGroup
	receipts := make([]casework.Receipt, 8)
	for i := range receipts {
		clicks.Go(func() {
			results, err := o.Lodge(t.Context(), public, once, []complaint.Submission{webForm()})
			if err != nil {
				t.Error(err)
				return
			}
			receipts[i] = results[0].Receipt
		})
	}
	clicks.Wait()
	for _, r := range receipts {
		if r.Number != "2026-000001" || r.ReceiptCode != receipts[0].ReceiptCode || !r.ReceivedAt.Equal(receipts[0].ReceivedAt) {
			t.Errorf("want the first answer each time, got %+v", r)
		}
	}
	if n := count(t, o, `SELECT count(*) FROM submissions`); n != 1 {
		t.Errorf("%d submissions are stored", n)
	}
	once.BodyHash = []byte("b")
	_, err := o.Lodge(t.Context(), public, once, []complaint.Submission{webForm()})
	wantCategory(t, err, complaint.Invalid, "idempotency_key_reused")
}

func TestKeyOfThePublicLastsADayAndOfStaffForGood(t *testing.T) {
	o := newOffice(t)
	for _, c := range []struct {
		actor casework.Actor
		s     complaint.Submission
		want  int
	}{{public, webForm(), 2}, {intake, letter(), 1}} {
		once := casework.Once{Caller: c.actor.Login + "x", Route: "POST /submissions", Key: "k", BodyHash: []byte("a")}
		before := count(t, o, `SELECT count(*) FROM submissions`)
		for range 2 {
			_, err := o.Lodge(t.Context(), c.actor, once, []complaint.Submission{c.s})
			must(t, err)
			o.now = o.now.Add(25 * time.Hour)
		}
		if n := count(t, o, `SELECT count(*) FROM submissions`) - before; n != c.want {
			t.Errorf("%s: want %d submissions, got %d", c.actor.Role, c.want, n)
		}
	}
}
