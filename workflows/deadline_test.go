package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// The dates are those of the procedure's calendar: day 30, 38 and 43 at 09:00 in
// Brussels, moved to the working day before, and the end of day 45.
func TestFortyFiveDaysWithoutAnAnswerGiveThreeWarningsAndOneOverdue(t *testing.T) {
	for received, expected := range map[string][]string{
		"2026-02-13 10:00": {"2026-03-13 09:00", "2026-03-23 09:00", "2026-03-27 09:00", "2026-03-31 00:00"},
		"2026-03-29 03:00": {"2026-04-28 09:00", "2026-05-06 09:00", "2026-05-11 09:00", "2026-05-14 00:00"},
		"2026-09-10 11:00": {"2026-10-09 09:00", "2026-10-16 09:00", "2026-10-23 09:00", "2026-10-26 00:00"},
		"2026-10-25 00:00": {"2026-11-24 09:00", "2026-12-02 09:00", "2026-12-07 09:00", "2026-12-10 00:00"},
	} {
		t.Run(received, func(t *testing.T) {
			w := newWorld(t, brussels(received))
			w.outcome(47 * day) // day 46 or later: the answer still closes the case
			end := w.run(start(w.env.Now()))

			require.Equal(t, complaint.Answered, end.Result)
			var moments []string
			var left []int
			for _, e := range w.watched {
				moments = append(moments, e.at.In(complaint.Brussels).Format("2006-01-02 15:04"))
				left = append(left, e.DaysLeft)
			}
			require.Equal(t, expected, moments)
			require.Equal(t, []int{15, 7, 2, 0}, left)
			require.Equal(t, 1, w.letters[lateLetter], "one late notice")
		})
	}
}

func TestALetterEnteredAfterItsTermIsOverdueAtOnce(t *testing.T) {
	now := brussels("2026-06-10 10:00")
	w := newWorld(t, now)
	w.outcome(time.Hour)
	w.run(start(now.AddDate(0, 0, -46)))
	require.Empty(t, w.kinds(complaint.WatchWarned), "no warning for what has ended")
	overdue := w.kinds(complaint.WatchOverdue)
	require.Len(t, overdue, 1)
	require.WithinDuration(t, now, overdue[0].at, time.Minute)
	require.Equal(t, 1, w.letters[lateLetter])
}

func TestWarningsThatHavePassedTogetherAreGivenAsOne(t *testing.T) {
	now := brussels("2026-06-10 10:00")
	w := newWorld(t, now)
	w.outcome(time.Hour)
	w.run(start(now.AddDate(0, 0, -44)))
	warned := w.kinds(complaint.WatchWarned)
	require.Len(t, warned, 1)
	require.Equal(t, 2, warned[0].DaysLeft)
}

func TestAComplaintWithoutATermIsNotWatched(t *testing.T) {
	w := newWorld(t, brussels("2026-06-10 10:00"))
	s := doubtful(w.env.Now(), complaint.NotInWriting)
	s.Moments, s.Acknowledgement = complaint.Moments{}, 0
	tell(w, 100*day, complaint.Withdraw, complaint.Withdrawal{})
	end := w.run(s)
	require.Equal(t, complaint.Withdrawn, end.Result)
	require.Empty(t, w.watched)
}

func TestAnAcknowledgementStillOwedOnDaySevenIsNoted(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[ackLetter] = complaint.LetterPrinted // and the mail room forgets it
	w.outcome(20 * day)
	tell(w, 21*day, complaint.SettleLetter, complaint.LetterSettled{Letter: ackLetter, State: complaint.LetterPosted})
	w.run(start(w.env.Now()))
	late := w.kinds(complaint.WatchAcknowledgementLate)
	require.Len(t, late, 1)
	require.Equal(t, brussels("2026-03-27 09:00"), late[0].at.In(complaint.Brussels))
}

func TestADepartmentIsRemindedBeforeItsDueDayAndEscalatedAfterIt(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 10:00"))
	w.watch = func(e complaint.WatchEvent) []int64 { return []int64{e.Consultation*10 + int64(len(e.Kind))} }
	w.ask(day, 1, "HOSPITALISATIE") // due 2026-04-05
	w.ask(day+time.Hour, 2, "POST")
	w.answer(2*day, 2)
	w.answer(20*day, 1)
	w.outcome(21 * day)
	w.run(start(w.env.Now()))

	reminded, escalated := w.kinds(complaint.WatchReminded), w.kinds(complaint.WatchEscalated)
	require.Len(t, reminded, 1)
	require.Equal(t, brussels("2026-03-31 09:00"), reminded[0].at.In(complaint.Brussels))
	require.Len(t, escalated, 1)
	require.Equal(t, brussels("2026-04-06 09:00"), escalated[0].at.In(complaint.Brussels))
	require.Equal(t, int64(1), escalated[0].Consultation)
	require.Contains(t, w.log, "RemindDepartment [29]")
}

func TestADecidedCaseWhosePostWaitsIsStillWatched(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 10:00"))
	w.state[outcomeLetter] = complaint.LetterPrinted
	w.outcome(44 * day)
	tell(w, 50*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted})
	w.run(start(w.env.Now()))
	require.Len(t, w.kinds(complaint.WatchOverdue), 1)
}
