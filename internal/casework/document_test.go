package casework_test

import (
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

var proof = casework.Addition{Text: "Het bewijs.",
	Attachments: []complaint.Attachment{{Name: "bewijs.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.4")}}}

func TestARepresentativeWithoutAMandateDoesNotHearHowTheCaseEnded(t *testing.T) {
	o := newOffice(t)
	r := o.lodge(intake, neighbour())
	o.enter(r.Number)
	_, err := o.ReferPrivacy(t.Context(), officer, none, r.Number, pure)
	must(t, err)
	o.closeCase(r.Number, complaint.ReferredPrivacy)
	_, err = o.SendDocuments(t.Context(), public, none, r.ReceiptCode, casework.Addition{Text: "Nog iets."})
	wantCategory(t, err, complaint.NotAllowedNow, "closed")
	if strings.Contains(err.Error(), "data protection") {
		t.Errorf("it says: %v", err)
	}
}

func TestComplainantAddsToAnOpenCaseAndNothingElseMoves(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(public, webForm())
	before := len(o.rows(receipt.Number))
	status, err := o.SendDocuments(t.Context(), public, none, strings.ToLower(receipt.ReceiptCode), proof)
	must(t, err)
	if status.Number != receipt.Number || status.Stage != complaint.Received || len(o.rows(receipt.Number)) != before {
		t.Errorf("the case moved: %+v", status)
	}
	if !o.listed(receipt.Number).NewDocument {
		t.Error("the officer's list does not show the new document")
	}
	file, err := o.File(t.Context(), officer, receipt.Number)
	must(t, err)
	if len(file.Documents) != 1 || file.Documents[0].AddedBy != "" || file.Documents[0].Late || file.Documents[0].Text != proof.Text {
		t.Errorf("the file has %+v", file.Documents)
	}
	last := file.Submission.Attachments[len(file.Submission.Attachments)-1]
	if last.Name != "bewijs.pdf" || last.Document == nil || *last.Document != file.Documents[0].ID {
		t.Errorf("the file has %+v", last)
	}
	if event := file.Events[len(file.Events)-1]; event.Kind != "document_added" || event.Actor != "public" ||
		strings.Contains(string(event.Details), "bewijs") {
		t.Errorf("the history says %+v", event)
	}
	if o.listed(receipt.Number).NewDocument {
		t.Error("it is still new after an officer opened the file")
	}
}

func (o *office) listed(number complaint.Number) register.ComplaintRow {
	o.t.Helper()
	page, err := o.Complaints(o.t.Context(), officer, register.ComplaintFilter{Q: string(number)})
	must(o.t, err)
	if len(page.Items) != 1 {
		o.t.Fatalf("%d complaints of that number", len(page.Items))
	}
	return page.Items[0]
}

func TestAfterClosingTheComplainantIsToldWhatToDoAndStaffKeepsLateDocuments(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(public, webForm())
	o.enter(receipt.Number)
	o.closeCase(receipt.Number, complaint.Answered)
	_, err := o.SendDocuments(t.Context(), public, none, receipt.ReceiptCode, proof)
	wantCategory(t, err, complaint.NotAllowedNow, "closed")
	if !contains(err.Error(), "call") {
		t.Errorf("it does not say what to do: %v", err)
	}
	_, err = o.AddDocuments(t.Context(), intake, none, receipt.Number, proof)
	must(t, err)
	file, err := o.File(t.Context(), officer, receipt.Number)
	must(t, err)
	if file.Stage != complaint.Closed || len(file.Documents) != 1 || !file.Documents[0].Late || file.Documents[0].AddedBy != "ines" {
		t.Errorf("%s, documents %+v", file.Stage, file.Documents)
	}
}

func TestAnAdditionSaysSomethingAndHasTheLimitsOfALodging(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(public, webForm())
	_, err := o.SendDocuments(t.Context(), public, none, receipt.ReceiptCode, casework.Addition{Text: "  "})
	wantField(t, err, "body.text")
	large := complaint.Attachment{Name: "a.pdf", MediaType: "application/pdf", Content: make([]byte, 10<<20+1)}
	_, err = o.SendDocuments(t.Context(), public, none, receipt.ReceiptCode, casework.Addition{Attachments: []complaint.Attachment{large}})
	wantCategory(t, err, complaint.TooLarge, "attachments_too_large")
	_, err = o.SendDocuments(t.Context(), public, none, "0000-0000-0000-0000-0000-0000", proof)
	wantCategory(t, err, complaint.NotFound, "not_found")
}

func TestAnInternalNoteStaysInside(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.AddNote(t.Context(), officer, none, number, casework.Remark{Text: "Gebeld met de dienst."})
	must(t, err)
	for _, actor := range []casework.Actor{public, intake, handler, supervisor, admin} {
		_, err := o.AddNote(t.Context(), actor, none, number, casework.Remark{Text: "x"})
		wantCategory(t, err, complaint.Forbidden, "forbidden")
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if len(file.Notes) != 1 || file.Notes[0].NotedBy != "olga" || file.Notes[0].Text != "Gebeld met de dienst." {
		t.Errorf("the file has %+v", file.Notes)
	}
	if event := file.Events[len(file.Events)-1]; event.Kind != "noted" || strings.Contains(string(event.Details), "Gebeld") {
		t.Errorf("the history says %+v", event)
	}
}

func TestASecondComplaintOnTheSameMatterIsShownLinkedAndNeverSwallowed(t *testing.T) {
	o := newOffice(t)
	first := o.entered(letter())
	again := letter()
	again.Text = "Mijn hospitalisatieverzekering weigert de supplementen van de opname in januari te betalen."
	o.now = o.now.Add(time.Hour)
	second := o.lodge(intake, again)
	if len(second.PossibleDuplicates) != 1 || second.PossibleDuplicates[0] != first {
		t.Errorf("intake is shown %v", second.PossibleDuplicates)
	}
	other := letter()
	other.Topic, other.Text = "onthaal", "De medewerker aan het loket in Vorst was onbeleefd."
	if third := o.lodge(intake, other); len(third.PossibleDuplicates) != 0 {
		t.Errorf("a different matter is shown as %v", third.PossibleDuplicates)
	}
	if shown := o.duplicates(first); len(shown) != 1 || shown[0] != second.Number {
		t.Errorf("the officer is shown %v", shown)
	}
	_, err := o.Link(t.Context(), intake, none, second.Number, casework.SameMatter{Number: first, Reasons: "Zelfde opname."})
	must(t, err)
	for one, to := range map[complaint.Number]complaint.Number{first: second.Number, second.Number: first} {
		file, err := o.File(t.Context(), officer, one)
		must(t, err)
		if len(file.Links) != 1 || file.Links[0].Number != to || len(file.Duplicates) != 0 || file.Stage == complaint.Closed {
			t.Errorf("%s: %+v, duplicates %v", one, file.Links, file.Duplicates)
		}
	}
	_, err = o.Link(t.Context(), officer, none, first, casework.SameMatter{Number: second.Number, Reasons: "Nog eens."})
	wantCategory(t, err, complaint.NotAllowedNow, "already_linked")
	for _, wrong := range []complaint.Number{first, "2026-999999", "x"} {
		_, err = o.Link(t.Context(), officer, none, first, casework.SameMatter{Number: wrong, Reasons: "x"})
		wantField(t, err, "body.number")
	}
}

func (o *office) duplicates(number complaint.Number) []complaint.Number {
	o.t.Helper()
	file, err := o.File(o.t.Context(), officer, number)
	must(o.t, err)
	return file.Duplicates
}

func TestThePublicIsNotToldWhatTheRegisterHolds(t *testing.T) {
	o := newOffice(t)
	o.lodge(public, webForm())
	if again := o.lodge(public, webForm()); again.PossibleDuplicates != nil {
		t.Errorf("the public is shown %v", again.PossibleDuplicates)
	}
}

func TestDocumentsForWhatTheDPOAnswersGoToTheDPO(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(public, webForm())
	o.enter(receipt.Number)
	o.closeCase(receipt.Number, complaint.ReferredPrivacy)
	_, err := o.SendDocuments(t.Context(), public, none, receipt.ReceiptCode, proof)
	wantCategory(t, err, complaint.NotAllowedNow, "closed")
	if !contains(err.Error(), o.Organisation.DPOMail) {
		t.Errorf("it does not say where to: %v", err)
	}
}

func TestAWithdrawalIsTakenAndConfirmedAtAnyMomentBeforeTheDecision(t *testing.T) {
	o := newOffice(t)
	doubtful := letter()
	doubtful.Department = ""
	moments := map[string]complaint.Number{
		"before the procedure has it": o.lodge(intake, letter()).Number,
		"while assessing":             o.entered(doubtful),
		"while consulting":            o.entered(letter()),
	}
	_, err := o.Ask(t.Context(), officer, none, moments["while consulting"], casework.Question{Department: "ONTHAAL", Question: "Waarom?"})
	must(t, err)
	for moment, number := range moments {
		_, err := o.Withdraw(t.Context(), officer, none, number, casework.WithdrawalNote{Reasons: "Opgelost."})
		must(t, err)
		if confirmation, owed := o.letters(number)[complaint.LetterWithdrawal]; !owed || confirmation.State != complaint.LetterOwed {
			t.Errorf("%s: the confirmation is %+v", moment, confirmation)
		}
	}
	file, err := o.File(t.Context(), officer, moments["while consulting"])
	must(t, err)
	if file.Consultations[0].State != complaint.ConsultationEnded {
		t.Errorf("the department is still asked: %s", file.Consultations[0].State)
	}
}
