package main

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"ombudsdienst/internal/complaint"
)

// How many cases there are while the worker is away, and how many commands each
// is given: a question, corrections, and the answer.
const (
	absentCases    = 20
	absentCommands = 25
)

// noWorkerFor500Commands: commands pile up in the register, of each case one
// lies in Temporal and none leaves again. When the worker is back each case takes
// its own in their order.
func (s *stack) noWorkerFor500Commands(*mailbox) {
	t := s.t
	numbers := s.begun(absentCases)
	s.down(partWorker)
	s.down(partTemporal) // as after two days, it knows of no worker
	s.up(partTemporal)
	s.down(partAPI) // nor does the relay
	s.up(partAPI)
	s.answers()
	before := s.memory(partAPI)
	s.giveAll(numbers)
	s.eventually(func() bool { return s.one(underWay, true) == absentCases }, "the first command of each case lies in Temporal")
	require.Equal(t, absentCases*absentCommands-absentCases, s.one(underWay, false), "the others wait in the register")
	t.Logf("the API's memory went from %d to %d MB", before, s.memory(partAPI))

	_, err := s.db.Exec(`UPDATE outbox SET next_at = now() - interval '2 days', delivered_at = now() - interval '2 days'
		WHERE done_at IS NULL AND delivered_at IS NOT NULL`) // two days have passed
	require.NoError(t, err)
	looked := s.writes()
	s.eventually(func() bool {
		return s.one(`SELECT count(*) FROM outbox WHERE number = $1 AND delivered_at IS NOT NULL`, looked) == 1
	}, "the relay looks at what is due")
	require.Equal(t, absentCases, s.one(`
		SELECT count(*) FROM outbox WHERE done_at IS NULL AND delivered_at < now() - interval '1 day' AND deliveries = 0`),
		"nothing leaves again while no worker asks")
	for _, number := range numbers {
		require.Equal(t, 1, s.signals(number))
	}

	s.up(partWorker)
	for _, number := range numbers {
		s.recorded(number)
		s.tookEachOnceInOrder(number)
		require.Equal(t, absentCommands, s.signals(number), "each command reached %s once", number)
		file := s.reaches(number, "investigating", "ombuds")
		require.Equal(t, absentDepartment(absentCommands-2), file["department"], "the last correction counts")
	}
	t.Logf("the API has %d MB, the worker %d", s.memory(partAPI), s.memory(partWorker))
	s.reaches(looked, "investigating", "ombuds")
	s.lettersHaveLeft()
}

// underWay counts commands that are not recorded: delivered, or not yet.
const underWay = `SELECT count(*) FROM outbox WHERE done_at IS NULL AND (delivered_at IS NOT NULL) = $1`

// giveAll gives each case its commands in their order, several cases at a time.
func (s *stack) giveAll(numbers []string) {
	s.t.Helper()
	work := make(chan string, len(numbers))
	for _, number := range numbers {
		work <- number
	}
	close(work)
	var givers sync.WaitGroup
	for range 4 {
		givers.Go(func() {
			for number := range work {
				asked := s.consult(number, "GEZONDHEIDSZORGEN")
				for i := 1; i <= absentCommands-2; i++ {
					s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/correction", "intake", map[string]any{
						"version": i - 1, "department": absentDepartment(i), "reasons": "Verkeerde dienst aangevinkt."})
				}
				s.answerConsultation(asked, "GEZONDHEIDSZORGEN")
			}
		})
	}
	givers.Wait()
}

// absentDepartment is what the correction in a place says: each another one.
func absentDepartment(place int) string {
	return []string{"GEZONDHEIDSZORGEN", "CONTACTCENTER", "HOSPITALISATIE"}[place%3]
}

// signals counts what has reached a procedure.
func (s *stack) signals(number string) (n int) {
	s.t.Helper()
	for _, e := range s.history(number).Events {
		if e.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED {
			n++
		}
	}
	return n
}

// organisationChanges: the organisation closes on a day and an officer gets
// another mail address. Cases under way take the first as a new version of their
// deadline, and the next message to the officer goes to the second.
func (s *stack) organisationChanges(m *mailbox) {
	t := s.t
	number := s.begun(1)[0]
	on := "/complaints/" + number
	s.must(http.StatusAccepted, "POST", on+"/assignment", "supervisor", map[string]any{"officer": "ombuds-1", "reasons": "Beurtrol."})
	today := complaint.DayOf(time.Now())
	s.must(http.StatusAccepted, "POST", on+"/service-first", "ombuds", map[string]any{
		"department": "CONTACTCENTER", "return_on": today.AddDays(10), "agreed": true, "reasons": "De dienst was nog niet gevraagd."})
	before := s.reaches(number, "investigating", "department:CONTACTCENTER")
	s.lettersHaveLeft() // none is on its way out when the worker is killed
	closed := before["send_by"].(string)

	s.organise("days_off: {}", fmt.Sprintf("days_off: {%s: [%s]}", closed[:4], closed),
		"officers: {}", "officers: {ombuds-1: nieuw.adres@solidaris-brabant.example}")
	require.Contains(t, s.verify(), number+" moves when the API starts")
	s.down(partAPI)
	s.down(partWorker)
	s.up(partAPI)
	s.up(partWorker)
	s.answers()
	s.eventually(func() bool { return s.file(number)["send_by"] != closed }, "the day to send by moves")
	after := s.file(number)
	require.Less(t, after["send_by"], closed)
	require.Equal(t, before["last_day"], after["last_day"], "the last day is the law's")
	open := s.one(`SELECT count(*) FROM complaints WHERE stage <> 'closed'`)
	s.eventually(func() bool {
		return s.one(`SELECT count(DISTINCT number) FROM outbox WHERE kind = 'ChangeDeadline' AND effect = 'applied'`) == open
	}, "each of %d open cases takes it", open)

	s.must(http.StatusAccepted, "POST", "/service-first/"+number+"/report", handlerOf("CONTACTCENTER"),
		map[string]any{"solved": false, "report": "De dienst kon niet helpen."})
	s.eventually(func() bool { return m.reached("nieuw.adres@solidaris-brabant.example") == 1 }, "the officer is told at the new address")
}
