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
// in a procedure of its own; the complaint ends referred, and once the split is
// confirmed its content is the DPO's alone.
func TestOfTheRouteToTheDPO(t *testing.T) {
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	letter := s01(complaint.DayOf(time.Now()).AddDays(-20))
	letter["concerns_privacy"] = true
	number, _ := s.lodge("", letter)
	require.Equal(t, "referred_privacy", s.reaches(number, "closed", "none")["result"])
	file := s.privacyReaches(number, "investigating", "dpo")
	require.Equal(t, letter["text"], file["submission"].(map[string]any)["text"])
	require.Equal(t, "unconfirmed", file["split"])
	require.Len(t, s.mailed("mail/"+number+"-privacy-referral-*.eml"), 1)
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-privacy-transfer-*.eml")) == 1 }, "the letter to the DPO")
	code, _ := s.call("GET", "/privacy/"+number, "ombuds", nil)
	require.Equal(t, http.StatusForbidden, code)

	s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/split", "dpo", map[string]any{"reasons": "Alleen gegevens.", "suspected_breach": true})
	own, err := json.Marshal(s.file(number))
	require.NoError(t, err)
	require.NotContains(t, string(own), "Voorbeeldmans")
	require.NotContains(t, string(own), "kinesist")
	require.Empty(t, s.must(http.StatusOK, "GET", "/complaints?q=Voorbeeldmans", "ombuds", nil)["items"])

	s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/extension", "dpo", map[string]any{"reasons": "Veel stukken."})
	s.must(http.StatusConflict, "POST", "/privacy/"+number+"/extension", "dpo", map[string]any{"reasons": "Nog meer."})
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-privacy-extension-*.eml")) == 1 }, "the letter of extension")
	s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/answer", "dpo", map[string]any{"answer": "U krijgt inzage."})
	file = s.privacyReaches(number, "closed", "none")
	require.Equal(t, "answered", file["result"])
	require.Len(t, s.mailed("mail/"+number+"-privacy-answer-*.eml"), 1)
	require.Contains(t, s.verify(), "all is well")
	s.keep(number, "referred")
	s.keepOf("privacy-"+number, "privacy")
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
