package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/staff"
)

// upProcess is a running `up` of the built program.
type upProcess struct {
	command *exec.Cmd
	output  *lockedBuffer
	ended   chan struct{}
	address string
}

func startUp(t *testing.T, binary, dir string, flags ...string) *upProcess {
	arguments := append([]string{"up", "--data", dir, "--listen", "127.0.0.1:0",
		"--temporal-port", "0", "--ui-port", "0", "--no-browser"}, flags...)
	u := &upProcess{command: exec.Command(binary, arguments...), output: &lockedBuffer{}, ended: make(chan struct{})}
	u.command.Stdout, u.command.Stderr = u.output, u.output
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "DATABASE_URL=") && !strings.HasPrefix(variable, "TEMPORAL_") {
			u.command.Env = append(u.command.Env, variable)
		}
	}
	require.NoError(t, u.command.Start())
	go func() {
		_ = u.command.Wait()
		close(u.ended)
	}()
	t.Cleanup(func() {
		_ = u.command.Process.Kill()
		<-u.ended
	})
	return u
}

var readyLine = regexp.MustCompile(`(?m)^ready  http://(\S+)$`)

// awaitReady waits for the line that says so.
func (u *upProcess) awaitReady(t *testing.T) {
	s := &stack{t: t}
	s.eventually(func() bool {
		select {
		case <-u.ended:
			t.Fatalf("up ended: %s", u.output.String())
		default:
		}
		found := readyLine.FindStringSubmatch(u.output.String())
		if found != nil {
			u.address = found[1]
		}
		return found != nil
	}, "up says ready")
}

func (u *upProcess) exitCode() int {
	<-u.ended
	return u.command.ProcessState.ExitCode()
}

// client looks at an up as one of its people.
func (u *upProcess) client(t *testing.T, dir string) *stack {
	s := &stack{t: t, address: u.address, tokens: map[string]string{}}
	content, err := os.ReadFile(filepath.Join(dir, "credentials.json"))
	require.NoError(t, err)
	var credentials struct {
		Accounts []staff.Credential `json:"accounts"`
	}
	require.NoError(t, json.Unmarshal(content, &credentials))
	for _, a := range credentials.Accounts {
		s.tokens[a.Login], s.tokens[string(a.Role)] = a.Token, a.Token
	}
	return s
}

func buildProgram(t *testing.T) string {
	binary := filepath.Join(pgtest.Dir(t), "ombudsdienst")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	return binary
}

// TestUpGoesOnWhereItWas stops it in every way and starts it again.
func TestUpGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	if _, err := devstack.EnsureTemporalBinary(t.Context(), t.Logf); err != nil && os.Getenv("OMBUDSDIENST_TEST_ALL") != "1" {
		t.Skipf("SKIPPED, no Temporal dev server for this test: %v", err)
	}
	binary, dir := buildProgram(t), pgtest.Dir(t)
	first := startUp(t, binary, dir)
	first.awaitReady(t)
	s := first.client(t, dir)
	number, receipt := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
	s.reaches(number, "investigating", "ombuds")

	other := startUp(t, binary, dir)
	require.Equal(t, couldNot, other.exitCode())
	require.Equal(t, 1, strings.Count(other.output.String(), "\n"), "one line: %s", other.output.String())

	require.NoError(t, first.command.Process.Kill())
	<-first.ended
	second := startUp(t, binary, dir)
	second.awaitReady(t)
	s = second.client(t, dir)
	id := s.consult(number, "GEZONDHEIDSZORGEN")
	s.answerConsultation(id, "GEZONDHEIDSZORGEN")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	s.reaches(number, "closed", "none")

	require.NoError(t, second.command.Process.Signal(syscall.SIGTERM))
	require.Equal(t, done, second.exitCode(), second.output.String())
	third := startUp(t, binary, dir)
	third.awaitReady(t)
	s = third.client(t, dir)
	require.Equal(t, "closed", s.must(http.StatusOK, "GET", "/status/"+receipt, "", nil)["stage"])
	require.NoError(t, third.command.Process.Signal(os.Interrupt))
	require.Equal(t, done, third.exitCode())
}

func TestUpSaysInOneLineWhatIsWrong(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	taken := freeAddress(t)
	for name, flags := range map[string][]string{
		"port in use":            {"--listen", taken},
		"not an address":         {"--listen", "somewhere"},
		"no such organisation":   {"--organisation", "no-such-file.yaml"},
		"not a writable folder":  {"--data", "/proc/ombudsdienst"},
		"no organisation at all": {"--organisation", "go.mod"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "port in use" {
				l := listenOn(t, taken)
				defer l.Close()
			}
			u := startUp(t, binary, pgtest.Dir(t), flags...)
			require.Equal(t, couldNot, u.exitCode())
			require.Equal(t, 1, bytes.Count([]byte(u.output.String()), []byte("\n")), u.output.String())
		})
	}
}

func listenOn(t *testing.T, address string) net.Listener {
	l, err := net.Listen("tcp", address)
	require.NoError(t, err)
	return l
}
