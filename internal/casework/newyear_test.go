package casework_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
)

// The people who lodge around midnight, and how many complaints each brings.
const (
	nightPeople = 24
	nightEach   = 15
)

// TestNumbersAreWholeAcrossTheNewYearWhileWorkIsCutShort: two programs lodge for
// many people while the clock passes midnight in Brussels. Some callers hang up,
// and connections are cut in the middle of their transactions; whoever got no
// answer asks again under the same key. Each year counts from one, without a gap.
func TestNumbersAreWholeAcrossTheNewYearWhileWorkIsCutShort(t *testing.T) {
	o := newOffice(t)
	newYear := complaint.NewDay(2027, time.January, 1).Start()
	if newYear.UTC().Year() != 2026 {
		t.Fatal("the new year begins in Brussels an hour before it does in UTC")
	}
	// Every look at the clock lets it go on by a millisecond: midnight falls where
	// half of the complaints are in.
	var looks atomic.Int64
	clock := func() time.Time {
		return newYear.Add(time.Duration(looks.Add(1)-nightPeople*nightEach) * time.Millisecond)
	}
	desks := [2]*casework.Desk{}
	for i := range desks {
		config := o.Config
		config.DB, config.Now = pgtest.Connect(t, o.appURL), clock
		desks[i] = casework.New(config)
	}
	stop := o.cutsConnections()
	var people sync.WaitGroup
	got := make([][]complaint.Number, nightPeople)
	for i := range nightPeople {
		people.Go(func() { got[i] = lodgeThroughTheNight(t, desks[i%2], i) })
	}
	people.Wait()
	cut := stop()
	for _, d := range desks {
		d.Finish()
	}
	o.wantWholeYears(newYear, slices.Concat(got...))
	t.Logf("%d connections were cut", cut)
	if cut < 5 {
		t.Errorf("only %d connections were cut", cut)
	}
}

// lodgeThroughTheNight lodges one person's complaints. A caller who hangs up
// comes back only half of the time; every other answer is asked for until it comes.
func lodgeThroughTheNight(t *testing.T, desk *casework.Desk, person int) (got []complaint.Number) {
	for i := range nightEach {
		once := casework.Once{Caller: "public", Route: "POST /submissions", Key: string(rune('a'+person)) + string(rune('a'+i)), BodyHash: []byte("a")}
		for tries := 0; ; tries++ {
			if tries == 200 {
				t.Errorf("a complaint gets no answer")
				return got
			}
			ctx, cancel := context.WithCancel(t.Context())
			hangsUp := (person+i)%5 == 0 && tries == 0
			if hangsUp {
				time.AfterFunc(time.Duration(rand.IntN(3000))*time.Microsecond, cancel)
			}
			results, err := desk.Lodge(ctx, public, once, []complaint.Submission{plain()})
			gone := ctx.Err() != nil
			cancel()
			if err == nil && results[0].Err == nil {
				got = append(got, results[0].Receipt.Number)
				break
			}
			if gone && person%2 == 0 {
				break
			}
			if err != nil && !gone && complaint.CategoryOf(err) != complaint.Unavailable {
				t.Errorf("a complaint is refused: %v", err)
			}
		}
	}
	return got
}

// betweenCuts is how many complaints come in between two cuts.
const betweenCuts = 20

// cutsConnections ends a connection that is in the middle of a transaction, each
// time some more complaints are in, until it is stopped; then it tells how many.
func (o *office) cutsConnections() (stop func() int) {
	ctx, cancel := context.WithCancel(o.t.Context())
	ended := make(chan int)
	go func() {
		cut := 0
		for ctx.Err() == nil {
			var one int
			err := o.db.GetContext(ctx, &one, `SELECT count(*) FROM (
				SELECT pg_terminate_backend(pid) FROM (
					SELECT pid FROM pg_stat_activity
					WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
					  AND (SELECT count(*) FROM submissions) >= $1
					LIMIT 1) busy) cut`, (cut+1)*betweenCuts)
			if err == nil {
				cut += one
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Millisecond): // between two looks
			}
		}
		ended <- cut
	}()
	return func() int { cancel(); return <-ended }
}

// wantWholeYears checks the numbers of both years against what callers were told.
func (o *office) wantWholeYears(newYear time.Time, told []complaint.Number) {
	o.t.Helper()
	var stored []complaint.Number
	must(o.t, o.db.Select(&stored, `SELECT number FROM submissions ORDER BY number`))
	places := map[int]int{}
	for _, n := range stored {
		places[n.Year()]++
		if want := complaint.NewNumber(n.Year(), places[n.Year()]); n != want {
			o.t.Errorf("%s stands in the place of %s", n, want)
		}
	}
	if len(places) != 2 || places[2026] < 20 || places[2027] < 20 {
		o.t.Errorf("want complaints of both years, got %v", places)
	}
	for year, last := range places {
		if n := count(o.t, o, `SELECT last FROM counters WHERE year = $1`, year); n != last {
			o.t.Errorf("the counter of %d stands at %d after %d", year, n, last)
		}
	}
	slices.Sort(told)
	if once := slices.Compact(slices.Clone(told)); len(once) != len(told) {
		o.t.Error("a number was given twice")
	}
	for _, n := range told {
		if _, found := slices.BinarySearch(stored, n); !found {
			o.t.Errorf("%s was given and is not there", n)
		}
	}
	if len(stored) > nightPeople*nightEach {
		o.t.Errorf("%d complaints of %d", len(stored), nightPeople*nightEach)
	}
	if n := count(o.t, o, `SELECT count(*) FROM submissions WHERE (left(number, 4) = '2027') <> (registered_at >= $1)`, newYear); n != 0 {
		o.t.Errorf("%d numbers are of another year than their registration in Brussels", n)
	}
	if n := count(o.t, o, `SELECT count(*) FROM submissions s WHERE NOT EXISTS (
		SELECT FROM complaints c JOIN outbox x USING (number) JOIN letters l USING (number)
		WHERE c.number = s.number AND x.kind = 'Start' AND l.kind = 'acknowledgement')`); n != 0 {
		o.t.Errorf("%d complaints are not whole", n)
	}
}
