package casework_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func (o *office) correctReceipt(number complaint.Number, at time.Time) error {
	_, err := o.CorrectReceipt(o.t.Context(), intake, none, number, casework.ReceiptCorrection{ReceivedAt: at, Reasons: "Stempel van een ander kantoor."})
	return err
}

func TestACorrectedReceiptMovesTheDPOsTermAndThe72Hours(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak()) // received on 27 February
	must(t, o.breach(number, true, time.Time{}))
	o.leave(number, complaint.LetterPrivacyReferral)
	earlier := leak().ReceivedAt.AddDate(0, 0, -4)
	must(t, o.correctReceipt(number, earlier))
	file := o.privacyFile(number)
	if want := complaint.NewDay(2026, 3, 23); file.LastDay != want || file.Deadline.Version != 2 || !file.ReceivedAt.Equal(earlier) {
		t.Errorf("the last day is %s, want %s", file.LastDay, want)
	}
	if !file.NotifyBy.Equal(earlier.Add(72 * time.Hour)) {
		t.Errorf("the 72 hours end at %s", file.NotifyBy)
	}
	var moved complaint.DeadlineChanged
	o.privacyRow(number, complaint.ChangeDeadline, &moved)
	if moved.Moments.LastDay != file.LastDay || len(moved.Letters) != 2 {
		t.Errorf("the procedure hears %+v", moved)
	}
	o.privacyLetter(number, complaint.LetterPrivacyMoved)
	o.privacyLetter(number, complaint.LetterPrivacyCorrection)
	var changed complaint.BreachChanged
	o.privacyRow(number, complaint.ChangeBreach, &changed)
	if changed.Version != 2 || !changed.NotifyBy.Equal(*file.NotifyBy) {
		t.Errorf("the procedure hears %+v", changed)
	}
	_, err := o.ExtendPrivacy(t.Context(), dpo, none, number, "Veel bijlagen.")
	must(t, err)
	if file = o.privacyFile(number); file.LastDay != complaint.NewDay(2026, 5, 26) || file.Deadline.Version != 3 { // Whit Monday is the 25th
		t.Errorf("extended, the last day is %s", file.LastDay)
	}
}

func TestThe72HoursThatDoNotCountFromTheReceiptStay(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	aware := o.now.Add(-time.Hour)
	must(t, o.breach(number, true, aware))
	must(t, o.correctReceipt(number, leak().ReceivedAt.AddDate(0, 0, -4)))
	if by := o.privacyFile(number).NotifyBy; !by.Equal(aware.Add(72 * time.Hour)) {
		t.Errorf("they end at %s", by)
	}
}

func TestTheReceiptOfAReferredComplaintIsCorrectedWhileTheDPOsFileIsOpen(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	must(t, o.split(dpo, number, pure))
	o.closeCase(number, complaint.ReferredPrivacy)
	before := o.file(number)
	must(t, o.correctReceipt(number, leak().ReceivedAt.AddDate(0, 0, -4)))
	after := o.file(number)
	if o.privacyFile(number).LastDay != complaint.NewDay(2026, 3, 23) || after.Deadline.LastDay != before.Deadline.LastDay || after.Stage != complaint.Closed {
		t.Errorf("the closed complaint moved to %+v", after.ComplaintRow)
	}
	_, err := o.db.Exec(`UPDATE privacy_files SET stage = 'closed', closed_at = now(), result = 'answered', answer = '', answered_by = $2, answered_at = now()
		WHERE number = $1`, number, dpo.Login)
	must(t, err)
	wantCategory(t, o.correctReceipt(number, leak().ReceivedAt.AddDate(0, 0, -5)), complaint.NotAllowedNow, "closed")
}
