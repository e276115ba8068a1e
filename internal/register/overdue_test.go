package register_test

import (
	"slices"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// printedAnswer is a case whose outcome lies printed.
func (b *books) printedAnswer() (lodged, int64) {
	b.t.Helper()
	l := b.entered(func(s *complaint.Submission) {
		s.Complainant.Address = complaint.Address{Street: "Bedachtelaan 101", Postcode: "1020", City: "Laken"}
	})
	var letter int64
	b.tx(func(tx *sqlx.Tx) (err error) {
		letter, err = b.OweLetter(b.t.Context(), tx, register.OwedLetter{
			Number: l.Number, Kind: complaint.LetterOutcome, Version: 1, Channel: complaint.ByPost, Language: "nl",
		})
		return err
	})
	b.write(letter)
	must(b.t, b.LetterLeft(b.t.Context(), letter, complaint.LetterPrinted, ""))
	return l, letter
}

func (b *books) recordWatch(e complaint.WatchEvent) complaint.WatchRecorded {
	b.t.Helper()
	recorded, err := b.RecordWatch(b.t.Context(), e)
	must(b.t, err)
	return recorded
}

// posted notes the day of posting, and takes an overdue back where that does.
func (b *books) posted(number complaint.Number, letter int64, on complaint.Day) (back bool) {
	b.t.Helper()
	b.tx(func(tx *sqlx.Tx) error {
		l, err := register.LockLetter(b.t.Context(), tx, letter)
		must(b.t, err)
		c, err := register.LockCase(b.t.Context(), tx, number)
		must(b.t, err)
		must(b.t, b.SettleLetter(b.t.Context(), tx, l, register.Settlement{
			State: complaint.LetterPosted, Channel: complaint.ByPost, By: "olga", PostedOn: on, LeftAt: on.At(12, 0),
		}))
		back, err = b.TakeOverdueBack(b.t.Context(), tx, c, l, on)
		return err
	})
	return back
}

func TestOverdueIsProvisionalWhileTheAnswerLiesPrinted(t *testing.T) {
	b := newBooks(t)
	l, letter := b.printedAnswer()
	last := b.file(l.Number).Deadline.LastDay
	b.now = last.End()
	overdue := complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdue, Version: 1}
	for range 2 {
		r := b.recordWatch(overdue)
		if !r.Provisional || !r.GoesOn || len(r.Letters) != 0 || len(r.Notices) != 2 {
			t.Errorf("want a provisional overdue that tells staff, got %+v", r)
		}
	}
	if !b.posted(l.Number, letter, last) {
		t.Error("posted on the last day, it was not overdue")
	}
	if d := b.file(l.Number).Deadline; d.OverdueAt != nil || d.Warned != nil {
		t.Errorf("overdue is still there: %+v", d)
	}
	if len(b.events(l.Number, "overdue_taken_back")) != 1 {
		t.Error("the history does not say that overdue was taken back")
	}
	b.now = last.AddDays(1).At(12, 0)
	if r := b.recordWatch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdueConfirmed, Version: 1}); len(r.Letters) != 0 {
		t.Errorf("a late letter although it was posted in time: %+v", r)
	}
}

func TestALateLetterGoesWhenNobodySaysThatTheAnswerWasPostedInTime(t *testing.T) {
	b := newBooks(t)
	l, letter := b.printedAnswer()
	last := b.file(l.Number).Deadline.LastDay
	b.now = last.End()
	b.recordWatch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdue, Version: 1})
	b.now = last.AddDays(1).At(12, 0)
	confirm := complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdueConfirmed, Version: 1}
	first, again := b.recordWatch(confirm), b.recordWatch(confirm)
	if len(first.Letters) != 1 || !slices.Equal(first.Letters, again.Letters) {
		t.Errorf("want one late letter, got %+v, then %+v", first, again)
	}
	if b.posted(l.Number, letter, last.AddDays(1)) {
		t.Error("posted after the last day, it stays overdue")
	}
	if b.file(l.Number).Deadline.OverdueAt == nil {
		t.Error("overdue is gone")
	}
}

func TestOnlyTheAnswerItselfTakesAnOverdueBack(t *testing.T) {
	b := newBooks(t)
	l, outcome := b.printedAnswer()
	last := b.file(l.Number).Deadline.LastDay
	var refusal int64
	b.tx(func(tx *sqlx.Tx) (err error) { // it lies printed while it is reversed
		for _, d := range []complaint.AdmissionDecision{{Decision: complaint.FindInadmissible}, {Decision: complaint.FindAdmissible}} {
			_, _, err = b.AddDecision(t.Context(), tx, l.Number, register.DecidedAdmissibility, "olga", false, d)
			must(t, err)
		}
		refusal, err = b.OweLetter(t.Context(), tx, register.OwedLetter{
			Number: l.Number, Kind: complaint.LetterInadmissible, Version: 1, Channel: complaint.ByPost, Language: "nl",
		})
		return err
	})
	b.write(refusal)
	must(t, b.LetterLeft(t.Context(), refusal, complaint.LetterPrinted, ""))
	b.now = last.End()
	b.recordWatch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdue, Version: 1})
	b.now = last.AddDays(6).At(12, 0)
	if b.posted(l.Number, outcome, last.AddDays(5)) {
		t.Error("an answer that was posted too late takes the overdue back")
	}
	if b.posted(l.Number, refusal, last.AddDays(-3)) || b.file(l.Number).Deadline.OverdueAt == nil {
		t.Error("a refusal that says nothing any more takes the overdue back, because the answer was posted too")
	}
}

func TestTheWatchGoesOnUntilTheAnswerHasLeft(t *testing.T) {
	b := newBooks(t)
	l, letter := b.printedAnswer()
	b.now = b.file(l.Number).Deadline.EndsAt
	b.recordWatch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdue, Version: 1})
	week := complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchStillOverdue, Version: 1, DaysLeft: -7}
	if r := b.recordWatch(week); !r.GoesOn || len(r.Notices) != 2 {
		t.Errorf("a week on the answer is still here, got %+v", r)
	}
	b.posted(l.Number, letter, complaint.DayOf(b.now))
	week.DaysLeft = -14
	if r := b.recordWatch(week); r.GoesOn || len(r.Notices) != 0 {
		t.Errorf("the answer has left, got %+v", r)
	}
	if n := len(b.events(l.Number, string(complaint.WatchStillOverdue))); n != 1 {
		t.Errorf("want one reminder in the history, got %d", n)
	}
}

func TestWarningsGoToWhoIsInChargeAndTheLastOneToSupervisorsToo(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	for _, c := range []struct {
		event complaint.WatchEvent
		want  []complaint.LetterKind
		staff string
	}{
		{complaint.WatchEvent{Kind: complaint.WatchWarned, DaysLeft: 15}, []complaint.LetterKind{complaint.LetterStaffNotice}, ""},
		{complaint.WatchEvent{Kind: complaint.WatchWarned, DaysLeft: 2, Last: true}, []complaint.LetterKind{complaint.LetterStaffNotice, complaint.LetterSupervisorNotice}, "olga"},
		{complaint.WatchEvent{Kind: complaint.WatchAcknowledgementLate}, []complaint.LetterKind{complaint.LetterSupervisorNotice}, ""},
		{complaint.WatchEvent{Kind: complaint.WatchAcknowledgementAlarm}, []complaint.LetterKind{complaint.LetterStaffNotice, complaint.LetterSupervisorNotice}, "olga"},
		{complaint.WatchEvent{Kind: complaint.WatchOverdue}, []complaint.LetterKind{complaint.LetterStaffNotice, complaint.LetterSupervisorNotice}, "olga"},
	} {
		if c.staff != "" {
			_, err := b.db.Exec(`UPDATE complaints SET officer = $2 WHERE number = $1`, l.Number, c.staff)
			must(t, err)
		}
		c.event.Number, c.event.Version = l.Number, 1
		var kinds []complaint.LetterKind
		for _, id := range b.recordWatch(c.event).Notices {
			file, err := b.LetterFile(t.Context(), id)
			must(t, err)
			kinds = append(kinds, file.Kind)
			if file.Watched.Kind != c.event.Kind || file.Watched.DaysLeft != c.event.DaysLeft {
				t.Errorf("%s is about %+v", file.Kind, file.Watched)
			}
			if file.Kind == complaint.LetterStaffNotice && file.Staff != c.staff {
				t.Errorf("%s goes to %q, want %q", c.event.Kind, file.Staff, c.staff)
			}
		}
		if !slices.Equal(kinds, c.want) {
			t.Errorf("%s: want %v, got %v", c.event.Kind, c.want, kinds)
		}
	}
}

func TestAMessageToStaffKeepsNoCaseOpen(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	notices := b.recordWatch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchWarned, DaysLeft: 15, Version: 1}).Notices
	b.send(l.Acknowledgement)
	b.withdrawn(l)
	closed, err := b.Close(t.Context(), complaint.Closing{Number: l.Number, Result: complaint.Withdrawn, Taken: 1, Revision: 5})
	must(t, err)
	if !closed || b.state(notices[0]) != complaint.LetterDropped {
		t.Errorf("closed %v, the message is %s", closed, b.state(notices[0]))
	}
	if state, err := b.ClaimLetter(t.Context(), notices[0]); err != nil || state != complaint.LetterDropped {
		t.Errorf("what was let go of is %s (%v)", state, err)
	}
}

func TestAMessageToStaffThatLeavesWhileItsCaseClosesHasLeft(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	notice := b.recordWatch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchWarned, DaysLeft: 15, Version: 1}).Notices[0]
	b.send(l.Acknowledgement)
	b.write(notice)
	_, err := b.ClaimLetter(t.Context(), notice)
	must(t, err)
	b.withdrawn(l)
	_, err = b.Close(t.Context(), complaint.Closing{Number: l.Number, Result: complaint.Withdrawn, Taken: 1, Revision: 5})
	must(t, err)
	for range 2 {
		must(t, b.LetterLeft(t.Context(), notice, complaint.LetterSent, "id"))
	}
	if b.state(notice) != complaint.LetterSent {
		t.Errorf("it is %s", b.state(notice))
	}
	var events int
	must(t, b.db.Get(&events, `SELECT count(*) FROM events WHERE number = $1 AND kind = 'letter_sent' AND details->>'kind' = 'staff-notice'`, l.Number))
	if events != 1 {
		t.Errorf("the file tells %d times that it left", events)
	}
}
