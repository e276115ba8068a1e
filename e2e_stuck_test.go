package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// figure tells whether a metric has a value.
func (s *stack) figure(line string) bool {
	response, err := http.Get("http://" + s.address + "/metrics")
	if err != nil {
		return false
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return strings.Contains(string(content), "\n"+line+"\n")
}

// TestAStuckCaseCannotHide: a build is promoted that breaks the cases under way.
// Everybody is told, and going back to the build before mends it.
func TestAStuckCaseCannotHide(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.startBuild("1", "")
	number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
	s.reaches(number, "investigating", "ombuds")
	s.eventually(func() bool { return len(s.mailed("mail/"+number+"-acknowledgement-*.eml")) == 1 }, "the acknowledgement")
	require.Equal(t, "all is well\n", s.verify())

	s.startBuild("2", ungatedChange)
	s.consult(number, "GEZONDHEIDSZORGEN")
	s.eventually(func() bool { return strings.Contains(s.verify(), "stuck: "+number+": The program fails") }, "verify says so")
	s.kill("api")
	s.start("api", "") // it looks when it starts
	s.eventually(func() bool { return s.figure("ombudsdienst_stuck_failing_cases 1") }, "the figure says so")

	s.kill("worker 1")
	s.startBuild("1", "")
	s.reaches(number, "investigating", "department:GEZONDHEIDSZORGEN")
	s.eventually(func() bool { return s.verify() == "all is well\n" }, "it goes on")
}

// TestABlockedCaseIsSettledByAPerson: a command that the procedure cannot read
// holds up the ones behind it until a supervisor lets it be passed over.
func TestABlockedCaseIsSettledByAPerson(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
	s.reaches(number, "investigating", "ombuds")
	var row int64
	require.NoError(t, s.db.Get(&row, `
		WITH place AS (UPDATE complaints SET last_seq = last_seq + 1 WHERE number = $1 RETURNING number, last_seq)
		INSERT INTO outbox (workflow_id, number, seq, kind, body, created_at, next_at)
		SELECT 'complaint-' || number, number, last_seq, 'AskDepartment', '{"consultation": 0, "letter": 0, "due_on": 5}', now(), now() FROM place
		RETURNING id`, number))
	s.consult(number, "GEZONDHEIDSZORGEN")
	s.eventually(func() bool {
		result, err := s.db.Exec(`UPDATE outbox SET blocked_at = now() WHERE id = $1 AND delivered_at IS NOT NULL`, row)
		require.NoError(t, err)
		changed, err := result.RowsAffected()
		require.NoError(t, err)
		return changed == 1
	}, "it reaches Temporal, and is given up")

	require.Contains(t, s.verify(), "blocked: "+number)
	listed := s.must(http.StatusOK, "GET", "/relay/blocked", "supervisor", nil)["items"].([]any)
	require.Len(t, listed, 1)
	blocked := listed[0].(map[string]any)
	require.Equal(t, "AskDepartment", blocked["command"])
	require.EqualValues(t, 1, blocked["behind"])
	path := "/relay/blocked/" + blocked["workflow_id"].(string) + "/settlement"
	settlement := map[string]any{"resolution": "record_not_applied", "reasons": "Het bericht is onleesbaar."}
	s.must(http.StatusAccepted, "POST", path, "supervisor", settlement)
	s.must(http.StatusConflict, "POST", path, "supervisor", settlement)
	s.reaches(number, "investigating", "department:GEZONDHEIDSZORGEN")
	require.Contains(t, kindsOf(s.file(number)), "block_settled")
	s.eventually(func() bool { return s.verify() == "all is well\n" }, "all is well again")
}
