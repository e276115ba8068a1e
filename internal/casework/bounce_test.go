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

func TestLetterThatWaitsForAnotherDayIsReleasedByAPerson(t *testing.T) {
	o := newOffice(t)
	number := o.entered(webForm())
	id := o.letters(number)[complaint.LetterAcknowledgement].ID
	must(t, o.books.SaveRendered(t.Context(), id, complaint.RenderedLetter{Recipient: "a@example.org", Subject: string(number), Text: "Geachte", PDF: []byte("%PDF")}))
	full := complaint.Admission{MessageID: "<id>", PerDay: 0}
	// The first of a day always passes; another letter to the address had its place.
	other := o.entered(webForm())
	must(t, o.books.SaveRendered(t.Context(), o.letters(other)[complaint.LetterAcknowledgement].ID,
		complaint.RenderedLetter{Recipient: "A@example.org", Subject: string(other), Text: "Geachte", PDF: []byte("%PDF")}))
	_, err := o.books.AdmitLetter(t.Context(), o.letters(other)[complaint.LetterAcknowledgement].ID, full)
	must(t, err)
	state, err := o.books.AdmitLetter(t.Context(), id, full)
	must(t, err)
	if state != complaint.LetterHeld {
		t.Fatalf("got %s", state)
	}
	_, err = o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "left", Reasons: "Gezien."})
	wantCategory(t, err, complaint.NotAllowedNow, "letter_not_tried")
	_, err = o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "send_again", Reasons: "Hij wacht erop."})
	must(t, err)
	if state, err = o.books.AdmitLetter(t.Context(), id, full); err != nil || state != complaint.LetterRendered {
		t.Errorf("released, it is %s: %v", state, err)
	}
}
