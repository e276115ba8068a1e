package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

func TestAVoidedEntryEndsAtOnceAndTellsWhoHadHeardOfIt(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	tell(w, 2*day, complaint.Void, complaint.Voiding{Letters: []int64{7}})
	end := w.run(start(w.env.Now()))

	require.Equal(t, workflows.Ending{Number: number, Result: complaint.Voided}, end)
	require.Equal(t, []string{"Register investigating", "Acknowledge [1]", "AskDepartment [102]", "ConfirmVoiding [7]"}, w.log)
	require.Empty(t, w.watched, "nobody is reminded or warned any more")
}

func TestAVoidedEntryDoesNotWaitForLettersThatNoLongerLeave(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[ackLetter] = complaint.LetterPrinted
	tell(w, time.Hour, complaint.Void, complaint.Voiding{Dropped: []int64{ackLetter}})
	w.env.RegisterDelayedCallback(func() { delete(w.owed, ackLetter) }, time.Hour-time.Minute) // as the register does
	began := w.env.Now()
	end := w.run(start(began))

	require.Equal(t, complaint.Voided, end.Result)
	require.Equal(t, []string{"Register investigating", "Acknowledge [1]", "WithdrawLetters [1]"}, w.log)
	require.Less(t, w.env.Now().Sub(began), 2*time.Hour)
}

func TestADecidedCaseIsNotVoided(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[outcomeLetter] = complaint.LetterPrinted
	w.outcome(day)
	tell(w, 2*day, complaint.Void, complaint.Voiding{Letters: []int64{7}})
	tell(w, 3*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted})
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, complaint.NotApplied, w.effects()[103])
	require.Zero(t, w.letters[7])
}

func TestAWithdrawalIsConfirmedWhileConsultationsAreOpenAndWhileAssessing(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	w.ask(2*day, 2, "DERDEBETALER")
	tell(w, 3*day, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}})
	require.Equal(t, complaint.Withdrawn, w.run(start(w.env.Now())).Result)
	require.Equal(t, "ConfirmWithdrawal [7]", w.log[len(w.log)-1])
	require.Empty(t, w.kinds(complaint.WatchEscalated), "no department is asked any more")

	w = newWorld(t, brussels("2026-03-20 21:47"))
	tell(w, day, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}})
	require.Equal(t, complaint.Withdrawn, w.run(doubtful(w.env.Now(), complaint.TooOldNoInitiative)).Result)
	require.Equal(t, []string{"Register assessing", activities.NameAcknowledge + " [1]", "ConfirmWithdrawal [7]"}, w.log)
}
