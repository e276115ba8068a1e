package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

func TestAnAnonymousComplaintIsRefusedWithoutALetter(t *testing.T) {
	w := newWorld(t, brussels("2026-05-27 09:30"))
	tell(w, day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindInadmissible, Ground: complaint.Anonymous,
	})
	s := doubtful(w.env.Now(), complaint.Anonymous)
	s.Acknowledgement = 0
	end := w.run(s)
	require.Equal(t, complaint.Inadmissible, end.Result)
	require.Equal(t, []string{"Register assessing"}, w.log)
}

func TestALetterThatIsRefusedForDaysLeavesOnceAndHoldsUpTheClosingOnly(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.notYet[activities.NameNotifyOutcome], w.pause = 9, 9*time.Hour // more tries the test environment does not make
	w.outcome(day)
	began := w.env.Now()
	require.Equal(t, complaint.Answered, w.run(start(began)).Result)
	require.Greater(t, w.env.Now().Sub(began), 3*day)
	require.Equal(t, 1, w.letters[outcomeLetter])
}

// outcomeWaits runs a case whose outcome letter stands still until it is settled
// two days later; it leaves then, and the case closes.
func (w *world) outcomeWaits(as, settled complaint.LetterState) {
	w.t.Helper()
	w.state[outcomeLetter] = as
	w.outcome(day)
	tell(w, 2*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: settled})
	require.Equal(w.t, complaint.Answered, w.run(start(w.env.Now())).Result)
	require.Equal(w.t, "SendLetter [3]", w.log[len(w.log)-1])
}

func TestALetterThatIsHeldKeepsTheCaseOpenUntilItGoesOn(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.outcomeWaits(complaint.LetterHeld, complaint.LetterOwed)
	waiting := func(r complaint.Recording) bool {
		return r.Stage == complaint.Answering && r.WaitingFor == complaint.WaitOmbuds
	}
	require.True(t, slices.ContainsFunc(w.recorded, waiting), "a person may release it")
}

func TestALetterThatCameBackIsOwedAgainWhileTheCaseIsOpen(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.env.RegisterDelayedCallback(func() { w.state[ackLetter] = complaint.LetterPrinted }, time.Hour)
	tell(w, 2*time.Hour, complaint.SettleLetter, complaint.LetterSettled{Letter: ackLetter, State: complaint.LetterRendered})
	w.outcome(day)
	tell(w, 3*day, complaint.SettleLetter, complaint.LetterSettled{Letter: ackLetter, State: complaint.LetterPosted})
	began := w.env.Now()
	require.Equal(t, complaint.Answered, w.run(start(began)).Result)
	require.Equal(t, 3*day, w.env.Now().Sub(began).Truncate(time.Hour), "the case waits for the mail room")
}

func TestAPrintedLetterKeepsTheCaseOpenUntilItIsPosted(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[ackLetter], w.state[outcomeLetter] = complaint.LetterPrinted, complaint.LetterPrinted
	w.outcome(day)
	tell(w, 2*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted})
	tell(w, 3*day, complaint.SettleLetter, complaint.LetterSettled{Letter: ackLetter, State: complaint.LetterPosted})
	began := w.env.Now()
	w.run(start(began))
	require.Equal(t, 3*day, w.env.Now().Sub(began).Truncate(time.Hour))
	var waiting []complaint.WaitingFor
	for _, r := range w.recorded {
		waiting = append(waiting, r.WaitingFor)
	}
	require.Contains(t, waiting, complaint.WaitMailRoom)
}

func TestALetterInDoubtIsSentAgainOnlyWhenAPersonSaysSo(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.outcomeWaits(complaint.LetterInDoubt, complaint.LetterRendered)
}

func TestEachLetterOfAnOutcomeLeavesOnItsOwn(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.notYet[activities.NameSendLetter] = 9
	tell(w, day, complaint.DecideOutcome, complaint.OutcomeDecided{Letters: []int64{outcomeLetter, 21}})
	w.run(start(w.env.Now()))
	require.Equal(t, []string{"Register investigating", "Acknowledge [1]", "NotifyOutcome [3]", "SendLetter [21]"}, w.log)
}

func TestALetterToBeSentAgainIsNotForgottenWhileItsDeliveryEnds(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[outcomeLetter] = complaint.LetterInDoubt
	w.during = func(name string) { // the officer is quicker than the answer of the activity
		if name == activities.NameNotifyOutcome {
			w.env.SignalWorkflow(workflows.SignalSettleLetter, complaint.Message[complaint.LetterSettled]{
				Row: 900, Seq: 3, Body: complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterRendered},
			})
		}
	}
	w.outcome(day)
	w.run(start(w.env.Now()))
	require.Equal(t, "SendLetter [3]", w.log[len(w.log)-1])
}

// It left and came back, and only then the procedure hears that it left.
func TestALetterThatCameBackBeforeItsDeliveryEndsIsOwedAgain(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.during = func(name string) {
		if name == activities.NameAcknowledge {
			w.env.SignalWorkflow(workflows.SignalSettleLetter, complaint.Message[complaint.LetterSettled]{
				Row: 900, Seq: 2, Body: complaint.LetterSettled{Letter: ackLetter, State: complaint.LetterRendered, CameBack: true},
			})
		}
	}
	w.seq = 2
	w.outcome(day)
	require.Equal(t, complaint.Answered, w.run(start(w.env.Now())).Result)
	require.Contains(t, w.log, "SendLetter [1]")
}

func TestALetterIsNotSentByTwoAtOnce(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.notYet[activities.NameNotifyOutcome] = 9 // its mail server is away
	w.outcome(day)
	tell(w, day+time.Minute, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterRendered})
	w.run(start(w.env.Now()))
	require.Equal(t, "NotifyOutcome [3]", w.log[len(w.log)-1])
	require.Equal(t, 1, w.letters[outcomeLetter])
}

func TestADecidedCaseDoesNotWaitForARequestThatWasHeld(t *testing.T) {
	dropped, letters := []int64{missingLetter}, []int64{7}
	for _, way := range []struct {
		kind complaint.CommandKind
		body any
		ends complaint.Result
	}{
		{complaint.Withdraw, complaint.Withdrawal{Letters: letters, Dropped: dropped}, complaint.Withdrawn},
		{complaint.DecideAdmissibility, complaint.AdmissibilityDecided{Judgement: complaint.FindInadmissible, Ground: complaint.MandateMissing, Letters: letters, Dropped: dropped}, complaint.Inadmissible},
		{complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: letters, Dropped: dropped}, complaint.ReferredPrivacy},
	} {
		w := newPrivacyWorld(t, brussels("2026-06-08 10:00"))
		w.state[missingLetter], w.state[7] = complaint.LetterHeld, complaint.LetterPrinted
		w.env.RegisterDelayedCallback(func() { delete(w.owed, missingLetter) }, time.Hour) // as the register does
		w.env.RegisterDelayedCallback(func() { delete(w.owed, 7) }, day)
		tell(w, 2*time.Hour, way.kind, way.body)
		tell(w, day, complaint.SettleLetter, complaint.LetterSettled{Letter: 7, State: complaint.LetterPosted})
		require.Equal(t, way.ends, w.run(asked(w.env.Now(), complaint.MandateMissing)).Result)
		require.Equal(t, 1, w.letters[missingLetter], "held once, it does not leave after the decision")
	}
}

func TestAnOutcomeDoesNotWaitForARequestThatWasHeld(t *testing.T) {
	w := newWorld(t, brussels("2026-06-08 10:00"))
	w.state[missingLetter], w.state[outcomeLetter] = complaint.LetterHeld, complaint.LetterPrinted
	w.env.RegisterDelayedCallback(func() { w.owed = map[int64]bool{} }, 2*day)
	s := start(w.env.Now())
	s.Requests = []int64{missingLetter}
	tell(w, day, complaint.DecideOutcome, complaint.OutcomeDecided{Letters: []int64{outcomeLetter}, Dropped: []int64{missingLetter}})
	tell(w, 2*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted})
	require.Equal(t, complaint.Answered, w.run(s).Result)
}
