package register_test

import (
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

func withAddress(s *complaint.Submission) {
	s.Complainant.Street, s.Complainant.City = "Fictiestraat 12", "Brussel"
}

// setBack says that a letter did not leave.
func (b *books) setBack(letter int64, certainty complaint.Certainty) (complaint.LetterState, complaint.Channel) {
	b.t.Helper()
	state, by, err := b.LetterRefused(b.t.Context(), letter, complaint.Setback{
		SendError: complaint.SendError{Certainty: certainty, Code: "smtp_550"}, Channel: complaint.ByEmail, GiveUp: 4 * 24 * time.Hour,
	})
	must(b.t, err)
	return state, by
}

// admit asks whether a letter may leave, of two that an address may have in a day.
func (b *books) admit(letter int64) complaint.LetterState {
	b.t.Helper()
	state, err := b.AdmitLetter(b.t.Context(), letter, complaint.Admission{MessageID: "<id@fund.example>", PerDay: 2})
	must(b.t, err)
	return state
}

// notices counts the messages to staff about letters that no procedure sends.
func (b *books) notices(number complaint.Number, kind complaint.WatchKind) (n int) {
	b.t.Helper()
	must(b.t, b.db.Get(&n, `
		SELECT count(*) FROM letters l JOIN watched w ON w.id = l.version
		WHERE l.number = $1 AND l.stray AND l.staff IS NOT NULL AND w.kind = $2`, number, kind))
	return n
}

func TestRefusedLetterFallsBackToPostWhereItHasAnAddress(t *testing.T) {
	b := newBooks(t)
	l := b.entered(withAddress)
	b.write(l.Acknowledgement)
	for range 2 { // said again, it changes nothing
		if state, by := b.setBack(l.Acknowledgement, complaint.Permanent); state != complaint.LetterRendered || by != complaint.ByPost {
			t.Errorf("got %s by %s", state, by)
		}
	}
	file, err := b.LetterFile(t.Context(), l.Acknowledgement)
	must(t, err)
	if file.Channel != complaint.ByPost || file.Rendered.Recipient != "" || file.Rendered.Text != "Beste" {
		t.Errorf("it is another letter: %+v", file.Rendered)
	}
	if found := b.events(l.Number, "letter_fell_back"); len(found) != 1 || found[0]["code"] != "smtp_550" {
		t.Errorf("the history says %v", found)
	}
	must(t, b.LetterLeft(t.Context(), l.Acknowledgement, complaint.LetterPrinted, "file"))
	shown, err := b.Letter(t.Context(), l.Acknowledgement)
	must(t, err)
	if shown.FellBackCode == nil || *shown.FellBackCode != "smtp_550" || shown.ErrorCode != nil {
		t.Errorf("the letter shows %+v", shown.LetterRow)
	}
	if b.notices(l.Number, complaint.WatchLetterFailed) != 0 {
		t.Error("staff are told of a letter that leaves")
	}
}

func TestRefusedLetterWithoutAnAddressWaitsForAPersonWhoIsToldOnce(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	_, asked, _ := b.asked(l.Number)
	b.write(l.Acknowledgement)
	b.write(asked)
	for _, letter := range []int64{l.Acknowledgement, asked} {
		for range 2 {
			if state, _ := b.setBack(letter, complaint.Permanent); state != complaint.LetterFailed {
				t.Errorf("got %s", state)
			}
		}
	}
	if n := b.notices(l.Number, complaint.WatchLetterFailed); n != 4 {
		t.Errorf("%d messages for two letters, to the officer and the supervisors", n)
	}
	strays, err := b.StrayLetters(t.Context(), 10)
	must(t, err)
	if len(strays) != 4 {
		t.Errorf("the worker finds %d", len(strays))
	}
}

func TestLetterIsTriedForDaysAndThenFallsBack(t *testing.T) {
	b := newBooks(t)
	l := b.entered(withAddress)
	b.write(l.Acknowledgement)
	for range 4 {
		b.admit(l.Acknowledgement)
		if state, by := b.setBack(l.Acknowledgement, complaint.Temporary); state != complaint.LetterRendered || by != complaint.ByEmail {
			t.Errorf("got %s by %s", state, by)
		}
		b.now = b.now.AddDate(0, 0, 1)
	}
	b.admit(l.Acknowledgement)
	if _, by := b.setBack(l.Acknowledgement, complaint.Temporary); by != complaint.ByPost {
		t.Error("after four days it is given up")
	}
}

func TestAnAddressHasItsShareOfADayAndTheOthersWait(t *testing.T) {
	b := newBooks(t)
	var letters []lodged
	for range 6 {
		letters = append(letters, b.entered())
		b.write(letters[len(letters)-1].Acknowledgement)
	}
	var workers sync.WaitGroup
	for range 3 { // each letter more than once, as several workers and repetitions do
		for _, l := range letters {
			workers.Go(func() { b.admit(l.Acknowledgement) })
		}
	}
	workers.Wait()
	left, notices := []lodged{}, 0
	for _, l := range letters {
		if b.state(l.Acknowledgement) == complaint.LetterRendered {
			left = append(left, l)
		}
		notices += b.notices(l.Number, complaint.WatchLettersHeld)
	}
	if len(left) != 2 || notices != 1 {
		t.Errorf("%d may leave, %d messages to the supervisors; want 2 and 1", len(left), notices)
	}
	share := complaint.MailShare{Complainant: 2, House: 10}
	must(t, b.ReleaseHeld(t.Context(), 10, share))
	if n := b.count(`SELECT count(*) FROM letters WHERE state = 'held'`); n != 4 {
		t.Errorf("%d wait on the same day", n)
	}
	b.now = complaint.DayOf(b.now).AddDays(1).At(0, 0)
	must(t, b.ReleaseHeld(t.Context(), 10, share))
	if n := b.count(`SELECT count(*) FROM letters WHERE state = 'owed' AND rendered_at IS NULL AND staff IS NULL`); n != 3 {
		t.Errorf("%d go on the next day, to be written anew: want as many as may leave, and one that is told of", n)
	}
	if n := b.count(`SELECT count(*) FROM letters WHERE state = 'held' AND rendered_at IS NOT NULL`); n != 1 {
		t.Errorf("%d wait on as they are", n)
	}
	if n := b.count(`SELECT count(*) FROM outbox WHERE kind = 'SettleLetter'`); n != 3 {
		t.Errorf("%d procedures are told", n)
	}
	must(t, b.ReleaseHeld(t.Context(), 10, share))
	if n := b.count(`SELECT count(*) FROM letters WHERE state = 'held'`); n != 1 {
		t.Errorf("%d wait until the day after", n)
	}
	if n := b.count(`SELECT count(*) FROM mail_counts`); n != 0 {
		t.Errorf("%d addresses are remembered", n)
	}
}

func (b *books) count(query string) (n int) {
	b.t.Helper()
	must(b.t, b.db.Get(&n, query))
	return n
}

func TestLetterThatCameBackIsOwedAgainOnce(t *testing.T) {
	b := newBooks(t)
	l := b.entered(withAddress)
	b.send(l.Acknowledgement)
	bounce := func() (state complaint.LetterState) {
		b.tx(func(tx *sqlx.Tx) (err error) {
			found := lockLetter(t, tx, l.Acknowledgement)
			state, err = b.LetterBounced(t.Context(), tx, found, false, "olga", "Mailbox onbekend.")
			must(t, err)
			return b.HandBack(t.Context(), tx, found, state)
		})
		return state
	}
	if state := bounce(); state != complaint.LetterRendered {
		t.Errorf("got %s", state)
	}
	if got := b.file(l.Number).Acknowledgement; !got.Owed || got.SentAt != nil {
		t.Errorf("nobody has the acknowledgement: %+v", got)
	}
	must(t, b.LetterLeft(t.Context(), l.Acknowledgement, complaint.LetterPrinted, "file"))
	err := register.Tx(t.Context(), b.db, func(tx *sqlx.Tx) error {
		_, err := b.LetterBounced(t.Context(), tx, lockLetter(t, tx, l.Acknowledgement), false, "olga", "Nog eens.")
		return err
	})
	if err == nil {
		t.Error("paper does not bounce")
	}
}

func lockLetter(t *testing.T, tx *sqlx.Tx, id int64) register.LetterCase {
	t.Helper()
	l, err := register.LockLetter(t.Context(), tx, id)
	must(t, err)
	return l
}

func TestThatTheDPOWasNotReachedIsSaidAlsoWhenTheComplaintCloses(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	var transfer int64
	b.tx(func(tx *sqlx.Tx) (err error) {
		transfer, err = b.OweLetter(t.Context(), tx, register.OwedLetter{
			Number: l.Number, Kind: complaint.LetterPrivacyTransfer, Version: 1, Department: complaint.DPO,
		})
		return err
	})
	own := b.recordWatch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchWarned, DaysLeft: 15, Version: 1}).Notices[0]
	b.write(transfer)
	if state, _ := b.setBack(transfer, complaint.Permanent); state != complaint.LetterFailed {
		t.Fatalf("the letter to the DPO is %s", state)
	}
	b.send(l.Acknowledgement)
	closed, err := b.Close(t.Context(), complaint.Closing{Number: l.Number, Result: complaint.ReferredPrivacy, Taken: 1, Revision: 5})
	must(t, err)
	if !closed || b.state(own) != complaint.LetterDropped {
		t.Errorf("closed %v: what is over is still said, %s", closed, b.state(own))
	}
	strays, err := b.StrayLetters(t.Context(), 10)
	must(t, err)
	if len(strays) != 2 {
		t.Errorf("the officer and the supervisors are told, got %+v", strays)
	}
}
