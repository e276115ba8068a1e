package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

// Letters of these stories.
const (
	transferLetter  = int64(21)
	referralLetter  = int64(22)
	dpoAnswerLetter = int64(23)
	extensionLetter = int64(24)
	dpoReminder     = int64(25)
)

func newPrivacyWorld(t *testing.T, now time.Time) *world {
	w := newWorld(t, now)
	w.env.RegisterWorkflowWithOptions(workflows.PrivacyProcedure, workflow.RegisterOptions{Name: workflows.PrivacyProcedureName})
	for _, name := range []string{
		activities.NameReferPrivacy, activities.NameTransferPrivacy, activities.NameExtendPrivacy,
		activities.NameAnswerPrivacy, activities.NameRemindDPO,
	} {
		w.register(name, func(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
			return w.deliver(ctx, name, d)
		})
	}
	w.watch = func(e complaint.WatchEvent) []int64 {
		if e.File == complaint.PrivacyFile {
			return []int64{dpoReminder + int64(e.DaysLeft)}
		}
		return nil
	}
	return w
}

func privacyMoments(received time.Time, extended bool) complaint.Moments {
	d := complaint.PrivacyDeadline(received, extended, complaint.NewCalendar())
	return complaint.Moments{Version: d.Version, LastDay: d.LastDay, EndsAt: d.EndsAt, Warnings: d.Warnings}
}

func (w *world) runPrivacy(received time.Time) workflows.Ending {
	w.t.Helper()
	return w.runSuspected(received, complaint.Breach{})
}

func (w *world) runSuspected(received time.Time, breach complaint.Breach) workflows.Ending {
	w.t.Helper()
	w.env.ExecuteWorkflow(workflows.PrivacyProcedureName, complaint.Message[complaint.PrivacyStart]{
		Row: 100, Seq: 1, Body: complaint.PrivacyStart{Number: number, Moments: privacyMoments(received, false), Transfer: transferLetter, Breach: breach},
	})
	require.True(w.t, w.env.IsWorkflowCompleted(), "the procedure has not ended")
	require.NoError(w.t, w.env.GetWorkflowError())
	var e workflows.Ending
	require.NoError(w.t, w.env.GetWorkflowResult(&e))
	return e
}

func (w *world) answerPrivacy(after time.Duration) {
	tell(w, after, complaint.AnswerPrivacy, complaint.PrivacyClosed{Result: complaint.PrivacyAnswered, Letters: []int64{dpoAnswerLetter}})
}

func TestAPrivacyFileGoesToTheDPOAtOnceAndClosesWhenTheAnswerHasLeft(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	w.answerPrivacy(5 * day)
	end := w.runPrivacy(w.env.Now())
	require.Equal(t, workflows.Ending{Number: number, Result: "answered"}, end)
	require.Equal(t, []string{"Register investigating", "TransferPrivacy [21]", "AnswerPrivacy [23]"}, w.log)
	require.Equal(t, map[int64]complaint.Effect{102: complaint.Applied}, w.effects())
	require.Empty(t, w.watched)
	for _, r := range w.recorded {
		require.Equal(t, complaint.PrivacyFile, r.File, "it moves nothing of the complaint")
	}
}

func TestARequestToCancelAPrivacyFileChangesNothing(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	w.env.RegisterDelayedCallback(w.env.CancelWorkflow, day)
	w.answerPrivacy(60 * day)
	end := w.runPrivacy(w.env.Now())
	require.Equal(t, complaint.Result("answered"), end.Result)
	require.Len(t, w.watched, 3, "the watch goes on")
}

func TestTheDPOIsRemindedInOfficeHoursAndOverdueStandsAtTheEndOfTheMonth(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00")) // last day: Tuesday after Easter Monday
	w.answerPrivacy(60 * day)
	w.runPrivacy(w.env.Now())
	var moments []string
	for _, e := range w.watched {
		require.Equal(t, complaint.PrivacyFile, e.File)
		moments = append(moments, string(e.Kind)+" "+e.at.In(complaint.Brussels).Format("2006-01-02 15:04"))
	}
	require.Equal(t, []string{"warned 2026-03-27 09:00", "warned 2026-04-03 09:00", "overdue 2026-04-08 00:00"}, moments)
	require.Equal(t, 1, w.letters[dpoReminder])
	require.Equal(t, 1, w.letters[dpoReminder+3])
	require.Equal(t, 1, w.letters[dpoReminder+10])
}

func TestRemindersThatPassedTogetherAreGivenAsOne(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-04-05 12:00"))
	w.answerPrivacy(time.Hour)
	w.runPrivacy(brussels("2026-03-05 12:00"))
	require.Len(t, w.watched, 1)
	require.Equal(t, 3, w.watched[0].DaysLeft)
}

func TestAnExtensionMovesTheTermAndTellsTheComplainant(t *testing.T) {
	received := brussels("2026-03-05 12:00")
	w := newPrivacyWorld(t, received)
	tell(w, 20*day, complaint.ExtendPrivacy, complaint.PrivacyExtended{Moments: privacyMoments(received, true), Letters: []int64{extensionLetter}})
	tell(w, 21*day, complaint.ExtendPrivacy, complaint.PrivacyExtended{Moments: privacyMoments(received, true), Letters: []int64{99}})
	w.answerPrivacy(70 * day)
	w.runPrivacy(received)
	require.Equal(t, 1, w.letters[extensionLetter])
	require.Equal(t, complaint.NotApplied, w.effects()[103], "a term is extended once")
	require.Empty(t, w.watched, "the reminders of the first month are gone")
}

func TestAPrivacyFileWaitsForTheMailRoomAndForTheDPO(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	w.state[dpoAnswerLetter] = complaint.LetterPrinted
	w.state[transferLetter] = complaint.LetterInDoubt
	w.answerPrivacy(day)
	tell(w, 2*day, complaint.SettleLetter, complaint.LetterSettled{Letter: dpoAnswerLetter, State: complaint.LetterPosted})
	tell(w, 3*day, complaint.SettleLetter, complaint.LetterSettled{Letter: transferLetter, State: complaint.LetterSent})
	w.runPrivacy(w.env.Now())
	var waiting []complaint.WaitingFor
	for _, r := range w.recorded {
		waiting = append(waiting, r.WaitingFor)
	}
	require.Contains(t, waiting, complaint.WaitMailRoom)
	require.NotContains(t, waiting, complaint.WaitOmbuds, "the DPO settles the letters of this file")
}

func TestAnOfficerRefersAComplaintThatIsUnderWay(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	w.ask(day, 1, "HOSPITALISATIE")
	tell(w, 2*day, complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: []int64{referralLetter}})
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.ReferredPrivacy, end.Result)
	require.Equal(t, 1, w.letters[referralLetter])
}

func TestAMixedComplaintGoesOnBesideItsReferral(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, day, complaint.ReferPrivacy, complaint.PrivacyReferred{Mixed: true, Letters: []int64{referralLetter}})
	w.outcome(2 * day)
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, 1, w.letters[referralLetter])
}

func TestAReferralAfterAWithdrawalIsNotApplied(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	w.state[7] = complaint.LetterPrinted
	tell(w, day, complaint.Withdraw, complaint.Withdrawal{Letters: []int64{7}})
	tell(w, 2*day, complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: []int64{referralLetter}})
	tell(w, 3*day, complaint.SettleLetter, complaint.LetterSettled{Letter: 7, State: complaint.LetterPosted})
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Withdrawn, end.Result)
	require.Equal(t, complaint.NotApplied, w.effects()[103])
	require.Zero(t, w.letters[referralLetter])
}
