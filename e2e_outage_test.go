package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack"
	"ombudsdienst/workflows"
)

// The parts of the service, as these stories kill them.
const (
	partAPI      = "the API"
	partWorker   = "the worker"
	partTemporal = "Temporal"
	partPostgres = "PostgreSQL"
)

// down kills a part at once and keeps it away; up brings it back, and does not
// wait for what it needs.
func (s *stack) down(part string) {
	s.t.Helper()
	switch part {
	case partTemporal:
		s.killTemporal()
		_ = s.server.Stop() // it is dead; its keeper is told to leave it so
	case partPostgres:
		s.killPostgres()
		_ = s.postgres.Stop()
	default:
		s.kill(part)
	}
}

func (s *stack) up(part string) {
	s.t.Helper()
	switch part {
	case partTemporal:
		s.startTemporal(devstack.TemporalOptions{Port: portOf(s.t, "http://"+s.server.Address()), UIPort: portOf(s.t, s.server.UIURL())})
	case partPostgres:
		var err error
		s.postgres, err = devstack.StartPostgres(s.t.Context(), s.folder, devstack.PostgresOptions{Port: portOf(s.t, s.postgres.OwnerURL())})
		require.NoError(s.t, err)
		s.t.Cleanup(func() { _ = s.postgres.Stop() })
	case partAPI:
		s.startAs(part, []string{"api"})
	case partWorker:
		s.startAs(part, []string{"worker"})
	}
}

// answers waits until the API does.
func (s *stack) answers() {
	s.t.Helper()
	s.eventually(func() bool { code, _ := s.call("GET", "/readyz", "", nil); return code == http.StatusOK }, "the API answers")
}

// TestNothingIsLostWhateverIsAway: on one stack parts of the service are away for
// a while, each in a story of its own, and all is well after each.
func TestNothingIsLostWhateverIsAway(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	m, address := newMailbox(t)
	s.smtp = address
	s.up(partAPI)
	s.up(partWorker)
	s.answers()
	for _, story := range []struct {
		name string
		tell func(*mailbox)
	}{
		{"the register, in the middle of recordings", s.registerAwayWhileRecording},
		{"all of it, in any order after a 201", s.allDiesAfterA201},
		{"the worker, while 500 commands are given", s.noWorkerFor500Commands},
		{"the organisation's days and an address, changed", s.organisationChanges},
	} {
		begun := time.Now()
		story.tell(m)
		require.Empty(t, m.doubled(), "no letter twice")
		s.eventually(func() bool { return s.verify() == "all is well\n" }, "verify finds nothing after: %s", story.name)
		s.numbersAreWhole()
		t.Logf("%s: %s", story.name, time.Since(begun).Round(100*time.Millisecond))
	}
}

// writes lodges a complaint of somebody with an address of their own.
func (s *stack) writes() string {
	s.t.Helper()
	number, _ := s.lodge("", s.writer(s01(complaint.DayOf(time.Now()).AddDays(-30))))
	return number
}

// begun lodges some complaints and waits until each is under investigation and
// its acknowledgement has left.
func (s *stack) begun(cases int) (numbers []string) {
	s.t.Helper()
	for range cases {
		numbers = append(numbers, s.writes())
	}
	for _, number := range numbers {
		s.reaches(number, "investigating", "ombuds")
	}
	s.lettersHaveLeft()
	return numbers
}

func (s *stack) lettersHaveLeft() {
	s.t.Helper()
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM letters WHERE state <> 'sent'`) == 0 }, "the letters leave")
}

// registerAwayWhileRecording: recordings are under way when PostgreSQL dies. They
// are tried again until it is back; meanwhile nobody is told that anything is
// taken. What was taken before is carried out in its order.
func (s *stack) registerAwayWhileRecording(*mailbox) {
	t := s.t
	numbers := s.begun(4)
	s.down(partWorker)
	for _, number := range numbers {
		s.consult(number, "GEZONDHEIDSZORGEN")
		s.consult(number, "CONTACTCENTER") // waits in the register for the one before
	}
	letGo := s.holdRecordings()
	s.up(partWorker)
	const waiting = `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted`
	s.eventually(func() bool { return s.one(waiting) == len(numbers) }, "a recording of each is under way")
	s.down(partPostgres)

	question := map[string]any{"department": "HOSPITALISATIE", "question": "Waar?"}
	for path, body := range map[string]any{
		"/readyz": nil, "/api/v1/complaints/" + numbers[0]: nil, "/api/v1/complaints/" + numbers[0] + "/consultations": question,
		"/api/v1/submissions": s.writer(s01(complaint.DayOf(time.Now()).AddDays(-30))),
	} {
		answer := s.asks(path, "ombuds", body)
		require.Equal(t, http.StatusServiceUnavailable, answer.StatusCode, path)
		require.NotEmpty(t, answer.Header.Get("Retry-After"), path)
		require.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"), path)
	}
	for _, number := range numbers {
		s.eventually(func() bool { return s.retries(number) >= 3 }, "the recording of %s is tried again and again", number)
	}
	s.up(partPostgres)
	letGo()
	s.answers()

	last := "Day 45: answer due " + complaint.DayOf(time.Now()).AddDays(45).String()
	for _, number := range numbers {
		s.reaches(number, "investigating", "department:GEZONDHEIDSZORGEN")
		s.recorded(number)
		s.tookEachOnceInOrder(number)
		require.Equal(t, 3, s.one(`SELECT count(*) FROM outbox WHERE number = $1`, number), "what was refused is not there")
		require.Equal(t, 2, s.one(`SELECT count(*) FROM consultations WHERE number = $1`, number))
		s.showsItsTimer(number, last)
	}
	s.lettersHaveLeft()
}

// holdRecordings makes every recording wait until it is let go, or the server is
// gone.
func (s *stack) holdRecordings() (letGo func()) {
	s.t.Helper()
	_, err := s.db.Exec(`
		CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END $$;
		CREATE TRIGGER hold BEFORE UPDATE OF done_at ON outbox FOR EACH ROW EXECUTE FUNCTION hold()`)
	require.NoError(s.t, err)
	holding, err := s.db.Beginx()
	require.NoError(s.t, err)
	_, err = holding.Exec(`SELECT pg_advisory_xact_lock(7)`)
	require.NoError(s.t, err)
	return func() {
		_ = holding.Rollback() // gone with its server
		_, err := s.db.Exec(`DROP TRIGGER hold ON outbox; DROP FUNCTION hold()`)
		require.NoError(s.t, err)
	}
}

// asks does one request for the sake of how it is answered: a POST of a body, or
// a GET.
func (s *stack) asks(path, who string, body any) *http.Response {
	s.t.Helper()
	method, content := http.MethodGet, []byte(nil)
	if body != nil {
		var err error
		content, err = json.Marshal(body)
		require.NoError(s.t, err)
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.address+path, bytes.NewReader(content))
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.tokens[who])
	response, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	require.NoError(s.t, response.Body.Close())
	return response
}

// retries is how often the most retried of a case's activities was begun.
func (s *stack) retries(number string) (most int32) {
	s.t.Helper()
	run, err := s.temporal.DescribeWorkflowExecution(s.t.Context(), workflows.ComplaintID(complaint.Number(number)), "")
	require.NoError(s.t, err)
	for _, pending := range run.GetPendingActivities() {
		most = max(most, pending.GetAttempt())
	}
	return most
}

// killOrders is how many of the 24 orders the story of killing everything has.
var killOrders = flag.Int("orders", 4, "orders in which everything is killed after a 201, at most 24")

// everyOrder of the four parts, of each arrangement its four rotations at once:
// among any four that begin one, each part is the first and the last of one.
func everyOrder() (orders [][]string) {
	for _, rest := range [][]string{
		{partWorker, partTemporal, partPostgres}, {partPostgres, partTemporal, partWorker}, {partTemporal, partWorker, partPostgres},
		{partWorker, partPostgres, partTemporal}, {partTemporal, partPostgres, partWorker}, {partPostgres, partWorker, partTemporal},
	} {
		order := append([]string{partAPI}, rest...)
		for i := range order {
			orders = append(orders, slices.Concat(order[i:], order[:i]))
		}
	}
	return orders
}

// allDiesAfterA201: a complaint is taken in, and at that moment everything is
// killed, one after the other. It comes back in another order, and the complaint
// is acknowledged, once.
func (s *stack) allDiesAfterA201(m *mailbox) {
	chance := rand.New(rand.NewPCG(4, 24))
	orders := everyOrder()
	for _, order := range orders[:max(0, min(*killOrders, len(orders)))] {
		number := s.writes()
		for _, part := range order {
			s.down(part)
		}
		back := slices.Clone(order)
		chance.Shuffle(len(back), func(i, j int) { back[i], back[j] = back[j], back[i] })
		for _, part := range back {
			s.up(part)
		}
		s.answers()
		_, err := s.db.Exec(`UPDATE outbox SET next_at = now() WHERE done_at IS NULL AND delivered_at IS NULL`)
		require.NoError(s.t, err) // what a dead relay had claimed runs out
		var file map[string]any
		s.eventually(func() bool {
			file = s.file(number)
			s.settleDoubts(number, file, m)
			return file["stage"] == "investigating" && file["acknowledgement"].(map[string]any)["sent_at"] != nil
		}, "%s is acknowledged; killed %v, back %v", number, order, back)
		require.Equal(s.t, 1, s.one(`SELECT count(*) FROM letters WHERE number = $1 AND kind = 'acknowledgement'`, number))
		require.True(s.t, m.has(fmt.Sprint(number, "-acknowledgement-")))
		require.Equal(s.t, 1, s.one(`SELECT count(*) FROM submissions s WHERE s.number = $1`, number))
	}
}
