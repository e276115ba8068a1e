package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// breachOf is a clock of 72 hours from a moment, warned of a day before its end.
func breachOf(version int, aware time.Time) complaint.Breach {
	by := complaint.NotifyBreachBy(aware)
	return complaint.Breach{Version: version, NotifyBy: by, WarnAt: by.Add(-24 * time.Hour)}
}

// ofTheDPO lists what the watch of a privacy file saw, with its moments.
func (w *world) ofTheDPO() []string {
	var moments []string
	for _, e := range w.watched {
		moments = append(moments, string(e.Kind)+" "+e.at.In(complaint.Brussels).Format("2006-01-02 15:04"))
	}
	return moments
}

func TestTheDPOIsWarnedOfTheEndOfThe72HoursAndAlarmedAtIt(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, 5*day, complaint.ChangeBreach, complaint.BreachChanged{Breach: complaint.Breach{Version: 2, NotifiedAt: w.env.Now().Add(5 * day)}})
	w.answerPrivacy(6 * day)
	w.runSuspected(w.env.Now(), breachOf(1, w.env.Now()))
	require.Equal(t, []string{"breach_warned 2026-03-07 12:00", "breach_overdue 2026-03-08 12:00"}, w.ofTheDPO())
	require.Equal(t, map[int64]complaint.Effect{102: complaint.Applied, 103: complaint.Applied}, w.effects())
}

func TestTellingTheAuthorityInTimeEndsThe72Hours(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, day, complaint.ChangeBreach, complaint.BreachChanged{Breach: complaint.Breach{Version: 2, NotifiedAt: w.env.Now().Add(day)}})
	w.answerPrivacy(6 * day)
	w.runSuspected(w.env.Now(), breachOf(1, w.env.Now()))
	require.Empty(t, w.watched)
}

func TestASuspicionRaisedLaterStartsItsOwn72HoursAndTakenBackEndsThem(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, 2*day, complaint.ChangeBreach, complaint.BreachChanged{Breach: breachOf(1, w.env.Now().Add(2*day)), Letters: []int64{28}})
	tell(w, 4*day+time.Hour, complaint.ChangeBreach, complaint.BreachChanged{Breach: complaint.Breach{Version: 2}})
	tell(w, 4*day+2*time.Hour, complaint.ChangeBreach, complaint.BreachChanged{Breach: breachOf(1, w.env.Now())}) // an older word
	w.answerPrivacy(10 * day)
	w.runPrivacy(w.env.Now())
	require.Equal(t, []string{"breach_warned 2026-03-09 12:00"}, w.ofTheDPO())
	require.Equal(t, 1, w.letters[28])
	require.Equal(t, complaint.NotApplied, w.effects()[104])
}

func TestOneThatIsOverWhenItComesInIsAlarmedAtOnce(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-12 12:00"))
	tell(w, day, complaint.ChangeBreach, complaint.BreachChanged{Breach: complaint.Breach{Version: 2}})
	w.answerPrivacy(2 * day)
	w.runSuspected(brussels("2026-03-05 12:00"), breachOf(1, brussels("2026-03-05 12:00")))
	require.Equal(t, []string{"breach_overdue 2026-03-12 12:00"}, w.ofTheDPO())
}

func TestAnAnsweredFileStaysOpenUntilTheAuthorityWasTold(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	w.answerPrivacy(day)
	w.inFlight = 1 // the register refuses to close while a breach is due
	tell(w, 4*day, complaint.ChangeBreach, complaint.BreachChanged{Breach: complaint.Breach{Version: 2, NotifiedAt: w.env.Now().Add(4 * day)}})
	end := w.runSuspected(w.env.Now(), breachOf(1, w.env.Now()))
	require.EqualValues(t, "answered", end.Result)
	require.Len(t, w.ofTheDPO(), 2)
	var waiting []complaint.WaitingFor
	for _, r := range w.recorded {
		if r.Stage == complaint.Answering {
			waiting = append(waiting, r.WaitingFor)
		}
	}
	require.Contains(t, waiting, complaint.WaitDPO)
}

func TestACorrectedReceiptMovesTheDPOsTerm(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-04-10 12:00"))
	moved := privacyMoments(brussels("2026-03-20 12:00"), false)
	moved.Version = 2
	tell(w, day, complaint.ChangeDeadline, complaint.DeadlineChanged{Moments: moved, Letters: []int64{29}})
	w.answerPrivacy(30 * day)
	w.runPrivacy(brussels("2026-03-05 12:00")) // its month is over
	require.Equal(t, []string{"overdue 2026-04-10 12:00", "warned 2026-04-11 12:00", "warned 2026-04-17 09:00", "overdue 2026-04-21 00:00"}, w.ofTheDPO())
	require.Equal(t, 1, w.letters[29])
}
