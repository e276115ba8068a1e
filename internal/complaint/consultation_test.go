package complaint

import (
	"errors"
	"testing"
)

// codeOf is the code of a refusal; empty: allowed.
func codeOf(err error) string {
	if refusal, ok := errors.AsType[*Error](err); ok {
		return refusal.Code
	}
	return ""
}

var asked = []Consultation{
	{ID: 1, Department: "POST", State: ConsultationOpen},
	{ID: 2, Department: "ONTHAAL", State: ConsultationAnswered},
	{ID: 3, Department: "UITKERINGEN", State: ConsultationHandedOver},
	{ID: 4, Department: "HOSPITALISATIE", State: ConsultationOpen},
	{ID: 5, Department: "LEDENBEHEER", State: ConsultationEnded},
}

func TestASecondQuestionWaitsForTheAnswerOrNamesTheOpenOne(t *testing.T) {
	for _, c := range []struct {
		name, department string
		followUpTo       int64
		want             string
	}{
		{"a department that was asked nothing", "CONTACTCENTER", 0, ""},
		{"after the answer", "ONTHAAL", 0, ""},
		{"after the answer, as a follow-up", "ONTHAAL", 2, ""},
		{"after it handed the question over", "UITKERINGEN", 0, ""},
		{"while its answer is awaited", "POST", 0, "consultation_open"},
		{"while its answer is awaited, as a follow-up", "POST", 1, ""},
		{"as a follow-up to another department's question", "POST", 4, "no_such_question"},
		{"as a follow-up to nothing", "CONTACTCENTER", 9, "no_such_question"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := codeOf(MayAsk(asked, c.department, c.followUpTo)); got != c.want {
				t.Errorf("refused with %q, want %q", got, c.want)
			}
		})
	}
}

func TestOnlyAnOpenQuestionIsHandedOverAndToAnotherDepartment(t *testing.T) {
	for _, c := range []struct {
		name     string
		question int
		to, want string
	}{
		{"to a department that was asked nothing", 0, "CONTACTCENTER", ""},
		{"to a department that has answered", 0, "ONTHAAL", ""},
		{"to a department that handed it over", 0, "UITKERINGEN", ""},
		{"to itself", 0, "POST", "same_department"},
		{"to a department that owes an answer", 0, "HOSPITALISATIE", "consultation_open"},
		{"an answered one", 1, "CONTACTCENTER", "not_open"},
		{"one that was handed over", 2, "CONTACTCENTER", "not_open"},
		{"one that is no longer needed", 4, "CONTACTCENTER", "not_open"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := codeOf(MayHandOver(asked[c.question], asked, c.to)); got != c.want {
				t.Errorf("refused with %q, want %q", got, c.want)
			}
		})
	}
}

func TestAnAnswerComesOnceAlsoLateButNotAfterAHandOver(t *testing.T) {
	for state, want := range map[ConsultationState]string{
		ConsultationOpen: "", ConsultationEnded: "", ConsultationAnswered: "already_answered",
		ConsultationLate: "already_answered", ConsultationHandedOver: "handed_over",
	} {
		if got := codeOf(Consultation{State: state}.MayAnswer()); got != want {
			t.Errorf("%s: refused with %q, want %q", state, got, want)
		}
	}
}
