package staff

import (
	"fmt"
	"testing"
	"time"
)

// clock is moved by hand.
type clock struct{ at time.Time }

func newThrottle() (*Throttle, *clock) {
	c := &clock{noon}
	return &Throttle{Now: func() time.Time { return c.at }}, c
}

// guess tries at once as often as it is let, at most n times.
func guess(t *Throttle, try Try, n int) (looked int) {
	for range n {
		if t.Begin(try) == 0 {
			looked++
		}
	}
	return looked
}

func TestWrongPasswordsOfOneAddressWaitLongerAndLonger(t *testing.T) {
	throttle, clock := newThrottle()
	try := Try{Login: "olga", Address: "192.0.2.1"}
	if looked := guess(throttle, try, 100); looked != bearPair.free {
		t.Fatalf("%d tries at one moment were looked at", looked)
	}
	before := time.Duration(0)
	for range 30 {
		wait := throttle.Begin(try)
		if wait < before && wait < bearPair.longest-bearPair.forget {
			t.Fatalf("a pause of %v after one of %v", wait, before)
		}
		if wait > bearPair.longest {
			t.Fatalf("a pause of %v", wait)
		}
		before = wait
		clock.at = clock.at.Add(wait)
		if wait := throttle.Begin(try); wait != 0 {
			t.Fatalf("after the pause there are %v more", wait)
		}
	}
}

func TestGuessingElsewhereKeepsNobodyOutOfTheOwnBrowser(t *testing.T) {
	throttle, clock := newThrottle()
	own := Try{Login: "olga", Address: "192.0.2.1", Device: "hers"}
	for hour := range 48 {
		for n := range 200 { // from everywhere, the own office included
			guess(throttle, Try{Login: "olga", Address: fmt.Sprintf("203.0.%d.%d", hour, n)}, 10)
			guess(throttle, Try{Login: "olga", Address: own.Address}, 10)
		}
		if wait := throttle.Begin(own); wait != 0 {
			t.Fatalf("after %d hours olga waits %v", hour, wait)
		}
		throttle.Succeeded(own)
		clock.at = clock.at.Add(time.Hour)
	}
}

func TestManyAddressesTogetherAreSlowedAndNobodyWaitsLong(t *testing.T) {
	throttle, clock := newThrottle()
	looked := 0
	for n := range 2000 {
		looked += guess(throttle, Try{Login: "olga", Address: fmt.Sprintf("203.0.%d.%d", n/200, n%200)}, 1)
	}
	if looked > bearAccount.free {
		t.Errorf("%d tries from many addresses were looked at", looked)
	}
	newcomer := Try{Login: "olga", Address: "192.0.2.1"}
	wait := throttle.Begin(newcomer)
	if wait > bearAccount.longest {
		t.Errorf("somebody at a new browser waits %v", wait)
	}
	clock.at = clock.at.Add(wait)
	if wait := throttle.Begin(newcomer); wait != 0 {
		t.Errorf("and %v more", wait)
	}
}

func TestAnOfficeBehindOneAddressMayMistype(t *testing.T) {
	throttle, _ := newThrottle()
	for n := range 40 {
		try := Try{Login: fmt.Sprint("colleague-", n), Address: "192.0.2.1"}
		guess(throttle, try, 1)
		if wait := throttle.Begin(try); wait != 0 {
			t.Fatalf("colleague %d waits %v for the second try", n, wait)
		}
		throttle.Succeeded(try)
	}
}

func TestOneAddressCannotGoThroughManyAccounts(t *testing.T) {
	throttle, _ := newThrottle()
	looked := 0
	for n := range 1000 {
		looked += guess(throttle, Try{Login: fmt.Sprint("login-", n), Address: "2001:db8::1"}, 1)
		looked += guess(throttle, Try{Login: fmt.Sprint("login-", n), Address: "2001:db8::2:1"}, 1) // the same customer
	}
	if looked != bearPlace.free {
		t.Errorf("%d tries were looked at", looked)
	}
}

func TestSuccessForgetsWhatWasWrong(t *testing.T) {
	throttle, _ := newThrottle()
	try := Try{Login: "olga", Address: "192.0.2.1"}
	for range 5 {
		guess(throttle, try, bearPair.free-1)
		if wait := throttle.Begin(try); wait != 0 {
			t.Fatalf("waits %v", wait)
		}
		throttle.Succeeded(try)
	}
}

func TestAFloodOfNamesTakesBoundedMemory(t *testing.T) {
	throttle, _ := newThrottle()
	for n := range mostTallies + 5000 {
		throttle.Begin(Try{Login: fmt.Sprint("x", n), Address: fmt.Sprintf("10.%d.%d.%d", n>>16, n>>8&255, n&255)})
	}
	for _, book := range []map[string]tally{throttle.pairs, throttle.places, throttle.addressed} {
		if len(book) > mostTallies {
			t.Errorf("%d tallies", len(book))
		}
	}
}
