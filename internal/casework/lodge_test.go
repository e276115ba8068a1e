package casework_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func TestLodgingStoresASubmissionWithItsTermItsLetterAndItsStart(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(intake, letter())
	if want := complaint.NewDay(2026, time.April, 13); receipt.Number != "2026-000001" || receipt.LastDay != want {
		t.Errorf("want 2026-000001 with last day %s, got %+v", want, receipt)
	}
	if len(strings.ReplaceAll(receipt.ReceiptCode, "-", "")) < 20 {
		t.Errorf("a receipt code of 100 bits needs 20 characters, got %d", len(receipt.ReceiptCode))
	}
	var start complaint.Start
	o.message(receipt.Number, complaint.CommandStart, &start)
	acknowledgement := o.letters(receipt.Number)[complaint.LetterAcknowledgement]
	if start.Stage != complaint.Investigating || start.WaitingFor != complaint.WaitOmbuds || start.Ground != complaint.GroundAdmissible ||
		start.Department != "HOSPITALISATIE" || start.Acknowledgement != acknowledgement.ID {
		t.Errorf("the start does not say where the case will stand: %+v", start)
	}
	if acknowledgement.State != complaint.LetterOwed || acknowledgement.Channel != complaint.ByPost {
		t.Errorf("want an acknowledgement owed by post, got %+v", acknowledgement)
	}
	if !start.Moments.EndsAt.Equal(complaint.NewDay(2026, time.April, 14).Start()) || len(start.Moments.Warnings) != 3 {
		t.Errorf("want the end of the term and three warnings, got %+v", start.Moments)
	}
	if want := complaint.NewDay(2026, time.March, 6).At(9, 0); !start.Moments.AcknowledgeBy.Equal(want) {
		t.Errorf("want the check of the acknowledgement at %s, got %s", want, start.Moments.AcknowledgeBy)
	}
	file, err := o.File(t.Context(), officer, receipt.Number)
	must(t, err)
	if file.Stage != complaint.Received || file.Submission.Text != letter().Text || file.Submission.ContestedDecision.Reference != "HV/88" ||
		len(file.Submission.Attachments) != 1 || file.Events[0].Kind != "received" || !file.Acknowledgement.Owed {
		t.Errorf("the file does not hold what was lodged: %+v", file)
	}
}

// tomorrow is after the day on which these stories begin.
var tomorrow = complaint.DayOf(monday).AddDays(1)

var invalidSubmissions = []struct {
	name   string
	actor  casework.Actor
	change func(*complaint.Submission)
	field  string
}{
	{"an unknown intake", intake, func(s *complaint.Submission) { s.Intake = "pigeon" }, "body.intake"},
	{"a letter from the public", public, func(s *complaint.Submission) { s.Intake = complaint.Post }, "body.intake"},
	{"an unknown language", intake, func(s *complaint.Submission) { s.Language = "xx" }, "body.language"},
	{"a moment of receipt from the public", public, func(s *complaint.Submission) { s.ReceivedAt = monday }, "body.received_at"},
	{"a receipt in the future", intake, func(s *complaint.Submission) { s.ReceivedAt = monday.Add(time.Second) }, "body.received_at"},
	{"no name from the public", public, func(s *complaint.Submission) { s.Complainant.Name = " " }, "body.complainant.name"},
	{"no way to answer the public", public, func(s *complaint.Submission) { s.Complainant.Email = "" }, "body.complainant.email"},
	{"a broken e-mail address", intake, func(s *complaint.Submission) { s.Complainant.Email = "karel at home" }, "body.complainant.email"},
	{"a wrong NISS", intake, func(s *complaint.Submission) { s.Complainant.NISS = "65010199161" }, "body.complainant.niss"},
	{"facts in the future", intake, func(s *complaint.Submission) { s.FactsOn = tomorrow }, "body.facts_on"},
	{"a step in the future", intake, func(s *complaint.Submission) {
		s.Initiatives = []complaint.Initiative{{On: tomorrow, How: "phone"}}
	}, "body.initiatives[0].on"},
	{"an unknown department", intake, func(s *complaint.Submission) { s.Department = "NOWHERE" }, "body.department"},
	{"no text", intake, func(s *complaint.Submission) { s.Text = " \n" }, "body.text"},
	{"a NUL character", intake, func(s *complaint.Submission) { s.Text = "a\x00b" }, "body.text"},
	{"invalid UTF-8", intake, func(s *complaint.Submission) { s.Topic = "a\xff" }, "body.topic"},
	{"a mandate of no kind", intake, func(s *complaint.Submission) {
		s.Representative = &complaint.Representative{Name: "Els", Mandate: "verbal"}
	}, "body.representative.mandate"},
	{"a document without a name", intake, func(s *complaint.Submission) { s.Attachments[0].Name = "" }, "body.attachments[0].name"},
	{"a program named as a document", intake, func(s *complaint.Submission) { s.Attachments[0].Content = []byte("MZ\x90\x00\x03") }, "body.attachments[0].content"},
}

func TestSubmissionIsRefusedFieldByField(t *testing.T) {
	o := newOffice(t)
	for _, c := range invalidSubmissions {
		t.Run(c.name, func(t *testing.T) {
			s := letter()
			if c.actor == public {
				s = webForm()
			}
			c.change(&s)
			results, err := o.Lodge(t.Context(), c.actor, casework.Once{}, []complaint.Submission{s})
			must(t, err)
			wantField(t, results[0].Err, c.field)
		})
	}
	if n := count(t, o, `SELECT count(*) FROM counters`); n != 0 {
		t.Errorf("a refused submission took a number")
	}
}

func TestDocumentsHaveALimit(t *testing.T) {
	o := newOffice(t)
	big := func(n int) complaint.Attachment {
		return complaint.Attachment{Name: "a.pdf", MediaType: "application/pdf", Content: make([]byte, n)}
	}
	for name, documents := range map[string][]complaint.Attachment{
		"one over 10 MB":       {big(10<<20 + 1)},
		"three over 25 MB all": {big(9 << 20), big(9 << 20), big(9 << 20)},
	} {
		s := letter()
		s.Attachments = documents
		results, err := o.Lodge(t.Context(), intake, casework.Once{}, []complaint.Submission{s})
		must(t, err)
		if complaint.CategoryOf(results[0].Err) != complaint.TooLarge {
			t.Errorf("%s: want too large, got %v", name, results[0].Err)
		}
	}
}

func TestInvalidSubmissionDoesNotHinderTheOthersOfItsSlice(t *testing.T) {
	o := newOffice(t)
	bad := letter()
	bad.Text = ""
	results, err := o.Lodge(t.Context(), intake, casework.Once{}, []complaint.Submission{letter(), bad, letter()})
	must(t, err)
	wantField(t, results[1].Err, "body.text")
	if results[0].Receipt.Number != "2026-000001" || results[2].Receipt.Number != "2026-000002" {
		t.Errorf("want numbers in the order of the slice without gaps, got %+v", results)
	}
}

func TestNumberIsOfTheYearInBrussels(t *testing.T) {
	o := newOffice(t)
	o.now = time.Date(2026, time.December, 31, 23, 30, 0, 0, time.UTC)
	if n := o.lodge(intake, letter()).Number; n != "2027-000001" {
		t.Errorf("want 2027-000001 half an hour after New Year in Brussels, got %s", n)
	}
}

func TestNumbersHaveNoGapsAfterCancelledParallelLodgings(t *testing.T) {
	o := newOffice(t)
	s := webForm()
	s.Attachments = nil
	var lodgings sync.WaitGroup
	work := make(chan int)
	for range 25 {
		lodgings.Go(func() {
			for i := range work {
				ctx, cancel := context.WithCancel(t.Context())
				if i%3 == 0 { // a client that goes away at some moment
					time.AfterFunc(time.Duration(rand.IntN(4000))*time.Microsecond, cancel)
				}
				_, err := o.Lodge(ctx, public, casework.Once{}, []complaint.Submission{s})
				if err != nil && ctx.Err() == nil {
					t.Errorf("lodging %d: %v", i, err)
				}
				cancel()
			}
		})
	}
	for i := range 1000 {
		work <- i
	}
	close(work)
	lodgings.Wait()
	stored := count(t, o, `SELECT count(*) FROM complaints`)
	last := count(t, o, `SELECT max(right(number, 6)::int) FROM complaints`)
	if stored != last || stored < 600 {
		t.Errorf("%d complaints are stored and the last number is %d", stored, last)
	}
	if n := count(t, o, `SELECT count(*) FROM outbox WHERE kind = 'Start'`); n != stored {
		t.Errorf("%d starts for %d complaints", n, stored)
	}
}

func TestPhoneNoteHasNoTermAndNoAcknowledgement(t *testing.T) {
	o := newOffice(t)
	s := letter()
	s.Intake = complaint.PhoneNote
	receipt := o.lodge(intake, s)
	var start complaint.Start
	o.message(receipt.Number, complaint.CommandStart, &start)
	if !receipt.LastDay.IsZero() || !start.Moments.EndsAt.IsZero() || start.Acknowledgement != 0 || start.Stage != complaint.Assessing {
		t.Errorf("want no term, no letter and a person to judge, got %+v", start)
	}
	_, err := o.DecideAdmissibility(t.Context(), officer, casework.Once{}, receipt.Number,
		casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	wantCategory(t, err, complaint.NotAllowedNow, "not_in_writing")
}

func TestAnonymousComplaintOwesNoLetter(t *testing.T) {
	o := newOffice(t)
	s := letter()
	s.Complainant = complaint.Complainant{}
	number := o.lodge(intake, s).Number
	_, err := o.DecideAdmissibility(t.Context(), officer, casework.Once{}, number,
		casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.Anonymous, Reasons: "No name."})
	must(t, err)
	if owed := o.letters(number); len(owed) != 0 {
		t.Errorf("want no letter, got %+v", owed)
	}
}
