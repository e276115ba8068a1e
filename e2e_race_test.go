package main

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

// race is two commands on one case that are given at the same moment, to two
// replicas of the API.
type race struct {
	kind          string
	number        string
	first, second order
	codes         [2]int
}

// raceKinds is what is at odds.
var raceKinds = []string{
	"withdrawn, refused", "withdrawn, admitted", "withdrawn, answered by a department", "withdrawn, decided", "decided, answered by a department",
}

// racesEach is how many cases there are of each kind. In the first of them one
// command comes before the other, in the second behind it.
const racesEach = 4

// TestWhoeverIsFirstEveryoneIsToldTheSame: withdrawals meet decisions on
// admissibility, outcomes and answers of departments at the same moment. Either
// one of two counts, or both in an order; register, procedure and what both
// callers were told agree.
func TestWhoeverIsFirstEveryoneIsToldTheSame(t *testing.T) {
	t.Parallel()
	s, m := newMailedStack(t)
	other := s.replica()
	races := s.racesOf(raceKinds, racesEach)
	var running sync.WaitGroup
	for i, r := range races {
		running.Go(func() {
			switch i % racesEach {
			case 0:
				r.codes = [2]int{r.first.to(s), r.second.to(other)}
			case 1:
				r.codes[1], r.codes[0] = r.second.to(other), r.first.to(s)
			case 2:
				r.codes = bothAtOnce(other, s, r.first, r.second)
			default:
				r.codes = bothAtOnce(s, other, r.first, r.second)
			}
		})
	}
	running.Wait()
	orders := map[string]int{}
	for _, r := range races {
		s.closes(r.number)
		s.recorded(r.number)
		orders[r.kind+": "+s.agrees(r)]++
	}
	for told, times := range orders {
		t.Logf("%d times %s", times, told)
	}
	s.lettersHaveLeft()
	require.Empty(t, m.doubled(), "no letter twice")
	s.eventually(func() bool { return s.verify() == "all is well\n" }, "verify finds nothing")
}

// racesOf brings a case for each race to where its commands may be given.
func (s *stack) racesOf(kinds []string, each int) (races []*race) {
	s.t.Helper()
	for _, kind := range kinds {
		for range each {
			letter := s.writer(s01(complaint.DayOf(time.Now()).AddDays(-40)))
			if kind == "withdrawn, refused" || kind == "withdrawn, admitted" {
				letter["department"] = nil // a person judges whether it is ours
			}
			number, _ := s.lodge("", letter)
			races = append(races, &race{kind: kind, number: number})
		}
	}
	for _, r := range races {
		s.prepare(r)
	}
	s.lettersHaveLeft()
	return races
}

func (s *stack) prepare(r *race) {
	s.t.Helper()
	on := "/complaints/" + r.number
	withdrawal := order{on + "/withdrawal", "ombuds", map[string]any{"reasons": "Opgelost."}}
	decided := outcomeBody()
	decided["without_answers"] = "Het dossier spreekt voor zich."
	delete(decided, "recommendations")
	outcome := order{on + "/outcome", "ombuds", decided}
	r.first = withdrawal
	switch r.kind {
	case "withdrawn, refused":
		r.second = order{on + "/admissibility", "ombuds", map[string]any{
			"decision": "inadmissible", "ground": complaint.NotOurService, "reasons": "Zie de procedure.", "refer_to": "Ombudsfunctie van het ziekenhuis"}}
	case "withdrawn, admitted":
		r.second = order{on + "/admissibility", "ombuds", map[string]any{"decision": "admissible"}}
	}
	if r.second.path != "" {
		s.reaches(r.number, "assessing", "ombuds")
		return
	}
	s.reaches(r.number, "investigating", "ombuds")
	id := s.consult(r.number, "GEZONDHEIDSZORGEN")
	s.reaches(r.number, "investigating", "department:GEZONDHEIDSZORGEN")
	r.second = order{fmt.Sprint("/consultations/", id, "/answer"), handlerOf("GEZONDHEIDSZORGEN"), map[string]any{"answer": "Teruggevonden."}}
	switch r.kind {
	case "withdrawn, decided":
		r.second = outcome
	case "decided, answered by a department":
		r.first = outcome
	}
}

// agrees checks what came of a race, and says who was first.
func (s *stack) agrees(r *race) string {
	t := s.t
	const yes, no = http.StatusAccepted, http.StatusConflict
	file := s.file(r.number)
	result := fmt.Sprint(file["result"])
	require.Equal(t, result, s.endingOf(r.number), "procedure and register of %s", r.number)
	var told map[[2]int]string // the answers that may be, and how the case ends then
	switch r.kind {
	case "withdrawn, refused":
		told = map[[2]int]string{{yes, no}: "withdrawn", {no, yes}: "inadmissible"}
	case "withdrawn, decided":
		told = map[[2]int]string{{yes, no}: "withdrawn", {no, yes}: "answered"}
	case "withdrawn, admitted":
		told = map[[2]int]string{{yes, no}: "withdrawn", {yes, yes}: "withdrawn"}
	case "withdrawn, answered by a department":
		told = map[[2]int]string{{yes, yes}: "withdrawn"}
	case "decided, answered by a department":
		told = map[[2]int]string{{yes, yes}: "answered"}
	}
	require.Contains(t, told, r.codes, "%s of %s: %v", r.kind, r.number, r.codes)
	require.Equal(t, told[r.codes], result, "%s of %s: %v", r.kind, r.number, r.codes)
	return s.firstOf(r, file)
}

// firstOf tells from the register which of two commands came first, and checks
// that what followed fits that order.
func (s *stack) firstOf(r *race, file map[string]any) string {
	t := s.t
	require.Zero(t, s.one(`
		SELECT count(*) FROM (SELECT done_at, lag(done_at) OVER (ORDER BY seq) AS before FROM outbox WHERE number = $1) o
		WHERE done_at < before`, r.number), "recorded in their order")
	ends := 0
	for _, letter := range letters(file) {
		switch letter {
		case "withdrawal sent", "inadmissible sent", "outcome sent":
			ends++
		}
	}
	require.Equal(t, 1, ends, "one letter says how %s ended: %v", r.number, letters(file))
	if r.codes[1] != http.StatusAccepted || r.codes[0] != http.StatusAccepted {
		return fmt.Sprintf("one counts, the result is %s", file["result"])
	}
	if r.kind == "withdrawn, admitted" {
		s.tookEachOnceInOrder(r.number)
		return "both count"
	}
	late := s.one(`SELECT count(*) FROM consultations WHERE number = $1 AND state = 'late'`, r.number)
	answered := s.one(`SELECT count(*) FROM consultations WHERE number = $1 AND state = 'answered'`, r.number)
	require.Equal(t, 1, late+answered, "the answer to %s is kept", r.number)
	applied := s.one(`SELECT count(*) FROM outbox WHERE number = $1 AND kind = 'ReceiveAnswer' AND effect = 'applied'`, r.number)
	require.Equal(t, answered, applied, "the procedure of %s took the answer when it was in time, and then only", r.number)
	if late == 1 {
		return "both count, the answer came late"
	}
	return "both count, the answer came in time"
}

// endingOf is the result with which a procedure ended.
func (s *stack) endingOf(number string) string {
	s.t.Helper()
	s.hasEnded(number)
	var end workflows.Ending
	err := s.temporal.GetWorkflow(s.t.Context(), workflows.ComplaintID(complaint.Number(number)), "").Get(s.t.Context(), &end)
	require.NoError(s.t, err)
	return string(end.Result)
}
