package casework_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func TestWhatIsLodgedAtOneTimeIsStoredTogetherInItsOrder(t *testing.T) {
	o := newOffice(t)
	release := o.jam()
	first, others := o.gathered(20, nil)
	release()
	all := append([]*lodging{first}, others...)
	if got := numbers(all...); !slices.Equal(got, firstNumbers(21)) {
		t.Errorf("numbers in the order of arrival: %v", got)
	}
	for name, table := range map[string]string{
		"submissions": "submissions", "complaints": "complaints", "terms": "term_events", "deadlines": "deadlines",
		"letters": "letters", "events": "events", "audit": "audit", "starts": "outbox",
	} {
		if n := count(t, o, `SELECT count(*) FROM `+table); n != 21 {
			t.Errorf("%s: want one of each of 21, got %d", name, n)
		}
		if n := count(t, o, `SELECT count(DISTINCT xmin::text) FROM `+table); n != 2 {
			t.Errorf("%s: want two transactions, got %d", name, n)
		}
	}
	if n := count(t, o, `SELECT count(*) FROM complaints c JOIN outbox x USING (number) JOIN letters l USING (number)
		WHERE c.last_seq = 1 AND x.seq = 1 AND x.workflow_id = 'complaint-' || c.number
		  AND (x.body->>'acknowledgement')::bigint = l.id AND x.body->>'number' = c.number`); n != 21 {
		t.Errorf("want a start with its own acknowledgement for each, got %d", n)
	}
	if n := count(t, o, `SELECT count(*) FROM (SELECT number, lag(number) OVER (ORDER BY id) AS before FROM outbox) o WHERE number < before`); n != 0 {
		t.Errorf("%d starts stand before an earlier one", n)
	}
}

func TestOneThatCannotBeStoredHarmsNoOther(t *testing.T) {
	o := newOffice(t)
	o.refuses("poison")
	release := o.jam()
	first, others := o.gathered(20, func(i int, s *complaint.Submission) {
		if i == 3 || i == 11 {
			s.Topic = "poison"
		}
	})
	release()
	for i, l := range others {
		<-l.done
		if poisoned := i == 3 || i == 11; poisoned != (l.err != nil) {
			t.Errorf("lodging %d: %v", i, l.err)
		}
	}
	all := slices.DeleteFunc(append([]*lodging{first}, others...), func(l *lodging) bool { <-l.done; return l.err != nil })
	if got := numbers(all...); !slices.Equal(got, firstNumbers(19)) {
		t.Errorf("want numbers without gaps in the order of arrival, got %v", got)
	}
}

func TestTwoUnderOneKeyInTheSameMomentAreOneComplaint(t *testing.T) {
	o := newOffice(t)
	release := o.jam()
	first, _ := o.gathered(0, nil)
	key := casework.Once{Caller: "public", Route: "POST /submissions", Key: "k", BodyHash: []byte("a")}
	other := key
	other.BodyHash = []byte("b")
	var same []*lodging
	for i, once := range []casework.Once{key, key, other, {}} {
		same = append(same, o.lodgeBeside(t.Context(), once, plain()))
		until(t, func() bool { return o.Waiting() == i+1 }, "it waits")
	}
	release()
	if got := numbers(first, same[0], same[1], same[3]); !slices.Equal(got, []complaint.Number{"2026-000001", "2026-000002", "2026-000002", "2026-000003"}) {
		t.Errorf("want one number for one key, got %v", got)
	}
	if same[0].receipt.ReceiptCode != same[1].receipt.ReceiptCode {
		t.Error("want the first answer again")
	}
	<-same[2].done
	wantCategory(t, same[2].err, complaint.Invalid, "idempotency_key_reused")
}

func TestACallerWhoGoesAwayTakesNothingWithHim(t *testing.T) {
	o := newOffice(t)
	release := o.jam()
	ctx, goAway := context.WithCancel(t.Context())
	storing := o.lodgeBeside(ctx, casework.Once{}, plain())
	until(t, func() bool { return o.Storing() && o.Waiting() == 0 }, "it is being stored")
	waiting := o.lodgeBeside(ctx, casework.Once{}, plain())
	until(t, func() bool { return o.Waiting() == 1 }, "the second waits")
	stays := o.lodgeBeside(t.Context(), casework.Once{}, plain())
	until(t, func() bool { return o.Waiting() == 2 }, "the third waits")
	goAway()
	<-storing.done
	<-waiting.done
	if !errors.Is(storing.err, context.Canceled) || !errors.Is(waiting.err, context.Canceled) {
		t.Errorf("who goes away does not wait: %v, %v", storing.err, waiting.err)
	}
	release()
	if got := numbers(stays); got[0] != "2026-000002" || stays.err != nil {
		t.Errorf("what was being stored has number 1, what waited has none, and the last 2: %v %v", got, stays.err)
	}
}

func TestNoMoreWaitThanHaveRoom(t *testing.T) {
	o := newOffice(t)
	release := o.jam()
	first, _ := o.gathered(0, nil)
	waiting := make([]*lodging, casework.MostWaiting)
	for i := range waiting {
		waiting[i] = o.lodgeBeside(t.Context(), casework.Once{}, plain())
	}
	until(t, func() bool { return o.Waiting() == casework.MostWaiting }, "all wait")
	tooMuch := o.lodgeBeside(t.Context(), casework.Once{}, plain())
	<-tooMuch.done
	wantCategory(t, tooMuch.err, complaint.Unavailable, "too_much_at_once")
	release()
	got := numbers(append(waiting, first)...)
	slices.Sort(got)
	if !slices.Equal(got, firstNumbers(casework.MostWaiting+1)) {
		t.Error("want every number once")
	}
}

func TestDocumentsThatWaitAreBounded(t *testing.T) {
	o := newOffice(t)
	release := o.jam()
	first, _ := o.gathered(0, nil)
	big := plain()
	for range 2 {
		big.Attachments = append(big.Attachments, complaint.Attachment{Name: "a.pdf", MediaType: "application/pdf", Content: append([]byte("%PDF-1.7\n"), make([]byte, 10<<20-100)...)})
	}
	var waiting []*lodging
	for i := range 3 {
		waiting = append(waiting, o.lodgeBeside(t.Context(), casework.Once{}, big))
		until(t, func() bool { return o.Waiting() == i+1 }, "it waits")
	}
	tooMuch := o.lodgeBeside(t.Context(), casework.Once{}, big)
	<-tooMuch.done
	wantCategory(t, tooMuch.err, complaint.Unavailable, "too_much_at_once")
	release()
	if got := numbers(append([]*lodging{first}, waiting...)...); !slices.Equal(got, firstNumbers(4)) {
		t.Errorf("want the others stored, got %v", got)
	}
}

func TestTheTurnOfTheYearInBrusselsFallsBetweenTwoTransactions(t *testing.T) {
	o := newOffice(t)
	newYear := complaint.NewDay(2027, time.January, 1).Start()
	o.now = newYear.Add(-time.Millisecond)
	second := *o // another program on the same register
	second.Desk = casework.New(o.Config)
	release := o.jam()
	first, others := o.gathered(5, nil)
	old := second.lodgeBeside(t.Context(), casework.Once{}, plain())
	until(t, func() bool { return count(t, o, waitingForCounter) == 2 }, "both wait for the counter")
	o.now = newYear
	release()
	got := numbers(append(others, first, old)...)
	slices.Sort(got)
	want := []complaint.Number{"2026-000001", "2026-000002", "2027-000001", "2027-000002", "2027-000003", "2027-000004", "2027-000005"}
	if !slices.Equal(got, want) {
		t.Errorf("want the year of each transaction's moment, got %v", got)
	}
	if n := count(t, o, `SELECT count(*) FROM submissions WHERE left(number, 4)::int <> date_part('year', registered_at AT TIME ZONE 'Europe/Brussels')`); n != 0 {
		t.Errorf("%d numbers are of another year than their registration", n)
	}
	if n := count(t, o, `SELECT count(*) FROM submissions WHERE received_at >= $1`, newYear); n != 0 {
		t.Errorf("all arrived in the old year, whatever their number; %d did not", n)
	}
}

const waitingForCounter = `
	SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%INSERT INTO counters%'`

func TestAConnectionThatDiesGivesNoReceiptAndTheKeyFindsTheTruth(t *testing.T) {
	for name, dying := range map[string]string{
		"while storing": `CREATE TRIGGER slow AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION slow()`,
		"at the commit": `CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`,
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			_, err := o.owner.Exec(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$; ` + dying)
			must(t, err)
			holding, err := o.db.Beginx()
			must(t, err)
			_, err = holding.Exec(`SELECT pg_advisory_xact_lock(7)`)
			must(t, err)
			key := casework.Once{Caller: "public", Route: "POST /submissions", Key: "k", BodyHash: []byte("a")}
			l := o.lodgeBeside(t.Context(), key, plain())
			until(t, func() bool { return count(t, o, waitingForLock) == 1 }, "it is at that point")
			_, err = o.db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()`)
			must(t, err)
			<-l.done
			wantCategory(t, l.err, complaint.Unavailable, "register_unavailable")
			must(t, holding.Rollback())
			again := o.lodgeBeside(t.Context(), key, plain())
			once := o.lodgeBeside(t.Context(), key, plain())
			if got := numbers(again, once); !slices.Equal(got, []complaint.Number{"2026-000001", "2026-000001"}) {
				t.Errorf("want one complaint under the first number, got %v (%v)", got, again.err)
			}
		})
	}
}

const waitingForLock = `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()`

func TestWhatIsBeingStoredIsStoredBeforeTheDeskFinishes(t *testing.T) {
	o := newOffice(t)
	release := o.jam()
	ctx, goAway := context.WithCancel(t.Context())
	l := o.lodgeBeside(ctx, casework.Once{}, plain())
	until(t, func() bool { return count(t, o, waitingForCounter) == 1 }, "it waits for the counter")
	goAway()
	<-l.done
	finished := make(chan struct{})
	go func() { o.Finish(); close(finished) }()
	select {
	case <-finished:
		t.Fatal("it does not wait for what is being stored")
	default:
	}
	release()
	<-finished
	if n := count(t, o, `SELECT count(*) FROM submissions`); n != 1 {
		t.Errorf("%d submissions are stored", n)
	}
}

func TestManyAtOnceOnTwoProgramsGetEveryNumberOnce(t *testing.T) {
	o := newOffice(t)
	desks := []*casework.Desk{o.Desk, casework.New(o.Config)}
	var wg sync.WaitGroup
	got := make([]complaint.Number, 600)
	for i := range got {
		wg.Go(func() {
			results, err := desks[i%2].Lodge(t.Context(), public, casework.Once{}, []complaint.Submission{plain()})
			if err != nil {
				t.Error(err)
				return
			}
			got[i] = results[0].Receipt.Number
		})
	}
	wg.Wait()
	slices.Sort(got)
	if !slices.Equal(got, firstNumbers(600)) {
		t.Error("want every number once")
	}
	together := count(t, o, `SELECT count(DISTINCT xmin::text) FROM submissions`)
	t.Logf("600 lodgings took %d transactions", together)
}
