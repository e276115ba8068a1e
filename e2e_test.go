package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

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
