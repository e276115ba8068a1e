package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// TestAQuestionIsHandedOverAndTheServiceComesFirst: the service is asked to help
// first and does not; its question goes to another department, another one is
// not waited for, and each department hears what concerns it.
func TestAQuestionIsHandedOverAndTheServiceComesFirst(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	today := complaint.DayOf(time.Now())
	number, _ := s.lodge("", s01(today.AddDays(-20)))
	s.reaches(number, "investigating", "ombuds")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/service-first", "ombuds", map[string]any{
		"department": "GEZONDHEIDSZORGEN", "return_on": today.AddDays(14), "agreed": true, "reasons": "Nog niet gevraagd.",
	})
	s.reaches(number, "investigating", "department:GEZONDHEIDSZORGEN")

	first := s.consult(number, "CONTACTCENTER")
	s.consult(number, "ONTHAAL")
	next := s.must(http.StatusCreated, "POST", fmt.Sprint("/consultations/", first, "/hand-over"), handlerOf("CONTACTCENTER"),
		map[string]any{"department": "POST", "reasons": "De brief kwam per post."})
	code, _ := s.call("GET", fmt.Sprint("/consultations/", next["id"]), handlerOf("CONTACTCENTER"), nil)
	require.Equal(t, http.StatusNotFound, code, "each department sees its own")
	s.must(http.StatusAccepted, "POST", fmt.Sprint("/consultations/", next["id"], "/answer"), handlerOf("POST"),
		map[string]any{"answer": "Teruggevonden."})
	outcome := outcomeBody()
	outcome["without_answers"] = "De stukken volstaan."
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcome)
	file := s.reaches(number, "closed", "none")
	require.Equal(t, "De stukken volstaan.", file["outcome"].(map[string]any)["without_answers"])
	for kind, count := range map[string]int{"service-first": 1, "service-hand-over": 1, "consultation": 3, "no-longer-needed": 1} {
		require.Len(t, s.mailed("mail/"+number+"-"+kind+"-*.eml"), count, kind)
	}
	s.keep(number, "handed-over")
}
