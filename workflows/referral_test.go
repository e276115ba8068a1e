package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

const splitLetter = int64(26)

// referred is a complaint that says itself that it is about personal data.
func referred(received time.Time) complaint.Start {
	s := doubtful(received, complaint.GroundPrivacy)
	s.Stage, s.WaitingFor = complaint.Assessing, complaint.WaitOmbuds
	s.Referred = &complaint.PrivacyReferred{Letters: []int64{referralLetter}, Unconfirmed: true}
	return s
}

// restFound is what a mixed split tells: the rules judged the rest.
func restFound(found complaint.ReplyReceived) complaint.PrivacyReferred {
	return complaint.PrivacyReferred{Mixed: true, Letters: []int64{splitLetter}, Found: &found}
}

func TestAComplaintAboutPersonalDataEndsReferredOnceThatIsConfirmed(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, 10*day, complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: []int64{splitLetter}})
	end := w.run(referred(w.env.Now()))
	require.Equal(t, complaint.ReferredPrivacy, end.Result)
	require.ElementsMatch(t, []string{"Register assessing", "Acknowledge [1]", "ReferPrivacy [22]", "ReferPrivacy [26]"}, w.log)
	require.Empty(t, w.watched)
}

func TestConfirmedBeforeItIsRegisteredTheReferralIsToldAllTheSame(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	w.notYet[activities.NameRegister], w.pause = 1, time.Hour // the register is away
	tell(w, time.Minute, complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: []int64{splitLetter}})
	require.Equal(t, complaint.ReferredPrivacy, w.run(referred(w.env.Now())).Result)
	require.Equal(t, 1, w.letters[referralLetter])
	require.Equal(t, 1, w.letters[splitLetter])
}

func TestUntilTheSplitIsConfirmedTheWatchRunsOn(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, 50*day, complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: []int64{splitLetter}})
	end := w.run(referred(w.env.Now()))
	require.Equal(t, complaint.ReferredPrivacy, end.Result)
	require.Len(t, w.kinds(complaint.WatchWarned), 3)
	overdue := w.kinds(complaint.WatchOverdue)
	require.Len(t, overdue, 1)
	require.Equal(t, brussels("2026-04-20 00:00"), overdue[0].at.In(complaint.Brussels))
}

func TestConfirmedAsMixedTheRestGoesOnUnderItsOwnEnd(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, 10*day, complaint.ReferPrivacy, restFound(complaint.ReplyReceived{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Admitted: true,
	}))
	w.ask(11*day, 1, "HOSPITALISATIE")
	w.answer(12*day, 1)
	w.outcome(50 * day)
	end := w.run(referred(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, 1, w.letters[splitLetter])
	require.NotContains(t, w.effects(), complaint.NotApplied)
	require.Equal(t, brussels("2026-04-20 00:00"), w.kinds(complaint.WatchOverdue)[0].at.In(complaint.Brussels), "day 45 of the first receipt")
}

func TestTheRestOfAMixedLetterIsJudgedAsIfItHadComeAlone(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, day, complaint.ReferPrivacy, restFound(complaint.ReplyReceived{
		Judgement: complaint.FindPending, Ground: complaint.MandateMissing, Letters: []int64{7},
		Asked: &complaint.Asked{Round: 1, Reason: complaint.MandateMissing, EndsAt: brussels("2026-04-06 09:00")},
	}))
	tell(w, 2*day, complaint.ReceiveReply, complaint.ReplyReceived{Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Admitted: true})
	w.outcome(3 * day)
	require.Equal(t, complaint.Answered, w.run(referred(w.env.Now())).Result)
	require.Equal(t, 1, w.letters[7])
	var waiting []complaint.WaitingFor
	for _, r := range w.recorded {
		waiting = append(waiting, r.WaitingFor)
	}
	require.Contains(t, waiting, complaint.WaitComplainant)
}

func TestAPureSplitIsTakenBackBeforeItsLetterHasLeft(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	w.state[27] = complaint.LetterPrinted
	tell(w, day, complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: []int64{27}})
	corrected := restFound(complaint.ReplyReceived{Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Admitted: true})
	corrected.Dropped = []int64{27}
	tell(w, 2*day, complaint.ReferPrivacy, corrected)
	w.outcome(3 * day)
	require.Equal(t, complaint.Answered, w.run(referred(w.env.Now())).Result)
	require.Equal(t, 1, w.letters[splitLetter])
}

func TestAMixedLetterFoundToBePureAfterAllEndsReferred(t *testing.T) {
	w := newPrivacyWorld(t, brussels("2026-03-05 12:00"))
	tell(w, day, complaint.ReferPrivacy, restFound(complaint.ReplyReceived{Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Admitted: true}))
	w.ask(2*day, 1, "HOSPITALISATIE")
	tell(w, 3*day, complaint.ReferPrivacy, complaint.PrivacyReferred{Letters: []int64{27}})
	require.Equal(t, complaint.ReferredPrivacy, w.run(referred(w.env.Now())).Result)
	require.Equal(t, 1, w.letters[27])
}
