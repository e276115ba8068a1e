package workflows_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

// retelling builds what the register tells a run that takes the place of a lost one.
type retelling struct {
	t    *testing.T
	told complaint.Told
}

func retell(t *testing.T, position complaint.Position) *retelling {
	return &retelling{t, complaint.Told{Taken: 1, Row: 100, Position: position}}
}

func (r *retelling) command(at time.Time, kind complaint.CommandKind, body any) *retelling {
	content, err := json.Marshal(body)
	require.NoError(r.t, err)
	r.told.Taken++
	r.told.Row = int64(100 + r.told.Taken)
	r.told.Steps = append(r.told.Steps, complaint.ToldStep{At: at, Command: kind, Row: r.told.Row, Seq: r.told.Taken, Body: content})
	return r
}

func (r *retelling) saw(at time.Time, e complaint.WatchEvent, letters ...int64) *retelling {
	r.told.Steps = append(r.told.Steps, complaint.ToldStep{At: at, Watch: &e, Letters: letters})
	return r
}

func (r *retelling) letter(id int64, state complaint.LetterState) *retelling {
	r.told.Letters = append(r.told.Letters, complaint.LetterSettled{Letter: id, State: state})
	return r
}

// takeOver runs a procedure that takes the place of a lost one.
func (w *world) takeOver(s complaint.Start, r *retelling) workflows.Ending {
	w.t.Helper()
	w.told = &r.told
	w.seq = r.told.Taken
	return w.runMessage(complaint.Message[complaint.Start]{Row: 100, Seq: 1, Body: s, TakesOver: true})
}

func standing(revision int, stage complaint.Stage, waiting complaint.WaitingFor) complaint.Position {
	return complaint.Position{Revision: revision, Stage: stage, WaitingFor: waiting}
}

func TestARunThatTakesOverWritesToNobodyAndWatchesOn(t *testing.T) {
	received := brussels("2026-03-02 10:00")
	w := newWorld(t, received.Add(40*day)) // after the warnings of day 30 and 38
	asked := complaint.DepartmentAsked{Consultation: 1, Department: "HOSPITALISATIE", DueOn: complaint.DayOf(received).AddDays(20), Letter: askLetter,
		RemindAt: received.Add(15 * day), EscalateAt: received.Add(21 * day)}
	r := retell(t, standing(4, complaint.Investigating, complaint.WaitDepartment("HOSPITALISATIE"))).
		command(received.Add(day), complaint.AskDepartment, asked).
		saw(received.Add(15*day), complaint.WatchEvent{Kind: complaint.WatchReminded, Version: 1, Consultation: 1}, 50).
		saw(received.Add(21*day), complaint.WatchEvent{Kind: complaint.WatchEscalated, Version: 1, Consultation: 1}, 51).
		saw(received.Add(30*day), complaint.WatchEvent{Kind: complaint.WatchWarned, Version: 1, DaysLeft: 15}).
		saw(received.Add(38*day), complaint.WatchEvent{Kind: complaint.WatchWarned, Version: 1, DaysLeft: 7}).
		letter(ackLetter, complaint.LetterSent).letter(askLetter, complaint.LetterSent).
		letter(50, complaint.LetterSent).letter(51, complaint.LetterSent)
	w.seq = r.told.Taken
	w.answer(2*day, 1)
	w.outcome(8 * day)
	require.Equal(t, complaint.Answered, w.takeOver(start(received), r).Result)

	require.Equal(t, []string{"Register investigating", "SendLateNotice [9]", "NotifyOutcome [3]"}, w.log)
	var kinds []string
	for _, e := range w.watched {
		kinds = append(kinds, string(e.Kind)+e.at.In(complaint.Brussels).Format(" 01-02 15:04"))
	}
	require.Equal(t, []string{"warned 04-14 09:00", "overdue 04-17 00:00"}, kinds, "only what is still to come")
	require.Equal(t, map[int64]complaint.Effect{103: complaint.Applied, 104: complaint.Applied}, w.effects(), "the commands that follow")
	for _, rec := range w.recorded {
		require.Greater(t, rec.Revision, 4)
	}
	require.Equal(t, 4, w.closings[0].Taken)
}

func TestARunThatTakesOverLetsWhatIsOwedLeaveOnce(t *testing.T) {
	received := brussels("2026-03-02 10:00")
	w := newWorld(t, received.Add(day))
	r := retell(t, standing(2, complaint.Investigating, complaint.WaitDepartment("HOSPITALISATIE"))).
		command(received.Add(time.Hour), complaint.AskDepartment, complaint.DepartmentAsked{Consultation: 1, Department: "HOSPITALISATIE",
			DueOn: complaint.DayOf(received).AddDays(15), Letter: askLetter, EscalateAt: received.Add(16 * day)}).
		letter(ackLetter, complaint.LetterRendered).letter(askLetter, complaint.LetterSent)
	w.seq = r.told.Taken
	w.outcome(day)
	require.Equal(t, complaint.Answered, w.takeOver(start(received), r).Result)
	require.Equal(t, []string{"Register investigating", "SendLetter [1]", "NotifyOutcome [3]"}, w.log)
}

func TestARunThatTakesOverADecidedCaseClosesItWhenTheMailRoomHasPosted(t *testing.T) {
	received := brussels("2026-03-02 10:00")
	w := newWorld(t, received.Add(3*day))
	w.state[outcomeLetter] = complaint.LetterPrinted
	r := retell(t, standing(3, complaint.Answering, complaint.WaitMailRoom)).
		command(received.Add(day), complaint.DecideOutcome, complaint.OutcomeDecided{Letters: []int64{outcomeLetter}}).
		letter(ackLetter, complaint.LetterSent).letter(outcomeLetter, complaint.LetterPrinted)
	w.seq = r.told.Taken
	tell(w, day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted})
	require.Equal(t, complaint.Answered, w.takeOver(start(received), r).Result)
	require.Equal(t, []string{"Register investigating", "NotifyOutcome [3]"}, w.log)
	for _, rec := range w.recorded {
		require.NotEqual(t, int64(102), rec.Row, "the decision was recorded before")
	}
}

func TestARunThatTakesOverKnowsWhatIsAskedOfTheComplainant(t *testing.T) {
	received := brussels("2026-03-02 10:00")
	s := doubtful(received, complaint.MandateMissing)
	s.WaitingFor = complaint.WaitComplainant
	s.Asked = &complaint.Asked{Round: 1, Reason: complaint.MandateMissing, Until: complaint.DayOf(received).AddDays(30),
		RemindAt: received.Add(20 * day), EndsAt: received.Add(31 * day)}
	s.Requests = []int64{30}
	w := newWorld(t, received.Add(25*day))
	r := retell(t, standing(1, complaint.Assessing, complaint.WaitComplainant)).
		saw(received.Add(20*day), complaint.WatchEvent{Kind: complaint.WatchMissingReminded, Version: 1, Round: 1}, 31).
		letter(ackLetter, complaint.LetterSent).letter(30, complaint.LetterSent).letter(31, complaint.LetterSent)
	tell(w, 10*day, complaint.Withdraw, complaint.Withdrawal{})
	require.Equal(t, complaint.Withdrawn, w.takeOver(s, r).Result)
	require.Empty(t, w.kinds(complaint.WatchMissingReminded))
	ended := w.kinds(complaint.WatchMissingEnded)
	require.Len(t, ended, 1)
	require.Equal(t, received.Add(31*day), ended[0].at.In(complaint.Brussels))
}

func TestARunThatTakesOverAnOverdueCaseRemindsAtTheNextWeeklyMoment(t *testing.T) {
	received := brussels("2026-01-05 10:00")
	w := newWorld(t, received.Add(60*day))
	again := w.env.Now().Add(2 * day)
	r := retell(t, standing(1, complaint.Investigating, complaint.WaitOmbuds)).
		saw(received.Add(46*day), complaint.WatchEvent{Kind: complaint.WatchOverdue, Version: 1}, lateLetter).
		saw(received.Add(53*day), complaint.WatchEvent{Kind: complaint.WatchStillOverdue, Version: 1, DaysLeft: -7}).
		letter(ackLetter, complaint.LetterSent).letter(lateLetter, complaint.LetterSent)
	r.told.Overdue = complaint.WatchRecorded{GoesOn: true, AgainAt: again}
	w.outcome(3 * day)
	require.Equal(t, complaint.Answered, w.takeOver(start(received), r).Result)
	require.Empty(t, w.kinds(complaint.WatchOverdue))
	still := w.kinds(complaint.WatchStillOverdue)
	require.Len(t, still, 1)
	require.Equal(t, -14, still[0].DaysLeft)
	require.True(t, again.Equal(still[0].at))
	require.Zero(t, w.letters[lateLetter])
}

func TestARunThatTakesOverTakesNoCommandBeforeItIsTold(t *testing.T) {
	received := brussels("2026-03-02 10:00")
	w := newWorld(t, received.Add(day))
	w.notYet["Register"] = 3
	r := retell(t, standing(1, complaint.Investigating, complaint.WaitOmbuds)).letter(ackLetter, complaint.LetterSent)
	w.outcome(0)
	require.Equal(t, complaint.Answered, w.takeOver(start(received), r).Result)
	require.Equal(t, 2, w.closings[0].Taken)
}

func TestARunThatTakesOverADecidedCaseDoesNotWaitForARequestThatWasHeld(t *testing.T) {
	received := brussels("2026-06-08 10:00")
	w := newWorld(t, received.Add(day))
	r := retell(t, standing(2, complaint.Answering, complaint.WaitMailRoom)).
		command(received.Add(time.Hour), complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}, Dropped: []int64{missingLetter}}).
		letter(ackLetter, complaint.LetterSent).letter(missingLetter, complaint.LetterDropped).letter(7, complaint.LetterPosted)
	require.Equal(t, complaint.Withdrawn, w.takeOver(asked(received, complaint.MandateMissing), r).Result)
	require.Zero(t, w.letters[missingLetter])

	// The withdrawal was not recorded yet: it arrives after the telling.
	w = newWorld(t, received.Add(day))
	r = retell(t, standing(1, complaint.Assessing, complaint.WaitComplainant)).
		letter(ackLetter, complaint.LetterSent).letter(missingLetter, complaint.LetterHeld)
	w.state[7] = complaint.LetterPosted
	tell(w, time.Hour, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}, Dropped: []int64{missingLetter}})
	require.Equal(t, complaint.Withdrawn, w.takeOver(asked(received, complaint.MandateMissing), r).Result)
	require.Zero(t, w.letters[missingLetter])
}
