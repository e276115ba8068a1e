package casework_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func (o *office) breach(number complaint.Number, suspected bool, aware time.Time) error {
	_, err := o.SuspectBreach(o.t.Context(), dpo, none, number, casework.BreachSuspicion{
		Suspected: suspected, AwareAt: aware, Reasons: "Een brief van een ander lid.",
	})
	return err
}

func (o *office) notify(number complaint.Number, at time.Time, reasons string) error {
	_, err := o.NotifyBreach(o.t.Context(), dpo, none, number, casework.BreachNotification{NotifiedAt: at, Reasons: reasons})
	return err
}

func TestASuspicionOfAnOfficerStartsThe72HoursAndTellsTheDPO(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.ReferPrivacy(t.Context(), officer, none, number, casework.PrivacyReferral{Reasons: "Lek.", Mixed: true, SuspectedBreach: true})
	must(t, err)
	var start complaint.PrivacyStart
	o.privacyRow(number, complaint.CommandStart, &start)
	if !start.NotifyBy.Equal(letter().ReceivedAt.Add(72*time.Hour)) || start.Breach.Version != 1 || start.WarnAt.IsZero() {
		t.Errorf("the file starts with %+v", start.Breach)
	}

	later := o.entered(leak())
	must(t, o.split(officer, later, casework.PrivacyReferral{Reasons: "Lek.", Mixed: true, SuspectedBreach: true}))
	var changed complaint.BreachChanged
	o.privacyRow(later, complaint.ChangeBreach, &changed)
	if !changed.Due() || len(changed.Letters) != 1 || changed.Letters[0] != o.privacyLetter(later, complaint.LetterPrivacyBreach) {
		t.Errorf("the procedure hears %+v", changed)
	}
}

func TestTheDPORaisesASuspicionAndTakesItBackWithReasons(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	_, err := o.SuspectBreach(t.Context(), dpo, none, number, casework.BreachSuspicion{Suspected: true})
	wantField(t, err, "body.reasons")
	_, err = o.SuspectBreach(t.Context(), officer, none, number, casework.BreachSuspicion{Suspected: true, Reasons: "x"})
	wantCategory(t, err, complaint.Forbidden, "forbidden")
	wantField(t, o.breach(number, true, o.now.Add(time.Hour)), "body.aware_at")
	wantCategory(t, o.breach(number, false, time.Time{}), complaint.NotAllowedNow, "no_breach")

	aware := o.now.Add(-time.Hour)
	must(t, o.breach(number, true, aware))
	file := o.privacyFile(number)
	if !file.SuspectedBreach || !file.NotifyBy.Equal(aware.Add(72*time.Hour)) || !file.Breach.AwareAt.Equal(aware) {
		t.Errorf("the file shows %+v until %v", file.Breach, file.NotifyBy)
	}
	wantCategory(t, o.breach(number, true, time.Time{}), complaint.NotAllowedNow, "breach_suspected")
	due, err := o.PrivacyFiles(t.Context(), dpo, register.PrivacyFilter{Due: true})
	must(t, err)
	if len(due.Items) != 1 {
		t.Error("the list of what is due lacks it")
	}
	must(t, o.breach(number, false, time.Time{}))
	var changed complaint.BreachChanged
	o.privacyRow(number, complaint.ChangeBreach, &changed)
	if changed.Due() || changed.Version != 2 {
		t.Errorf("the procedure hears %+v", changed)
	}
	if file = o.privacyFile(number); file.SuspectedBreach || file.NotifyBy != nil || len(file.Breach.Steps) != 2 || file.Breach.Steps[1].Reasons == "" {
		t.Errorf("the file shows %+v", file.Breach)
	}
}

func TestTellingTheAuthorityEndsThe72HoursAndLateHasReasons(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	wantCategory(t, o.notify(number, o.now, ""), complaint.NotAllowedNow, "no_breach")
	must(t, o.breach(number, true, time.Time{}))
	by := *o.privacyFile(number).NotifyBy
	o.now = by.Add(5 * time.Hour)
	wantField(t, o.notify(number, time.Time{}, ""), "body.notified_at")
	wantField(t, o.notify(number, o.now.Add(time.Hour), ""), "body.notified_at")
	wantField(t, o.notify(number, by.Add(-100*time.Hour), ""), "body.notified_at")
	wantField(t, o.notify(number, o.now, ""), "body.reasons")
	must(t, o.notify(number, o.now, "De omvang was niet bekend."))
	var changed complaint.BreachChanged
	o.privacyRow(number, complaint.ChangeBreach, &changed)
	if changed.Due() || !changed.NotifiedAt.Equal(o.now) {
		t.Errorf("the procedure hears %+v", changed)
	}
	file := o.privacyFile(number)
	if !file.NotifiedAt.Equal(o.now) || !file.Breach.Late || file.BreachOverdue {
		t.Errorf("the file shows %+v", file.PrivacyRow)
	}
	wantCategory(t, o.notify(number, o.now, "Nog eens."), complaint.NotAllowedNow, "breach_notified")
	wantCategory(t, o.breach(number, false, time.Time{}), complaint.NotAllowedNow, "breach_notified")

	number = o.entered(leak())
	must(t, o.breach(number, true, o.now.Add(-time.Hour)))
	must(t, o.notify(number, o.now, "")) // in time
	if o.privacyFile(number).Breach.Late {
		t.Error("it counts as late")
	}
}

func TestTheWatchOfABreachIsKeptOnceForWhatIsDueAndShows(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	must(t, o.breach(number, true, time.Time{}))
	o.enterPrivacy(number)
	event := complaint.WatchEvent{Number: number, File: complaint.PrivacyFile, Kind: complaint.WatchBreachWarned, Version: 1}
	for range 2 {
		recorded, err := o.books.RecordWatch(t.Context(), event)
		must(t, err)
		if len(recorded.Letters) != 1 {
			t.Errorf("a warning owes %v", recorded.Letters)
		}
	}
	o.now = o.privacyFile(number).NotifyBy.Add(time.Minute)
	event.Kind = complaint.WatchBreachOverdue
	recorded, err := o.books.RecordWatch(t.Context(), event)
	must(t, err)
	written, err := o.books.LetterFile(t.Context(), recorded.Letters[0])
	must(t, err)
	file := o.privacyFile(number)
	if !written.Privacy.BreachOver || file.Breach.WarnedAt == nil || file.Breach.OverdueAt == nil || !file.BreachOverdue {
		t.Errorf("the end of the 72 hours shows as %+v", file.Breach)
	}
	must(t, o.notify(number, o.now, "Te laat ontdekt."))
	event.Version = 2
	if recorded, err = o.books.RecordWatch(t.Context(), event); err != nil || len(recorded.Letters) != 0 {
		t.Errorf("after the authority was told the watch owes %v, %v", recorded.Letters, err)
	}
}

func TestAnAnsweredFileDoesNotCloseBeforeTheAuthorityWasTold(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	o.enterPrivacy(number)
	must(t, o.breach(number, true, time.Time{}))
	_, err := o.AnswerPrivacy(t.Context(), dpo, none, number, casework.PrivacyAnswer{Answer: "U krijgt inzage."})
	must(t, err)
	_, err = o.db.Exec(`UPDATE letters SET state = 'dropped', settled_reason = 'test' WHERE number = $1 AND file = 'privacy'`, number)
	must(t, err)
	closing := complaint.Closing{Number: number, File: complaint.PrivacyFile, Result: "answered", Taken: 9, Revision: 5}
	closed, err := o.books.Close(t.Context(), closing)
	must(t, err)
	if closed {
		t.Fatal("it closed")
	}
	must(t, o.notify(number, o.now, "Net op tijd."))
	closed, err = o.books.Close(t.Context(), closing)
	must(t, err)
	if !closed {
		t.Error("it does not close")
	}
	wantCategory(t, o.breach(number, true, time.Time{}), complaint.NotAllowedNow, "closed")
}
