package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// sample is what a test letter expects; it is never posted.
type sample struct {
	ID        string        `json:"id"`
	Received  time.Time     `json:"received"`
	Judgement string        `json:"expected_admissibility"`
	Ground    string        `json:"expected_ground"`
	Route     string        `json:"expected_route"`
	LastDay   complaint.Day `json:"expected_last_day"`
}

func samples(t *testing.T, file string) []sample {
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	var letters struct {
		Letters []sample `json:"letters"`
	}
	require.NoError(t, json.Unmarshal(content, &letters))
	return letters.Letters
}

// TestTheSampleLettersEndWhereTheyExpect lodges a file of letters, shifted to
// today, and acts as the officer on what the rules leave to a person.
func TestTheSampleLettersEndWhereTheyExpect(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	file := "internal/exchange/testdata/letters.json"
	asOf := time.Now().Add(-time.Minute)
	for range 2 { // safe to repeat
		code, out, stderr := command("lodge", file, "--server", "http://"+s.address, "--token", s.tokens["intake"],
			"--as-of", asOf.Format(time.RFC3339))
		require.Equal(t, done, code, out+stderr)
	}
	letters := samples(t, file)
	shift := shiftOf(letters, asOf)
	numbers := s.numbersInOrder()
	require.Len(t, numbers, len(letters))
	for i, letter := range letters {
		t.Run(letter.ID, func(t *testing.T) { s.endsWhereExpected(t, numbers[i], letter, shift) })
	}

	note := s02(time.Now().AddDate(0, 0, -1))
	note["intake"] = "phone_note"
	number, _ := s.lodge("intake", note)
	found := s.reaches(number, "assessing", "complainant")
	require.Nil(t, found["last_day"], "no term runs before the writing arrives")
	require.Equal(t, "NOT_IN_WRITING", found["pending"].(map[string]any)["reason"])
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/complainant-reply", "intake",
		map[string]any{"kind": "writing", "text": "Ik dien mijn klacht schriftelijk in."})
	found = s.reaches(number, "investigating", "ombuds")
	require.Equal(t, complaint.DayOf(time.Now()).AddDays(45).String(), found["last_day"], "the writing set day 0")
	require.Nil(t, found["pending"])
}

// shiftOf is by how many days lodging moved all dates: the newest arrives on the
// day of the moment.
func shiftOf(letters []sample, asOf time.Time) int {
	var newest time.Time
	for _, l := range letters {
		if l.Received.After(newest) {
			newest = l.Received
		}
	}
	return complaint.DayOf(newest).DaysUntil(complaint.DayOf(asOf))
}

func (s *stack) numbersInOrder() []string {
	var numbers []string
	require.NoError(s.t, s.db.Select(&numbers, `SELECT number FROM submissions ORDER BY number`))
	return numbers
}

// endsWhereExpected decides like an officer who reads the letter.
func (s *stack) endsWhereExpected(t *testing.T, number string, letter sample, shift int) {
	decide := func(decision, ground, referTo string) {
		s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/admissibility", "ombuds",
			map[string]any{"decision": decision, "ground": ground, "reasons": "Gelezen.", "refer_to": referTo})
	}
	if letter.Judgement == "privacy" { // the DPO, who has it the same day, confirms that it is all about personal data
		s.reaches(number, "assessing", "ombuds")
		s.privacyReaches(number, "investigating", "dpo")
		s.must(http.StatusAccepted, "POST", "/privacy/"+number+"/split", "dpo", map[string]any{"reasons": "Gelezen.", "mixed": false})
		require.Equal(t, "referred_privacy", s.closes(number)["result"])
		return
	}
	stage, waiting := "assessing", "ombuds"
	switch letter.Judgement {
	case "admissible":
		stage = "investigating"
	case "pending":
		waiting = "complainant"
	}
	file := s.reaches(number, stage, waiting)
	found := file["admissibility"].(map[string]any)
	if !letter.LastDay.IsZero() {
		require.Equal(t, letter.LastDay.AddDays(shift).String(), file["last_day"])
	}
	switch letter.Judgement {
	case "admissible":
		require.Equal(t, "admissible", found["finding"])
	case "inadmissible":
		require.Contains(t, []string{"inadmissible", "doubt"}, found["finding"])
		_, referTo, _ := strings.Cut(letter.Route, "REFER:")
		decide("inadmissible", letter.Ground, referTo)
		require.Equal(t, "inadmissible", s.closes(number)["result"])
	case "not_a_complaint":
		require.Equal(t, "doubt", found["finding"])
		_, department, _ := strings.Cut(letter.Route, "DEPARTMENT:")
		decide("reclassified", letter.Ground, department)
		require.Equal(t, "reclassified", s.closes(number)["result"])
	default: // a missing mandate is asked for, and the case goes on when it comes
		require.Equal(t, letter.Judgement, found["finding"])
		require.Equal(t, letter.Ground, file["pending"].(map[string]any)["reason"])
		s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/complainant-reply", "intake", map[string]any{
			"kind":        "mandate",
			"attachments": []map[string]any{{"name": "procuration.pdf", "media_type": "application/pdf", "content": []byte("%PDF-1.4")}},
		})
		after := s.reaches(number, "investigating", "ombuds")
		require.Equal(t, file["last_day"], after["last_day"], "day 0 stays")
		require.Equal(t, "attached", after["representation"].(map[string]any)["mandate"])
	}
}
