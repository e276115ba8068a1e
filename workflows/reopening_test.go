package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

const reopenedLetter = int64(20)

// secondTerm is a case that is opened again at a moment, after nine commands.
func secondTerm(reopenedAt time.Time) complaint.Start {
	s := start(reopenedAt)
	s.Acknowledgement, s.Letters = 0, []int64{reopenedLetter}
	s.Term, s.Revision, s.Moments.Version = 2, 12, 3
	return s
}

// reopen lets the run of a second term go to its end; its row was the tenth.
func (w *world) reopen(s complaint.Start) workflows.Ending {
	w.t.Helper()
	return w.runMessage(complaint.Message[complaint.Start]{Row: 110, Seq: 10, Body: s})
}

func TestAReopenedCaseHasASecondTermWithItsOwnWarningsAndEnd(t *testing.T) {
	w := newWorld(t, brussels("2026-06-01 10:00"))
	w.seq = 10
	w.outcome(50 * day)
	end := w.reopen(secondTerm(w.env.Now()))

	require.Equal(t, workflows.Ending{Number: number, Result: complaint.Answered}, end)
	require.Equal(t, []string{"Register investigating", "ConfirmReopening [20]", "SendLateNotice [9]", "NotifyOutcome [3]"}, w.log)
	var warned []string
	for _, e := range w.kinds(complaint.WatchWarned) {
		require.Equal(t, 3, e.Version)
		warned = append(warned, e.at.In(complaint.Brussels).Format("2006-01-02 15:04"))
	}
	require.Equal(t, []string{"2026-07-01 09:00", "2026-07-09 09:00", "2026-07-14 09:00"}, warned)
	overdue := w.kinds(complaint.WatchOverdue)
	require.Len(t, overdue, 1)
	require.Equal(t, brussels("2026-07-17 00:00"), overdue[0].at.In(complaint.Brussels), "45 days after the reopening")
}

func TestAReopenedCaseGoesOnWithItsRevisionAndSequence(t *testing.T) {
	w := newWorld(t, brussels("2026-06-01 10:00"))
	w.seq = 9 // a command of the first term that arrives once more
	tell(w, time.Hour, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}})
	w.ask(day, 1, "HOSPITALISATIE")
	w.answer(2*day, 1)
	w.outcome(3 * day)
	require.Equal(t, complaint.Answered, w.reopen(secondTerm(w.env.Now())).Result)
	require.Zero(t, w.letters[7])
	for _, r := range w.recorded {
		require.Greater(t, r.Revision, 12)
	}
	require.Equal(t, 13, w.closings[0].Taken)
}

func TestTheSecondTermOfARefusedCaseIsJudgedByAPerson(t *testing.T) {
	w := newWorld(t, brussels("2026-06-01 10:00"))
	s := secondTerm(w.env.Now())
	s.Stage, s.Ground = complaint.Assessing, complaint.TooOldNoInitiative
	w.seq = 10
	tell(w, day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible})
	w.outcome(2 * day)
	require.Equal(t, complaint.Answered, w.reopen(s).Result)
	require.Equal(t, "Register assessing", w.log[0])
}

func TestARunWhoseRowAnotherRunHasRecordedChangesNothing(t *testing.T) {
	w := newWorld(t, brussels("2026-06-01 10:00"))
	w.foreign = true
	require.Equal(t, workflows.Ending{Number: number}, w.reopen(secondTerm(w.env.Now())))
	require.Equal(t, []string{"Register investigating"}, w.log)
	require.Empty(t, w.recorded)
}
