package casework_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func reversal() casework.AdmissibilityDecision {
	return casework.AdmissibilityDecision{Decision: complaint.FindAdmissible, Reasons: "De klager toonde een brief."}
}

// leave lets a letter leave as the procedure does, by e-mail.
func (o *office) leave(number complaint.Number, kind complaint.LetterKind) int64 {
	o.t.Helper()
	id := o.letters(number)[kind].ID
	must(o.t, o.books.SaveRendered(o.t.Context(), id, complaint.RenderedLetter{Subject: string(number), Text: "Geachte heer,", PDF: []byte("%PDF")}))
	must(o.t, o.books.LetterLeft(o.t.Context(), id, complaint.LetterSent, ""))
	return id
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

// The mail room had taken the printed refusal before it was withdrawn.
func TestARefusalTakenBackAndPostedAllTheSameIsRecordedAndFollowedByItsReversal(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	must(t, err)
	id := o.letters(number)[complaint.LetterInadmissible].ID
	must(t, o.books.SaveRendered(t.Context(), id, complaint.RenderedLetter{Subject: "s", Text: "t", PDF: []byte("%PDF"), Channel: complaint.ByPost}))
	must(t, o.books.LetterLeft(t.Context(), id, complaint.LetterPrinted, ""))
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
	must(t, err)
	if _, told := o.letters(number)[complaint.LetterReversal]; told {
		t.Error("the complainant is told of a refusal that never left")
	}
	_, err = o.DispatchLetter(t.Context(), intake, none, id, casework.Posting{PostedOn: complaint.DayOf(o.now)})
	must(t, err)
	var settled complaint.LetterSettled
	o.message(number, complaint.SettleLetter, &settled)
	if settled.State != complaint.LetterPosted || len(settled.Letters) != 1 || settled.Letters[0] != o.letters(number)[complaint.LetterReversal].ID {
		t.Errorf("the procedure hears %+v", settled)
	}
	if o.letters(number)[complaint.LetterInadmissible].State != complaint.LetterPosted {
		t.Error("it is not recorded as posted")
	}
	_, err = o.DispatchLetter(t.Context(), intake, none, id, casework.Posting{PostedOn: complaint.DayOf(o.now)})
	wantCategory(t, err, complaint.NotAllowedNow, "letter_not_printed")
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
}

func TestARefusalThatHasClosedTheCaseIsReversedUnderItsOriginalDay0(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	must(t, err)
	o.leave(number, complaint.LetterInadmissible)
	o.closeCase(number, complaint.Inadmissible)
	before := o.file(number)
	o.now = o.now.AddDate(0, 0, 20)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	wantField(t, err, "body.reasons")
	standing, err := o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
	must(t, err)
	if standing.Stage != complaint.Investigating || standing.WaitingFor != complaint.WaitOmbuds {
		t.Errorf("it stands at %s", standing.Stage)
	}

	var start complaint.Start
	o.message(number, complaint.GoOn, &start)
	if !start.GoesOn || start.Term != 1 || start.Moments.Version != before.Deadline.Version || start.Moments.LastDay != before.LastDay ||
		start.Stage != complaint.Investigating || start.Ground != complaint.GroundAdmissible || start.Acknowledgement != 0 ||
		len(start.Letters) != 1 || start.Letters[0] != o.letters(number)[complaint.LetterReversal].ID {
		t.Errorf("it goes on with %+v", start)
	}
	after := o.file(number)
	if after.Deadline.Day0 != before.Deadline.Day0 || after.Result != nil || after.ClosedAt != nil || len(after.Terms) != 0 {
		t.Errorf("the file: %+v", after.ComplaintRow)
	}
	if after.Deadline.DaysTaken != before.Deadline.Day0.DaysUntil(complaint.DayOf(o.now)) {
		t.Errorf("%d days taken: the refusal counts as the answer", after.Deadline.DaysTaken)
	}
	if c := after.Continuations; len(c) != 1 || c[0].Result != complaint.Inadmissible || !c[0].ClosedAt.Equal(*before.ClosedAt) ||
		c[0].Cause != register.RefusalReversed || c[0].Reasons != reversal().Reasons {
		t.Errorf("the closing that was taken back: %+v", c)
	}
	if back := after.Admissibility.TakenBack; len(back) != 1 || back[0].Ground != refusal().Ground {
		t.Errorf("the refusal that was taken back: %+v", back)
	}
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
	o.closeCase(number, complaint.Answered)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
	wantCategory(t, err, complaint.NotAllowedNow, "closed")
}

// tryAgain says that the mail server did not take a letter for now.
func (o *office) tryAgain(letter int64, certainty complaint.Certainty) complaint.LetterState {
	o.t.Helper()
	state, _, err := o.books.LetterRefused(o.t.Context(), letter, complaint.Setback{
		SendError: complaint.SendError{Certainty: certainty, Code: "smtp_451"}, Channel: complaint.ByEmail, GiveUp: 96 * time.Hour})
	must(o.t, err)
	return state
}

// sending hands a letter out to the mail server.
func (o *office) sending(number complaint.Number, kind complaint.LetterKind) int64 {
	o.t.Helper()
	id := o.letters(number)[kind].ID
	must(o.t, o.books.SaveRendered(o.t.Context(), id, complaint.RenderedLetter{Recipient: "karel@example.org", Subject: "s", Text: "t", PDF: []byte("%PDF")}))
	_, err := o.books.ClaimLetter(o.t.Context(), id)
	must(o.t, err)
	return id
}

func TestARefusalTakenBackOnItsWayIsNotTriedAgainBehindItsReversal(t *testing.T) {
	for certainty, want := range map[complaint.Certainty]complaint.LetterState{
		complaint.Temporary: complaint.LetterDropped, complaint.Permanent: complaint.LetterDropped, complaint.Unclear: complaint.LetterInDoubt,
	} {
		o := newOffice(t)
		number := o.entered(webForm())
		_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
		must(t, err)
		id := o.sending(number, complaint.LetterInadmissible)
		_, err = o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
		must(t, err)
		if state := o.tryAgain(id, certainty); state != want || o.letters(number)[complaint.LetterInadmissible].State != want {
			t.Errorf("%s: the refusal is %s", certainty, state)
		}
		kind := "letter_" + string(want)
		if said := o.history(number, kind); said != 1 {
			t.Errorf("%s: the history says %s %d times", certainty, kind, said)
		}
		if again := o.tryAgain(id, complaint.Temporary); again != want {
			t.Errorf("said again, it is %s", again)
		}
	}
}

func TestARefusalThatStandsIsTriedAgain(t *testing.T) {
	o := newOffice(t)
	number := o.entered(webForm())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	must(t, err)
	if state := o.tryAgain(o.sending(number, complaint.LetterInadmissible), complaint.Temporary); state != complaint.LetterRendered {
		t.Errorf("it is %s", state)
	}
}

func (o *office) history(number complaint.Number, kind string) (n int) {
	o.t.Helper()
	must(o.t, o.db.Get(&n, `SELECT count(*) FROM events WHERE number = $1 AND kind = $2`, number, kind))
	return n
}

// The refusal had come back after its case had closed: no procedure answers for it.
func TestARefusalThatLiesPrintedWhenItsClosingIsTakenBackLeavesThePrintFolder(t *testing.T) {
	o := newOffice(t)
	form := webForm()
	form.Complainant.Address = complaint.Address{Street: "Bedachtelaan 101", City: "Laken", Email: "karel@example.org"}
	number := o.entered(form)
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	must(t, err)
	id := o.letters(number)[complaint.LetterInadmissible].ID
	must(t, o.books.SaveRendered(t.Context(), id, complaint.RenderedLetter{Recipient: "karel@example.org", Subject: "s", Text: "t", PDF: []byte("%PDF")}))
	must(t, o.books.LetterLeft(t.Context(), id, complaint.LetterSent, ""))
	o.closeCase(number, complaint.Inadmissible)
	_, err = o.BounceLetter(t.Context(), intake, none, id, casework.Bounce{Reasons: "Mailbox onbekend."})
	must(t, err)
	must(t, o.books.LetterLeft(t.Context(), id, complaint.LetterPrinted, "file"))
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
	must(t, err)
	var start complaint.Start
	o.message(number, complaint.GoOn, &start)
	if len(start.Dropped) != 1 || start.Dropped[0] != id || o.letters(number)[complaint.LetterInadmissible].State != complaint.LetterDropped {
		t.Errorf("the run that goes on hears %+v", start)
	}
}

func TestARefusalReversedAfterTheLastDayIsOverdueAtOnce(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	must(t, err)
	o.leave(number, complaint.LetterInadmissible)
	o.closeCase(number, complaint.Inadmissible)
	o.now = o.now.AddDate(0, 0, 50)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, reversal())
	must(t, err)
	o.goOn(number, "run-2")
	if !o.listed(number).Overdue {
		t.Error("it is not listed as overdue")
	}
	late, err := o.books.RecordWatch(t.Context(), complaint.WatchEvent{Number: number, Kind: complaint.WatchOverdue, Version: 1})
	must(t, err)
	if len(late.Letters) == 0 || !late.GoesOn {
		t.Errorf("the end of the term brings %+v", late)
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
