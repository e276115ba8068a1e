package casework_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"
)

// written renders the acknowledgement of a complaint and hands it out.
func (o *office) written(number complaint.Number, state complaint.LetterState) int64 {
	o.t.Helper()
	id := o.letters(number)[complaint.LetterAcknowledgement].ID
	must(o.t, o.books.SaveRendered(o.t.Context(), id, complaint.RenderedLetter{Subject: string(number), Text: "Geachte heer kwikstaart,", PDF: []byte("%PDF")}))
	switch state {
	case complaint.LetterPrinted:
		must(o.t, o.books.LetterLeft(o.t.Context(), id, state, ""))
	case complaint.LetterInDoubt, complaint.LetterFailed:
		_, err := o.books.ClaimLetter(o.t.Context(), id)
		must(o.t, err)
		must(o.t, o.books.LetterBack(o.t.Context(), id, state, "smtp_451"))
	}
	return id
}

func TestOnlyAPrintedLetterIsPostedAndNotBeforeItWasPrinted(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	id := o.letters(number)[complaint.LetterAcknowledgement].ID
	today := complaint.DayOf(monday)
	_, err := o.DispatchLetter(t.Context(), intake, none, id, casework.Posting{PostedOn: today})
	wantCategory(t, err, complaint.NotAllowedNow, "letter_not_printed")
	o.written(number, complaint.LetterPrinted)
	o.now = o.now.Add(24 * time.Hour)
	for _, day := range []complaint.Day{{}, today.AddDays(-1), today.AddDays(2)} {
		_, err = o.DispatchLetter(t.Context(), intake, none, id, casework.Posting{PostedOn: day})
		wantField(t, err, "body.posted_on")
	}
	_, err = o.DispatchLetter(t.Context(), intake, none, id, casework.Posting{PostedOn: today})
	must(t, err)
	var settled complaint.LetterSettled
	o.message(number, complaint.SettleLetter, &settled)
	if settled.Letter != id || settled.State != complaint.LetterPosted {
		t.Errorf("the procedure is told %+v", settled)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.Acknowledgement.Owed || !file.Acknowledgement.SentAt.Equal(today.At(12, 0)) {
		t.Errorf("the acknowledgement left with the post of %s, got %+v", today, file.Acknowledgement)
	}
}

func TestLetterInDoubtIsSettledByAPerson(t *testing.T) {
	o := newOffice(t)
	for _, c := range []struct {
		resolution string
		state      complaint.LetterState
		channel    complaint.Channel
	}{
		{"left", complaint.LetterSent, complaint.ByEmail},
		{"send_again", complaint.LetterRendered, complaint.ByEmail},
		{"print", complaint.LetterRendered, complaint.ByPost},
		{"drop", complaint.LetterDropped, complaint.ByEmail},
	} {
		t.Run(c.resolution, func(t *testing.T) {
			form := webForm()
			form.Complainant.Address = complaint.Address{Street: "Bedachtelaan 101", City: "Laken", Email: "karel@example.org"}
			number := o.entered(form)
			id := o.letters(number)[complaint.LetterAcknowledgement].ID
			resolution := casework.LetterResolution{Resolution: c.resolution, Reasons: "Gebeld."}
			_, err := o.ResolveLetter(t.Context(), officer, none, id, resolution)
			wantCategory(t, err, complaint.NotAllowedNow, "letter_not_in_doubt")
			o.written(number, complaint.LetterInDoubt)
			_, err = o.ResolveLetter(t.Context(), officer, none, id, resolution)
			must(t, err)
			got := o.letters(number)[complaint.LetterAcknowledgement]
			if got.State != c.state || got.Channel != c.channel {
				t.Errorf("want %s by %s, got %s by %s", c.state, c.channel, got.State, got.Channel)
			}
			var settled complaint.LetterSettled
			o.message(number, complaint.SettleLetter, &settled)
			if settled.State != c.state {
				t.Errorf("the procedure is told %s", settled.State)
			}
		})
	}
}

func TestLetterIsNotPostedWithoutAnAddressNorLeftUnwritten(t *testing.T) {
	o := newOffice(t)
	number := o.entered(webForm())
	id := o.letters(number)[complaint.LetterAcknowledgement].ID
	must(t, o.books.LetterBack(t.Context(), id, complaint.LetterFailed, "letter_not_writable"))
	for resolution, code := range map[string]string{"print": "no_postal_address", "left": "letter_not_written"} {
		_, err := o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: resolution, Reasons: "Gebeld."})
		wantCategory(t, err, complaint.NotAllowedNow, code)
	}
}

func TestRepetitionUnderItsKeyIsAnsweredAsTheFirstTime(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	key := casework.Once{Caller: officer.Login, Route: "POST /complaints/{number}/consultations", Key: "k", BodyHash: []byte("b")}
	question := casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?", DueOn: complaint.DayOf(o.now)}
	first, err := o.Ask(t.Context(), officer, key, number, question)
	must(t, err)
	o.now = o.now.Add(20 * time.Hour) // its due day has passed meanwhile
	again, err := o.Ask(t.Context(), officer, key, number, question)
	must(t, err)
	if again.ID != first.ID {
		t.Errorf("asked again as %d", again.ID)
	}
}

func TestLetterThatCouldNotBeWrittenIsOwedAgain(t *testing.T) {
	o := newOffice(t)
	number := o.entered(webForm())
	id := o.letters(number)[complaint.LetterAcknowledgement].ID
	must(t, o.books.LetterBack(t.Context(), id, complaint.LetterFailed, "no_address"))
	_, err := o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "send_again", Reasons: "Verbeterd."})
	must(t, err)
	if got := o.letters(number)[complaint.LetterAcknowledgement].State; got != complaint.LetterOwed {
		t.Errorf("want owed, got %s", got)
	}
}

func TestSearchFindsNamesTextLettersAndNumber(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	other := letter()
	other.Complainant = complaint.Complainant{Name: "Iemand Anders"}
	other.Text = "Iets anders."
	o.lodge(intake, other)
	o.written(number, "")
	for _, q := range []string{"verzonnen", "Karel Verzonnen", "supplementen opname", "kwikstaart", string(number)} {
		page, err := o.Complaints(t.Context(), intake, register.ComplaintFilter{Q: q})
		must(t, err)
		if len(page.Items) != 1 || page.Items[0].Number != number {
			t.Errorf("%q finds %d complaints", q, len(page.Items))
		}
	}
}

func TestListIsFiltered(t *testing.T) {
	o := newOffice(t)
	for range 5 {
		o.lodge(intake, letter())
	}
	old := letter()
	old.Language = "fr"
	old.ReceivedAt = complaint.NewDay(2026, time.January, 5).At(9, 0)
	old.FactsOn, old.ContestedDecision = complaint.NewDay(2026, time.January, 2), nil
	late := o.lodge(intake, old).Number
	for name, f := range map[string]register.ComplaintFilter{
		"overdue":       {Overdue: true},
		"language":      {Language: "fr"},
		"due before":    {DueBefore: complaint.NewDay(2026, time.March, 1)},
		"received to":   {ReceivedTo: complaint.NewDay(2026, time.January, 5)},
		"received from": {ReceivedFrom: complaint.NewDay(2026, time.January, 5), ReceivedTo: complaint.NewDay(2026, time.February, 1)},
	} {
		page, err := o.Complaints(t.Context(), intake, f)
		must(t, err)
		if len(page.Items) != 1 || page.Items[0].Number != late || !page.Items[0].Overdue || *page.Items[0].DaysLeft != -11 {
			t.Errorf("%s: got %+v", name, page.Items)
		}
	}
}

func TestListIsReadPageByPageWhileOthersComeIn(t *testing.T) {
	o := newOffice(t)
	for range 6 {
		o.lodge(intake, letter())
	}
	var seen []complaint.Number
	f := register.ComplaintFilter{Paging: register.Paging{Limit: 2}}
	for {
		page, err := o.Complaints(t.Context(), intake, f)
		must(t, err)
		for _, row := range page.Items {
			seen = append(seen, row.Number)
		}
		if page.NextCursor == nil {
			break
		}
		f.Cursor = *page.NextCursor
		o.lodge(intake, letter())
	}
	if len(seen) != 6 || seen[0] != "2026-000006" || seen[5] != "2026-000001" {
		t.Errorf("the pages show %v", seen)
	}
	for name, f := range map[string]register.ComplaintFilter{
		"a cursor that is none": {Paging: register.Paging{Cursor: "nonsense"}},
		"a search for NUL":      {Q: "a\x00b"},
		"a search for no UTF-8": {Q: "a\xff"},
		"the year zero":         {DueBefore: complaint.NewDay(0, time.January, 1)},
	} {
		if _, err := o.Complaints(t.Context(), intake, f); complaint.CategoryOf(err) != complaint.Invalid {
			t.Errorf("%s: want a refusal, got %v", name, err)
		}
	}
}

func TestWorkListIsInTheOrderOfDueDays(t *testing.T) {
	o := newOffice(t)
	days := []int{9, 3, 6}
	for _, n := range days {
		_, err := o.Ask(t.Context(), officer, none, o.entered(letter()), casework.Question{
			Department: "HOSPITALISATIE", Question: "Waarom?", DueOn: complaint.DayOf(monday).AddDays(n),
		})
		must(t, err)
	}
	f := register.ConsultationFilter{Open: true, Paging: register.Paging{Limit: 1}}
	for _, want := range []int{3, 6, 9} {
		page, err := o.Consultations(t.Context(), handler, f)
		must(t, err)
		if got := complaint.DayOf(monday).DaysUntil(page.Items[0].DueOn); got != want {
			t.Errorf("want due in %d days, got %d", want, got)
		}
		if page.NextCursor != nil {
			f.Cursor = *page.NextCursor
		}
	}
}

func TestLostDatabaseIsUnavailable(t *testing.T) {
	o := newOffice(t)
	keys, err := register.ParseKeys(secret)
	must(t, err)
	desk := casework.New(casework.Config{
		DB: pgtest.Connect(t, "postgres://nobody:x@127.0.0.1:1/none?sslmode=disable&connect_timeout=2"), Organisation: o.Organisation,
		Calendar: o.Calendar, Keys: keys, Now: func() time.Time { return monday },
	})
	_, err = desk.Lodge(t.Context(), intake, none, []complaint.Submission{letter()})
	if complaint.CategoryOf(err) != complaint.Unavailable {
		t.Errorf("lodging: %v", err)
	}
	_, err = desk.File(t.Context(), officer, "2026-000001")
	if complaint.CategoryOf(err) != complaint.Unavailable {
		t.Errorf("looking: %v", err)
	}
}
