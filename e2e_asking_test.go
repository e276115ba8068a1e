package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatIsMissingIsAskedFor: a neighbour writes without a mandate. The
// complainant is asked for it, the receipt code tells nothing meanwhile, and the
// case goes on under its day 0 when the mandate comes.
func TestWhatIsMissingIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	letter := s02(time.Now().AddDate(0, 0, -3))
	letter["reply_by"] = "email"
	letter["complainant"].(map[string]any)["email"] = "karel.v@example.org"
	letter["representative"] = map[string]any{"name": "Els Voorbeeld", "email": "els.v@example.org", "mandate": "none"}
	number, receipt := s.lodge("intake", letter)
	file := s.reaches(number, "assessing", "complainant")
	require.Equal(t, "MANDATE_MISSING", file["pending"].(map[string]any)["reason"])
	require.Equal(t, "asked", file["representation"].(map[string]any)["mandate"])
	require.Equal(t, []any{"mandate_arrives"}, file["admissibility"].(map[string]any)["would_change"])
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-missing-*.eml")) == 1 }, "what is missing is asked")
	status := s.must(http.StatusOK, "GET", "/status/"+receipt, "", nil)
	require.Equal(t, "assessing", status["stage"])
	require.Nil(t, status["last_day"])

	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/complainant-reply", "intake", map[string]any{
		"kind": "mandate", "mandate": map[string]any{"mandate": "attached", "scope": "cette plainte", "copy_to_complainant": true},
		"attachments": []any{map[string]any{"name": "procuration.pdf", "media_type": "application/pdf", "content": []byte("%PDF-1.4")}},
	})
	after := s.reaches(number, "investigating", "ombuds")
	require.Equal(t, file["last_day"], after["last_day"], "a missing mandate leaves the clock running")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	closed := s.reaches(number, "closed", "none")
	require.Equal(t, "answered", closed["result"])
	require.Len(t, s.mailed("mail/"+number+"-outcome-*.eml"), 2, "the representative, and a copy to the complainant")
	s.keep(number, "pending")
}

// TestARefusalIsTakenBack: the refusal lies printed when the complainant shows
// that it is about our service; the case goes on under its day 0.
func TestARefusalIsTakenBack(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	number, _ := s.lodge("intake", s02(time.Now().AddDate(0, 0, -3)))
	before := s.reaches(number, "investigating", "ombuds")
	decide := func(body map[string]any) (int, map[string]any) {
		return s.call("POST", "/complaints/"+number+"/admissibility", "ombuds", body)
	}
	code, answer := decide(map[string]any{"decision": "inadmissible", "ground": "COURT_PENDING", "reasons": "Er loopt een zaak."})
	require.Equal(t, http.StatusUnprocessableEntity, code, answer)
	code, answer = decide(map[string]any{"decision": "inadmissible", "ground": "NOT_OUR_SERVICE", "reasons": "Het gaat om het ziekenhuis.", "refer_to": "De ombudsfunctie van het ziekenhuis"})
	require.Equal(t, http.StatusAccepted, code, answer)
	s.reaches(number, "answering", "mail_room")
	code, answer = decide(map[string]any{"decision": "admissible", "reasons": "De klager toonde een brief."})
	require.Equal(t, http.StatusAccepted, code, answer)
	after := s.reaches(number, "investigating", "ombuds")
	require.Equal(t, before["last_day"], after["last_day"])
	require.Contains(t, letters(after), "inadmissible dropped")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	require.Equal(t, "answered", s.closes(number)["result"])
	s.keep(number, "reversed")
}
