package register_test

import (
	"sync"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

func TestLetterIsHandedOutForSendingOnce(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	if state, err := b.ClaimLetter(t.Context(), l.Acknowledgement); err != nil || state != complaint.LetterOwed {
		t.Errorf("a letter that is not written: %s, %v", state, err)
	}
	b.write(l.Acknowledgement)
	var callers sync.WaitGroup
	states := make(chan complaint.LetterState, 5)
	for range cap(states) {
		callers.Go(func() {
			state, err := b.ClaimLetter(t.Context(), l.Acknowledgement)
			if err != nil {
				t.Error(err)
			}
			states <- state
		})
	}
	callers.Wait()
	close(states)
	sending := 0
	for state := range states {
		if state == complaint.LetterSending {
			sending++
		}
	}
	if sending != 1 {
		t.Errorf("%d callers send the letter", sending)
	}
}

func TestLetterFoundInSendingIsInDoubt(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.write(l.Acknowledgement)
	for _, want := range []complaint.LetterState{complaint.LetterSending, complaint.LetterInDoubt, complaint.LetterInDoubt} {
		if state, err := b.ClaimLetter(t.Context(), l.Acknowledgement); err != nil || state != want {
			t.Errorf("want %s, got %s, %v", want, state, err)
		}
	}
	if n := len(b.events(l.Number, "letter_in_doubt")); n != 1 {
		t.Errorf("%d events call for a person", n)
	}
}

func TestLetterInDoubtThatLeftAfterAllIsToldToTheProcedure(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.write(l.Acknowledgement)
	for range 2 { // a slow sender, and one that took it for dead
		_, err := b.ClaimLetter(t.Context(), l.Acknowledgement)
		must(t, err)
	}
	for range 2 {
		must(t, b.LetterLeft(t.Context(), l.Acknowledgement, complaint.LetterSent, "id"))
	}
	var told int
	must(t, b.db.Get(&told, `SELECT count(*) FROM outbox WHERE number = $1 AND kind = 'SettleLetter'`, l.Number))
	if told != 1 || b.state(l.Acknowledgement) != complaint.LetterSent {
		t.Errorf("told %d times that the letter is %s", told, b.state(l.Acknowledgement))
	}
}

func TestOfALetterForWhichNoProcedureAnswersNoneIsTold(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.send(l.Acknowledgement)
	b.withdrawn(l)
	closed, err := b.Close(t.Context(), complaint.Closing{Number: l.Number, Result: complaint.Withdrawn, Taken: 1, Revision: 5})
	must(t, err)
	var letter int64
	b.tx(func(tx *sqlx.Tx) (err error) {
		letter, err = b.OweLetter(t.Context(), tx, register.OwedLetter{
			Number: l.Number, Kind: complaint.LetterOutcome, Version: 1, Channel: complaint.ByEmail, Language: "nl",
		})
		return err
	})
	b.write(letter)
	for range 2 { // a slow sender, and one that took it for dead
		_, err := b.ClaimLetter(t.Context(), letter)
		must(t, err)
	}
	must(t, b.LetterLeft(t.Context(), letter, complaint.LetterSent, "id"))
	var told int
	must(t, b.db.Get(&told, `SELECT count(*) FROM outbox WHERE number = $1 AND kind = 'SettleLetter'`, l.Number))
	if !closed || told != 0 || b.state(letter) != complaint.LetterSent {
		t.Errorf("closed %v: a message waits for a procedure that has ended (%d), the letter is %s", closed, told, b.state(letter))
	}
}

func TestSentAcknowledgementIsNotedOnce(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.send(l.Acknowledgement)
	sent := *b.file(l.Number).Acknowledgement.SentAt
	b.now = b.now.AddDate(0, 0, 1)
	must(t, b.LetterLeft(t.Context(), l.Acknowledgement, complaint.LetterSent, "id"))
	must(t, b.LetterBack(t.Context(), l.Acknowledgement, complaint.LetterFailed, "smtp_550"))
	got := b.file(l.Number)
	if !got.Acknowledgement.SentAt.Equal(sent) || got.Acknowledgement.Owed || len(b.events(l.Number, "letter_sent")) != 1 {
		t.Errorf("got %+v", got.Acknowledgement)
	}
}

func TestPrintedAcknowledgementIsStillOwed(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.write(l.Acknowledgement)
	must(t, b.LetterLeft(t.Context(), l.Acknowledgement, complaint.LetterPrinted, ""))
	if got := b.file(l.Number).Acknowledgement; !got.Owed || got.SentAt != nil {
		t.Errorf("got %+v", got)
	}
}

func TestLetterThatIsNotWrittenCannotHaveLeft(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	err := b.LetterLeft(t.Context(), l.Acknowledgement, complaint.LetterSent, "id")
	if complaint.CategoryOf(err) != complaint.NotAllowedNow {
		t.Errorf("want a refusal, got %v", err)
	}
}

func TestWrittenLetterStaysAsItWasWritten(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.write(l.Acknowledgement)
	must(t, b.SaveRendered(t.Context(), l.Acknowledgement, complaint.RenderedLetter{Text: "Iets anders"}))
	file, err := b.LetterFile(t.Context(), l.Acknowledgement)
	must(t, err)
	if file.Rendered.Text != "Beste" || string(file.Rendered.PDF) != "%PDF" {
		t.Errorf("the letter was written twice: %+v", file.Rendered)
	}
}

func TestTemporaryFailureLeavesALetterToBeSentAgain(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.write(l.Acknowledgement)
	_, err := b.ClaimLetter(t.Context(), l.Acknowledgement)
	must(t, err)
	must(t, b.LetterBack(t.Context(), l.Acknowledgement, complaint.LetterRendered, "smtp_451"))
	if state, err := b.ClaimLetter(t.Context(), l.Acknowledgement); err != nil || state != complaint.LetterSending {
		t.Errorf("want sending, got %s, %v", state, err)
	}
}
