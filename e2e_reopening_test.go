package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// TestACaseIsOpenedAgain: answered once, opened again under its number with a
// second term, and answered a second time.
func TestACaseIsOpenedAgain(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	today := complaint.DayOf(time.Now())
	number, receipt := s.lodge("", s01(today.AddDays(-20)))
	s.reaches(number, "investigating", "ombuds")
	s.must(http.StatusAccepted, "POST", "/status/"+receipt+"/documents", "", map[string]any{"text": "Nog een bewijs."})
	require.Equal(t, true, s.listed(number)["new_document"])
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	s.reaches(number, "closed", "none")
	code, refusal := s.call("POST", "/status/"+receipt+"/documents", "", map[string]any{"text": "Nog een."})
	require.Equal(t, http.StatusConflict, code)
	require.Contains(t, refusal["detail"], "call")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/documents", "intake", map[string]any{"text": "Nog een."})

	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/reopening", "ombuds", map[string]any{"reasons": "Nieuwe stukken."})
	file := s.reaches(number, "investigating", "ombuds")
	require.Equal(t, today.AddDays(45).String(), file["last_day"])
	require.Nil(t, file["result"])
	require.Len(t, file["documents"], 2)
	s.showsItsTimer(number, "Day 45: answer due "+today.AddDays(45).String())
	question := s.consult(number, "GEZONDHEIDSZORGEN")
	s.answerConsultation(question, "GEZONDHEIDSZORGEN")
	s.reaches(number, "investigating", "ombuds")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	file = s.reaches(number, "closed", "none")
	require.Equal(t, "answered", file["result"])
	first := file["terms"].([]any)[0].(map[string]any)
	require.Equal(t, "answered", first["result"])
	require.NotNil(t, first["outcome"])
	require.Len(t, s.mailed("mail/"+number+"-reopened-*.eml"), 1)
	require.Len(t, s.mailed("mail/"+number+"-acknowledgement-*.eml"), 1)
	require.Len(t, s.mailed("mail/"+number+"-outcome-*.eml"), 2)
	s.keep(number, "reopened")
}

// TestAnEntryMadeInErrorIsVoided: the same letter typed in twice is shown to
// intake; the second entry is voided and its number stays.
func TestAnEntryMadeInErrorIsVoided(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	letter := s02(time.Now().AddDate(0, 0, -3))
	letter["reply_by"], letter["complainant"].(map[string]any)["email"] = "email", "karel.v@example.org"
	first, _ := s.lodge("intake", letter)
	again := s.must(http.StatusCreated, "POST", "/submissions", "intake", letter)
	require.Equal(t, []any{first}, again["possible_duplicates"])
	second := again["number"].(string)
	s.eventually(func() bool { return len(s.mailed("mail/"+second+"-acknowledgement-*.eml")) == 1 }, "the acknowledgement")
	require.Equal(t, []any{first}, s.file(second)["possible_duplicates"])

	s.must(http.StatusAccepted, "POST", "/complaints/"+second+"/void", "ombuds", map[string]any{"reasons": "Twee keer ingevoerd."})
	file := s.reaches(second, "closed", "none")
	require.Equal(t, "voided", file["result"])
	require.Equal(t, []string{"acknowledgement sent", "voided sent"}, letters(file))
	require.Empty(t, s.file(first)["possible_duplicates"])
	code, _ := s.call("POST", "/complaints/"+second+"/reopening", "ombuds", map[string]any{"reasons": "Toch."})
	require.Equal(t, http.StatusConflict, code)
	s.reaches(first, "investigating", "ombuds")
	s.keep(second, "voided")
}

// listed is a case as the list of complaints shows it.
func (s *stack) listed(number string) map[string]any {
	s.t.Helper()
	found := s.must(http.StatusOK, "GET", "/complaints?q="+number, "ombuds", nil)["items"].([]any)
	require.Len(s.t, found, 1)
	return found[0].(map[string]any)
}
