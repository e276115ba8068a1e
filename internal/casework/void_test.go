package casework_test

import (
	"slices"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

var byMistake = casework.VoidNote{Reasons: "Twee keer ingevoerd."}

func TestAnEntryIsVoidedWithoutAWordWhenNobodyHeardOfIt(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(t, err)
	_, err = o.Void(t.Context(), officer, none, number, byMistake)
	must(t, err)
	for kind, l := range o.letters(number) {
		if l.State != complaint.LetterDropped {
			t.Errorf("%s is still %s", kind, l.State)
		}
	}
	var told complaint.Voiding
	o.message(number, complaint.Void, &told)
	if len(told.Letters) != 0 || len(told.Dropped) != 2 {
		t.Errorf("the procedure is told %+v", told)
	}
	closed, err := o.books.Close(t.Context(), complaint.Closing{Number: number, Result: complaint.Voided, Taken: 3, Revision: 5})
	must(t, err)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if !closed || *file.Result != complaint.Voided || file.Number != number ||
		file.Voiding == nil || file.Voiding.Reasons != byMistake.Reasons || file.Voiding.VoidedBy != "olga" {
		t.Errorf("closed %v: %+v", closed, file.Voiding)
	}
}

func TestWhoHadAnAcknowledgementIsToldThatTheEntryWasAnError(t *testing.T) {
	for _, state := range []complaint.LetterState{complaint.LetterSent, complaint.LetterPosted, complaint.LetterSending, complaint.LetterInDoubt} {
		o := newOffice(t)
		number := o.entered(letter())
		_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
		must(t, err)
		_, err = o.db.Exec(`
			UPDATE letters SET state = $2, rendered_at = now(), recipient = '', subject = '', text = '', pdf = '',
				left_at = CASE WHEN $2 IN ('sent', 'posted') THEN now() END, posted_on = CASE WHEN $2 = 'posted' THEN date '2026-03-02' END
			WHERE number = $1 AND kind = 'acknowledgement'`, number, state)
		must(t, err)
		_, err = o.Void(t.Context(), officer, none, number, byMistake)
		must(t, err)
		voided, owed := o.letters(number)[complaint.LetterVoided]
		var told complaint.Voiding
		o.message(number, complaint.Void, &told)
		if !owed || voided.State != complaint.LetterOwed || !slices.Equal(told.Letters, []int64{voided.ID}) {
			t.Errorf("%s: the letter is %+v, the procedure is told %+v", state, voided, told)
		}
		if _, told := o.letters(number)[complaint.LetterNoLongerNeeded]; told {
			t.Errorf("%s: a department that was never asked is told that no answer is needed", state)
		}
	}
}

func TestOfALetterInDoubtAPersonStillSaysWhetherItLeftBeforeTheVoiding(t *testing.T) {
	o := newOffice(t)
	number := o.entered(webForm())
	id := o.sending(number, complaint.LetterAcknowledgement)
	_, err := o.db.Exec(`UPDATE letters SET state = 'in_doubt' WHERE id = $1`, id)
	must(t, err)
	_, err = o.Void(t.Context(), officer, none, number, byMistake)
	must(t, err)
	_, err = o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "send_again", Reasons: "Niet ontvangen."})
	wantCategory(t, err, complaint.NotAllowedNow, "voided")
	_, err = o.ResolveLetter(t.Context(), officer, none, id, casework.LetterResolution{Resolution: "left", Reasons: "Staat in het logboek."})
	must(t, err)
	if l := o.letters(number)[complaint.LetterAcknowledgement]; l.State != complaint.LetterSent {
		t.Errorf("it is %s", l.State)
	}
}

func TestWhoGetsALetterOfAVoidedEntryAllTheSameIsToldOnceThatItWasAnError(t *testing.T) {
	for _, closed := range []bool{false, true} {
		o := newOffice(t)
		paper := letter()
		paper.ReplyBy = complaint.ByPost
		number := o.entered(paper)
		id := o.letters(number)[complaint.LetterAcknowledgement].ID
		must(t, o.books.SaveRendered(t.Context(), id, complaint.RenderedLetter{Subject: "s", Text: "t", PDF: []byte("%PDF"), Channel: complaint.ByPost}))
		must(t, o.books.LetterLeft(t.Context(), id, complaint.LetterPrinted, ""))
		_, err := o.Void(t.Context(), officer, none, number, byMistake)
		must(t, err)
		if _, told := o.letters(number)[complaint.LetterVoided]; told {
			t.Error("who has heard of nothing is told")
		}
		if closed {
			o.closeCase(number, complaint.Voided)
		}
		_, err = o.DispatchLetter(t.Context(), intake, none, id, casework.Posting{PostedOn: complaint.DayOf(o.now)})
		must(t, err)
		if _, told := o.letters(number)[complaint.LetterVoided]; !told {
			t.Errorf("closed %v: who got the acknowledgement is not told", closed)
		}
		var stray int
		must(t, o.db.Get(&stray, `SELECT count(*) FROM letters WHERE kind = 'voided' AND stray`))
		if (stray == 1) != closed {
			t.Errorf("closed %v: %d letters are given to the worker", closed, stray)
		}
	}
}

func TestALetterOfAVoidedEntryIsNotTriedAgainAndTheOneThatSaysSoIs(t *testing.T) {
	o := newOffice(t)
	number := o.entered(webForm())
	id := o.sending(number, complaint.LetterAcknowledgement)
	_, err := o.Void(t.Context(), officer, none, number, byMistake)
	must(t, err)
	if state := o.tryAgain(id, complaint.Temporary); state != complaint.LetterDropped || o.history(number, "letter_dropped") != 1 {
		t.Errorf("the acknowledgement is %s, said %d times", state, o.history(number, "letter_dropped"))
	}
	if state := o.tryAgain(o.sending(number, complaint.LetterVoided), complaint.Temporary); state != complaint.LetterRendered {
		t.Errorf("the letter that says so is %s", state)
	}
}

func TestAfterVoidingNothingIsDecidedAndADecidedCaseIsNotVoided(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.Void(t.Context(), officer, none, number, casework.VoidNote{Reasons: " "})
	wantField(t, err, "body.reasons")
	_, err = o.Void(t.Context(), intake, none, number, byMistake)
	wantCategory(t, err, complaint.Forbidden, "forbidden")
	_, err = o.Void(t.Context(), officer, none, number, byMistake)
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "voided")
	_, err = o.Void(t.Context(), officer, none, number, byMistake)
	wantCategory(t, err, complaint.NotAllowedNow, "voided")

	answered := o.entered(letter())
	_, err = o.DecideOutcome(t.Context(), officer, none, answered, founded())
	must(t, err)
	_, err = o.Void(t.Context(), officer, none, answered, byMistake)
	wantCategory(t, err, complaint.NotAllowedNow, "outcome_given")
}

func TestAVoidedEntryIsNoPossibleDuplicate(t *testing.T) {
	o := newOffice(t)
	first := o.entered(letter())
	second := o.entered(letter())
	if shown := o.duplicates(first); !slices.Equal(shown, []complaint.Number{second}) {
		t.Errorf("shown %v", shown)
	}
	_, err := o.Void(t.Context(), officer, none, second, byMistake)
	must(t, err)
	if shown := o.duplicates(first); len(shown) != 0 {
		t.Errorf("shown %v", shown)
	}
}

func TestTheServiceThatHelpsFirstHearsThatTheEntryIsVoided(t *testing.T) {
	for asked, state := range map[bool]complaint.LetterState{true: complaint.LetterSent, false: complaint.LetterOwed} {
		o := newOffice(t)
		number := o.entered(letter())
		_, err := o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 12))
		must(t, err)
		_, err = o.db.Exec(`
			UPDATE letters SET state = $2, rendered_at = now(), recipient = '', subject = '', text = '', pdf = '',
				left_at = CASE WHEN $2 = 'sent' THEN now() END
			WHERE number = $1 AND kind = 'service-hand-over'`, number, state)
		must(t, err)
		_, err = o.Void(t.Context(), officer, none, number, byMistake)
		must(t, err)
		back, owed := o.letters(number)[complaint.LetterServiceTakenBack]
		var told complaint.Voiding
		o.message(number, complaint.Void, &told)
		if owed != asked || slices.Contains(told.Letters, back.ID) != asked {
			t.Errorf("asked %v: the letter is %+v, the procedure is told %+v", asked, back, told)
		}
		if len(o.tasks(handler, true)) != 0 {
			t.Errorf("asked %v: the service still has it to do", asked)
		}
	}
}

func TestTheDPOSeesThatTheEntryOfAFileWasAnError(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	must(t, o.split(dpo, number, mixed))
	_, err := o.Void(t.Context(), officer, none, number, byMistake)
	must(t, err)
	kinds := []string{}
	for _, e := range o.privacyFile(number).Events {
		kinds = append(kinds, e.Kind)
	}
	if !slices.Contains(kinds, register.PrivacyEntryVoided) {
		t.Errorf("the DPO's file says %v", kinds)
	}
}
