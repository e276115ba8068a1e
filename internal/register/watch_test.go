package register_test

import (
	"slices"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

func (b *books) watch(e complaint.WatchEvent) []int64 {
	b.t.Helper()
	recorded, err := b.RecordWatch(b.t.Context(), e)
	must(b.t, err)
	return recorded.Letters
}

func TestWarningIsKeptOnceAndShown(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	for range 2 {
		b.watch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchWarned, Version: 1, DaysLeft: 15})
	}
	if got := b.file(l.Number); *got.Deadline.Warned != 15 || len(b.events(l.Number, "warned")) != 1 {
		t.Errorf("warned %d, %d events", *got.Deadline.Warned, len(b.events(l.Number, "warned")))
	}
}

func TestOverdueOwesOneLateNotice(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	event := complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdue, Version: 1}
	first := b.watch(event)
	if len(first) != 1 || !slices.Equal(first, b.watch(event)) {
		t.Errorf("want one letter and the same again, got %v", first)
	}
	file, err := b.LetterFile(t.Context(), first[0])
	must(t, err)
	if file.Kind != complaint.LetterLateNotice || file.Channel != complaint.ByEmail || file.Language != "nl" || file.Deadline.LastDay.IsZero() {
		t.Errorf("got %+v", file)
	}
	if got := b.file(l.Number); *got.Deadline.Warned != 0 || got.Deadline.OverdueAt == nil {
		t.Errorf("got %+v", got.Deadline)
	}
}

func (b *books) withdrawn(l lodged) {
	b.t.Helper()
	b.tx(func(tx *sqlx.Tx) error {
		_, _, err := b.AddDecision(b.t.Context(), tx, l.Number, register.DecidedWithdrawal, "olga", true, register.Withdrawal{})
		return err
	})
}

func TestLateNoticeIsNotOwed(t *testing.T) {
	b := newBooks(t)
	outcome := func(l lodged) (letter int64) {
		b.tx(func(tx *sqlx.Tx) (err error) {
			letter, err = b.OweLetter(t.Context(), tx, register.OwedLetter{
				Number: l.Number, Kind: complaint.LetterOutcome, Version: 1, Channel: complaint.ByEmail, Language: "nl",
			})
			return err
		})
		return letter
	}
	for name, c := range map[string]struct {
		before func() lodged
		want   int
	}{
		"to nobody": {func() lodged {
			return b.entered(func(s *complaint.Submission) { s.Complainant = complaint.Complainant{Type: "person"} })
		}, 0},
		"after a withdrawal": {func() lodged {
			l := b.entered()
			b.withdrawn(l)
			return l
		}, 0},
		"when the outcome has left": {func() lodged { l := b.entered(); b.send(outcome(l)); return l }, 0},
		"unless the outcome is still here": {func() lodged {
			l := b.entered()
			b.write(outcome(l))
			return l
		}, 1},
	} {
		l := c.before()
		letters := b.watch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdue, Version: 1})
		if len(letters) != c.want || *b.file(l.Number).Deadline.Warned != 0 {
			t.Errorf("%s: %d letters", name, len(letters))
		}
	}
}

func TestEventOfAnOlderDeadlineChangesNothing(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	for _, kind := range []complaint.WatchKind{complaint.WatchOverdue, complaint.WatchWarned, complaint.WatchAcknowledgementAlarm} {
		event := complaint.WatchEvent{Number: l.Number, Kind: kind, Version: 0}
		if r := b.recordWatch(event); len(r.Letters)+len(r.Notices) != 0 || !r.Superseded {
			t.Errorf("an older version owes %+v, and the procedure has to say it of the newer", r)
		}
		event.Version = 1
		if r := b.recordWatch(event); r.Superseded || len(r.Notices) == 0 || len(b.events(l.Number, string(kind))) != 1 {
			t.Errorf("%s of the newer version is not kept: %+v", kind, r)
		}
	}
}

func TestAnOlderDeadlineSaysNothingOfItself(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.watch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchOverdue, Version: 0})
	if b.file(l.Number).Deadline.OverdueAt != nil {
		t.Error("an older version made the case overdue")
	}
}

func TestWhatHasADayOfItsOwnIsKeptWhateverTheDeadline(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.tx(func(tx *sqlx.Tx) error {
		return b.AddServiceFirst(t.Context(), tx, l.Number, register.ServiceFirst{Department: "ONTHAAL", ReturnOn: complaint.DayOf(b.now), Reasons: "Het kan vlug.", HandedBy: "olga", HandedAt: b.now})
	})
	for _, e := range []complaint.WatchEvent{
		{Kind: complaint.WatchRefusalLate}, {Kind: complaint.WatchServiceReturned}, {Kind: complaint.WatchMissingEnded, Round: 1},
	} {
		e.Number = l.Number
		if r := b.recordWatch(e); r.Superseded || len(r.Notices) == 0 {
			t.Errorf("%s is not kept: %+v", e.Kind, r)
		}
	}
}

func TestDepartmentIsRemindedOnlyWhileItsAnswerIsAwaited(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	consultation, _, _ := b.asked(l.Number)
	remind := complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchReminded, Version: 1, Consultation: consultation}
	letters := b.watch(remind)
	if len(letters) != 1 {
		t.Fatalf("want one reminder, got %v", letters)
	}
	file, err := b.LetterFile(t.Context(), letters[0])
	must(t, err)
	if file.Kind != complaint.LetterReminder || file.Department != "ONTHAAL" || file.Consultation.Question != "Waarom?" {
		t.Errorf("got %+v", file)
	}
	b.tx(func(tx *sqlx.Tx) error {
		return b.AnswerConsultation(t.Context(), tx, consultation, "olga", "Een vergissing.", "", false)
	})
	remind.Kind = complaint.WatchEscalated
	if letters := b.watch(remind); len(letters) != 0 {
		t.Errorf("an answered consultation is escalated: %v", letters)
	}
}

func TestAnAcknowledgementThatHasLeftIsNotSaidToBeLate(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	late := complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchAcknowledgementLate, Version: 1}
	alarm := complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchAcknowledgementAlarm, Version: 1}
	if r := b.recordWatch(late); len(r.Notices) == 0 {
		t.Errorf("nobody hears of one that is owed: %+v", r)
	}
	b.send(l.Acknowledgement) // its copy still has not left, so the procedure has heard of neither
	if r := b.recordWatch(alarm); len(r.Notices) != 0 || len(b.events(l.Number, string(alarm.Kind))) != 0 {
		t.Errorf("a false alarm: %+v", r)
	}
}
