package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

// replica starts a second API and answers with a way to ask it.
func (s *stack) replica() *stack {
	s.t.Helper()
	first := s.address
	s.address = freeAddress(s.t)
	other := &stack{t: s.t, address: s.address, tokens: s.tokens}
	s.startAs("api beside", []string{"api"})
	s.address = first
	s.eventually(func() bool { code, _ := other.call("GET", "/readyz", "", nil); return code == http.StatusOK }, "the second API answers")
	return other
}

// order is a command that somebody gives.
type order struct {
	path, who string
	body      any
}

func (o order) to(s *stack) int {
	code, _ := s.call("POST", o.path, o.who, o.body)
	return code
}

// atOnce gives one command at the same moment to two APIs, each its own body.
func atOnce(a, b *stack, path, who string, first, second any) (codes [2]int) {
	return bothAtOnce(a, b, order{path, who, first}, order{path, who, second})
}

// bothAtOnce gives two commands at the same moment, each to an API of its own.
func bothAtOnce(a, b *stack, first, second order) (codes [2]int) {
	var both sync.WaitGroup
	ready := make(chan struct{})
	for i, to := range []*stack{a, b} {
		both.Go(func() {
			<-ready
			codes[i] = []order{first, second}[i].to(to)
		})
	}
	close(ready)
	both.Wait()
	return codes
}

// TestTwoReplicasTakeTurnsOnOneCase: questions from two sides are both asked, of
// two outcomes one counts, and a withdrawal while the case is judged ends it once.
func TestTwoReplicasTakeTurnsOnOneCase(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	other := s.replica()
	s.start("worker", "")
	number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
	s.reaches(number, "investigating", "ombuds")
	ask := func(department string) any { return map[string]any{"department": department, "question": "Waar?"} }
	codes := atOnce(s, other, "/complaints/"+number+"/consultations", "ombuds", ask("GEZONDHEIDSZORGEN"), ask("CONTACTCENTER"))
	require.Equal(t, [2]int{http.StatusCreated, http.StatusCreated}, codes)
	codes = atOnce(s, other, "/complaints/"+number+"/consultations", "ombuds", ask("HOSPITALISATIE"), ask("HOSPITALISATIE"))
	require.ElementsMatch(t, []int{http.StatusCreated, http.StatusConflict}, codes[:])
	for _, c := range s.file(number)["consultations"].([]any) {
		question := c.(map[string]any)
		s.answerConsultation(int64(question["id"].(float64)), question["department"].(string))
	}
	s.reaches(number, "investigating", "ombuds")
	codes = atOnce(s, other, "/complaints/"+number+"/outcome", "ombuds", outcomeBody(), outcomeBody())
	require.ElementsMatch(t, []int{http.StatusAccepted, http.StatusConflict}, codes[:])
	s.reaches(number, "closed", "none")
	s.tookEachOnceInOrder(number)

	elsewhere := s01(complaint.DayOf(time.Now()).AddDays(-40))
	elsewhere["department"] = nil
	doubtful, _ := s.lodge("", elsewhere)
	s.reaches(doubtful, "assessing", "ombuds")
	codes = atOnce(s, other, "/complaints/"+doubtful+"/withdrawal", "ombuds",
		map[string]any{"reasons": "Opgelost."}, map[string]any{"reasons": "Opgelost."})
	require.ElementsMatch(t, []int{http.StatusAccepted, http.StatusConflict}, codes[:])
	require.Equal(t, "withdrawn", s.reaches(doubtful, "closed", "none")["result"])
	s.tookEachOnceInOrder(doubtful)
	require.Equal(t, "all is well\n", s.verify())
}

// tookEachOnceInOrder checks that the commands of a case have places without
// gaps, were recorded in their order, and all applied.
func (s *stack) tookEachOnceInOrder(number string) {
	s.t.Helper()
	var rows, highest, disordered, applied int
	require.NoError(s.t, s.db.QueryRow(`
		SELECT count(*), max(seq), count(*) FILTER (WHERE done_at < before), count(*) FILTER (WHERE effect = 'applied')
		FROM (SELECT seq, done_at, effect, lag(done_at) OVER (ORDER BY seq) AS before FROM outbox WHERE number = $1) o`,
		number).Scan(&rows, &highest, &disordered, &applied))
	require.Equal(s.t, []int{rows, 0, rows}, []int{highest, disordered, applied}, number)
}

// TestACaseClosesWhileAnAnswerIsInFlight, and a reopening reaches Temporal twice:
// both change nothing more than once.
func TestACaseClosesWhileAnAnswerIsInFlight(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
	s.reaches(number, "investigating", "ombuds")
	id := s.consult(number, "GEZONDHEIDSZORGEN")
	s.reaches(number, "investigating", "department:GEZONDHEIDSZORGEN")
	s.kill("worker")
	outcome := outcomeBody()
	outcome["without_answers"] = "Het dossier spreekt voor zich."
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcome)
	s.answerConsultation(id, "GEZONDHEIDSZORGEN")
	s.start("worker", "")
	s.reaches(number, "closed", "none")
	s.recorded(number)
	require.Contains(t, kindsOf(s.file(number)), "answer")

	s.hasEnded(number)
	s.kill("worker")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/reopening", "ombuds", map[string]any{"reasons": "Nieuwe stukken."})
	started := func() int {
		var n int
		require.NoError(t, s.db.Get(&n, `SELECT count(*) FROM outbox WHERE number = $1 AND kind = 'Reopen' AND delivered_at IS NOT NULL`, number))
		return n
	}
	s.eventually(func() bool { return started() == 1 }, "the reopening is delivered")
	_, err := s.db.Exec(`
		UPDATE outbox SET delivered_at = NULL, next_at = now() - interval '1 hour' WHERE number = $1 AND kind = 'Reopen'`, number)
	require.NoError(t, err) // as after a relay that died before it noted the delivery
	s.eventually(func() bool {
		var again bool
		require.NoError(t, s.db.Get(&again, `SELECT next_at > now() - interval '30 minutes' FROM outbox WHERE number = $1 AND kind = 'Reopen'`, number))
		return again
	}, "it is delivered again")
	s.start("worker", "")
	s.reaches(number, "investigating", "ombuds")
	s.recorded(number)
	require.Equal(t, 1, strings.Count(kindsOf(s.file(number)), "reopened"))
	runs, err := s.temporal.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
		Query: fmt.Sprintf("WorkflowId = '%s'", workflows.ComplaintID(complaint.Number(number)))})
	require.NoError(t, err)
	running := 0
	for _, run := range runs.GetExecutions() {
		if run.GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
			running++
		}
	}
	require.Equal(t, []int{2, 1}, []int{len(runs.GetExecutions()), running}, "one run for each term")
}

// recorded waits until nothing of a case is on its way.
func (s *stack) recorded(number string) {
	s.t.Helper()
	s.eventually(func() bool {
		var undone int
		require.NoError(s.t, s.db.Get(&undone, `SELECT count(*) FROM outbox WHERE number = $1 AND done_at IS NULL`, number))
		return undone == 0
	}, "everything on %s is recorded", number)
}

// atOneTime is how many complaints the story of the flood has.
var atOneTime = flag.Int("flood", 240, "complaints lodged at one time, in the story of the flood")

// startsInFlight is the relay's own bound, and what is just being delivered.
const startsInFlight = 200 + 16

// mostMemory is far above what a part needs for what it may have under way, and
// far below what all of a great flood would take, in MB.
const mostMemory = 400

// TestManyComplaintsAtOneTimeAreAcknowledgedInTheirOrder: with the worker away
// they wait; then a bounded number is in flight, none overtakes by more than
// that, and memory does not grow with what waits or was acknowledged.
func TestManyComplaintsAtOneTimeAreAcknowledgedInTheirOrder(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.startAs("api", []string{"api"}, "TRUSTED_PROXIES=127.0.0.1/32")
	l := newLoad(s)
	started := time.Now()
	before := s.memory("api")
	l.lodge(32, *atOneTime)
	t.Logf("%d complaints lodged in %s; the API's memory went from %d to %d MB",
		*atOneTime, time.Since(started).Round(time.Second), before, s.memory("api"))
	s.numbersAreWhole()
	inFlight := func() (n int) {
		require.NoError(t, s.db.Get(&n, `SELECT count(*) FROM outbox WHERE done_at IS NULL AND delivered_at IS NOT NULL`))
		return n
	}
	s.eventually(func() bool { return inFlight() >= 200 }, "what has room is in flight")
	s.start("worker", "")
	most, acknowledged := 0, 0
	for acknowledged < *atOneTime {
		next := min(acknowledged+50, *atOneTime)
		s.eventually(func() bool {
			most = max(most, inFlight())
			require.NoError(t, s.db.Get(&acknowledged, `SELECT count(*) FROM complaints WHERE acknowledged_at IS NOT NULL`))
			return acknowledged >= next
		}, "%d are acknowledged", next)
	}
	var overtook int
	require.NoError(t, s.db.Get(&overtook, `
		SELECT max(place - ready) FROM (
			SELECT row_number() OVER (ORDER BY number) AS place, row_number() OVER (ORDER BY acknowledged_at, number) AS ready
			FROM complaints) c`))
	t.Logf("acknowledged in %s, at most %d in flight, at most %d places early; the API has %d MB, the worker %d MB",
		time.Since(started).Round(time.Second), most, overtook, s.memory("api"), s.memory("worker"))
	require.LessOrEqual(t, most, startsInFlight)
	require.LessOrEqual(t, overtook, startsInFlight)
	require.Less(t, s.memory("api"), mostMemory)
	require.Less(t, s.memory("worker"), mostMemory)
}

// memory is what a process holds, in MB.
func (s *stack) memory(part string) int {
	s.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.processes[part].command.Process.Pid))
	require.NoError(s.t, err)
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kilobytes int
	_, err = fmt.Sscan(rest, &kilobytes)
	require.NoError(s.t, err)
	return kilobytes >> 10
}
