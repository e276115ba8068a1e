package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
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

// TestTheStory lets the letters of two people travel through all three steps.
func TestTheStory(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	today := complaint.DayOf(time.Now())
	web, receipt := s.lodge("", s01(today.AddDays(-60)))
	paper, _ := s.lodge("intake", s02(time.Now().AddDate(0, 0, -3)))

	s.reaches(web, "investigating", "ombuds")
	file := s.reaches(paper, "investigating", "ombuds")
	require.Equal(t, today.AddDays(42).String(), file["last_day"])
	s.eventually(func() bool { return len(s.mailed("mail/"+web+"-acknowledgement-*.eml")) == 1 }, "the e-mail acknowledgement")
	s.eventually(func() bool { return len(s.mailed("print/"+paper+"-acknowledgement-*.pdf")) == 1 }, "the printed acknowledgement")
	s.showsItsTimer(web, "Day 45: answer due "+today.AddDays(45).String())
	s.showsItsTimer(paper, "Day 45: answer due "+today.AddDays(42).String())

	first, second := s.consult(web, "GEZONDHEIDSZORGEN"), s.consult(web, "CONTACTCENTER")
	s.reaches(web, "investigating", "department:GEZONDHEIDSZORGEN")
	code, _ := s.call("GET", fmt.Sprint("/consultations/", first), handlerOf("CONTACTCENTER"), nil)
	require.Equal(t, http.StatusNotFound, code, "a handler sees the own department's questions only")
	code, _ = s.call("GET", "/complaints/"+web, handlerOf("GEZONDHEIDSZORGEN"), nil)
	require.Equal(t, http.StatusForbidden, code)
	s.answerConsultation(first, "GEZONDHEIDSZORGEN")
	code, _ = s.call("POST", fmt.Sprint("/consultations/", first, "/answer"), handlerOf("GEZONDHEIDSZORGEN"),
		map[string]any{"answer": "Teruggevonden in de verkeerde map."})
	require.Equal(t, http.StatusConflict, code, "the same command sent twice changes nothing")
	s.answerConsultation(second, "CONTACTCENTER")
	s.reaches(web, "investigating", "ombuds")

	s.must(http.StatusAccepted, "POST", "/complaints/"+web+"/outcome", "ombuds", outcomeBody())
	code, _ = s.call("POST", "/complaints/"+web+"/outcome", "ombuds", outcomeBody())
	require.Equal(t, http.StatusConflict, code)
	file = s.reaches(web, "closed", "none")
	require.Equal(t, "answered", file["result"])
	require.Len(t, s.mailed("mail/"+web+"-outcome-*.eml"), 1)
	require.Len(t, s.mailed("mail/"+web+"-recommendation-*.eml"), 1)
	status := s.must(http.StatusOK, "GET", "/status/"+receipt, "", nil)
	require.Equal(t, "closed", status["stage"])

	s.hasEnded(web)

	s.answerConsultation(s.consult(paper, "HOSPITALISATIE"), "HOSPITALISATIE")
	s.mailRoom(paper)
	s.hasEnded(paper)
	s.temporalKnowsNobody(web)
}

// TestAnOrganisationWalksTheWholeStory, in German and by its contact person.
func TestAnOrganisationWalksTheWholeStory(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	body := s01(complaint.DayOf(time.Now()).AddDays(-30))
	body["language"] = "de"
	body["complainant"] = map[string]any{
		"type": "organisation", "name": "Mieterbund Muster VoG", "contact_name": "Jürgen Muster", "email": "post@example.org",
	}
	number, _ := s.lodge("", body)
	s.reaches(number, "investigating", "ombuds")
	s.answerConsultation(s.consult(number, "INTERNATIONAAL"), "INTERNATIONAAL")
	s.reaches(number, "investigating", "ombuds")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	file := s.reaches(number, "closed", "none")
	require.Equal(t, []string{"acknowledgement sent", "consultation sent", "outcome sent", "recommendation sent"}, letters(file))
	s.hasEnded(number)
}

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

// temporalKnowsNobody searches all that Temporal has kept for what people wrote.
func (s *stack) temporalKnowsNobody(number string) {
	s.t.Helper()
	files, err := filepath.Glob(s.folder.Path("temporal.db*"))
	require.NoError(s.t, err)
	var kept []byte
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(s.t, err)
		kept = append(kept, content...)
	}
	require.True(s.t, bytes.Contains(kept, []byte(number)), "the search finds what is there")
	for _, personal := range []string{
		"Voorbeeldmans", "lotte.v", "Fictiestraat", "94051199802", "kinesist", "Verzonnen", "Inventée", "suppléments",
		"Waar zijn de", "verkeerde map", "87,50", "ombuds-1",
	} {
		require.False(s.t, bytes.Contains(kept, []byte(personal)), "Temporal knows %q", personal)
	}
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

// TestRefusalsWaitForAnOfficer: anonymous, too old and not our service.
func TestRefusalsWaitForAnOfficer(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	today := complaint.DayOf(time.Now())
	refuse := func(number string, ground complaint.Ground) map[string]any {
		s.reaches(number, "assessing", "ombuds")
		s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/admissibility", "ombuds",
			map[string]any{"decision": "inadmissible", "ground": ground, "reasons": "Zie de procedure.", "refer_to": "Ombudsfunctie van het ziekenhuis"})
		return s.reaches(number, "closed", "none")
	}
	anonymous := s02(time.Now().AddDate(0, 0, -1))
	anonymous["complainant"] = map[string]any{}
	number, _ := s.lodge("intake", anonymous)
	require.Empty(t, letters(refuse(number, complaint.Anonymous)), "nobody can be written to")

	old := s01(today.AddDays(-400))
	old["initiatives"] = nil
	number, _ = s.lodge("", old)
	require.Equal(t, []string{"acknowledgement sent", "inadmissible sent"}, letters(refuse(number, complaint.TooOldNoInitiative)))
	s.keep(number, "inadmissible")

	elsewhere := s01(today.AddDays(-40))
	elsewhere["department"] = nil
	number, _ = s.lodge("", elsewhere)
	require.Equal(t, []string{"acknowledgement sent", "inadmissible sent"}, letters(refuse(number, complaint.NotOurService)))

	question := s01(today.AddDays(-40))
	question["facts_on"], question["initiatives"] = nil, nil
	number, _ = s.lodge("", question)
	s.reaches(number, "assessing", "ombuds")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/admissibility", "ombuds",
		map[string]any{"decision": "reclassified", "ground": complaint.InformationRequest, "reasons": "Een vraag om inlichtingen.", "refer_to": "LEDENBEHEER"})
	file := s.reaches(number, "closed", "none")
	require.Equal(t, []string{"acknowledgement sent", "reclassified sent", "request sent"}, letters(file))
	s.keep(number, "reclassified")
}

// TestLettersEnteredLate: under its own date a letter may be overdue at once.
func TestLettersEnteredLate(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	late, _ := s.lodge("intake", s02(time.Now().AddDate(0, 0, -46)))
	soon, _ := s.lodge("intake", s02(time.Now().AddDate(0, 0, -44)))
	s.eventually(func() bool { return len(s.mailed("print/"+late+"-late-notice-*.pdf")) == 1 }, "one late notice")
	file := s.file(late)
	require.Equal(t, true, file["overdue"])
	require.NotContains(t, kindsOf(file), "warned")
	s.eventually(func() bool { return strings.Contains(kindsOf(s.file(soon)), "warned") }, "one warning")
	require.Equal(t, 1, strings.Count(kindsOf(s.file(soon)), "warned"))

	organisation := s01(complaint.DayOf(time.Now()).AddDays(-30))
	organisation["complainant"] = map[string]any{"type": "organisation", "name": "Huurdersbond Voorbeeld vzw", "email": "post@example.org"}
	number, _ := s.lodge("", organisation)
	s.reaches(number, "investigating", "ombuds")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/withdrawal", "ombuds", map[string]any{"reasons": "Opgelost aan het loket."})
	file = s.reaches(number, "closed", "none")
	require.Equal(t, "withdrawn", file["result"])
	require.Equal(t, []string{"acknowledgement sent", "withdrawal sent"}, letters(file))
	s.keep(number, "withdrawn")
	s.mailRoom(late)
	s.keep(late, "overdue")
}

// TestLodgingDoesNotWaitForTemporal: the API starts and answers without it.
func TestLodgingDoesNotWaitForTemporal(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	require.NoError(t, s.server.Stop())
	s.start("api", "")
	number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-20)))
	require.Equal(t, "received", s.file(number)["stage"])
	s.restartTemporal()
	s.start("worker", "")
	s.reaches(number, "investigating", "ombuds")
}

func kindsOf(file map[string]any) string {
	var kinds []string
	list, _ := file["events"].([]any)
	for _, e := range list {
		kinds = append(kinds, fmt.Sprint(e.(map[string]any)["kind"]))
	}
	return strings.Join(kinds, " ")
}
