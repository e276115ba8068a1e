package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// Letters of these stories.
const (
	missingLetter  = int64(21)
	missingRemind  = int64(22)
	refusalLetter  = int64(23)
	reversalLetter = int64(24)
)

// asked is a complaint that is pending from the first day.
func asked(received time.Time, reason complaint.Ground) complaint.Start {
	s := doubtful(received, reason)
	until := complaint.DayOf(received).AddDays(30)
	s.WaitingFor, s.Requests = complaint.WaitComplainant, []int64{missingLetter}
	s.Asked = &complaint.Asked{
		Round: 1, Reason: reason, Until: until,
		RemindAt: complaint.NewCalendar().OfficeMoment(complaint.DayOf(received).AddDays(20)),
		EndsAt:   complaint.NewCalendar().WorkingDayAfter(until).At(9, 0),
	}
	return s
}

// reminding owes the reminder of what is missing.
func (w *world) reminding() {
	w.watch = func(e complaint.WatchEvent) []int64 {
		if e.Kind == complaint.WatchMissingReminded {
			return []int64{missingRemind}
		}
		return nil
	}
}

func (w *world) places() []string {
	var path []string
	for _, r := range w.recorded {
		path = append(path, string(r.Stage)+" "+string(r.WaitingFor))
	}
	return path
}

func TestAMissingMandateIsAskedForAndTheCaseGoesOnWhenItComes(t *testing.T) {
	w := newWorld(t, brussels("2026-06-08 10:00"))
	w.reminding()
	tell(w, 5*day, complaint.ReceiveReply, complaint.ReplyReceived{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Admitted: true,
	})
	w.outcome(30 * day)
	end := w.run(asked(w.env.Now(), complaint.MandateMissing))

	require.Equal(t, complaint.Answered, end.Result)
	require.Contains(t, w.log, "AskComplainant [21]")
	require.Equal(t, "investigating ombuds", w.places()[0])
	require.Empty(t, w.kinds(complaint.WatchMissingReminded), "what has come is not asked again")
	require.Empty(t, w.kinds(complaint.WatchMissingEnded))
}

func TestWithoutAReplyOneReminderLeavesAndThenAPersonDecides(t *testing.T) {
	w := newWorld(t, brussels("2026-06-08 10:00"))
	w.reminding()
	tell(w, 40*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindInadmissible, Ground: complaint.Anonymous, Letters: []int64{refusalLetter},
	})
	end := w.run(asked(w.env.Now(), complaint.MandateMissing))

	require.Equal(t, complaint.Inadmissible, end.Result)
	require.Equal(t, 1, w.letters[missingRemind])
	reminded, ended := w.kinds(complaint.WatchMissingReminded), w.kinds(complaint.WatchMissingEnded)
	require.Len(t, reminded, 1)
	require.Equal(t, brussels("2026-06-26 09:00"), reminded[0].at.In(complaint.Brussels), "day 20 is a Sunday: the Friday before")
	require.Len(t, ended, 1)
	require.Equal(t, brussels("2026-07-09 09:00"), ended[0].at.In(complaint.Brussels), "after day 30 is over")
	require.Equal(t, "assessing ombuds", w.places()[0])
}

func TestAMissingMandateLeavesTheClockRunning(t *testing.T) {
	w := newWorld(t, brussels("2026-06-08 10:00"))
	tell(w, 50*day, complaint.Withdraw, complaint.Withdrawal{})
	w.run(asked(w.env.Now(), complaint.MandateMissing))
	overdue := w.kinds(complaint.WatchOverdue)
	require.Len(t, overdue, 1)
	require.Equal(t, brussels("2026-07-24 00:00"), overdue[0].at.In(complaint.Brussels))
}

func TestTheWritingOfAPhoneNoteMakesTheAcknowledgementOwed(t *testing.T) {
	w := newWorld(t, brussels("2026-06-08 10:00"))
	s := asked(w.env.Now(), complaint.NotInWriting)
	s.Moments, s.Acknowledgement = complaint.Moments{}, 0
	tell(w, 4*day, complaint.ReceiveReply, complaint.ReplyReceived{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Admitted: true,
		Acknowledgement: ackLetter, Letters: []int64{ackLetter}, Dropped: []int64{missingLetter},
	})
	w.outcome(20 * day)
	end := w.run(s)
	require.Equal(t, complaint.Answered, end.Result)
	require.Contains(t, w.log, "Acknowledge [1]")
}

func TestAReplyThatLacksTheSameThingEndsNothing(t *testing.T) {
	w := newWorld(t, brussels("2026-06-08 10:00"))
	w.reminding()
	tell(w, 5*day, complaint.ReceiveReply, complaint.ReplyReceived{
		Judgement: complaint.FindPending, Ground: complaint.MandateMissing, StillAsked: true,
	})
	tell(w, 40*day, complaint.Withdraw, complaint.Withdrawal{})
	w.run(asked(w.env.Now(), complaint.MandateMissing))
	require.Len(t, w.kinds(complaint.WatchMissingReminded), 1)
}

func TestAnOfficerAsksForWhatIsMissingOnACaseThatGoesOn(t *testing.T) {
	w := newWorld(t, brussels("2026-06-08 10:00"))
	body := asked(w.env.Now(), complaint.MandateMissing)
	tell(w, day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindPending, Ground: complaint.MandateMissing, Asked: body.Asked, Letters: []int64{missingLetter},
	})
	w.outcome(2 * day) // no outcome while something is asked
	tell(w, 3*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible})
	w.outcome(4 * day)
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Equal(t, complaint.NotApplied, w.effects()[103])
	require.Equal(t, "assessing complainant", w.places()[0])
	require.Contains(t, w.log, "AskComplainant [21]")
}

func TestARefusalThatWasPostedAllTheSameIsFollowedByItsReversal(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 10:00"))
	w.state[refusalLetter] = complaint.LetterPrinted
	tell(w, 2*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindInadmissible, Ground: complaint.TooOldNoInitiative, Letters: []int64{refusalLetter},
	})
	tell(w, 3*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Reversed: true, Dropped: []int64{refusalLetter},
	})
	tell(w, 4*day, complaint.SettleLetter, complaint.LetterSettled{
		Letter: refusalLetter, State: complaint.LetterPosted, Letters: []int64{reversalLetter},
	})
	w.outcome(5 * day)
	require.Equal(t, complaint.Answered, w.run(doubtful(w.env.Now(), complaint.TooOldNoInitiative)).Result)
	require.Equal(t, 1, w.letters[reversalLetter])
}

func TestALetterDroppedWhileItIsPrintedIsTakenFromThePrintFolder(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 10:00"))
	w.notYet["NotifyDecision"], w.state[refusalLetter] = 3, complaint.LetterPrinted
	tell(w, 2*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindInadmissible, Ground: complaint.TooOldNoInitiative, Letters: []int64{refusalLetter},
	})
	tell(w, 2*day+2*time.Second, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Reversed: true, Dropped: []int64{refusalLetter},
	})
	w.outcome(5 * day)
	require.Equal(t, complaint.Answered, w.run(doubtful(w.env.Now(), complaint.TooOldNoInitiative)).Result)
	require.Contains(t, w.log, fmt.Sprintf("WithdrawLetters [%d]", refusalLetter))
}

// The refusal lies printed, so the case is not closed yet; taken back, it goes
// on under the term that never stopped.
func TestARefusalIsReversedAndTheCaseGoesOnUnderItsOriginalDayZero(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 10:00"))
	w.state[refusalLetter] = complaint.LetterPrinted
	tell(w, 2*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindInadmissible, Ground: complaint.TooOldNoInitiative, Letters: []int64{refusalLetter},
	})
	tell(w, 3*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Reversed: true,
		Dropped: []int64{refusalLetter}, Letters: []int64{reversalLetter},
	})
	w.outcome(50 * day)
	end := w.run(doubtful(w.env.Now(), complaint.TooOldNoInitiative))

	require.Equal(t, complaint.Answered, end.Result)
	require.Contains(t, w.log, "NotifyDecision [24]")
	require.Contains(t, w.log, fmt.Sprintf("WithdrawLetters [%d]", refusalLetter), "the mail room does not post it")
	require.Contains(t, w.places(), "investigating ombuds")
	overdue := w.kinds(complaint.WatchOverdue)
	require.Len(t, overdue, 1)
	require.Equal(t, brussels("2026-05-05 00:00"), overdue[0].at.In(complaint.Brussels), "day 0 stayed where it was")
}

func TestARefusalFoundAndUndecidedOnDayTenIsNoted(t *testing.T) {
	for name, c := range map[string]struct {
		decided time.Duration
		late    int
	}{"decided in time": {9 * day, 0}, "not decided": {20 * day, 1}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, brussels("2026-04-10 08:00"))
			s := doubtful(w.env.Now(), complaint.TooOldNoInitiative)
			s.RefuseBy = complaint.NewCalendar().OfficeMoment(complaint.DayOf(w.env.Now()).AddDays(10))
			tell(w, c.decided, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{
				Judgement: complaint.FindInadmissible, Ground: complaint.TooOldNoInitiative, Letters: []int64{refusalLetter},
			})
			w.run(s)
			require.Len(t, w.kinds(complaint.WatchRefusalLate), c.late)
			if c.late == 1 {
				require.Equal(t, brussels("2026-04-20 09:00"), w.kinds(complaint.WatchRefusalLate)[0].at.In(complaint.Brussels))
			}
		})
	}
}
