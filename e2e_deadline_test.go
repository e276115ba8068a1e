package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// TestOfTheRouteOfADeadlineThatMoves: the receipt is corrected after the
// acknowledgement has named the first last day, and later a delay notice goes out.
func TestOfTheRouteOfADeadlineThatMoves(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	today := complaint.DayOf(time.Now())
	body := s02(time.Now().AddDate(0, 0, -3))
	body["reply_by"] = "email"
	body["complainant"].(map[string]any)["email"] = "karel@example.org"
	number, _ := s.lodge("intake", body)
	s.reaches(number, "investigating", "ombuds")
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-acknowledgement-*.eml")) == 1 }, "the acknowledgement")

	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/receipt-correction", "intake", map[string]any{
		"received_at": time.Now().AddDate(0, 0, -10).Format(time.RFC3339), "reasons": "Stempel van het kantoor.",
	})
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-correction-*.eml")) == 1 }, "the correction letter")
	file := s.file(number)
	require.Equal(t, today.AddDays(35).String(), file["last_day"])
	s.eventually(func() bool { return s.hasTimer(number, "Day 45: answer due "+today.AddDays(35).String()) }, "the timer is set anew")

	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/delay-notice", "ombuds", map[string]any{
		"reasons": "De dienst wacht op een attest.", "new_date": today.AddDays(60),
	})
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-delay-notice-*.eml")) == 1 }, "the delay notice")
	code, answer := s.call("POST", "/complaints/"+number+"/delay-notice", "ombuds", map[string]any{
		"reasons": "Nog later.", "new_date": today.AddDays(70),
	})
	require.Equal(t, http.StatusConflict, code, answer)
	require.Equal(t, today.AddDays(60).String(), s.file(number)["last_day"])

	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	require.Equal(t, "answered", s.closes(number)["result"])
	s.hasEnded(number)
	s.keep(number, "deadline-moved")
}
