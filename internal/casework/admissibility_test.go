package casework_test

import (
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func refusal() casework.AdmissibilityDecision {
	return casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.NotOurService, Reasons: "Het ziekenhuis.", ReferTo: "De ombudsdienst van het ziekenhuis"}
}

func TestPersonJudgesAdmissibilityOnce(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	wantCategory(t, err, complaint.NotAllowedNow, "already_admissible")
	doubtful := letter()
	doubtful.Department = ""
	number = o.entered(doubtful)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	must(t, err)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	wantCategory(t, err, complaint.NotAllowedNow, "already_judged")
}

func TestRefusalThatTheFileContradictsIsNotAllowed(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, ground := range []complaint.Ground{complaint.Anonymous, complaint.TooOldNoInitiative} {
		_, err := o.DecideAdmissibility(t.Context(), officer, none, number,
			casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: ground, Reasons: "x"})
		wantCategory(t, err, complaint.NotAllowedNow, "ground_contradicted")
	}
}

func TestAdmissibilityDecisionNeedsItsGroundAndItsAddressee(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, c := range []struct {
		decision casework.AdmissibilityDecision
		field    string
	}{
		{casework.AdmissibilityDecision{Decision: complaint.FindPending}, "body.ground"},
		{casework.AdmissibilityDecision{Decision: complaint.FindPending, Ground: complaint.NotOurService}, "body.ground"},
		{casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.NotOurService, Reasons: "x"}, "body.refer_to"},
		{casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.FactsDateUnknown, Reasons: "x"}, "body.ground"},
		{casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.NotOurService}, "body.reasons"},
		{casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.NotOurService, Reasons: "x"}, "body.refer_to"},
		{casework.AdmissibilityDecision{Decision: complaint.FindReclassified, ReferTo: "NOWHERE"}, "body.refer_to"},
	} {
		_, err := o.DecideAdmissibility(t.Context(), officer, none, number, c.decision)
		wantField(t, err, c.field)
	}
}

func TestReclassifiedQuestionGoesToItsDepartmentAndEndsConsultations(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "ONTHAAL", Question: "Waarom?"})
	must(t, err)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number,
		casework.AdmissibilityDecision{Decision: complaint.FindReclassified, ReferTo: "LEDENBEHEER"})
	must(t, err)
	owed := o.letters(number)
	if owed[complaint.LetterReclassified].ID == 0 || *owed[complaint.LetterRequest].Department != "LEDENBEHEER" {
		t.Errorf("want a letter to the complainant and a request to LEDENBEHEER, got %+v", owed)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.Consultations[0].State != complaint.ConsultationEnded || *file.Admissibility.Decision != complaint.FindReclassified {
		t.Errorf("got %+v", file.Admissibility)
	}
}
