package workflows_test

import (
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

func TestARegisterThatIsAwayIsTriedAgainUntilItRecords(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.ask(time.Hour, 1, "HOSPITALISATIE")
	w.answer(2*time.Hour, 1)
	w.env.RegisterDelayedCallback(func() { w.notYet[activities.NameRecord] = 9 }, 90*time.Minute)
	w.outcome(12 * time.Hour)
	w.run(start(w.env.Now()))
	require.Equal(t, complaint.Applied, w.effects()[103])
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

func TestARunWhoseComplaintAnotherRunHasEntersNothing(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.foreign = true
	end := w.run(start(w.env.Now()))
	require.Equal(t, workflows.Ending{Number: number}, end)
	require.Equal(t, []string{"Register investigating"}, w.log)
}
