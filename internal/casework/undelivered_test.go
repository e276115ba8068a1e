package casework_test

import (
	"context"
	"testing"
	"time"

	"ombudsdienst/activities"
	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// mailbag takes every letter.
type mailbag struct{ activities.Post }

func (mailbag) Repeatable(complaint.Channel) bool                          { return false }
func (mailbag) Withdraw(context.Context, complaint.LetterFile) error       { return nil }
func (mailbag) MessageID(f complaint.LetterFile) string                    { return f.FileName() }
func (mailbag) Send(context.Context, complaint.LetterFile) (string, error) { return "id", nil }

// later owes one more letter to the complainant.
func (o *office) later(number complaint.Number, version int64) (letter int64) {
	o.t.Helper()
	must(o.t, register.Tx(o.t.Context(), o.db, func(tx *sqlx.Tx) error {
		sub, err := o.books.Current(o.t.Context(), tx, number)
		must(o.t, err)
		owed, err := o.books.OweTo(o.t.Context(), tx, number, sub, complaint.LetterAcknowledgement, version)
		must(o.t, err)
		letter = owed[0]
		return nil
	}))
	return letter
}

// leaves lets a letter leave and tells where it stands then.
func (o *office) leaves(number complaint.Number, letter int64) register.LetterText {
	o.t.Helper()
	fund, err := organisation.Load("")
	must(o.t, err)
	worker := activities.Activities{
		Books: o.books, Post: mailbag{}, Organisation: fund, Now: func() time.Time { return o.now },
	}
	_, err = worker.SendLetter(o.t.Context(), complaint.Delivery{Number: number, Letters: []int64{letter}})
	must(o.t, err)
	found, err := o.books.Letter(o.t.Context(), letter)
	must(o.t, err)
	return found
}

func (o *office) wantLetter(got register.LetterText, state complaint.LetterState, by complaint.Channel, recipient string) {
	o.t.Helper()
	if got.State != state || got.Channel != by || got.Recipient != recipient {
		o.t.Errorf("want %s by %s to %q, got %s by %s to %q", state, by, recipient, got.State, got.Channel, got.Recipient)
	}
}

func (o *office) corrected(number complaint.Number, email string) {
	o.t.Helper()
	must(o.t, o.correct(number, complaint.Correction{
		Complainant: &complaint.ComplainantCorrection{AddressCorrection: complaint.AddressCorrection{Email: &email}},
	}))
}

func TestLettersAfterOneThatCameBackGoByPostUntilTheAddressIsCorrected(t *testing.T) {
	o := newOffice(t)
	form := webForm()
	form.Complainant.Address = complaint.Address{Street: "Bedachtelaan 101", Postcode: "1020", City: "Laken", Email: "Karel@example.org"}
	number := o.entered(form)
	id, other := o.sent(number, "karel@example.org"), o.entered(form)
	before := o.later(number, 2) // owed, not sent yet
	_, err := o.BounceLetter(t.Context(), intake, none, id, casework.Bounce{Reasons: "Mailbox onbekend."})
	must(t, err)
	for _, letter := range []int64{before, o.later(number, 3)} {
		got := o.leaves(number, letter)
		o.wantLetter(got, complaint.LetterPrinted, complaint.ByPost, "")
		if got.FellBackCode == nil || *got.FellBackCode != complaint.CodeUnreachable {
			t.Errorf("it does not say why: %+v", got.LetterRow)
		}
	}
	o.wantLetter(o.leaves(other, o.later(other, 2)), complaint.LetterSent, complaint.ByEmail, "Karel@example.org")
	o.corrected(number, "karel@example.com")
	o.wantLetter(o.leaves(number, o.later(number, 4)), complaint.LetterSent, complaint.ByEmail, "karel@example.com")
}

func TestLettersAfterOneThatWasRefusedForGoodGoByPost(t *testing.T) {
	o := newOffice(t)
	form := webForm()
	form.Complainant.Address = complaint.Address{Street: "Bedachtelaan 101", Postcode: "1020", City: "Laken", Email: "karel@example.org"}
	for code, by := range map[string]complaint.Channel{"smtp_550": complaint.ByPost, "smtp_552": complaint.ByEmail} {
		number := o.entered(form)
		id := o.letters(number)[complaint.LetterAcknowledgement].ID
		must(t, o.books.SaveRendered(t.Context(), id, complaint.RenderedLetter{Recipient: "karel@example.org", Subject: string(number), Text: "Geachte"}))
		_, _, err := o.books.LetterRefused(t.Context(), id, complaint.Setback{
			SendError: complaint.SendError{Certainty: complaint.Permanent, Code: code}, Channel: complaint.ByEmail,
		})
		must(t, err)
		if got := o.leaves(number, o.later(number, 2)); got.Channel != by {
			t.Errorf("after %s it goes by %s", code, got.Channel)
		}
	}
}

func TestLettersAfterOneThatCameBackWaitForAPersonWithoutAPostalAddress(t *testing.T) {
	o := newOffice(t)
	number := o.entered(webForm())
	id := o.sent(number, "karel@example.org")
	_, err := o.BounceLetter(t.Context(), intake, none, id, casework.Bounce{Reasons: "Mailbox onbekend."})
	must(t, err)
	_, err = o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "left", Reasons: "Gezien."})
	wantCategory(t, err, complaint.NotAllowedNow, "letter_came_back")
	letter := o.later(number, 2)
	got := o.leaves(number, letter)
	o.wantLetter(got, complaint.LetterFailed, complaint.ByEmail, "karel@example.org")
	if got.ErrorCode == nil || *got.ErrorCode != complaint.CodeUnreachable {
		t.Errorf("it does not say why: %+v", got.LetterRow)
	}
	o.corrected(number, "karel@example.com")
	o.wantLetter(o.leaves(number, o.later(number, 3)), complaint.LetterSent, complaint.ByEmail, "karel@example.com")
	_, err = o.ResolveLetter(t.Context(), officer, none, letter, casework.LetterResolution{Resolution: "send_again", Reasons: "Verbeterd."})
	must(t, err)
	o.wantLetter(o.leaves(number, letter), complaint.LetterSent, complaint.ByEmail, "karel@example.com")
}
