package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// awayFor is how long the register is away in these stories, and betweenTries how
// long work waits for it then: the test environment makes ten tries and no more.
const (
	awayFor      = time.Hour
	betweenTries = 7 * time.Minute
)

// lateCase is a case with a question, all warnings, an end of its term without an
// answer, and an outcome five days after that.
func lateCase(w *world) {
	began := w.env.Now()
	w.ask(day, 1, "HOSPITALISATIE")
	w.answer(2*day, 1)
	w.outcome(50 * day)
	require.Equal(w.t, complaint.Answered, w.run(start(began)).Result)
}

// TestTheRegisterMayBeAwayForAnHour: whatever the case is at when it goes, all is
// recorded once and in order when it is back, no letter leaves twice, and the
// watch over the term keeps its moments.
func TestTheRegisterMayBeAwayForAnHour(t *testing.T) {
	began := brussels("2026-03-02 10:30")
	calm := newWorld(t, began)
	lateCase(calm)
	require.Len(t, calm.watched, 4, "three warnings and the end of the term")
	for name, from := range map[string]time.Time{
		"as it comes in":               began,
		"as a question is asked":       began.Add(day - time.Second),
		"as the department answers":    began.Add(2*day - time.Second),
		"as a warning is due":          calm.watched[1].at.Add(-awayFor / 2),
		"as the term ends":             calm.watched[3].at.Add(-awayFor / 2),
		"as the outcome is to go out":  began.Add(50*day - time.Second),
		"between two warnings, unseen": calm.watched[0].at.Add(day),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, began)
			until := from.Add(awayFor)
			w.pause, w.away = betweenTries, func() bool { return !w.env.Now().Before(from) && w.env.Now().Before(until) }
			lateCase(w)
			require.Equal(t, calm.log, w.log, "the same steps in the same order, none twice")
			require.Equal(t, calm.letters, w.letters)
			require.Equal(t, rowsOf(calm.recorded), rowsOf(w.recorded), "each command once, in their order")
			require.Equal(t, len(calm.watched), len(w.watched))
			for i, said := range calm.watched {
				at := said.at
				if !at.Before(from) && at.Before(until) {
					at = until // it was due meanwhile
				}
				require.Equal(t, said.WatchEvent, w.watched[i].WatchEvent)
				require.WithinRange(t, w.watched[i].at, at, at.Add(betweenTries), "the watch keeps its moments: %s", said.Kind)
				require.True(t, at.Equal(until) || w.watched[i].at.Equal(at), "%s moved", said.Kind)
			}
		})
	}
}

// rowsOf lists what was recorded of which command, and where the case stood then.
func rowsOf(recorded []complaint.Recording) []string {
	var rows []string
	for _, r := range recorded {
		rows = append(rows, fmt.Sprint(r.Row, " ", r.Effect, " ", r.Position))
	}
	return rows
}

// TestTheRegisterIsAskedAgainWithGrowingPausesOfAMinuteAtMost, so that a register
// that is back is not awaited long, and one that is away is not run down.
func TestTheRegisterIsAskedAgainWithGrowingPausesOfAMinuteAtMost(t *testing.T) {
	w := newWorld(t, brussels("2026-03-02 10:30"))
	w.ask(time.Hour, 1, "HOSPITALISATIE")
	w.answer(2*time.Hour, 1)
	w.away = func() bool {
		return !w.env.Now().Before(brussels("2026-03-02 12:30")) && len(w.tries[activities.NameRecord]) < 9
	}
	w.outcome(12 * time.Hour)
	w.run(start(w.env.Now()))
	tries := w.tries[activities.NameRecord]
	var pauses []time.Duration
	for i := range tries[1:] {
		pauses = append(pauses, tries[i+1].Sub(tries[i]).Round(time.Second))
	}
	const s = time.Second
	require.Equal(t, []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, time.Minute, time.Minute}, pauses)
	require.Equal(t, complaint.Applied, w.effects()[103])
}
