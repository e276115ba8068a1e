package casework_test

import (
	"strings"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func reversal() casework.AdmissibilityDecision {
	return casework.AdmissibilityDecision{Decision: complaint.FindAdmissible, Reasons: "De klager toonde een brief."}
}

func TestARefusalIsReversedWithReasonsAndItsLetterNoLongerLeaves(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	day0 := o.file(number).Deadline.Day0
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	must(t, err)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	wantField(t, err, "body.reasons")
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
	must(t, err)

	var message complaint.AdmissibilityDecided
	o.message(number, complaint.DecideAdmissibility, &message)
	if !message.Reversed || len(message.Dropped) != 1 || len(message.Letters) != 0 {
		t.Errorf("the procedure hears %+v", message)
	}
	if state := o.letters(number)[complaint.LetterInadmissible].State; state != complaint.LetterDropped {
		t.Errorf("the refusal is %s", state)
	}
	if got := o.file(number).Deadline.Day0; got != day0 {
		t.Errorf("day 0 moved from %s to %s", day0, got)
	}
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
}

func TestARefusalThatMayHaveArrivedIsFollowedByALetter(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	must(t, err)
	_, err = o.db.Exec(`UPDATE letters SET state = 'posted', left_at = $2, posted_on = '2026-03-02', rendered_at = $2,
		recipient = '', subject = '', text = '', pdf = '' WHERE number = $1 AND kind = 'inadmissible'`, number, o.now)
	must(t, err)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
	must(t, err)
	written, err := o.books.LetterFile(t.Context(), o.letters(number)[complaint.LetterReversal].ID)
	must(t, err)
	if written.Admission.Reasons != reversal().Reasons {
		t.Errorf("the letter gives %+v", written.Admission)
	}
	late, err := o.books.RecordWatch(t.Context(), complaint.WatchEvent{Number: number, Kind: complaint.WatchOverdue, Version: 1})
	must(t, err)
	if len(late.Letters) == 0 {
		t.Error("a case that goes on after a refusal is told when it is late")
	}
}

func TestAfterTheClosingARefusalIsReversedByReopening(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	must(t, err)
	o.closeCase(number, complaint.Inadmissible)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
	wantCategory(t, err, complaint.NotAllowedNow, "closed")
	if err == nil || !strings.Contains(err.Error(), "reopen") {
		t.Errorf("the refusal does not name the reopening: %v", err)
	}
}

func TestGroundsOfOtherBodiesWarnAndNeverRefuse(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, ground := range complaint.ForeignGrounds {
		_, err := o.DecideAdmissibility(t.Context(), officer, none, number,
			casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: ground, Reasons: "x", ReferTo: "x"})
		wantField(t, err, "body.ground")
		_, err = o.Warn(t.Context(), officer, none, number, casework.AdmissibilityWarning{Ground: ground, Reasons: "Er loopt een zaak."})
		must(t, err)
	}
	_, err := o.Warn(t.Context(), officer, none, number, casework.AdmissibilityWarning{Ground: "COURT_PENDING", Reasons: "Nog eens."})
	wantCategory(t, err, complaint.NotAllowedNow, "already_noted")
	_, err = o.Warn(t.Context(), officer, none, number, casework.AdmissibilityWarning{Ground: complaint.NotOurService, Reasons: "x"})
	wantField(t, err, "body.ground")
	if w := o.file(number).Admissibility.Warnings; len(w) != len(complaint.ForeignGrounds) {
		t.Errorf("the file shows %d warnings", len(w))
	}
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
}
