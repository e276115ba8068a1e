package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// late puts a version of the deadline into the register at a moment; its command
// reaches the procedure an hour after that.
func (w *world) late(at time.Time, m complaint.Moments) {
	after := at.Sub(w.env.Now())
	before := w.newest
	inForce := 1
	if before != nil {
		inForce = before()
	}
	w.env.RegisterDelayedCallback(func() { inForce = m.Version }, after)
	w.newest = func() int {
		if before != nil {
			inForce = max(inForce, before())
		}
		return inForce
	}
	w.change(after+time.Hour, m)
}

// versions is seen with the version of the deadline of which it was said.
func (w *world) versions() []string {
	var seen []string
	for _, e := range w.watched {
		seen = append(seen, fmt.Sprintf("%s v%d %s", e.Kind, e.Version, e.at.In(complaint.Brussels).Format("2006-01-02 15:04")))
	}
	return seen
}

func TestWhatTheRegisterDidNotKeepOfAnOlderDeadlineIsSaidOfTheNewer(t *testing.T) {
	received, calendar := brussels("2026-02-13 10:00"), complaint.NewCalendar()
	second := func(day complaint.Day) complaint.Moments { return version(2, received, day, calendar) }
	april := complaint.NewDay(2026, time.April, 24)
	for name, c := range map[string]struct {
		at   string
		to   complaint.Moments
		want []string
	}{
		"a warning, on the day that every case hears of a new calendar": {"2026-03-13 08:30", second(complaint.Day{}), []string{
			"warned v2 2026-03-13 09:30", "warned v2 2026-03-23 09:00", "warned v2 2026-03-27 09:00", "overdue v2 2026-03-31 00:00",
		}},
		"a later warning, and none before it again": {"2026-03-23 08:30", second(complaint.Day{}), []string{
			"warned v1 2026-03-13 09:00", "warned v2 2026-03-23 09:30", "warned v2 2026-03-27 09:00", "overdue v2 2026-03-31 00:00",
		}},
		"the end of the term": {"2026-03-30 23:30", second(complaint.Day{}), []string{
			"warned v1 2026-03-13 09:00", "warned v1 2026-03-23 09:00", "warned v1 2026-03-27 09:00", "overdue v2 2026-03-31 00:30",
		}},
		"but no end that had moved on": {"2026-03-30 23:30", second(april), []string{
			"warned v1 2026-03-13 09:00", "warned v1 2026-03-23 09:00", "warned v1 2026-03-27 09:00",
			"warned v2 2026-04-09 09:00", "warned v2 2026-04-17 09:00", "warned v2 2026-04-22 09:00", "overdue v2 2026-04-25 00:00",
		}},
		"and no warning after an end that has passed": {"2026-03-23 08:30", version(2, received.AddDate(0, 0, -20), complaint.Day{}, calendar), []string{
			"warned v1 2026-03-13 09:00", "overdue v2 2026-03-23 09:30",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, received)
			w.late(brussels(c.at), c.to)
			w.outcome(75 * day)
			s := start(received)
			s.Moments = version(1, received, complaint.Day{}, calendar)
			require.Equal(t, complaint.Answered, w.run(s).Result)
			require.Equal(t, c.want, w.versions())
			require.Equal(t, 1, w.letters[lateLetter], "the complainant is told once that the answer is late")
		})
	}
}

func TestWhatWasNotKeptTwiceIsSaidOnceOfTheNewestDeadline(t *testing.T) {
	received, calendar := brussels("2026-02-13 10:00"), complaint.NewCalendar()
	w := newWorld(t, received)
	w.newest = func() int { return 3 }
	w.change(brussels("2026-03-31 01:00").Sub(received), version(2, received, complaint.Day{}, calendar))
	w.change(brussels("2026-03-31 02:00").Sub(received), version(3, received, complaint.Day{}, calendar))
	w.outcome(75 * day)
	require.Equal(t, complaint.Answered, w.run(start(received)).Result)
	require.Equal(t, []string{"overdue v3 2026-03-31 02:00"}, w.versions())
	require.Equal(t, 1, w.letters[lateLetter])
}

func TestAfterTheEndTheWatchGoesOnUnderANewerDeadline(t *testing.T) {
	received, calendar := brussels("2026-02-13 10:00"), complaint.NewCalendar()
	w := newWorld(t, received)
	w.follows = func(e complaint.WatchEvent) complaint.WatchRecorded {
		return complaint.WatchRecorded{
			Provisional: e.Kind == complaint.WatchOverdue, GoesOn: e.Kind == complaint.WatchOverdue || e.Kind == complaint.WatchStillOverdue,
			AgainAt: calendar.OfficeMomentInAWeek(w.env.Now()),
		}
	}
	w.late(brussels("2026-03-31 11:30"), version(2, received, complaint.Day{}, calendar))
	w.late(brussels("2026-04-07 08:30"), version(3, received, complaint.Day{}, calendar))
	w.outcome(brussels("2026-04-15 12:00").Sub(received))
	s := start(received)
	s.Moments = version(1, received, complaint.Day{}, calendar)
	require.Equal(t, complaint.Answered, w.run(s).Result)
	require.Equal(t, []string{
		"overdue v1 2026-03-31 00:00", "overdue_confirmed v2 2026-03-31 12:30", "still_overdue v3 2026-04-07 09:30", "still_overdue v3 2026-04-14 09:00",
	}, w.versions()[3:])
	require.Equal(t, []int{-7, -14}, []int{w.kinds(complaint.WatchStillOverdue)[0].DaysLeft, w.kinds(complaint.WatchStillOverdue)[1].DaysLeft})
}

func TestAnAcknowledgementOwedIsSaidOfTheNewerDeadline(t *testing.T) {
	received, calendar := brussels("2026-03-20 21:47"), complaint.NewCalendar()
	w := newWorld(t, received)
	w.state[ackLetter] = complaint.LetterPrinted
	w.late(brussels("2026-03-27 08:30"), version(2, received, complaint.Day{}, calendar))
	w.late(brussels("2026-03-30 08:30"), version(3, received, complaint.Day{}, calendar))
	w.outcome(20 * day)
	tell(w, 21*day, complaint.SettleLetter, complaint.LetterSettled{Letter: ackLetter, State: complaint.LetterPosted})
	s := start(received)
	s.Moments = version(1, received, complaint.Day{}, calendar)
	require.Equal(t, complaint.Answered, w.run(s).Result)
	require.Equal(t, []string{"acknowledgement_late v2 2026-03-27 09:30", "acknowledgement_alarm v3 2026-03-30 09:30"}, w.versions())
}

func TestACaseThatClosesBeforeItHearsOfANewerDeadlineHasNothingToSay(t *testing.T) {
	received := brussels("2026-02-13 10:00")
	w := newWorld(t, received)
	w.newest = func() int { return 2 } // its command was given up
	w.outcome(75 * day)
	require.Equal(t, complaint.Answered, w.run(start(received)).Result)
	require.Empty(t, w.watched)
}

func TestTheEndOfTheDPOsTermIsSaidOfTheNewerTerm(t *testing.T) {
	received := brussels("2026-03-05 12:00") // last day: 2026-04-07
	w := newPrivacyWorld(t, received)
	moved := privacyMoments(received.Add(-time.Hour), false)
	moved.Version = 2
	w.late(brussels("2026-04-07 23:30"), moved)
	w.answerPrivacy(60 * day)
	w.runPrivacy(received)
	require.Equal(t, []string{"warned v1 2026-03-27 09:00", "warned v1 2026-04-03 09:00", "overdue v2 2026-04-08 00:30"}, w.versions())
	require.Contains(t, w.log, activities.NameRemindDPO+fmt.Sprint(" ", []int64{dpoReminder}))
}
