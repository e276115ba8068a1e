package casework_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
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

func TestSubmissionIsRefusedFieldByField(t *testing.T) {
	o := newOffice(t)
	tomorrow := complaint.DayOf(monday).AddDays(1)
	cases := []struct {
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
		{"a file name with a path", intake, func(s *complaint.Submission) { s.Attachments[0].Name = "../a.pdf" }, "body.attachments[0].name"},
	}
	for _, c := range cases {
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
					stop := time.AfterFunc(time.Duration(rand.IntN(4000))*time.Microsecond, cancel)
					defer stop.Stop()
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

func TestSameLodgingSentTwiceIsStoredOnce(t *testing.T) {
	o := newOffice(t)
	once := casework.Once{Caller: "public", Route: "POST /submissions", Key: "k1", BodyHash: []byte("a")}
	var clicks sync.WaitGroup
	receipts := make([]casework.Receipt, 8)
	for i := range receipts {
		clicks.Go(func() {
			results, err := o.Lodge(t.Context(), public, once, []complaint.Submission{webForm()})
			if err != nil {
				t.Error(err)
				return
			}
			receipts[i] = results[0].Receipt
		})
	}
	clicks.Wait()
	for _, r := range receipts {
		if r.Number != "2026-000001" || r.ReceiptCode != receipts[0].ReceiptCode || !r.ReceivedAt.Equal(receipts[0].ReceivedAt) {
			t.Errorf("want the first answer each time, got %+v", r)
		}
	}
	if n := count(t, o, `SELECT count(*) FROM submissions`); n != 1 {
		t.Errorf("%d submissions are stored", n)
	}
	once.BodyHash = []byte("b")
	_, err := o.Lodge(t.Context(), public, once, []complaint.Submission{webForm()})
	wantCategory(t, err, complaint.Invalid, "idempotency_key_reused")
}

func TestKeyOfThePublicLastsADayAndOfStaffForGood(t *testing.T) {
	o := newOffice(t)
	for _, c := range []struct {
		actor casework.Actor
		s     complaint.Submission
		want  int
	}{{public, webForm(), 2}, {intake, letter(), 1}} {
		once := casework.Once{Caller: c.actor.Login + "x", Route: "POST /submissions", Key: "k", BodyHash: []byte("a")}
		before := count(t, o, `SELECT count(*) FROM submissions`)
		for range 2 {
			_, err := o.Lodge(t.Context(), c.actor, once, []complaint.Submission{c.s})
			must(t, err)
			o.now = o.now.Add(25 * time.Hour)
		}
		if n := count(t, o, `SELECT count(*) FROM submissions`) - before; n != c.want {
			t.Errorf("%s: want %d submissions, got %d", c.actor.Role, c.want, n)
		}
	}
}

func TestStoredAnswersAndIdentificationNumbersAreSealed(t *testing.T) {
	o := newOffice(t)
	once := casework.Once{Caller: "ines", Route: "r", Key: "secret-key", BodyHash: []byte("a")}
	results, err := o.Lodge(t.Context(), intake, once, []complaint.Submission{letter()})
	must(t, err)
	for _, table := range []string{"submissions", "idempotency", "complaints", "outbox", "events", "audit"} {
		var rows []string
		must(t, o.db.Select(&rows, fmt.Sprintf(`SELECT x::text FROM %s x`, table)))
		for _, plain := range []string{"65010199160", results[0].Receipt.ReceiptCode, "secret-key"} {
			if contains(strings.Join(rows, "\n"), plain, hex.EncodeToString([]byte(plain))) {
				t.Errorf("%s holds in the clear what is to be sealed", table)
			}
		}
	}
	page, err := o.Complaints(t.Context(), officer, register.ComplaintFilter{Q: "65010199160"})
	must(t, err)
	if len(page.Items) != 1 {
		t.Errorf("an exact search for the number found %d complaints", len(page.Items))
	}
	file, err := o.File(t.Context(), officer, page.Items[0].Number)
	must(t, err)
	if file.Submission.Complainant.NISS != register.MaskedNISS {
		t.Errorf("the file shows the number as %q", file.Submission.Complainant.NISS)
	}
}

func TestHistoryAuditAndMessagesHoldNothingPersonal(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked, err := o.Ask(t.Context(), officer, casework.Once{}, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom werd Karel geweigerd?"})
	must(t, err)
	_, err = o.Answer(t.Context(), handler, casework.Once{}, asked.ID, casework.Answer{Answer: "Verzonnen had een wachttijd."})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, casework.Once{}, number, founded())
	must(t, err)
	for _, table := range []string{"events", "audit", "outbox"} {
		var rows []string
		must(t, o.db.Select(&rows, fmt.Sprintf(`SELECT row_to_json(x)::text FROM %s x`, table)))
		if len(rows) == 0 {
			t.Errorf("%s is empty", table)
		}
		if contains(strings.Join(rows, "\n"), "Verzonnen", "Karel", "Bedachtelaan", "supplementen", "wachttijd", "HV/88") {
			t.Errorf("%s holds what somebody wrote", table)
		}
	}
}

func TestStatusIsFoundByAReceiptCodeTypedSloppily(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(public, webForm())
	typed := strings.ToLower(strings.ReplaceAll(receipt.ReceiptCode, "-", " "))
	status, err := o.Status(t.Context(), strings.ReplaceAll(typed, "0", "o"))
	must(t, err)
	if status.Number != receipt.Number || status.LastDay != receipt.LastDay || status.NextStep != "register" {
		t.Errorf("got %+v", status)
	}
	text, err := json.Marshal(status)
	must(t, err)
	if contains(string(text), "Karel", "Verzonnen", "supplementen") {
		t.Error("the status shows content")
	}
	_, err = o.Status(t.Context(), "AAAA-BBBB")
	wantCategory(t, err, complaint.NotFound, "not_found")
}
