package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

// people counts those who write by the web form, each with an address of their own:
// one address gets some letters a day only.
var people atomic.Int64

// s01 is a letter by the web form, s02 one by post; their dates are given.
func s01(facts complaint.Day) map[string]any {
	return map[string]any{
		"intake": "web_form", "language": "nl", "reply_by": "email",
		"complainant": map[string]any{
			"type": "person", "name": "Lotte Voorbeeldmans", "salutation": "mevrouw",
			"street": "Fictiestraat 12 bus 3", "postcode": "1080", "city": "Sint-Jans-Molenbeek",
			"is_member": true, "niss": "94051199802", "email": fmt.Sprintf("lotte.v%d@example.org", people.Add(1)), "phone": nil,
		},
		"representative": nil, "facts_on": facts, "department": "GEZONDHEIDSZORGEN",
		"initiatives": []any{map[string]any{"on": facts.AddDays(19), "how": "phone"}},
		"topic":       "Terugbetaling kinesitherapie laat op zich wachten",
		"text":        "Drie getuigschriften van mijn kinesist, samen 87,50 euro, staan nog altijd niet op mijn rekening.",
	}
}

func s02(received time.Time) map[string]any {
	return map[string]any{
		"intake": "post", "language": "fr", "reply_by": "post", "received_at": received.Format(time.RFC3339),
		"complainant": map[string]any{
			"type": "person", "name": "Karel Verzonnen", "salutation": "Monsieur",
			"street": "avenue Inventée 101", "postcode": "1020", "city": "Laeken", "is_member": false,
		},
		"facts_on": complaint.DayOf(received).AddDays(-15), "department": "HOSPITALISATIE",
		"contested_decision": map[string]any{"on": complaint.DayOf(received).AddDays(-15), "reference": "H-1"},
		"topic":              "Refus de l'assurance hospitalisation",
		"text":               "Votre service refuse de rembourser les suppléments de mon hospitalisation.",
	}
}

func outcomeBody() map[string]any {
	return map[string]any{
		"findings":   []any{map[string]any{"point": "Late terugbetaling", "verdict": "founded", "reasons": "De getuigschriften waren verkeerd geklasseerd."}},
		"verdict":    "founded",
		"resolution": "resolved",
		"remedy":     "87,50 euro is vandaag betaald.",
		"norms":      []any{"reasonable_time"},
		"recommendations": []any{map[string]any{
			"department": "GEZONDHEIDSZORGEN", "text": "Scan elk getuigschrift op de dag van ontvangst.",
			"due_on": complaint.DayOf(time.Now()).AddDays(60),
		}},
	}
}

func (s *stack) lodge(who string, body map[string]any) (number, receipt string) {
	s.t.Helper()
	answer := s.must(http.StatusCreated, "POST", "/submissions", who, body)
	return answer["number"].(string), answer["receipt_code"].(string)
}

// consult asks a department and lets its handler answer.
func (s *stack) consult(number, department string) int64 {
	s.t.Helper()
	c := s.must(http.StatusCreated, "POST", "/complaints/"+number+"/consultations", "ombuds",
		map[string]any{"department": department, "question": "Waar zijn de getuigschriften?"})
	return int64(c["id"].(float64))
}

func (s *stack) answerConsultation(id int64, department string) {
	s.t.Helper()
	s.must(http.StatusAccepted, "POST", fmt.Sprint("/consultations/", id, "/answer"), handlerOf(department),
		map[string]any{"answer": "Teruggevonden in de verkeerde map.", "proposed_remedy": "Betaling vandaag."})
}

func handlerOf(department string) string { return "handler-" + strings.ToLower(department) }

// hasEnded checks that nothing of a procedure is left, its timers included.
func (s *stack) hasEnded(number string) {
	s.t.Helper()
	var run *workflowservice.DescribeWorkflowExecutionResponse
	s.eventually(func() bool {
		var err error
		run, err = s.temporal.DescribeWorkflowExecution(s.t.Context(), workflows.ComplaintID(complaint.Number(number)), "")
		require.NoError(s.t, err)
		return run.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED
	}, "the procedure of %s ends", number)
	require.Empty(s.t, run.GetPendingActivities())
}

// mailRoom decides a case and posts its letters as they are printed: the case
// closes when the last one is on its way.
func (s *stack) mailRoom(number string) {
	s.t.Helper()
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	s.reaches(number, "answering", "mail_room")
	s.closes(number)
}

// closes waits for a case's end, posting what is printed on the way.
func (s *stack) closes(number string) map[string]any {
	s.t.Helper()
	var file map[string]any
	s.eventually(func() bool {
		file = s.postPrinted(number)
		return file["stage"] == "closed"
	}, "%s closes", number)
	return file
}

// postPrinted posts a case's printed letters, as the mail room does.
func (s *stack) postPrinted(number string) map[string]any {
	file := s.file(number)
	for _, l := range file["letters"].([]any) {
		letter := l.(map[string]any)
		if letter["state"] == "printed" {
			s.must(http.StatusAccepted, "POST", fmt.Sprint("/letters/", letter["id"], "/dispatch"), "intake",
				map[string]any{"posted_on": complaint.DayOf(time.Now())})
		}
	}
	return file
}

func kindsOf(file map[string]any) string {
	var kinds []string
	list, _ := file["events"].([]any)
	for _, e := range list {
		kinds = append(kinds, fmt.Sprint(e.(map[string]any)["kind"]))
	}
	return strings.Join(kinds, " ")
}
