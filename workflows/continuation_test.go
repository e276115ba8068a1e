package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// goesOn is a case received at a moment whose closing is taken back, after nine
// commands: its warnings and end are those it had.
func goesOn(receivedAt time.Time) complaint.Start {
	s := start(receivedAt)
	s.Acknowledgement, s.Letters = 0, []int64{reopenedLetter}
	s.Revision, s.GoesOn = 12, true
	return s
}

func TestACaseWhoseClosingIsTakenBackGoesOnUnderItsOriginalEnd(t *testing.T) {
	w := newWorld(t, brussels("2026-04-11 10:00")) // day 40: two warnings have passed
	w.seq = 10
	w.outcome(50 * day)
	end := w.reopen(goesOn(brussels("2026-03-02 10:00")))
	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, []string{"Register investigating", "ConfirmReopening [20]", "SendLateNotice [9]", "NotifyOutcome [3]"}, w.log)
	warned := w.kinds(complaint.WatchWarned)
	require.Len(t, warned, 2, "those that passed while it was closed are one")
	require.Equal(t, 7, warned[0].DaysLeft)
	overdue := w.kinds(complaint.WatchOverdue)
	require.Len(t, overdue, 1)
	require.Equal(t, brussels("2026-04-17 00:00"), overdue[0].at.In(complaint.Brussels), "45 days after the first receipt")
}

func TestACaseThatGoesOnAfterItsLastDayIsOverdueAtOnceAndCountsNoWeekTwice(t *testing.T) {
	w := newWorld(t, brussels("2026-05-04 10:00")) // 17 days after the end
	w.seq = 10
	w.follows = func(e complaint.WatchEvent) complaint.WatchRecorded {
		return complaint.WatchRecorded{GoesOn: true, AgainAt: w.env.Now().Add(7 * day)}
	}
	w.outcome(10 * day)
	w.reopen(goesOn(brussels("2026-03-02 10:00")))
	overdue := w.kinds(complaint.WatchOverdue)
	require.Len(t, overdue, 1)
	require.Equal(t, brussels("2026-05-04 10:00"), overdue[0].at.In(complaint.Brussels))
	still := w.kinds(complaint.WatchStillOverdue)
	require.Len(t, still, 1)
	require.Equal(t, -21, still[0].DaysLeft, "the third week")
}

// No run knew of it: it came back after the case had closed.
func TestALetterDroppedWithItsClosingLeavesThePrintFolder(t *testing.T) {
	w := newWorld(t, brussels("2026-03-12 10:00"))
	w.seq = 10
	w.outcome(day)
	s := goesOn(brussels("2026-03-02 10:00"))
	s.Dropped = []int64{7}
	require.Equal(t, complaint.Answered, w.reopen(s).Result)
	require.Contains(t, w.log, "WithdrawLetters [7]")
}

func TestARefusalOwedInASecondTermHasItsWatch(t *testing.T) {
	w := newWorld(t, brussels("2026-06-01 10:00"))
	s := secondTerm(w.env.Now())
	s.Stage, s.Ground, s.RefuseBy = complaint.Assessing, complaint.TooOldNoInitiative, brussels("2026-06-11 09:00")
	w.seq = 10
	tell(w, 12*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible})
	w.outcome(13 * day)
	w.reopen(s)
	late := w.kinds(complaint.WatchRefusalLate)
	require.Len(t, late, 1)
	require.Equal(t, 3, late[0].Version)
	require.Equal(t, brussels("2026-06-11 09:00"), late[0].at.In(complaint.Brussels))
}
