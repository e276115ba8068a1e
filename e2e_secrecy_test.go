package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"ombudsdienst/workflows"
)

// What people write in this story. Every text holds one of these.
const (
	mark     = "xylokwark"   // in names, texts, reasons, answers, file names and mail addresses
	markNISS = "94051199802" // identification number
	markTel  = "0499555123"
)

// TestNoPersonalDataLeavesTheRegister plays a story in which all that people write
// is marked, the mail server's refusals included, and looks for the marks in
// everything that is not the register nor a letter: the whole of Temporal's
// database, all that the processes and the stores print at their most talkative,
// the figures, the names of files, what stands around the text of a message, the
// links, and the answers to requests that are refused. A receipt code opens a
// case, so only its own link and the letters hold it.
func TestNoPersonalDataLeavesTheRegister(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	mailServer, address := startChoosy(t)
	s.smtp = address
	s.startAs("api", []string{"api"}, changeVariable+"="+talkative)
	s.startAs("worker", []string{"worker"}, changeVariable+"="+talkative)
	told := tellMarked(s)
	s.raw("GET", "/complaints?q="+url.QueryEscape(mark), "ombuds", nil)
	answers := s.isRefused(refusals(told.numbers))
	s.verifiesAtNight()

	places := s.places()
	places["around a message"] = mailServer.headers(t)
	places["subjects of letters"] = s.kept(`SELECT subject FROM letters WHERE subject <> ''`)
	secrets := append([]string{mark, markNISS, "94.05.11-998.02", markTel}, told.receipts...)
	nowhere(t, places, secrets)
	links := regexp.MustCompile(`https?://\S+`).FindAll(s.kept(`SELECT text FROM letters WHERE text <> ''`), -1)
	require.NotEmpty(t, links, "letters hold links")
	nowhere(t, map[string][]byte{"a link in a letter": bytes.Join(links, []byte("\n")), "an answer that refuses": answers}, secrets[:4])

	// The search finds what is there: numbers are, and a text that is planted.
	all := bytes.Join([][]byte{places["temporal.db"], places["temporal.db-wal"]}, nil)
	for _, number := range told.numbers {
		require.NotEmpty(t, finds(all, number), "%s is not found in Temporal's database", number)
	}
	require.NotEmpty(t, finds(places["names of files"], told.numbers[0]), "what is printed of a case bears its number")
	s.plant(t)
	require.Contains(t, s.verify(), "all is well")
}

// nowhere checks that no place holds a secret.
func nowhere(t *testing.T, places map[string][]byte, secrets []string) {
	for place, content := range places {
		require.NotEmpty(t, content, place)
		for _, secret := range secrets {
			if how := finds(content, secret); how != "" {
				t.Errorf("%s holds %s (%s)", place, secret, how)
			}
		}
	}
}

// verifiesAtNight lets the nightly verification run.
func (s *stack) verifiesAtNight() {
	s.t.Helper()
	schedule := s.temporal.ScheduleClient().GetHandle(s.t.Context(), workflows.VerificationSchedule)
	s.eventually(func() bool { return schedule.Trigger(s.t.Context(), client.ScheduleTriggerOptions{}) == nil }, "the nightly verification is scheduled")
	s.eventually(func() bool {
		var ended int
		require.NoError(s.t, s.db.Get(&ended, `SELECT count(*) FROM verifications WHERE ended_at IS NOT NULL`))
		return ended > 0
	}, "the nightly verification ends")
}

// places are where nothing personal may be.
func (s *stack) places() map[string][]byte {
	s.t.Helper()
	answer, err := http.Get("http://" + s.address + "/metrics")
	require.NoError(s.t, err)
	defer answer.Body.Close()
	figures, err := io.ReadAll(answer.Body)
	require.NoError(s.t, err)
	places := map[string][]byte{"metrics": figures, "names of files": namesUnder(s.t, s.folder.Path("."))}
	for part, p := range s.processes {
		places["what "+part+" printed"] = []byte(p.output.String())
	}
	for _, pattern := range []string{"temporal.db*", "*.log"} {
		files, err := filepath.Glob(s.folder.Path(pattern))
		require.NoError(s.t, err)
		require.NotEmpty(s.t, files)
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(s.t, err)
			places[filepath.Base(file)] = content
		}
	}
	return places
}

// kept reads texts of the register, one a line.
func (s *stack) kept(query string) []byte {
	s.t.Helper()
	var texts []string
	require.NoError(s.t, s.db.Select(&texts, query))
	return []byte(strings.Join(texts, "\n"))
}

// plant lets a text into Temporal and looks until the search finds it.
func (s *stack) plant(t *testing.T) {
	_, err := s.temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "plant", TaskQueue: "nobody"},
		"Plant", map[string]string{"text": "geplante kiekeboe"})
	require.NoError(t, err)
	s.eventually(func() bool {
		for _, name := range []string{"temporal.db", "temporal.db-wal"} {
			content, err := os.ReadFile(s.folder.Path(name))
			if err == nil && finds(content, "kiekeboe") != "" {
				return true
			}
		}
		return false
	}, "the planted text is found")
	require.NoError(t, s.temporal.TerminateWorkflow(t.Context(), "plant", "", "seen"))
}

// namesUnder lists a folder and all below it. The stores make and remove files
// all the time.
func namesUnder(t testing.TB, folder string) []byte {
	var names bytes.Buffer
	require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		names.WriteString(path + "\n")
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}))
	return names.Bytes()
}
