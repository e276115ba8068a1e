package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// dump and restore do what docs/backup.md says.
func (s *stack) dump() string {
	s.t.Helper()
	file := s.folder.Path("register.dump")
	s.runs(s.program("pg_dump"), "--format=custom", "--file="+file, s.postgres.OwnerURL())
	return file
}

func (s *stack) restore(file string) {
	s.t.Helper()
	s.kill("api")
	s.kill("worker")
	_, err := s.db.Exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public`) // lost
	require.NoError(s.t, err)
	s.runs(s.program("pg_restore"), "--clean", "--if-exists", "--dbname="+s.postgres.OwnerURL(), file)
}

func (s *stack) noteRestored() {
	s.t.Helper()
	said, err := s.carriesOut("migrate", "--restored")
	require.NoError(s.t, err, said)
}

func (s *stack) runs(program string, arguments ...string) {
	s.t.Helper()
	out, err := exec.Command(program, arguments...).CombinedOutput()
	require.NoError(s.t, err, string(out))
}

// program finds one of PostgreSQL's, beside the server that runs.
func (s *stack) program(name string) string {
	s.t.Helper()
	if found, err := exec.LookPath(name); err == nil {
		return found
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	require.NoError(s.t, err)
	if len(found) == 0 {
		require.NotEqual(s.t, "1", os.Getenv("OMBUDSDIENST_TEST_ALL"), "%s is not there", name)
		s.t.Skipf("SKIPPED, %s is not there for this test", name)
	}
	return found[len(found)-1]
}

// anHour is what happens between the dump and the loss.
type anHour struct {
	open, asked, lost string // numbers; the last was lodged after the dump
	question          int64  // of asked, before the dump
	file              string
}

func (s *stack) anHour() anHour {
	s.t.Helper()
	lodge := func() string {
		number, _ := s.lodge("", s.writer(s01(complaint.DayOf(time.Now()).AddDays(-30))))
		s.reaches(number, "investigating", "ombuds")
		return number
	}
	h := anHour{open: lodge(), asked: lodge()}
	h.question = s.consult(h.asked, "GEZONDHEIDSZORGEN")
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM letters WHERE state <> 'sent'`) == 0 }, "the letters leave")
	s.marked()
	h.file = s.dump()

	s.answerConsultation(h.question, "GEZONDHEIDSZORGEN")
	s.reaches(h.asked, "investigating", "ombuds")
	s.must(http.StatusAccepted, "POST", "/complaints/"+h.open+"/outcome", "ombuds", outcomeBody())
	s.closes(h.open)
	h.lost = lodge()
	s.marked()
	return h
}

// goesOn carries the cases of the dump and a new one to their ends.
func (s *stack) goesOn(h anHour) {
	s.t.Helper()
	s.reaches(h.open, "investigating", "ombuds")
	s.showsItsTimer(h.open, "Day 45: answer due "+complaint.DayOf(time.Now()).AddDays(45).String())
	s.reaches(h.asked, "investigating", "department:GEZONDHEIDSZORGEN")
	s.answerConsultation(h.question, "GEZONDHEIDSZORGEN")
	number, _ := s.lodge("", s.writer(s01(complaint.DayOf(time.Now()).AddDays(-30))))
	require.NotEqual(s.t, h.lost, number, "no number is given twice")
	for _, number := range []string{h.open, h.asked, number} {
		s.reaches(number, "investigating", "ombuds")
		s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
		s.closes(number)
		s.hasEnded(number)
	}
}

// TestTheRegisterIsRestoredAnHourOlder follows the written steps.
func TestTheRegisterIsRestoredAnHourOlder(t *testing.T) {
	t.Parallel()
	s, m := newMailedStack(t)
	h := s.anHour()
	s.restore(h.file)
	s.noteRestored()
	s.start("worker", "")
	s.start("api", "")
	s.healed(1)
	said := s.verify()
	require.Contains(t, said, h.lost+" was given on")
	require.True(t, strings.HasSuffix(said, "all is well\n"), said)
	s.goesOn(h)
	require.Empty(t, m.doubled(), "no letter twice")
	require.True(t, strings.HasSuffix(s.verify(), "all is well\n"))
}

// TestARestoreThatNobodyToldOfIsNoticed by the marker, as soon as the API reaches
// Temporal.
func TestARestoreThatNobodyToldOfIsNoticed(t *testing.T) {
	t.Parallel()
	s, m := newMailedStack(t)
	h := s.anHour()
	s.restore(h.file)
	said, err := s.carriesOut("migrate")
	require.NoError(t, err, said)
	s.start("api", "")
	s.start("worker", "")
	s.healed(1)
	s.goesOn(h)
	require.Empty(t, m.doubled(), "no letter twice")
	require.True(t, strings.HasSuffix(s.verify(), "all is well\n"))
}

// TestBothStoresAreLost: the register comes back an hour older, Temporal empty.
func TestBothStoresAreLost(t *testing.T) {
	t.Parallel()
	s, m := newMailedStack(t)
	h := s.anHour()
	again := s.stopTemporal()
	s.forget()
	s.restore(h.file)
	s.noteRestored()
	s.startTemporal(again)
	s.start("worker", "")
	s.start("api", "")
	s.healed(1)
	require.Equal(t, "all is well\n", s.verify())
	s.goesOn(h)
	require.Empty(t, m.doubled(), "no letter twice")
	require.Equal(t, "all is well\n", s.verify())
}
