package casework_test

import (
	"encoding/json"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// leak is a letter about personal data.
func leak() complaint.Submission {
	s := letter()
	s.ConcernsPrivacy = true
	return s
}

func (o *office) privacyRow(number complaint.Number, kind complaint.CommandKind, body any) (row outboxRow) {
	o.t.Helper()
	must(o.t, o.db.Get(&row, `
		SELECT id, seq, kind, body FROM outbox WHERE workflow_id = 'privacy-' || $1 AND kind = $2 ORDER BY seq DESC LIMIT 1`, number, kind))
	must(o.t, json.Unmarshal(row.Body, body))
	return row
}

// enterPrivacy enters a privacy file as its procedure does.
func (o *office) enterPrivacy(number complaint.Number) {
	o.t.Helper()
	var start complaint.PrivacyStart
	row := o.privacyRow(number, complaint.CommandStart, &start)
	entered, err := o.books.Enter(o.t.Context(), complaint.Entry{
		Number: number, File: complaint.PrivacyFile, Row: row.ID, RunID: "run-p",
		Position: complaint.Position{Revision: 1, Stage: complaint.Investigating, WaitingFor: complaint.WaitDPO},
	})
	must(o.t, err)
	if !entered.Ours {
		o.t.Fatal("the privacy file belongs to another run")
	}
}

func (o *office) privacyFile(number complaint.Number) register.PrivacyFile {
	o.t.Helper()
	file, err := o.PrivacyFile(o.t.Context(), dpo, number)
	must(o.t, err)
	return file
}

var pure = casework.PrivacyReferral{Reasons: "Gaat alleen over persoonsgegevens."}

func TestASubmissionAboutPersonalDataStartsAPrivacyFileTheSameDay(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	var start complaint.PrivacyStart
	if row := o.privacyRow(number, complaint.CommandStart, &start); row.Seq != 1 {
		t.Errorf("the privacy file's own order begins with %d", row.Seq)
	}
	if want := complaint.NewDay(2026, time.March, 27); start.Moments.LastDay != want || start.Transfer == 0 || !start.NotifyBy.IsZero() {
		t.Errorf("the file starts with %+v, want the last day %s", start, want)
	}
	var begun complaint.Start
	o.message(number, complaint.CommandStart, &begun)
	if begun.Referred == nil || len(begun.Referred.Letters) != 1 || !begun.Referred.Unconfirmed ||
		begun.Stage != complaint.Assessing || begun.WaitingFor != complaint.WaitOmbuds || begun.Acknowledgement == 0 {
		t.Errorf("the complaint starts with %+v", begun)
	}
	file := o.privacyFile(number)
	if file.Split != complaint.SplitUnconfirmed || file.Submission.Text != leak().Text || file.Stage != complaint.Received {
		t.Errorf("the DPO sees %+v", file)
	}
	own, err := o.File(t.Context(), officer, number)
	must(t, err)
	if own.Submission.Text != leak().Text || own.Referral == nil {
		t.Error("before the split is confirmed the officer reads the text too")
	}
}

func TestAPureComplaintsContentIsTheDPOsAlone(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	_, err := o.SplitPrivacy(t.Context(), dpo, casework.Once{}, number, casework.PrivacyReferral{Reasons: "Enkel gegevens.", SuspectedBreach: true})
	must(t, err)
	o.closeCase(number, complaint.ReferredPrivacy)
	if file := o.privacyFile(number); file.Stage == complaint.Closed {
		t.Error("the privacy file closed with the complaint")
	}

	own, err := o.File(t.Context(), officer, number)
	must(t, err)
	shown, err := json.Marshal(own)
	must(t, err)
	if contains(string(shown), "Verzonnen", "Bedachtelaan", "supplementen", "hospitalisatieverzekering", "HV/88") {
		t.Errorf("the officer's file shows what is the DPO's: %s", shown)
	}
	if own.Number != number || own.Result == nil || *own.Result != complaint.ReferredPrivacy || own.Referral == nil || own.ReceivedOn.IsZero() {
		t.Errorf("number, days and the referral are gone: %s", shown)
	}
	for _, sought := range []register.ComplaintFilter{{Q: "Verzonnen"}, {Q: "supplementen"}, {NISS: "65010199160"}} {
		page, err := o.Complaints(t.Context(), officer, sought)
		must(t, err)
		if len(page.Items) != 0 {
			t.Errorf("a search for %+v finds it", sought)
		}
	}
	page, err := o.Complaints(t.Context(), intake, register.ComplaintFilter{Q: string(number)})
	must(t, err)
	if len(page.Items) != 1 || page.Items[0].ComplainantName != "" || page.Items[0].Topic != "" {
		t.Errorf("the list shows %+v", page.Items)
	}
	referral := o.letters(number)[complaint.LetterPrivacyReferral].ID
	_, err = o.Letter(t.Context(), officer, referral)
	wantCategory(t, err, complaint.NotFound, "not_found")
	_, err = o.Letter(t.Context(), dpo, referral)
	must(t, err)
	document := o.privacyFile(number).Submission.Attachments[0].ID
	_, err = o.Attachment(t.Context(), officer, document)
	wantCategory(t, err, complaint.NotFound, "not_found")
	_, err = o.Attachment(t.Context(), dpo, document)
	must(t, err)

	file := o.privacyFile(number)
	if !file.SuspectedBreach || file.NotifyBy == nil || !file.NotifyBy.Equal(leak().ReceivedAt.Add(72*time.Hour)) {
		t.Errorf("a suspected breach shows as %+v until %v", file.SuspectedBreach, file.NotifyBy)
	}
}

func TestALetterWrittenAfterwardsDoesNotMakeAConcealedComplaintFoundAgain(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.ReferPrivacy(t.Context(), officer, casework.Once{}, number, pure)
	must(t, err)
	for _, kind := range []complaint.LetterKind{complaint.LetterPrivacyReferral, complaint.LetterPrivacyTransfer} {
		must(t, o.books.SaveRendered(t.Context(), o.privacyLetter(number, kind),
			complaint.RenderedLetter{Recipient: "dpo@example.org", Subject: "s", Text: "Geachte heer Verzonnen"}))
	}
	page, err := o.Complaints(t.Context(), officer, register.ComplaintFilter{Q: "Verzonnen"})
	must(t, err)
	if len(page.Items) != 0 {
		t.Error("the text of a letter brought it back into the search")
	}
}

func TestAnOfficerRefersOnceAndOnlyAnOpenCase(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.Ask(t.Context(), officer, casework.Once{}, number, casework.Question{Department: "HOSPITALISATIE", Question: "Wie zag dit?"})
	must(t, err)
	_, err = o.ReferPrivacy(t.Context(), officer, casework.Once{}, number, casework.PrivacyReferral{})
	wantField(t, err, "body.reasons")
	_, err = o.ReferPrivacy(t.Context(), officer, casework.Once{}, number, pure)
	must(t, err)
	var told complaint.PrivacyReferred
	o.message(number, complaint.ReferPrivacy, &told)
	if told.Mixed || len(told.Letters) == 0 {
		t.Errorf("the complaint's procedure hears %+v", told)
	}
	page, err := o.Consultations(t.Context(), handler, register.ConsultationFilter{})
	must(t, err)
	if len(page.Items) != 0 {
		t.Error("the department still sees the complaint")
	}
	_, err = o.ReferPrivacy(t.Context(), officer, casework.Once{}, number, pure)
	wantCategory(t, err, complaint.NotAllowedNow, "already_referred")
	_, err = o.Withdraw(t.Context(), officer, casework.Once{}, number, casework.WithdrawalNote{Reasons: "Opgelost."})
	wantCategory(t, err, complaint.NotAllowedNow, "referred_privacy")
	_, err = o.DecideOutcome(t.Context(), officer, casework.Once{}, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "referred_privacy")

	closed := o.entered(letter())
	o.closeCase(closed, complaint.Answered)
	_, err = o.ReferPrivacy(t.Context(), officer, casework.Once{}, closed, pure)
	wantCategory(t, err, complaint.NotAllowedNow, "closed")
	_, err = o.PrivacyFile(t.Context(), dpo, closed)
	wantCategory(t, err, complaint.NotFound, "not_found")
}

func TestAMixedLetterBecomesBothEachWithItsOwnClock(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	before, err := o.File(t.Context(), officer, number)
	must(t, err)
	_, err = o.ReferPrivacy(t.Context(), officer, casework.Once{}, number, casework.PrivacyReferral{Reasons: "Deels.", Mixed: true})
	must(t, err)
	after, err := o.File(t.Context(), officer, number)
	must(t, err)
	if after.LastDay != before.LastDay || after.Submission.Text == "" || o.privacyFile(number).LastDay == before.LastDay {
		t.Error("the complaint and the privacy file do not each have their own")
	}
	_, err = o.DecideOutcome(t.Context(), officer, casework.Once{}, number, founded())
	must(t, err) // the rest is answered as before
	o.closeCase(number, complaint.Answered)
	_, err = o.AnswerPrivacy(t.Context(), dpo, casework.Once{}, number, casework.PrivacyAnswer{Answer: "Hier zijn uw gegevens."})
	must(t, err)
}

func TestAWithdrawnMixedComplaintLeavesThePrivacyFileOpen(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.ReferPrivacy(t.Context(), officer, casework.Once{}, number, casework.PrivacyReferral{Reasons: "Deels.", Mixed: true})
	must(t, err)
	o.enterPrivacy(number)
	_, err = o.Withdraw(t.Context(), officer, casework.Once{}, number, casework.WithdrawalNote{Reasons: "Opgelost."})
	must(t, err)
	o.closeCase(number, complaint.Withdrawn)
	if file := o.privacyFile(number); file.Stage != complaint.Investigating {
		t.Errorf("the privacy file is %s", file.Stage)
	}
	_, err = o.AnswerPrivacy(t.Context(), dpo, casework.Once{}, number,
		casework.PrivacyAnswer{Answer: "Ook dit verzoek is ingetrokken.", Result: complaint.PrivacyWithdrawn})
	must(t, err)
}
