package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// Letters of a hand-over to the service: to the complainant, to the department.
var serviceLetters = []int64{21, 22}

func (w *world) handToService(after time.Duration, returnOn complaint.Day) {
	tell(w, after, complaint.HandToService, complaint.HandedToService{
		Department: "HOSPITALISATIE", ReturnOn: returnOn, ReturnAt: returnOn.At(9, 0), Letters: serviceLetters,
	})
}

// positions are where the case stood, each once in a row.
func (w *world) positions() []string {
	var path []string
	for _, r := range w.recorded {
		if p := string(r.Stage) + " " + string(r.WaitingFor); len(path) == 0 || path[len(path)-1] != p {
			path = append(path, p)
		}
	}
	return path
}

func TestTheServiceHasTheCaseUntilTheDayOfReturn(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.handToService(day, complaint.NewDay(2026, time.April, 3))
	w.outcome(30 * day)
	end := w.run(start(w.env.Now()))

	require.Equal(t, complaint.Answered, end.Result)
	require.Contains(t, w.log, "HandToService [21 22]")
	require.Equal(t, []string{
		"investigating department:HOSPITALISATIE", "investigating ombuds", "answering none",
	}, w.positions())
	back := w.kinds(complaint.WatchServiceReturned)
	require.Len(t, back, 1)
	require.Equal(t, brussels("2026-04-03 09:00"), back[0].at.In(complaint.Brussels))
}

func TestTheTermKeepsRunningWhileTheServiceHasTheCase(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	s := start(w.env.Now())
	w.handToService(day, s.Moments.LastDay.AddDays(-1))
	w.outcome(50 * day)
	w.run(s)

	require.Len(t, w.kinds(complaint.WatchWarned), 3)
	overdue := w.kinds(complaint.WatchOverdue)
	require.Len(t, overdue, 1)
	require.True(t, overdue[0].at.Equal(s.Moments.EndsAt))
}

func TestAComplainantWhomTheServiceHelpedIsAnsweredBeforeTheDayOfReturn(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[outcomeLetter] = complaint.LetterPrinted // the case stays open past the day of return
	w.handToService(day, complaint.NewDay(2026, time.April, 3))
	w.outcome(3 * day)
	tell(w, 30*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted})
	end := w.run(start(w.env.Now()))

	require.Equal(t, complaint.Answered, end.Result)
	require.Empty(t, w.kinds(complaint.WatchServiceReturned), "nothing comes back to an officer who has decided")
}

func TestTheServiceIsAskedOnceAndOnlyAboutAnAdmittedComplaint(t *testing.T) {
	w := newWorld(t, brussels("2026-04-10 11:00"))
	w.handToService(day, complaint.NewDay(2026, time.April, 20))
	tell(w, 2*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible,
	})
	w.handToService(3*day, complaint.NewDay(2026, time.April, 20))
	w.handToService(12*day, complaint.NewDay(2026, time.April, 30))
	w.outcome(13 * day)
	w.run(doubtful(w.env.Now(), complaint.NotOurService))

	require.Equal(t, complaint.NotApplied, w.effects()[102])
	require.Equal(t, complaint.Applied, w.effects()[104])
	require.Equal(t, complaint.NotApplied, w.effects()[105])
}

func TestWhatTheServiceReportsGivesTheCaseBackAtOnce(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.handToService(day, complaint.NewDay(2026, time.April, 3))
	tell(w, 3*day, complaint.ReportService, complaint.ServiceReported{Solved: true, Notices: []int64{31}})
	w.outcome(30 * day)
	end := w.run(start(w.env.Now()))

	require.Equal(t, complaint.Answered, end.Result)
	require.Contains(t, w.log, "WarnStaff [31]")
	require.Equal(t, []string{
		"investigating department:HOSPITALISATIE", "investigating ombuds", "answering none",
	}, w.positions())
	require.Empty(t, w.kinds(complaint.WatchServiceReturned), "it is back already on the day of return")
}

func TestAReportAfterTheDayOfReturnMovesNothing(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.handToService(day, complaint.NewDay(2026, time.April, 3))
	tell(w, 20*day, complaint.ReportService, complaint.ServiceReported{})
	w.outcome(30 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, complaint.NotApplied, w.effects()[103])
	require.Len(t, w.kinds(complaint.WatchServiceReturned), 1)
}

func TestNobodyWaitsForADepartmentThatIsNamedAsInvolved(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	w.ask(2*day, 2, "POST")
	tell(w, 3*day, complaint.EndQuestions, complaint.QuestionsEnded{Consultations: []int64{1}, Letters: []int64{31}})
	w.answer(4*day, 2)
	w.outcome(30 * day)
	end := w.run(start(w.env.Now()))

	require.Equal(t, complaint.Answered, end.Result)
	require.Contains(t, w.log, "SendLetter [31]")
	require.Equal(t, []string{
		"investigating department:HOSPITALISATIE", "investigating department:POST", "investigating ombuds", "answering none",
	}, w.positions())
	for _, e := range w.watched {
		require.NotEqual(t, int64(1), e.Consultation, "nobody is reminded of a question that is over")
	}
}

func TestAServiceThatIsNamedAsInvolvedGivesTheCaseBack(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.handToService(day, complaint.NewDay(2026, time.April, 3))
	tell(w, 2*day, complaint.EndQuestions, complaint.QuestionsEnded{Service: true, Letters: []int64{31}})
	w.outcome(5 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, []string{
		"investigating department:HOSPITALISATIE", "investigating ombuds", "answering none",
	}, w.positions())
}
