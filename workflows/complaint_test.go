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

func TestAnAdmissibleComplaintGoesThroughTheThreeSteps(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	w.answer(3*day, 1)
	w.outcome(5 * day)
	end := w.run(start(w.env.Now()))

	require.Equal(t, workflows.Ending{Number: number, Result: complaint.Answered}, end)
	require.Equal(t, []string{
		"Register investigating", "Acknowledge [1]", "AskDepartment [102]", "NotifyOutcome [3]",
	}, w.log)
	require.Equal(t, map[int64]complaint.Effect{102: complaint.Applied, 103: complaint.Applied, 104: complaint.Applied}, w.effects())
	require.Empty(t, w.watched)
}

func TestThePositionFollowsTheCaseAndItsRevisionGrows(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	w.ask(2*day, 2, "DERDEBETALER")
	w.answer(3*day, 1)
	w.answer(4*day, 2)
	w.outcome(5 * day)
	w.run(start(w.env.Now()))

	var path []string
	revision := 1
	for _, r := range w.recorded {
		path = append(path, string(r.Stage)+" "+string(r.WaitingFor))
		require.GreaterOrEqual(t, r.Revision, revision)
		revision = r.Revision
	}
	require.Equal(t, []string{
		"investigating department:HOSPITALISATIE", "investigating department:HOSPITALISATIE",
		"investigating department:DERDEBETALER", "investigating ombuds", "answering none",
	}, path)
}

func TestACommandSentTwiceChangesNothing(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	w.seq-- // the same command again, under the same sequence
	w.ask(2*day, 1, "HOSPITALISATIE")
	w.answer(3*day, 1)
	w.outcome(5 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, 1, w.letters[askLetter+100])
}

func TestACommandThatNoLongerFitsIsRecordedAsSuch(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[outcomeLetter] = complaint.LetterPrinted
	w.outcome(day)
	w.ask(2*day, 1, "HOSPITALISATIE")
	w.answer(3*day, 1)
	w.outcome(4 * day)
	tell(w, 5*day, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}})
	tell(w, 6*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{Judgement: complaint.FindInadmissible})
	tell(w, 7*day, complaint.SettleLetter, complaint.LetterSettled{Letter: 77, State: complaint.LetterPosted})
	tell(w, 8*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted})
	end := w.run(start(w.env.Now()))

	require.Equal(t, complaint.Answered, end.Result)
	for row := int64(103); row <= 108; row++ {
		require.Equal(t, complaint.NotApplied, w.effects()[row], "row %d", row)
	}
	require.Equal(t, complaint.Applied, w.effects()[109])
	require.Equal(t, []string{"Register investigating", "Acknowledge [1]", "NotifyOutcome [3]"}, w.log)
}

func TestARefusalWaitsForAnOfficer(t *testing.T) {
	w := newWorld(t, brussels("2026-04-10 11:00"))
	tell(w, 9*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindInadmissible, Ground: complaint.TooOldNoInitiative, Letters: []int64{4},
	})
	end := w.run(doubtful(w.env.Now(), complaint.TooOldNoInitiative))
	require.Equal(t, complaint.Inadmissible, end.Result)
	require.Equal(t, []string{"Register assessing", "Acknowledge [1]", "NotifyDecision [4]"}, w.log)
}

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

func TestADoubtSettledByAnOfficerGoesOnToTheInvestigation(t *testing.T) {
	w := newWorld(t, brussels("2026-04-10 11:00"))
	tell(w, day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible,
	})
	w.outcome(2 * day)
	end := w.run(doubtful(w.env.Now(), complaint.NotOurService))
	require.Equal(t, complaint.Answered, end.Result)
}

func TestAnOutcomeBeforeTheAdmissionIsNotApplied(t *testing.T) {
	w := newWorld(t, brussels("2026-04-10 11:00"))
	w.outcome(day)
	tell(w, 2*day, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}})
	end := w.run(doubtful(w.env.Now(), complaint.NotOurService))
	require.Equal(t, complaint.Withdrawn, end.Result)
	require.Equal(t, complaint.NotApplied, w.effects()[102])
}

func TestAWithdrawalEndsTheCaseAtAnyMomentBeforeTheDecision(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(day, 1, "HOSPITALISATIE")
	tell(w, 2*day, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}})
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Withdrawn, end.Result)
	require.Equal(t, 1, w.letters[7])
}

func TestAnUnreachableMailServerDelaysNeitherInvestigationNorRecording(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.notYet[activities.NameAcknowledge] = 9 // with their pauses more than eight minutes
	w.notYet[activities.NameAskDepartment] = 9
	w.ask(time.Minute, 1, "HOSPITALISATIE")
	w.answer(2*time.Minute, 1)
	w.outcome(3 * time.Minute)
	end := w.run(start(w.env.Now()))

	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, complaint.Applied, w.effects()[103], "the answer is recorded while the mail server is away")
	require.Equal(t, 1, w.letters[ackLetter])
	require.Equal(t, 1, w.letters[askLetter+100])
	require.Contains(t, w.log[1], "NotifyOutcome", "the outcome leaves before the letters that still wait")
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

func TestALetterThatIsHeldKeepsTheCaseOpenUntilItGoesOn(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[outcomeLetter] = complaint.LetterHeld
	w.outcome(day)
	tell(w, 2*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterOwed})
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, "SendLetter [3]", w.log[len(w.log)-1])
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

func TestARegisterThatIsAwayIsTriedAgainUntilItRecords(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(time.Hour, 1, "HOSPITALISATIE")
	w.answer(2*time.Hour, 1)
	w.env.RegisterDelayedCallback(func() { w.notYet[activities.NameRecord] = 9 }, 90*time.Minute)
	w.outcome(12 * time.Hour)
	w.run(start(w.env.Now()))
	require.Equal(t, complaint.Applied, w.effects()[103])
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
	w.state[outcomeLetter] = complaint.LetterInDoubt
	w.outcome(day)
	tell(w, 2*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterRendered})
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, "SendLetter [3]", w.log[len(w.log)-1])
}

func TestTheRunTakesACommandInFlightBeforeItCloses(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.inFlight = 2 // the register knows of a command that has not arrived
	w.outcome(day)
	w.answer(day+30*time.Second, 1)
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, complaint.NotApplied, w.effects()[103])
	last := w.closings[len(w.closings)-1]
	require.Equal(t, 3, last.Taken)
}

func TestARequestToCancelChangesNothing(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.env.RegisterDelayedCallback(w.env.CancelWorkflow, day)
	w.outcome(50 * day)
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Len(t, w.watched, 4, "the watch goes on")
}

func TestASignalThatIsNoCommandSilencesNothing(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.env.RegisterDelayedCallback(func() { w.env.SignalWorkflow(workflows.SignalDecideAdmissibility, "hello") }, day)
	w.env.RegisterDelayedCallback(func() { w.env.SignalWorkflow("Dance", 1) }, day)
	w.ask(2*day, 1, "HOSPITALISATIE")
	w.answer(3*day, 1)
	w.outcome(4 * day)
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
}

func TestTheRunEndsOnlyWhenEveryCommandItTookIsRecorded(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.env.RegisterDelayedCallback(func() { w.notYet[activities.NameRecord] = 9 }, time.Hour)
	tell(w, 2*time.Hour, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}})
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Withdrawn, end.Result)
	require.Equal(t, complaint.Applied, w.effects()[102], "its letter left and closed the case before")
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

func TestARunWhoseComplaintAnotherRunHasEntersNothing(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.foreign = true
	end := w.run(start(w.env.Now()))
	require.Equal(t, workflows.Ending{Number: number}, end)
	require.Equal(t, []string{"Register investigating"}, w.log)
}
