package casework_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// The complaint of these stories came in on Friday 27 February 2026; day 45 is
// Monday 13 April and day 90 Thursday 28 May.

func TestAReceiptCorrectionDerivesTheDeadlineAgain(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	o.written(number, complaint.LetterPrinted)
	earlier := complaint.NewDay(2026, time.February, 20).At(16, 0)
	_, err := o.CorrectReceipt(t.Context(), intake, none, number, casework.ReceiptCorrection{ReceivedAt: earlier, Reasons: "Stempel van het kantoor."})
	must(t, err)
	var told complaint.DeadlineChanged
	o.message(number, complaint.ChangeDeadline, &told)
	letters := o.letters(number)
	correction := letters[complaint.LetterCorrection]
	if told.Moments.Version != 2 || told.Moments.LastDay.String() != "2026-04-06" || len(told.Letters) != 1 || told.Letters[0] != correction.ID {
		t.Errorf("the procedure is told %+v", told)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	d := file.Deadline
	if d.Version != 2 || d.Day0.String() != "2026-02-20" || d.LastDay.String() != "2026-04-06" || d.SendBy.String() != "2026-04-03" || d.Derivation[0].Code != "receipt_corrected" {
		t.Errorf("the file shows %+v", d.Deadline)
	}
	if file.ReceivedOn.String() != "2026-02-20" {
		t.Errorf("received on %s", file.ReceivedOn)
	}
	written, err := o.books.LetterFile(t.Context(), correction.ID)
	must(t, err)
	if written.Corrected.String() != "2026-04-13" {
		t.Errorf("the letter corrects %s", written.Corrected)
	}
	if n := count(t, o, `SELECT count(*) FROM audit WHERE number = $1 AND action = 'receipt_corrected' AND actor = 'ines'`, number); n != 1 {
		t.Errorf("the audit has %d lines", n)
	}
}

func TestNoCorrectionIsWrittenWhereNoLetterNamedTheOldDay(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter()) // the acknowledgement is not written yet: it will name the right day
	_, err := o.CorrectReceipt(t.Context(), officer, none, number,
		casework.ReceiptCorrection{ReceivedAt: complaint.NewDay(2026, time.January, 5).At(9, 0), Reasons: "Stempel."})
	must(t, err)
	var told complaint.DeadlineChanged
	o.message(number, complaint.ChangeDeadline, &told)
	if len(told.Letters) != 0 || told.Moments.LastDay.String() != "2026-02-19" {
		t.Errorf("the procedure is told %+v", told)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if !file.Overdue || file.Stage != complaint.Investigating {
		t.Errorf("its end is in the past: overdue, and no more: %+v", file.ComplaintRow)
	}
}

func TestAReceiptCorrectionIsRefused(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	correct := func(n complaint.Number, at time.Time, reasons string) error {
		_, err := o.CorrectReceipt(t.Context(), officer, none, n, casework.ReceiptCorrection{ReceivedAt: at, Reasons: reasons})
		return err
	}
	wantField(t, correct(number, o.now.Add(time.Hour), "Stempel."), "body.received_at")
	wantField(t, correct(number, time.Time{}, "Stempel."), "body.received_at")
	wantField(t, correct(number, o.now, " "), "body.reasons")
	note := webForm()
	note.Intake, note.ReceivedAt = complaint.PhoneNote, o.now
	wantCategory(t, correct(o.entered(note), o.now.Add(-time.Hour), "Stempel."), complaint.NotAllowedNow, "no_term")
	_, err := o.CorrectReceipt(t.Context(), supervisor, none, number, casework.ReceiptCorrection{ReceivedAt: o.now, Reasons: "x"})
	wantCategory(t, err, complaint.Forbidden, "forbidden")
	o.closeCase(number, complaint.Answered)
	wantCategory(t, correct(number, o.now.Add(-time.Hour), "Stempel."), complaint.NotAllowedNow, "closed")
}

func TestADelayNoticeMovesTheLastDayOnceAndStillCountsAsLate(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	give := func(on complaint.Day) error {
		_, err := o.GiveDelayNotice(t.Context(), officer, none, number, casework.DelayNotice{Reasons: "Wij wachten op het ziekenhuis.", NewDate: on})
		return err
	}
	o.now = complaint.NewDay(2026, time.April, 13).At(23, 59) // the last minute of day 45
	for _, day := range []complaint.Day{{}, complaint.NewDay(2026, time.April, 13), complaint.NewDay(2026, time.May, 29)} {
		wantField(t, give(day), "body.new_date")
	}
	must(t, give(complaint.NewDay(2026, time.May, 28))) // day 90
	wantCategory(t, give(complaint.NewDay(2026, time.May, 20)), complaint.NotAllowedNow, "delay_noticed")

	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if d := file.Deadline; d.LastDay.String() != "2026-05-28" || d.TermLastDay.String() != "2026-04-13" || file.Overdue {
		t.Errorf("the file shows %+v", d)
	}
	if d := file.Deadline.Deadline; !d.Late(complaint.NewDay(2026, time.April, 14).At(0, 0)) || d.Overdue(complaint.NewDay(2026, time.May, 28).At(23, 0)) {
		t.Error("it counts as late from day 46, and is overdue after the new day")
	}
	notice := o.letters(number)[complaint.LetterDelayNotice]
	written, err := o.books.LetterFile(t.Context(), notice.ID)
	must(t, err)
	if written.Delay == nil || written.Delay.Reasons != "Wij wachten op het ziekenhuis." {
		t.Errorf("the letter says %+v", written.Delay)
	}
}

func TestADelayNoticeAfterDay45IsRefusedWithItsReason(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	o.now = complaint.NewDay(2026, time.April, 14).At(0, 0)
	_, err := o.GiveDelayNotice(t.Context(), officer, none, number,
		casework.DelayNotice{Reasons: "Te laat.", NewDate: complaint.NewDay(2026, time.May, 1)})
	wantCategory(t, err, complaint.NotAllowedNow, "term_ended")
	if err != nil && !contains(err.Error(), "2026-04-13") {
		t.Errorf("the refusal does not say when the term ended: %v", err)
	}
}

func TestADelayNoticeIsForAnOpenCaseThatIsNotDecided(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.Withdraw(t.Context(), officer, none, number, casework.WithdrawalNote{Reasons: "Opgelost."})
	must(t, err)
	_, err = o.GiveDelayNotice(t.Context(), officer, none, number, casework.DelayNotice{Reasons: "Meer tijd.", NewDate: complaint.NewDay(2026, time.May, 1)})
	wantCategory(t, err, complaint.NotAllowedNow, "withdrawn")
}

func TestNewDaysOffMoveOpenCasesOnceAndNoLastDay(t *testing.T) {
	o := newOffice(t)
	number, other := o.entered(letter()), o.entered(letter())
	o.closeCase(other, complaint.Answered)
	fund, err := organisation.Load("")
	must(t, err)
	fund.Offices.DaysOff = map[int][]string{2026: {"2026-04-13"}} // day 45 itself, a Monday
	changed := casework.New(casework.Config{DB: o.db, Organisation: fund, Calendar: fund.Calendar(), Keys: o.Keys, Now: o.Now})

	moves, err := changed.CalendarMoves(t.Context())
	must(t, err)
	if len(moves) != 1 || moves[0].Number != number || moves[0].Before.SendBy.String() != "2026-04-13" || moves[0].After.SendBy.String() != "2026-04-10" {
		t.Fatalf("what moves: %+v", moves)
	}
	for want := range 2 {
		adopted, err := changed.AdoptCalendar(t.Context())
		must(t, err)
		if adopted != 1-want {
			t.Errorf("adopted %d", adopted)
		}
	}
	var told complaint.DeadlineChanged
	o.message(number, complaint.ChangeDeadline, &told)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	d := file.Deadline
	if told.Moments.Version != 2 || d.SendBy.String() != "2026-04-10" || d.LastDay.String() != "2026-04-13" || !d.EndsAt.Equal(complaint.NewDay(2026, time.April, 14).Start()) {
		t.Errorf("told %+v, the file shows %+v", told, d.Deadline)
	}
	if moves, err := changed.CalendarMoves(t.Context()); err != nil || len(moves) != 0 {
		t.Errorf("still moves: %v %v", moves, err)
	}
}

func TestAPostingDayInTimeTakesOverdueBackAndTellsTheProcedure(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
	id := o.letters(number)[complaint.LetterOutcome].ID
	o.now = complaint.NewDay(2026, time.April, 10).At(15, 0)
	must(t, o.books.SaveRendered(t.Context(), id, complaint.RenderedLetter{Subject: string(number), Text: "x", PDF: []byte("%PDF")}))
	must(t, o.books.LetterLeft(t.Context(), id, complaint.LetterPrinted, ""))
	o.now = complaint.NewDay(2026, time.April, 14).At(0, 0)
	_, err = o.books.RecordWatch(t.Context(), complaint.WatchEvent{Number: number, Kind: complaint.WatchOverdue, Version: 1})
	must(t, err)
	o.now = complaint.NewDay(2026, time.April, 14).At(9, 0)
	_, err = o.DispatchLetter(t.Context(), intake, none, id, casework.Posting{PostedOn: complaint.NewDay(2026, time.April, 13)})
	must(t, err)
	var settled complaint.LetterSettled
	o.message(number, complaint.SettleLetter, &settled)
	if !settled.InTime {
		t.Errorf("the procedure is told %+v", settled)
	}
	if n := count(t, o, `SELECT count(*) FROM events WHERE number = $1 AND kind = 'overdue_taken_back'`, number); n != 1 {
		t.Errorf("the history has %d such events", n)
	}
}

func TestTheFileMeasuresTheTermWhereTheAnswerLeft(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	o.now = complaint.NewDay(2026, time.April, 14).At(8, 0)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if d := file.Deadline; d.DaysTaken != 46 || d.DaysLeft != -1 || !d.Late {
		t.Errorf("the day after day 45: %+v", d)
	}
}
