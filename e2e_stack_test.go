package main

import (
	"bytes"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/wiring"
)

// patience bounds every wait of these tests. It is far above what anything
// takes, and says that something does not happen at all.
const patience = 2 * time.Minute

// processVariable makes the test binary run as the program itself, so that
// tests have real processes to kill.
const processVariable = "OMBUDSDIENST_E2E_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(processVariable) == "" {
		flag.Parse()
		if !given("test.parallel") { // most of a story is waiting
			_ = flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
		}
		code := m.Run()
		removeModel()
		os.Exit(code)
	}
	crash, change := crashes(os.Getenv("OMBUDSDIENST_E2E_CRASH")), changed(os.Getenv(changeVariable))
	configure = func(p *wiring.Program) {
		crash(p)
		change(p)
	}
	main()
}

func given(name string) (is bool) {
	flag.Visit(func(f *flag.Flag) { is = is || f.Name == name })
	return is
}

// stack is a PostgreSQL, a Temporal dev server and the program's processes
// around one data folder.
type stack struct {
	t        testing.TB
	folder   *devstack.Folder
	postgres *devstack.Postgres
	server   *devstack.Temporal
	temporal client.Client
	db       *sqlx.DB // the owner's, to look
	address  string   // of the API
	smtp     string   // SMTP_URL; empty: files
	tokens   map[string]string

	organisation string // ORGANISATION; empty: the embedded one

	writers   int // addresses of complainants given so far
	mu        sync.Mutex
	processes map[string]*process
}

// newStack starts the stores; the test says when api and worker start.
func newStack(t testing.TB) *stack {
	binary, err := devstack.EnsureTemporalBinary(t.Context(), t.Logf)
	if err != nil {
		if os.Getenv("OMBUDSDIENST_TEST_ALL") == "1" {
			t.Fatalf("no Temporal dev server for this test: %v", err)
		}
		t.Skipf("SKIPPED, no Temporal dev server for this test: %v", err)
	}
	s := &stack{t: t, folder: folderOfModel(t), processes: map[string]*process{}}
	s.tokens = readTokens(t, s.folder.Path("credentials.json"))
	s.postgres, err = devstack.StartPostgres(t.Context(), s.folder, devstack.PostgresOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.postgres.Stop() })
	s.server, err = devstack.StartTemporal(t.Context(), s.folder, devstack.TemporalOptions{Binary: binary})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.server.Stop() })
	s.temporal, err = client.NewLazyClient(client.Options{HostPort: s.server.Address(), Logger: silent{}})
	require.NoError(t, err)
	t.Cleanup(s.temporal.Close)
	s.address = freeAddress(t)
	s.db = pgtest.Connect(t, s.postgres.OwnerURL())
	t.Cleanup(s.stopAll)
	return s
}

func freeAddress(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// process is one running part of the program.
type process struct {
	command *exec.Cmd
	ended   chan struct{}
	output  *lockedBuffer
}

// start runs a part; crash names the point at which it kills itself, if any.
func (s *stack) start(part, crash string) *process {
	s.t.Helper()
	return s.startAs(part, []string{part}, "OMBUDSDIENST_E2E_CRASH="+crash)
}

// startAs runs a command under a name, by which it is killed.
func (s *stack) startAs(part string, arguments []string, environment ...string) *process {
	s.t.Helper()
	p := &process{command: exec.Command(os.Args[0], arguments...), ended: make(chan struct{}), output: &lockedBuffer{}}
	p.command.Env = slices.Concat(s.environment(), environment)
	p.command.Stdout, p.command.Stderr = p.output, p.output
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(s.t, p.command.Start())
	go func() {
		_ = p.command.Wait()
		close(p.ended)
	}()
	s.mu.Lock()
	if before := s.processes[part]; before != nil { // it may live on beside this one
		s.processes[fmt.Sprintf("%s, process %d", part, before.command.Process.Pid)] = before
	}
	s.processes[part] = p
	s.mu.Unlock()
	if part == "api" {
		s.eventually(func() bool { code, _ := s.call("GET", "/readyz", "", nil); return code == http.StatusOK }, "the API answers")
	}
	return p
}

// organise gives what starts from now on the embedded organisation with some
// changes: pairs of what stands there and what stands there instead.
func (s *stack) organise(changes ...string) {
	s.t.Helper()
	content, err := os.ReadFile("internal/organisation/solidaris-brabant.yaml")
	require.NoError(s.t, err)
	changed := strings.NewReplacer(changes...).Replace(string(content))
	require.NotEqual(s.t, string(content), changed)
	s.organisation = s.folder.Path("organisation.yaml")
	require.NoError(s.t, os.WriteFile(s.organisation, []byte(changed), 0o600))
}

// environment makes this test binary a part of the stack, or a command on it.
func (s *stack) environment() []string {
	return slices.Concat(os.Environ(), []string{
		processVariable + "=1",
		"DATABASE_URL=" + s.postgres.AppURL(), "MIGRATE_DATABASE_URL=" + s.postgres.OwnerURL(),
		"TEMPORAL_ADDRESS=" + s.server.Address(), "TEMPORAL_UI_URL=" + s.server.UIURL(),
		"LISTEN=" + s.address, "DATA_DIR=" + s.folder.Path("data"), "SMTP_URL=" + s.smtp,
		"ORGANISATION=" + s.organisation,
	})
}

// carriesOut runs one of the program's commands to its end.
func (s *stack) carriesOut(arguments ...string) (said string, err error) {
	command := exec.Command(os.Args[0], arguments...)
	command.Env = s.environment()
	out, err := command.CombinedOutput()
	return string(out), err
}

// kill ends a part at once, as a power cut would.
func (s *stack) kill(part string) {
	s.mu.Lock()
	p := s.processes[part]
	s.mu.Unlock()
	_ = p.command.Process.Kill()
	<-p.ended
}

func (s *stack) stopAll() {
	for part, p := range s.processes {
		_ = p.command.Process.Kill()
		<-p.ended
		if s.t.Failed() {
			s.t.Logf("%s said:\n%s", part, p.output.String())
		}
	}
}

// eventually waits until something holds; what says it in words.
func (s *stack) eventually(holds func() bool, what string, args ...any) {
	s.t.Helper()
	s.eventuallyIn(patience, holds, what, args...)
}

// eventuallyIn is eventually with a bound of its own.
func (s *stack) eventuallyIn(bound time.Duration, holds func() bool, what string, args ...any) {
	s.t.Helper()
	deadline := time.Now().Add(bound)
	for pause := 20 * time.Millisecond; !holds(); pause = min(pause*3/2, 200*time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("does not happen: "+what, args...)
		}
		time.Sleep(pause) // between two looks, not to wait for one
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// silent is a logger for clients that look.
type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}

// verify runs the program's own check and gives what it printed.
func (s *stack) verify() string {
	said, _ := s.carriesOut("verify") // what it says tells how it ended
	return said
}

// killTemporal and killPostgres end a store at once; devstack starts it again.
func (s *stack) killTemporal() { s.killByFile("temporal.pid") }

func (s *stack) killPostgres() { s.killByFile("postgres.pid") }

func (s *stack) killByFile(name string) {
	s.t.Helper()
	content, err := os.ReadFile(s.folder.Path(name))
	require.NoError(s.t, err)
	pid, err := strconv.Atoi(strings.Fields(string(content))[0])
	require.NoError(s.t, err)
	require.NoError(s.t, syscall.Kill(pid, syscall.SIGKILL))
}
