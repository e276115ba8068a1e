package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/register"
)

// stopTemporal ends the server cleanly; startTemporal brings it back at its
// addresses, on what the data folder then has.
func (s *stack) stopTemporal() (again devstack.TemporalOptions) {
	s.t.Helper()
	again.Port, again.UIPort = portOf(s.t, "http://"+s.server.Address()), portOf(s.t, s.server.UIURL())
	require.NoError(s.t, s.server.Stop())
	return again
}

func (s *stack) startTemporal(options devstack.TemporalOptions) {
	s.t.Helper()
	var err error
	s.server, err = devstack.StartTemporal(s.t.Context(), s.folder, options)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = s.server.Stop() })
}

func portOf(t testing.TB, address string) int {
	u, err := url.Parse(address)
	require.NoError(t, err)
	port, err := strconv.Atoi(u.Port())
	require.NoError(t, err)
	return port
}

// forget removes all that Temporal has kept.
func (s *stack) forget() {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(s.folder.Path("temporal.db" + suffix))
	}
}

// one reads a number of the register.
func (s *stack) one(query string, args ...any) (n int) {
	s.t.Helper()
	require.NoError(s.t, s.db.QueryRow(query, args...).Scan(&n))
	return n
}

// marked waits until the marker was raised once more and Temporal was seen to
// have it.
func (s *stack) marked() {
	s.t.Helper()
	before := s.one(`SELECT COALESCE(max(seen), 0) FROM marker`)
	s.eventually(func() bool {
		_, err := s.db.Exec(`UPDATE marker SET raised_at = raised_at - interval '1 minute' WHERE seen = counter`)
		require.NoError(s.t, err)
		return s.one(`SELECT COALESCE(max(seen), 0) FROM marker`) > before
	}, "the marker is raised")
}

// healed waits until so many healings are done, and none goes on.
func (s *stack) healed(times int) {
	s.t.Helper()
	s.eventually(func() bool {
		return s.one(`SELECT count(*) FROM healings WHERE done_at IS NOT NULL`) >= times && s.one(`SELECT count(*) FROM healings WHERE done_at IS NULL`) == 0
	}, "healing %d is done", times)
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM outbox WHERE done_at IS NULL`) == 0 }, "every command is recorded")
}

// writer gives a submission an address of its own: to one address only so many
// letters leave on one day.
func (s *stack) writer(letter map[string]any) map[string]any {
	s.writers++
	letter["reply_by"], letter["complainant"].(map[string]any)["email"] = "email", fmt.Sprintf("writer-%d@example.org", s.writers)
	return letter
}

// newMailedStack runs whole, and its letters arrive in a mailbox.
func newMailedStack(t *testing.T) (*stack, *mailbox) {
	s := newStack(t)
	m, address := newMailbox(t)
	s.smtp = address
	s.start("api", "")
	s.start("worker", "")
	return s, m
}

// TestTemporalMayLoseEverything: with cases in every stage all that Temporal has
// kept is gone. The procedures are rebuilt from the register, nobody is written
// to because of that, and each case is carried to its end.
func TestTemporalMayLoseEverything(t *testing.T) {
	t.Parallel()
	s, m := newMailedStack(t)
	cases := s.everyStage()
	s.rests(cases)
	s.marked()
	// A reminder that was recorded, and whose letter had not left.
	key, err := os.ReadFile(filepath.Join(s.folder.Path("data"), "register.key"))
	require.NoError(t, err)
	keys, err := register.ParseKeys(strings.TrimSpace(string(key)))
	require.NoError(t, err)
	_, err = register.New(s.db, keys, time.Now).RecordWatch(t.Context(), complaint.WatchEvent{Number: complaint.Number(cases["investigating"]),
		Kind: complaint.WatchReminded, Version: 1, Consultation: int64(s.one(`SELECT id FROM consultations WHERE state = 'open'`))})
	require.NoError(t, err)
	before := s.one(`SELECT count(*) FROM letters`)
	warned := s.one(`SELECT count(*) FROM watched`)

	again := s.stopTemporal()
	s.forget()
	s.startTemporal(again)
	s.healed(1)
	files := len(cases) + 1 // that of the DPO too
	require.Equal(t, files, s.one(`SELECT rebuilt FROM healings`), "each open file, and no other")
	s.eventually(func() bool {
		return s.one(`SELECT count(*) FROM events WHERE kind IN ('rebuilt', 'privacy_rebuilt')`) == files
	}, "each says so in its history")
	s.rests(cases)
	require.Equal(t, before, s.one(`SELECT count(*) FROM letters`), "nobody is written to because of it")
	require.Equal(t, warned, s.one(`SELECT count(*) FROM watched`), "nothing is said twice")
	s.showsItsTimer(cases["investigating"], "Day 45: answer due "+complaint.DayOf(time.Now()).AddDays(45).String())
	s.toTheEnd(cases)
	require.Empty(t, m.doubled(), "no letter twice")
	require.Equal(t, "all is well\n", s.verify())
}

// TestTemporalMayComeBackOlder: its file is put back to what it was before more
// was done. What runs as before is left alone, what is behind is rebuilt, what
// was closed meanwhile does not run on.
func TestTemporalMayComeBackOlder(t *testing.T) {
	t.Parallel()
	s, m := newMailedStack(t)
	lodge := func() string {
		number, _ := s.lodge("", s.writer(s01(complaint.DayOf(time.Now()).AddDays(-30))))
		s.reaches(number, "investigating", "ombuds")
		return number
	}
	same, asked, closed, reopened := lodge(), lodge(), lodge(), lodge()
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM letters WHERE state <> 'sent'`) == 0 }, "the acknowledgements")
	s.marked()
	again := s.stopTemporal()
	kept, err := os.ReadFile(s.folder.Path("temporal.db"))
	require.NoError(t, err)
	s.startTemporal(again)

	question := s.consult(asked, "GEZONDHEIDSZORGEN")
	s.reaches(asked, "investigating", "department:GEZONDHEIDSZORGEN")
	later := lodge()
	for _, number := range []string{closed, reopened} {
		s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
		s.closes(number)
	}
	s.hasEnded(reopened)
	s.must(http.StatusAccepted, "POST", "/complaints/"+reopened+"/reopening", "ombuds", map[string]any{"reasons": "Nieuwe stukken."})
	s.reaches(reopened, "investigating", "ombuds")
	s.marked()
	before := s.one(`SELECT count(*) FROM letters`)

	again = s.stopTemporal()
	s.forget()
	require.NoError(t, os.WriteFile(s.folder.Path("temporal.db"), kept, 0o600))
	s.startTemporal(again)
	s.healed(1)
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM events WHERE kind = 'rebuilt'`) >= 3 }, "they are told")
	rebuilt := []string{}
	require.NoError(t, s.db.Select(&rebuilt, `SELECT number FROM events WHERE kind = 'rebuilt' ORDER BY number`))
	want := []string{asked, reopened, later}
	slices.Sort(want)
	require.Equal(t, want, rebuilt, "%s is as it was, %s is closed", same, closed)
	require.Equal(t, before, s.one(`SELECT count(*) FROM letters`))
	require.Equal(t, "all is well\n", s.verify())

	s.answerConsultation(question, "GEZONDHEIDSZORGEN")
	for _, number := range []string{same, asked, reopened, later} {
		s.reaches(number, "investigating", "ombuds")
		s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
		s.closes(number)
		s.hasEnded(number)
	}
	require.Empty(t, m.doubled(), "no letter twice")
	require.Equal(t, "all is well\n", s.verify())
}

// TestAHealingMayBeKilled: the API dies before and in the middle of a healing,
// and the next one ends it.
func TestAHealingMayBeKilled(t *testing.T) {
	t.Parallel()
	s, m := newMailedStack(t)
	const cases = 60
	for range cases {
		s.lodge("", s.writer(s01(complaint.DayOf(time.Now()).AddDays(-30))))
	}
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM letters WHERE state = 'sent'`) == cases }, "the acknowledgements")
	s.marked()
	s.kill("worker") // without one, a healing waits
	again := s.stopTemporal()
	s.forget()
	s.startTemporal(again)
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM healings`) == 1 }, "the loss is found")
	s.kill("api")
	s.start("worker", "")
	s.start("api", "")
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM events WHERE kind = 'rebuilt'`) > 0 }, "it begins")
	s.kill("api")
	t.Logf("killed when %d of %d were rebuilt", s.one(`SELECT count(*) FROM events WHERE kind = 'rebuilt'`), cases)
	s.start("api", "")
	s.healed(1)
	s.eventually(func() bool { return s.one(`SELECT count(DISTINCT number) FROM events WHERE kind = 'rebuilt'`) == cases }, "all are rebuilt")
	require.Equal(t, cases, s.one(`SELECT count(*) FROM letters`))
	number := fmt.Sprintf("%d-%06d", time.Now().Year(), cases)
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	s.closes(number)
	require.Empty(t, m.doubled(), "no letter twice")
	require.Equal(t, "all is well\n", s.verify())
}
