package casework_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// neighbour is a letter that somebody writes for the complainant without a mandate.
func neighbour() complaint.Submission {
	s := letter()
	s.Representative = &complaint.Representative{
		Name: "Chantal Bonnevolonté", Address: complaint.Address{Email: "c.bonnevolonte@example.org"}, Mandate: complaint.MandateNone,
	}
	return s
}

func phoneNote() complaint.Submission {
	s := letter()
	s.Intake, s.Attachments = complaint.PhoneNote, nil
	return s
}

var signed = []complaint.Attachment{{Name: "volmacht.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.4")}}

func (o *office) reply(number complaint.Number, r casework.ComplainantReply) (casework.Standing, error) {
	return o.Reply(o.t.Context(), intake, none, number, r)
}

func (o *office) file(number complaint.Number) casework.File {
	o.t.Helper()
	file, err := o.File(o.t.Context(), officer, number)
	must(o.t, err)
	return file
}

func TestAMissingMandateMakesPendingByItselfAndLeavesTheClockRunning(t *testing.T) {
	o := newOffice(t)
	number := o.entered(neighbour())
	var start complaint.Start
	o.message(number, complaint.CommandStart, &start)
	until := complaint.DayOf(monday).AddDays(30)
	if start.Stage != complaint.Assessing || start.WaitingFor != complaint.WaitComplainant || start.Asked == nil ||
		start.Asked.Until != until || start.Asked.Reason != complaint.MandateMissing || start.Moments.EndsAt.IsZero() {
		t.Fatalf("the start says %+v", start)
	}
	if want := complaint.NewDay(2026, time.March, 20).At(9, 0); !start.Asked.RemindAt.Equal(want) {
		t.Errorf("the reminder is for %s, want the working day on or before day 20", start.Asked.RemindAt)
	}
	if want := complaint.NewDay(2026, time.April, 2).At(9, 0); !start.Asked.EndsAt.Equal(want) {
		t.Errorf("a person decides from %s", start.Asked.EndsAt)
	}
	file := o.file(number)
	if file.Pending == nil || file.Pending.Reason != complaint.MandateMissing || file.Pending.Until != until || file.Stage != complaint.Assessing ||
		file.Representation.Mandate != complaint.MandateAsked || file.Admissibility.WouldChange[0] != complaint.MandateArrives || file.LastDay.IsZero() {
		t.Errorf("the file shows %+v %+v", file.Pending, file.Representation)
	}
	missing := o.letters(number)[complaint.LetterMissing]
	written, err := o.books.LetterFile(t.Context(), missing.ID)
	must(t, err)
	if to := written.Addressee(); to.Representative || to.Name != "Karel Verzonnen" || written.Missing.Until != until {
		t.Errorf("what is missing is asked of %+v", to)
	}
}

func TestTheStatusTellsOnlyThatTheMandateIsAwaited(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(intake, neighbour())
	status, err := o.Status(t.Context(), public, receipt.ReceiptCode)
	must(t, err)
	if a := status.Awaited; a == nil || a.Kind != complaint.ReplyMandate || a.Until != complaint.DayOf(monday).AddDays(30) {
		t.Errorf("awaited is %+v, want the mandate", a)
	}
	o.closeCase(receipt.Number, complaint.Withdrawn)
	status, err = o.Status(t.Context(), public, receipt.ReceiptCode)
	must(t, err)
	if status.Awaited != nil || status.Stage != complaint.Closed || status.Result != nil || !status.LastDay.IsZero() || !status.ClosedOn.IsZero() || status.ReceivedOn.IsZero() {
		t.Errorf("the status tells %+v", status)
	}
}

func TestTheWritingOfAPhoneNoteSetsDayZeroAndOwesTheAcknowledgement(t *testing.T) {
	o := newOffice(t)
	number := o.entered(phoneNote())
	if file := o.file(number); file.Pending == nil || file.Pending.Reason != complaint.NotInWriting || file.Deadline != nil {
		t.Fatalf("the file shows %+v", file.Pending)
	}
	if owed := o.letters(number); len(owed) != 1 || owed[complaint.LetterMissing].Channel != complaint.ByPost {
		t.Errorf("owed are %+v", owed)
	}
	o.now = monday.AddDate(0, 0, 9)
	arrived := monday.AddDate(0, 0, 7)
	_, err := o.reply(number, casework.ComplainantReply{Reply: complaint.Reply{Kind: complaint.ReplyWriting, Text: "Ik klaag.", ReceivedAt: arrived}})
	must(t, err)
	file := o.file(number)
	if file.Deadline == nil || file.Deadline.Day0 != complaint.DayOf(arrived) || file.Pending != nil || !file.Acknowledgement.Owed {
		t.Errorf("the file shows %+v", file.Deadline)
	}
	var message complaint.ReplyReceived
	o.message(number, complaint.ReceiveReply, &message)
	if message.Acknowledgement == 0 || !message.Admitted || len(message.Dropped) != 1 {
		t.Errorf("the procedure hears %+v", message)
	}
	_, err = o.reply(number, casework.ComplainantReply{Reply: complaint.Reply{Kind: complaint.ReplyWriting, Text: "Nog eens."}})
	wantCategory(t, err, complaint.NotAllowedNow, "nothing_asked")
}

func TestAPhoneNoteWithoutAnAddressIsAPersonsTask(t *testing.T) {
	o := newOffice(t)
	s := phoneNote()
	s.Complainant.Address = complaint.Address{}
	number := o.entered(s)
	file := o.file(number)
	if file.WaitingFor != complaint.WaitOmbuds || file.Pending != nil || len(o.letters(number)) != 0 {
		t.Errorf("it waits for %s, pending %+v", file.WaitingFor, file.Pending)
	}
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number,
		casework.AdmissibilityDecision{Decision: complaint.FindPending, Ground: complaint.NotInWriting})
	must(t, err)
	if file := o.file(number); file.Pending == nil {
		t.Error("an officer who has asked by telephone cannot say so")
	}
}

func TestAReplyThatShowsAStepLetsTheRulesAdmitAnOldMatter(t *testing.T) {
	o := newOffice(t)
	s := letter()
	s.FactsOn, s.ContestedDecision = complaint.NewDay(2024, time.January, 10), nil
	number := o.entered(s)
	_, err := o.reply(number, casework.ComplainantReply{Reply: complaint.Reply{
		Kind: complaint.ReplyInformation, Text: "Ik heb gebeld.", Initiatives: []complaint.Initiative{{On: complaint.NewDay(2025, time.May, 5), How: "phone"}},
	}})
	must(t, err)
	if file := o.file(number); file.Admissibility.Finding != complaint.FindAdmissible || file.Submission.FactsOn != s.FactsOn {
		t.Errorf("the rules find %+v", file.Admissibility)
	}
}

func TestAReplyThatLacksTheSameThingLeavesItPending(t *testing.T) {
	o := newOffice(t)
	number := o.entered(neighbour())
	before := o.file(number).Pending
	_, err := o.reply(number, casework.ComplainantReply{Reply: complaint.Reply{Kind: complaint.ReplyInformation, Text: "De volmacht volgt."}})
	must(t, err)
	if after := o.file(number).Pending; after == nil || *after != *before {
		t.Errorf("it was pending until %v and is until %v", before, after)
	}
}

func TestAnOfficerAsksAnAdmittedComplainantAndAdmitsAgain(t *testing.T) {
	o := newOffice(t)
	s := neighbour()
	s.Representative.Mandate = complaint.MandateAttached
	number := o.entered(s)
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number,
		casework.AdmissibilityDecision{Decision: complaint.FindPending, Ground: complaint.MandateMissing, Reasons: "Niet ondertekend."})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "not_admissible")
	if r := o.file(number).Representation; r.Mandate != complaint.MandateAsked {
		t.Errorf("the mandate is %s", r.Mandate)
	}
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	must(t, err)
	if file := o.file(number); file.Pending != nil || *file.Admissibility.Decision != complaint.FindAdmissible {
		t.Errorf("pending %+v", file.Pending)
	}
}

func TestTheOneReminderIsOwedOnlyWhileItIsStillAsked(t *testing.T) {
	o := newOffice(t)
	for _, answered := range []bool{false, true} {
		number := o.entered(neighbour())
		if answered {
			_, err := o.reply(number, casework.ComplainantReply{Reply: complaint.Reply{Kind: complaint.ReplyMandate}, Attachments: signed})
			must(t, err)
		}
		event := complaint.WatchEvent{Number: number, Kind: complaint.WatchMissingReminded, Version: 1, Round: 1}
		first, err := o.books.RecordWatch(t.Context(), event)
		must(t, err)
		again, err := o.books.RecordWatch(t.Context(), event)
		must(t, err)
		if owed := len(first.Letters) == 1; owed == answered || len(again.Letters) != len(first.Letters) {
			t.Errorf("answered %v: reminders %v, asked again %v", answered, first.Letters, again.Letters)
		}
	}
}

func TestADefectOfFormEndsACaseOnlyWhenItWasAskedInVain(t *testing.T) {
	o := newOffice(t)
	number := o.entered(phoneNote())
	decision := casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.NotInWriting, Reasons: "Niets ontvangen."}
	for day, ends := range []bool{false, true} {
		o.now = monday.AddDate(0, 0, 30+day)
		_, err := o.DecideAdmissibility(t.Context(), officer, none, number, decision)
		if !ends {
			wantCategory(t, err, complaint.NotAllowedNow, "not_asked_in_vain")
			continue
		}
		must(t, err)
	}
	if file := o.file(number); file.Pending != nil || *file.Admissibility.Decision != complaint.FindInadmissible {
		t.Errorf("the file shows %+v", file.Pending)
	}
}
