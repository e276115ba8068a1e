package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// version is the deadline of a complaint received at a moment, as a later version.
func version(n int, received time.Time, noticed complaint.Day, calendar *complaint.Calendar) complaint.Moments {
	events := []complaint.TermEvent{{Seq: 1, Kind: complaint.TermReceived, At: received}}
	if !noticed.IsZero() {
		events = append(events, complaint.TermEvent{Seq: 2, Kind: complaint.TermDelayNoticed, NewDate: noticed})
	}
	d := complaint.DeriveDeadline(complaint.AnswerTerm(), events, calendar)
	d.Version = n
	return d.Moments(7, 10, calendar)
}

func (w *world) change(after time.Duration, m complaint.Moments, letters ...int64) {
	tell(w, after, complaint.ChangeDeadline, complaint.DeadlineChanged{Moments: m, Letters: letters})
}

// seen is what the watch saw, with the moment in Brussels.
func (w *world) seen(kinds ...complaint.WatchKind) []string {
	var seen []string
	for _, e := range w.watched {
		for _, kind := range kinds {
			if e.Kind == kind {
				seen = append(seen, string(kind)+" "+e.at.In(complaint.Brussels).Format("2006-01-02 15:04"))
			}
		}
	}
	return seen
}

var ofTheTerm = []complaint.WatchKind{complaint.WatchWarned, complaint.WatchOverdue, complaint.WatchOverdueConfirmed, complaint.WatchStillOverdue}

func TestADelayNoticeMovesTheWatchToTheNewDay(t *testing.T) {
	w := newWorld(t, brussels("2026-02-13 10:00")) // day 45 is 2026-03-30
	w.change(40*day, version(2, w.env.Now(), complaint.NewDay(2026, time.April, 24), complaint.NewCalendar()), 31)
	w.outcome(75 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, []string{
		"warned 2026-03-13 09:00", "warned 2026-03-23 09:00", // of day 45
		"warned 2026-04-09 09:00", "warned 2026-04-17 09:00", "warned 2026-04-22 09:00", "overdue 2026-04-25 00:00",
	}, w.seen(ofTheTerm...))
	require.Contains(t, w.log, "TellLastDay [31]")
	require.Equal(t, complaint.Applied, w.effects()[102])
}

func TestACorrectionThatPutsTheEndInThePastMakesTheCaseOverdueAtOnceNoMore(t *testing.T) {
	w := newWorld(t, brussels("2026-02-13 10:00"))
	w.change(10*day, version(2, w.env.Now().AddDate(0, 0, -40), complaint.Day{}, complaint.NewCalendar()), 32)
	w.outcome(12 * day)
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result, "it goes on as before")
	require.Equal(t, []string{"overdue 2026-02-23 10:00"}, w.seen(ofTheTerm...))
	require.Equal(t, 1, w.letters[lateLetter])
	require.Equal(t, 1, w.letters[32])
}

func TestACorrectionForwardsTakesOverdueBackAndWatchesTheNewEnd(t *testing.T) {
	w := newWorld(t, brussels("2026-02-13 10:00"))
	s := start(w.env.Now().AddDate(0, 0, -46)) // lodged as received long ago, wrongly
	w.change(day, version(2, w.env.Now(), complaint.Day{}, complaint.NewCalendar()))
	w.outcome(47 * day)
	w.run(s)
	require.Equal(t, []string{
		"overdue 2026-02-13 10:00",
		"warned 2026-03-13 09:00", "warned 2026-03-23 09:00", "warned 2026-03-27 09:00", "overdue 2026-03-31 00:00",
	}, w.seen(ofTheTerm...))
}

func TestAnOlderVersionOfTheDeadlineIsNotApplied(t *testing.T) {
	w := newWorld(t, brussels("2026-02-13 10:00"))
	early := version(1, w.env.Now().AddDate(0, 0, -46), complaint.Day{}, complaint.NewCalendar())
	w.change(day, early, 33)
	w.outcome(2 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, complaint.NotApplied, w.effects()[102])
	require.Empty(t, w.seen(ofTheTerm...))
	require.Zero(t, w.letters[33])
}

func TestNewDaysOffGiveNoWarningTwice(t *testing.T) {
	w := newWorld(t, brussels("2026-02-13 10:00"))
	bridge := complaint.NewCalendar().With(9, 0, complaint.NewDay(2026, time.March, 23), complaint.NewDay(2026, time.March, 13))
	w.change(29*day, version(2, w.env.Now(), complaint.Day{}, bridge)) // after the first warning
	w.outcome(44 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, []string{"warned 2026-03-13 09:00", "warned 2026-03-20 09:00", "warned 2026-03-27 09:00"}, w.seen(ofTheTerm...))
}

func TestTheTermOfAPhoneNoteBeginsWithItsWriting(t *testing.T) {
	w := newWorld(t, brussels("2026-02-13 10:00"))
	s := start(w.env.Now())
	s.Moments, s.Acknowledgement = complaint.Moments{}, 0
	w.change(20*day, version(1, w.env.Now().AddDate(0, 0, 20), complaint.Day{}, complaint.NewCalendar()))
	w.outcome(67 * day)
	w.run(s)
	require.Equal(t, []string{"warned 2026-04-03 09:00", "warned 2026-04-10 09:00", "warned 2026-04-17 09:00", "overdue 2026-04-20 00:00"}, w.seen(ofTheTerm...))
}

func TestStaffAreRemindedEveryWeekUntilTheAnswerHasLeft(t *testing.T) {
	w := newWorld(t, brussels("2026-02-13 10:00"))
	calendar := complaint.NewCalendar()
	w.follows = func(e complaint.WatchEvent) complaint.WatchRecorded {
		switch {
		case e.Kind == complaint.WatchOverdue, e.Kind == complaint.WatchStillOverdue && e.DaysLeft > -21:
			return complaint.WatchRecorded{Notices: []int64{50}, GoesOn: true, AgainAt: calendar.OfficeMomentInAWeek(w.env.Now())}
		}
		return complaint.WatchRecorded{}
	}
	w.outcome(80 * day)
	w.run(start(w.env.Now()))
	require.Equal(t, []string{
		"overdue 2026-03-31 00:00", "still_overdue 2026-04-07 09:00", "still_overdue 2026-04-14 09:00", "still_overdue 2026-04-21 09:00",
	}, w.seen(complaint.WatchOverdue, complaint.WatchStillOverdue))
	require.Equal(t, 3, w.letters[50])
}

func TestAProvisionalOverdueWaitsForTheMailRoomUntilNoon(t *testing.T) {
	provisional := func(e complaint.WatchEvent) complaint.WatchRecorded {
		return complaint.WatchRecorded{Provisional: e.Kind == complaint.WatchOverdue}
	}
	for name, c := range map[string]struct {
		inTime bool
		want   []string
	}{
		"posted in time":  {true, []string{"overdue 2026-03-31 00:00"}},
		"nothing is said": {false, []string{"overdue 2026-03-31 00:00", "overdue_confirmed 2026-03-31 12:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, brussels("2026-02-13 10:00"))
			w.follows = provisional
			w.watch = func(e complaint.WatchEvent) []int64 {
				if e.Kind == complaint.WatchOverdueConfirmed {
					return []int64{lateLetter}
				}
				return nil
			}
			w.state[outcomeLetter] = complaint.LetterPrinted
			w.state[ackLetter] = complaint.LetterPrinted // keeps the case open
			w.outcome(43 * day)
			if c.inTime {
				tell(w, 45*day+23*time.Hour, complaint.SettleLetter, // 31 March, 09:00: it had been posted the day before
					complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted, InTime: true})
			} else {
				tell(w, 50*day, complaint.SettleLetter, complaint.LetterSettled{Letter: outcomeLetter, State: complaint.LetterPosted})
			}
			tell(w, 60*day, complaint.SettleLetter, complaint.LetterSettled{Letter: ackLetter, State: complaint.LetterPosted})
			s := start(w.env.Now())
			s.Moments = version(1, w.env.Now(), complaint.Day{}, complaint.NewCalendar())
			w.run(s)
			require.Equal(t, c.want, w.seen(complaint.WatchOverdue, complaint.WatchOverdueConfirmed))
			require.Equal(t, !c.inTime, w.letters[lateLetter] == 1)
		})
	}
}

func TestAnAcknowledgementOwedIsEscalatedOnDaySevenAndAnAlarmOnDayTen(t *testing.T) {
	w := newWorld(t, brussels("2026-03-20 21:47"))
	w.state[ackLetter] = complaint.LetterPrinted
	w.outcome(20 * day)
	tell(w, 21*day, complaint.SettleLetter, complaint.LetterSettled{Letter: ackLetter, State: complaint.LetterPosted})
	s := start(w.env.Now())
	s.Moments = version(1, w.env.Now(), complaint.Day{}, complaint.NewCalendar())
	w.run(s)
	require.Equal(t, []string{"acknowledgement_late 2026-03-27 09:00", "acknowledgement_alarm 2026-03-30 09:00"},
		w.seen(complaint.WatchAcknowledgementLate, complaint.WatchAcknowledgementAlarm))
}

func TestWarningStaffHoldsUpNoClosing(t *testing.T) {
	w := newWorld(t, brussels("2026-02-13 10:00"))
	w.notYet["WarnStaff"] = -1 // the mail server is away for staff
	w.follows = func(e complaint.WatchEvent) complaint.WatchRecorded {
		return complaint.WatchRecorded{Notices: []int64{50}}
	}
	w.outcome(32 * day)
	end := w.run(start(w.env.Now()))
	require.Equal(t, complaint.Answered, end.Result)
	require.Len(t, w.kinds(complaint.WatchWarned), 1)
}

func TestALateNoticeGoesOutBehindTheCorrectionOfTheLastDay(t *testing.T) {
	received := brussels("2026-03-20 21:47")
	w := newWorld(t, received)
	w.notYet[activities.NameTellLastDay] = 3 // the worker dies, or the mail server is away
	w.change(10*day, version(2, received.AddDate(0, 0, -50), complaint.Day{}, complaint.NewCalendar()), 41)
	w.outcome(20 * day)
	w.run(start(received))

	correction, notice := slices.Index(w.log, "TellLastDay [41]"), slices.Index(w.log, "SendLateNotice [9]")
	require.GreaterOrEqual(t, correction, 0)
	require.Greater(t, notice, correction, "the notice names a day of which the complainant has not heard: %v", w.log)
	require.WithinDuration(t, received.Add(10*day), w.kinds(complaint.WatchOverdue)[0].at, time.Minute, "the register hears of it at once")
}

func TestALateNoticeDoesNotWaitForACorrectionThatAPersonMustSettle(t *testing.T) {
	received := brussels("2026-03-20 21:47")
	w := newWorld(t, received)
	w.state[41] = complaint.LetterInDoubt
	w.change(10*day, version(2, received.AddDate(0, 0, -50), complaint.Day{}, complaint.NewCalendar()), 41)
	w.outcome(20 * day)
	tell(w, 30*day, complaint.SettleLetter, complaint.LetterSettled{Letter: 41, State: complaint.LetterSent})
	w.run(start(received))
	require.Equal(t, 1, w.letters[lateLetter])
}

func TestACorrectionOfWhatCameInMovesTheCaseAsTheRulesFind(t *testing.T) {
	w := newWorld(t, brussels("2026-04-10 11:00"))
	s := doubtful(w.env.Now(), complaint.Anonymous)
	s.Acknowledgement = 0
	tell(w, day, complaint.CorrectSubmission, complaint.SubmissionCorrected{Department: "POST", ReplyReceived: complaint.ReplyReceived{
		Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible, Admitted: true, Acknowledgement: ackLetter, Letters: []int64{ackLetter},
	}})
	tell(w, 2*day, complaint.CorrectSubmission, complaint.SubmissionCorrected{Department: "HOSPITALISATIE"})
	w.ask(3*day, 1, "POST")
	tell(w, 4*day, complaint.CorrectSubmission, complaint.SubmissionCorrected{Department: "POST", ReplyReceived: complaint.ReplyReceived{
		Judgement: complaint.FindInadmissible, Ground: complaint.TooOldNoInitiative, RefuseBy: w.env.Now().Add(9 * day),
	}})
	w.outcome(5 * day) // not before an officer has admitted it
	tell(w, 6*day, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{Judgement: complaint.FindAdmissible, Ground: complaint.GroundAdmissible})
	w.outcome(7 * day)
	end := w.run(s)

	require.Equal(t, complaint.Answered, end.Result)
	require.Contains(t, w.log, "Acknowledge [1]")
	require.Equal(t, []string{
		"investigating ombuds", "investigating department:POST", "assessing ombuds", "investigating department:POST", "answering none",
	}, w.positions())
	require.Equal(t, complaint.NotApplied, w.effects()[106])
}
