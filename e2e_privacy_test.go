package main

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// TestOfTheRouteToTheDPO: a letter about personal data goes to the DPO at once,
// in a procedure of its own; the complaint stays open on its own clock until the
// DPO confirms that all of it is about personal data. Then it ends referred, and
// its content is the DPO's alone.
func TestOfTheRouteToTheDPO(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	letter := s01(complaint.DayOf(time.Now()).AddDays(-20))
	letter["concerns_privacy"] = true
	number, receipt := s.lodge("", letter)
	s.reaches(number, "assessing", "ombuds")
	file := s.privacyReaches(number, "investigating", "dpo")
	require.Equal(t, letter["text"], file["submission"].(map[string]any)["text"])
	require.Equal(t, "unconfirmed", file["split"])
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-acknowledgement-*.eml")) == 1 }, "the acknowledgement")
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-privacy-referral-*.eml")) == 1 }, "the referral")
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-privacy-transfer-*.eml")) == 1 }, "the letter to the DPO")
	code, _ := s.call("GET", "/privacy/"+number, "ombuds", nil)
	require.Equal(t, http.StatusForbidden, code)

	code, _ = s.call("POST", "/privacy/"+number+"/split", "dpo", map[string]any{"reasons": "Alleen gegevens."})
	require.Equal(t, http.StatusUnprocessableEntity, code, "it is said which part")
	s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/split", "dpo",
		map[string]any{"reasons": "Alleen gegevens.", "mixed": false, "suspected_breach": true})
	require.Equal(t, "referred_privacy", s.reaches(number, "closed", "none")["result"])
	own, err := json.Marshal(s.file(number))
	require.NoError(t, err)
	require.NotContains(t, string(own), "Voorbeeldmans")
	require.NotContains(t, string(own), "kinesist")
	require.Empty(t, s.must(http.StatusOK, "GET", "/complaints?q=Voorbeeldmans", "ombuds", nil)["items"])
	status := s.must(http.StatusOK, "GET", "/status/"+receipt, "", nil)
	require.Equal(t, "dpo", status["answered_by"])
	require.Equal(t, file["last_day"], status["last_day"])

	s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/extension", "dpo", map[string]any{"reasons": "Veel stukken."})
	s.must(http.StatusConflict, "POST", "/privacy/"+number+"/extension", "dpo", map[string]any{"reasons": "Nog meer."})
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-privacy-extension-*.eml")) == 1 }, "the letter of extension")
	s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/answer", "dpo", map[string]any{"answer": "U krijgt inzage."})
	s.privacyReaches(number, "answering", "dpo") // the authority has still to be told
	s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/breach-notification", "dpo", map[string]any{"notified_at": time.Now()})
	file = s.privacyReaches(number, "closed", "none")
	require.Equal(t, "answered", file["result"])
	require.Len(t, s.mailed("mail/"+number+"-privacy-answer-*.eml"), 1)
	require.Contains(t, s.verify(), "all is well")
	s.keep(number, "referred")
	s.keepOf("privacy-"+number, "privacy")
}

// TestWhatClosedWronglyGoesOnUnderItsOriginalDay0: a refusal by e-mail and a
// referral have each closed a case; taken back, both go on in the term they had,
// and the one that is past its last day is overdue at once.
func TestWhatClosedWronglyGoesOnUnderItsOriginalDay0(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	today := complaint.DayOf(time.Now())
	old := s01(today.AddDays(-60))
	old["intake"], old["received_at"] = "email", time.Now().AddDate(0, 0, -46)
	refused, _ := s.lodge("intake", old)
	s.reaches(refused, "investigating", "ombuds")
	s.must(http.StatusAccepted, "POST", "/complaints/"+refused+"/admissibility", "ombuds", map[string]any{
		"decision": "inadmissible", "ground": "NOT_OUR_SERVICE", "reasons": "Het ziekenhuis.", "refer_to": "HOSPITAL_OMBUDS"})
	s.reaches(refused, "closed", "none")
	s.must(http.StatusAccepted, "POST", "/complaints/"+refused+"/admissibility", "ombuds", map[string]any{
		"decision": "admissible", "reasons": "Het gaat toch over onze dienst."})
	file := s.reaches(refused, "investigating", "ombuds")
	require.Equal(t, today.AddDays(-1).String(), file["last_day"])
	require.Empty(t, file["terms"])
	require.Len(t, file["continuations"], 1)
	s.eventually(func() bool { return s.listed(refused)["overdue"] == true }, "overdue again")
	s.eventually(func() bool { return len(s.mailed("mail/"+refused+"-reversal-*.eml")) == 1 }, "the reversal")
	s.must(http.StatusAccepted, "POST", "/complaints/"+refused+"/outcome", "ombuds", outcomeBody())
	s.reaches(refused, "closed", "none")
	require.LessOrEqual(t, len(s.mailed("mail/"+refused+"-late-notice-*.eml")), 1)
	s.keep(refused, "gone-on")

	letter := s01(today.AddDays(-20))
	letter["concerns_privacy"] = true
	number, _ := s.lodge("", letter)
	s.privacyReaches(number, "investigating", "dpo")
	lastDay := s.reaches(number, "assessing", "ombuds")["last_day"]
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/privacy-referral", "ombuds", map[string]any{"reasons": "Alles.", "mixed": false})
	s.reaches(number, "closed", "none")
	s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/split", "dpo", map[string]any{"reasons": "Ook een klacht.", "mixed": true})
	file = s.reaches(number, "investigating", "ombuds")
	require.Equal(t, lastDay, file["last_day"])
	require.Equal(t, letter["text"], file["submission"].(map[string]any)["text"])
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-privacy-split-*.eml")) == 2 }, "what was confirmed and its correction")
	require.Contains(t, s.verify(), "all is well")
}

// privacyReaches waits until a privacy file stands where it should.
func (s *stack) privacyReaches(number, stage, waiting string) map[string]any {
	s.t.Helper()
	var file map[string]any
	s.eventually(func() bool {
		_, file = s.call("GET", "/privacy/"+number, "dpo", nil)
		return file["stage"] == stage && file["waiting_for"] == waiting
	}, "privacy file %s reaches %s, waiting for %s", number, stage, waiting)
	return file
}
