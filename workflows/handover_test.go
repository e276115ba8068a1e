package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

func (w *world) handOver(after time.Duration, from, to int64, department string, letters ...int64) {
	due := complaint.DayOf(w.env.Now()).AddDays(15)
	tell(w, after, complaint.HandOverQuestion, complaint.QuestionHandedOver{
		From: from, Letters: letters,
		DepartmentAsked: complaint.DepartmentAsked{
			Consultation: to, Department: department, DueOn: due, Letter: askLetter + 100*to,
			RemindAt: due.AddDays(-5).At(9, 0), EscalateAt: due.AddDays(1).At(9, 0),
		},
	})
}

func TestAQuestionThatIsHandedOverWaitsForTheOtherDepartment(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	w.handOver(2*day, 1, 2, "DERDEBETALER", 31)
	w.answer(3*day, 1) // the first department has nothing to answer any more
	w.answer(20*day, 2)
	w.outcome(21 * day)
	end := w.run(start(w.env.Now()))

	require.Equal(t, complaint.Answered, end.Result)
	require.Contains(t, w.log, "AskDepartment [202 31]", "the question and the letter to the first department")
	require.Equal(t, []string{
		"investigating department:HOSPITALISATIE", "investigating department:DERDEBETALER",
		"investigating ombuds", "answering none",
	}, w.positions())
	require.Equal(t, complaint.NotApplied, w.effects()[104])
	for _, e := range w.watched {
		require.Equal(t, int64(2), e.Consultation, "%s goes to the department that has the question", e.Kind)
	}
	require.Len(t, w.kinds(complaint.WatchReminded), 1)
	require.Len(t, w.kinds(complaint.WatchEscalated), 1)
}

func TestAnAnsweredQuestionIsNotHandedOver(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	w.answer(2*day, 1)
	w.handOver(3*day, 1, 2, "DERDEBETALER")
	w.outcome(4 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, complaint.NotApplied, w.effects()[104])
	require.Zero(t, w.letters[askLetter+200])
}

func TestTheCaseWaitsForEveryOpenQuestionAlsoOfOneDepartment(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	w.ask(2*day, 2, "HOSPITALISATIE") // a follow-up
	w.ask(3*day, 3, "POST")
	w.answer(4*day, 1)
	w.answer(5*day, 3)
	w.answer(6*day, 2)
	w.outcome(7 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, []string{"investigating department:HOSPITALISATIE", "investigating ombuds", "answering none"}, w.positions())
	require.Equal(t, time.Duration(0), w.env.Now().Sub(brussels("2026-03-27 21:47")).Truncate(time.Hour))
}
