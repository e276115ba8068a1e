package casework_test

import (
	"strings"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func TestTheTermIsExtendedOnceAndWithinTheFirstMonth(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak()) // received on 27 February
	_, err := o.ExtendPrivacy(t.Context(), dpo, casework.Once{}, number, " ")
	wantField(t, err, "body.reasons")
	_, err = o.ExtendPrivacy(t.Context(), officer, casework.Once{}, number, "Veel bijlagen.")
	wantCategory(t, err, complaint.Forbidden, "forbidden")
	o.now = complaint.NewDay(2026, 3, 27).At(23, 59)
	_, err = o.ExtendPrivacy(t.Context(), dpo, casework.Once{}, number, "Veel bijlagen.")
	must(t, err)
	var told complaint.PrivacyExtended
	if row := o.privacyRow(number, complaint.ExtendPrivacy, &told); row.Seq != 2 || len(told.Letters) != 1 {
		t.Errorf("the procedure hears %+v as %d", told, row.Seq)
	}
	file := o.privacyFile(number)
	if want := complaint.NewDay(2026, 5, 27); file.LastDay != want || file.Deadline.LastDay != want || !file.Extended {
		t.Errorf("the last day is %s, want %s", file.LastDay, want)
	}
	_, err = o.ExtendPrivacy(t.Context(), dpo, casework.Once{}, number, "Nog meer.")
	wantCategory(t, err, complaint.NotAllowedNow, "already_extended")

	o.now = monday
	late := o.entered(leak())
	o.now = complaint.NewDay(2026, 3, 28).At(0, 0)
	_, err = o.ExtendPrivacy(t.Context(), dpo, casework.Once{}, late, "Veel bijlagen.")
	wantCategory(t, err, complaint.NotAllowedNow, "first_month_over")
}

func TestTheDPOAnswersOnceAndTheFileClosesWithItsLetter(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	o.enterPrivacy(number)
	_, err := o.AnswerPrivacy(t.Context(), dpo, casework.Once{}, number, casework.PrivacyAnswer{Answer: "U krijgt inzage."})
	must(t, err)
	_, err = o.AnswerPrivacy(t.Context(), dpo, casework.Once{}, number, casework.PrivacyAnswer{Answer: "Nog eens."})
	wantCategory(t, err, complaint.NotAllowedNow, "privacy_answered")
	_, err = o.ExtendPrivacy(t.Context(), dpo, casework.Once{}, number, "Veel bijlagen.")
	wantCategory(t, err, complaint.NotAllowedNow, "privacy_answered")

	closing := complaint.Closing{Number: number, File: complaint.PrivacyFile, Result: "answered", Taken: 2, Revision: 5}
	closed, err := o.books.Close(t.Context(), closing)
	must(t, err)
	if closed {
		t.Fatal("the file closed before its letters had left")
	}
	_, err = o.db.Exec(`UPDATE letters SET state = 'dropped', settled_reason = 'test' WHERE number = $1 AND file = 'privacy'`, number)
	must(t, err)
	closed, err = o.books.Close(t.Context(), closing)
	must(t, err)
	if file := o.privacyFile(number); !closed || file.Stage != complaint.Closed || *file.Result != complaint.PrivacyAnswered {
		t.Errorf("the file is %s", file.Stage)
	}
	own, err := o.File(t.Context(), officer, number)
	must(t, err)
	if own.Stage == complaint.Closed {
		t.Error("the complaint closed with the privacy file")
	}
	for _, e := range own.Events {
		if strings.HasPrefix(e.Kind, "privacy_") {
			t.Errorf("the complaint's file tells %s", e.Kind)
		}
	}
}

func TestTheWatchRemindsTheDPOOnceAndMarksTheEnd(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	o.enterPrivacy(number)
	event := complaint.WatchEvent{Number: number, File: complaint.PrivacyFile, Kind: complaint.WatchWarned, Version: 1, DaysLeft: 10}
	first, err := o.books.RecordWatch(t.Context(), event)
	must(t, err)
	again, err := o.books.RecordWatch(t.Context(), event)
	must(t, err)
	if len(first.Letters) != 1 || len(again.Letters) != 1 || first.Letters[0] != again.Letters[0] {
		t.Errorf("a reminder told twice owes %v and %v", first.Letters, again.Letters)
	}
	o.now = complaint.NewDay(2026, 3, 28).At(0, 0)
	event.Kind, event.DaysLeft = complaint.WatchOverdue, 0
	_, err = o.books.RecordWatch(t.Context(), event)
	must(t, err)
	page, err := o.PrivacyFiles(t.Context(), dpo, register.PrivacyFilter{Overdue: true})
	must(t, err)
	if file := o.privacyFile(number); len(page.Items) != 1 || file.OverdueAt == nil || !file.Overdue {
		t.Error("the end of the term does not show")
	}
	own, err := o.File(t.Context(), officer, number)
	must(t, err)
	if own.Deadline.OverdueAt != nil {
		t.Error("the complaint became overdue with the privacy file")
	}
}

func TestTheEndOfAnOlderTermIsNotKeptAndItsProcedureIsTold(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	o.enterPrivacy(number)
	event := complaint.WatchEvent{Number: number, File: complaint.PrivacyFile, Kind: complaint.WatchOverdue, Version: 0}
	recorded, err := o.books.RecordWatch(t.Context(), event)
	must(t, err)
	if !recorded.Superseded || len(recorded.Letters) != 0 || o.privacyFile(number).OverdueAt != nil {
		t.Errorf("the end of an older term brings about %+v", recorded)
	}
	event.Version = 1
	recorded, err = o.books.RecordWatch(t.Context(), event)
	must(t, err)
	if recorded.Superseded || len(recorded.Letters) != 1 || o.privacyFile(number).OverdueAt == nil {
		t.Errorf("the end of the term in force brings about %+v", recorded)
	}
}

func TestOnlyTheDPOSeesPrivacyFiles(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	for _, actor := range []casework.Actor{public, intake, officer, supervisor, handler, admin} {
		_, err := o.PrivacyFile(t.Context(), actor, number)
		wantCategory(t, err, complaint.Forbidden, "forbidden")
		_, err = o.PrivacyFiles(t.Context(), actor, register.PrivacyFilter{})
		wantCategory(t, err, complaint.Forbidden, "forbidden")
	}
	_, err := o.Letter(t.Context(), officer, o.privacyLetter(number, complaint.LetterPrivacyTransfer))
	wantCategory(t, err, complaint.NotFound, "not_found")
	if _, listed := o.letters(number)[complaint.LetterPrivacyTransfer]; listed {
		t.Error("the list of letters shows the course of the DPO's file")
	}
	other := o.entered(letter())
	_, err = o.Letter(t.Context(), dpo, o.letters(other)[complaint.LetterAcknowledgement].ID)
	wantCategory(t, err, complaint.NotFound, "not_found")
}
