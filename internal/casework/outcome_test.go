package casework_test

import (
	"strings"
	"sync"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func founded() casework.OutcomeDecision {
	return casework.OutcomeDecision{
		Findings: []complaint.PointFinding{{Point: "De weigering", Verdict: complaint.Founded, Reasons: "Er was geen wachttijd."}},
		Verdict:  complaint.Founded, Resolution: complaint.Resolved, Remedy: "Terugbetaling van 87,50 euro.",
		Norms:           []complaint.Norm{"sufficient_reasons"},
		Recommendations: []complaint.Recommendation{{Department: "HOSPITALISATIE", Text: "Vermeld het artikel."}},
	}
}

func TestOutcomeNeedsAnAdmissibleComplaint(t *testing.T) {
	o := newOffice(t)
	doubtful := letter()
	doubtful.Department = ""
	number := o.entered(doubtful)
	_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "not_admissible")
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
}

func TestOfTwoOutcomesAtOneMomentOneStands(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	var officers sync.WaitGroup
	results := make(chan error, 6)
	for range 6 {
		officers.Go(func() {
			_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
			results <- err
		})
	}
	officers.Wait()
	close(results)
	accepted := 0
	for err := range results {
		if err == nil {
			accepted++
			continue
		}
		wantCategory(t, err, complaint.NotAllowedNow, "outcome_given")
	}
	if accepted != 1 {
		t.Errorf("%d outcomes were accepted", accepted)
	}
	var decided complaint.OutcomeDecided
	o.message(number, complaint.DecideOutcome, &decided)
	owed := o.letters(number)
	if len(decided.Letters) != 2 || owed[complaint.LetterOutcome].ID != decided.Letters[0] || owed[complaint.LetterRecommendation].ID != decided.Letters[1] {
		t.Errorf("want the outcome letter and one recommendation, got %v", decided.Letters)
	}
}

func TestOutcomeNamesTheDepartmentsThatOweAnAnswer(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, department := range []string{"UITKERINGEN", "HOSPITALISATIE"} {
		_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: department, Question: "Waarom?"})
		must(t, err)
	}
	_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "consultations_open")
	if !strings.Contains(err.Error(), "HOSPITALISATIE, UITKERINGEN") {
		t.Errorf("the refusal names no departments: %v", err)
	}
	without := founded()
	without.WithoutAnswers = "De stukken volstaan."
	_, err = o.DecideOutcome(t.Context(), officer, none, number, without)
	must(t, err)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	for _, c := range file.Consultations {
		if c.State != complaint.ConsultationEnded {
			t.Errorf("the consultation of %s is %s", c.Department, c.State)
		}
	}
}
