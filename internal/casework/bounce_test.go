package casework_test

import (
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// sent lets the acknowledgement of a complaint leave by e-mail.
func (o *office) sent(number complaint.Number, recipient string) int64 {
	o.t.Helper()
	id := o.letters(number)[complaint.LetterAcknowledgement].ID
	must(o.t, o.books.SaveRendered(o.t.Context(), id, complaint.RenderedLetter{Recipient: recipient, Subject: string(number), Text: "Geachte", PDF: []byte("%PDF")}))
	_, err := o.books.ClaimLetter(o.t.Context(), id)
	must(o.t, err)
	must(o.t, o.books.LetterLeft(o.t.Context(), id, complaint.LetterSent, "<id>"))
	return id
}

func TestLetterThatCameBackGoesByPostOnce(t *testing.T) {
	o := newOffice(t)
	form := webForm()
	form.Complainant.Address = complaint.Address{Street: "Bedachtelaan 101", City: "Laken", Email: "karel@example.org"}
	number := o.entered(form)
	id := o.letters(number)[complaint.LetterAcknowledgement].ID
	_, err := o.BounceLetter(t.Context(), intake, none, id, casework.Bounce{Reasons: "Onbekend."})
	wantCategory(t, err, complaint.NotAllowedNow, "letter_not_sent")
	o.sent(number, "karel@example.org")
	_, err = o.BounceLetter(t.Context(), intake, none, id, casework.Bounce{})
	wantField(t, err, "body.reasons")
	_, err = o.BounceLetter(t.Context(), intake, none, id, casework.Bounce{Reasons: "Mailbox onbekend."})
	must(t, err)
	got := o.letters(number)[complaint.LetterAcknowledgement]
	if got.State != complaint.LetterRendered || got.Channel != complaint.ByPost || *got.FellBackCode != complaint.CodeBounced || *got.BouncedBy != intake.Login {
		t.Errorf("got %+v", got)
	}
	var settled complaint.LetterSettled
	o.message(number, complaint.SettleLetter, &settled)
	if settled.Letter != id || settled.State != complaint.LetterRendered || !settled.CameBack {
		t.Errorf("the procedure is told %+v", settled)
	}
	_, err = o.BounceLetter(t.Context(), intake, none, id, casework.Bounce{Reasons: "Nog eens."})
	wantCategory(t, err, complaint.NotAllowedNow, "letter_not_sent")
}

// full is an address that has had its share of the day.
var full = complaint.Admission{MessageID: "<id>", PerDay: 0}

// heldBack makes an acknowledgement that waits for another day: the first of a day
// always passes, and another letter to the address had its place.
func (o *office) heldBack() (letter int64) {
	o.t.Helper()
	var state complaint.LetterState
	for _, recipient := range []string{"A@example.org", "a@example.org"} {
		number := o.entered(webForm())
		letter = o.letters(number)[complaint.LetterAcknowledgement].ID
		must(o.t, o.books.SaveRendered(o.t.Context(), letter, complaint.RenderedLetter{Recipient: recipient, Subject: string(number), Text: "Geachte", PDF: []byte("%PDF")}))
		var err error
		state, err = o.books.AdmitLetter(o.t.Context(), letter, full)
		must(o.t, err)
	}
	if state != complaint.LetterHeld {
		o.t.Fatalf("got %s", state)
	}
	return letter
}

func TestLetterThatWaitsForAnotherDayIsReleasedByAPerson(t *testing.T) {
	o := newOffice(t)
	id := o.heldBack()
	_, err := o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "left", Reasons: "Gezien."})
	wantCategory(t, err, complaint.NotAllowedNow, "letter_not_tried")
	_, err = o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "send_again", Reasons: "Hij wacht erop."})
	must(t, err)
	if state, err := o.books.AdmitLetter(t.Context(), id, full); err != nil || state != complaint.LetterRendered {
		t.Errorf("released, it is %s: %v", state, err)
	}
}

// It may have been released and have left between the dump and the loss.
func TestALetterThatWaitedForAnotherDayIsInDoubtAfterARestore(t *testing.T) {
	o := newOffice(t)
	id := o.heldBack()
	must(t, o.books.NoteRestored(t.Context()))
	o.now = o.now.AddDate(0, 0, 1)
	must(t, o.books.ReleaseHeld(t.Context(), 10, complaint.MailShare{Complainant: 10, House: 10}))
	got, err := o.books.Letter(t.Context(), id)
	must(t, err)
	if got.State != complaint.LetterInDoubt || got.HeldUntil != nil || *got.ErrorCode != "register_restored" {
		t.Errorf("got %+v", got.LetterRow)
	}
	_, err = o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "left", Reasons: "Het staat in het logboek."})
	must(t, err)
	if got, err = o.books.Letter(t.Context(), id); err != nil || got.State != complaint.LetterSent {
		t.Errorf("a person saw that it left: it is %s, %v", got.State, err)
	}
}
