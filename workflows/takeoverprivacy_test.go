package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

// takeOverPrivacy runs the procedure of a privacy file that takes the place of a
// lost one.
func (w *world) takeOverPrivacy(received time.Time, breach complaint.Breach, r *retelling) workflows.Ending {
	w.t.Helper()
	w.told = &r.told
	w.env.ExecuteWorkflow(workflows.PrivacyProcedureName, complaint.Message[complaint.PrivacyStart]{
		Row: 100, Seq: 1, TakesOver: true,
		Body: complaint.PrivacyStart{Number: number, Moments: privacyMoments(received, false), Transfer: transferLetter, Breach: breach},
	})
	require.True(w.t, w.env.IsWorkflowCompleted(), "the procedure has not ended")
	require.NoError(w.t, w.env.GetWorkflowError())
	var e workflows.Ending
	require.NoError(w.t, w.env.GetWorkflowResult(&e))
	return e
}

// sawBreach is what the lost run's watch saw of a suspected breach.
func sawBreach(kind complaint.WatchKind, version int) complaint.WatchEvent {
	return complaint.WatchEvent{Number: number, File: complaint.PrivacyFile, Kind: kind, Version: version}
}

// notified tells that the authority was told of the breach.
func (w *world) notified(after time.Duration, version int) {
	tell(w, after, complaint.ChangeBreach, complaint.BreachChanged{Breach: complaint.Breach{Version: version, NotifiedAt: w.env.Now().Add(after)}})
}

func TestARunThatTakesOverAPrivacyFileGoesOnWithThe72Hours(t *testing.T) {
	received := brussels("2026-03-05 12:00")
	w := newPrivacyWorld(t, received.Add(56*time.Hour)) // between the warning and the end
	r := retell(t, standing(2, complaint.Investigating, complaint.WaitDPO)).
		saw(received.Add(48*time.Hour), sawBreach(complaint.WatchBreachWarned, 1), 50).
		letter(transferLetter, complaint.LetterSent).letter(50, complaint.LetterSent)
	w.seq = r.told.Taken
	w.notified(3*day, 2)
	w.answerPrivacy(4 * day)
	require.EqualValues(t, complaint.PrivacyAnswered, w.takeOverPrivacy(received, breachOf(1, received), r).Result)
	require.Equal(t, []string{"breach_overdue 2026-03-08 12:00"}, w.ofTheDPO(), "the warning was given by the lost run")
	require.Zero(t, w.letters[transferLetter])
	require.Zero(t, w.letters[50])
	require.Equal(t, 1, w.letters[dpoReminder], "the alarm")
	require.Equal(t, map[int64]complaint.Effect{102: complaint.Applied, 103: complaint.Applied}, w.effects())
}

func TestARunThatTakesOverAfterThe72HoursRaisesTheAlarmThatTheLostOneDidNot(t *testing.T) {
	received := brussels("2026-03-05 12:00")
	suspected := received.Add(2 * day) // with the split, which had been unconfirmed
	w := newPrivacyWorld(t, received.Add(8*day))
	r := retell(t, standing(2, complaint.Investigating, complaint.WaitDPO)).
		command(suspected, complaint.ChangeBreach, complaint.BreachChanged{Breach: breachOf(1, suspected), Letters: []int64{28}}).
		letter(transferLetter, complaint.LetterSent).letter(28, complaint.LetterRendered)
	w.seq = r.told.Taken
	w.notified(day, 2)
	w.answerPrivacy(2 * day)
	w.takeOverPrivacy(received, complaint.Breach{}, r)
	require.Equal(t, []string{"breach_overdue 2026-03-13 12:00"}, w.ofTheDPO(), "at once")
	require.Equal(t, 1, w.letters[28], "what had not left leaves once")
	require.Equal(t, 1, w.letters[dpoReminder])
}

func TestARunThatTakesOverAlarmsOnceForEachVersionOfABreach(t *testing.T) {
	received := brussels("2026-03-05 12:00")
	w := newPrivacyWorld(t, received.Add(5*day))
	r := retell(t, standing(2, complaint.Investigating, complaint.WaitDPO)).
		saw(received.Add(48*time.Hour), sawBreach(complaint.WatchBreachWarned, 1)).
		saw(received.Add(72*time.Hour), sawBreach(complaint.WatchBreachOverdue, 1)).
		letter(transferLetter, complaint.LetterSent)
	w.seq = r.told.Taken
	tell(w, day, complaint.ChangeBreach, complaint.BreachChanged{Breach: breachOf(2, received.Add(4*day))}) // aware later than was thought
	w.notified(4*day, 3)
	w.answerPrivacy(5 * day)
	w.takeOverPrivacy(received, breachOf(1, received), r)
	require.Equal(t, []string{"breach_warned 2026-03-11 12:00", "breach_overdue 2026-03-12 12:00"}, w.ofTheDPO())
}

func TestARunThatTakesOverAnAnsweredFileWaitsUntilTheAuthorityWasTold(t *testing.T) {
	received := brussels("2026-03-05 12:00")
	w := newPrivacyWorld(t, received.Add(2*day+time.Hour))
	w.inFlight = 1 // the register refuses to close while a breach is due
	r := retell(t, standing(3, complaint.Answering, complaint.WaitDPO)).
		command(received.Add(day), complaint.AnswerPrivacy, complaint.PrivacyClosed{Result: complaint.PrivacyAnswered, Letters: []int64{dpoAnswerLetter}}).
		saw(received.Add(48*time.Hour), sawBreach(complaint.WatchBreachWarned, 1)).
		letter(transferLetter, complaint.LetterSent).letter(dpoAnswerLetter, complaint.LetterSent)
	w.seq = r.told.Taken
	w.notified(3*day, 2)
	require.EqualValues(t, complaint.PrivacyAnswered, w.takeOverPrivacy(received, breachOf(1, received), r).Result)
	require.Equal(t, []string{"breach_overdue 2026-03-08 12:00"}, w.ofTheDPO())
	require.Equal(t, 3, w.closings[len(w.closings)-1].Taken, "it closed after the authority was told")
	require.Contains(t, w.effects(), int64(103))
}

func TestARunThatTakesOverWaitsOnForTheSplitToBeConfirmed(t *testing.T) {
	received := brussels("2026-03-05 12:00")
	w := newPrivacyWorld(t, received.Add(5*day))
	r := retell(t, standing(1, complaint.Assessing, complaint.WaitOmbuds)).
		letter(ackLetter, complaint.LetterSent).letter(referralLetter, complaint.LetterSent)
	w.seq = r.told.Taken
	tell(w, 43*day, complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: []int64{splitLetter}})
	require.Equal(t, complaint.ReferredPrivacy, w.takeOver(referred(received), r).Result)
	require.Zero(t, w.letters[ackLetter]+w.letters[referralLetter], "they left before")
	require.Equal(t, 1, w.letters[splitLetter])
	require.Len(t, w.kinds(complaint.WatchOverdue), 1, "until then its own clock ran")
	require.Equal(t, map[int64]complaint.Effect{102: complaint.Applied}, w.effects())
}
