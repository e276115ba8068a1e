package devstack_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/devstack/pgtest"
)

// holdVariable makes this test binary hold a stack on the folder it names.
const holdVariable = "DEVSTACK_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

// hold brings a stack and keeps it until this process is killed.
func hold(dir string) {
	folder, err := devstack.Open(dir)
	if err == nil {
		_, err = devstack.StartPostgres(context.Background(), folder, devstack.PostgresOptions{})
	}
	fmt.Println("held", err)
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// needPostgres skips aloud where there is no PostgreSQL.
func needPostgres(t *testing.T) {
	t.Helper()
	if os.Getenv("OMBUDSDIENST_TEST_ALL") == "1" {
		return
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if _, err := exec.LookPath("initdb"); err != nil && len(found) == 0 {
		t.Skip("SKIPPED: PostgreSQL is not installed")
	}
}

func open(t *testing.T, dir string) *devstack.Folder {
	t.Helper()
	folder, err := devstack.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	return folder
}

func start(t *testing.T, folder *devstack.Folder, options devstack.PostgresOptions) *devstack.Postgres {
	t.Helper()
	needPostgres(t)
	options.Settings = map[string]string{"fsync": "off"}
	server, err := devstack.StartPostgres(t.Context(), folder, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// refused starts a server that must not come up and returns the reason, which
// is one line.
func refused(t *testing.T, folder *devstack.Folder, options devstack.PostgresOptions) string {
	t.Helper()
	server, err := devstack.StartPostgres(t.Context(), folder, options)
	if err == nil {
		t.Fatal("the server came up", server.Stop())
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the reason is more than one line: %v", err)
	}
	return err.Error()
}

func query(t *testing.T, url, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// until tries for a minute at most.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never came about: %s", what)
		}
	}
}

func mustContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

func process(t *testing.T, folder *devstack.Folder) int {
	t.Helper()
	text, err := os.ReadFile(folder.Path("postgres.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestDefaultFolderIsTheUsersStateOrForRootTheSystems(t *testing.T) {
	want := map[string]string{"/srv/state": "/srv/state/ombudsdienst", "": "/home/somebody/.local/state/ombudsdienst"}
	for state, dir := range want {
		if os.Geteuid() == 0 {
			dir = "/var/lib/ombudsdienst"
		}
		t.Setenv("XDG_STATE_HOME", state)
		t.Setenv("HOME", "/home/somebody")
		if got, err := devstack.DefaultDir(); err != nil || got != dir {
			t.Errorf("XDG_STATE_HOME=%q: %s (%v), want %s", state, got, err, dir)
		}
	}
}

func TestSecondStartGoesOnWhereTheFirstWas(t *testing.T) {
	dir := filepath.Join(pgtest.Dir(t), "data")
	for _, statement := range []string{`CREATE TABLE complaint AS SELECT 1 AS id`, `SELECT id FROM complaint`} {
		folder := open(t, dir)
		server := start(t, folder, devstack.PostgresOptions{})
		query(t, server.OwnerURL(), statement)
		query(t, server.AppURL(), `SELECT 1`)
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
		if err := folder.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKilledServerComesBackOnItsPortWithALine(t *testing.T) {
	folder := open(t, pgtest.Dir(t))
	var mu sync.Mutex
	var said []string
	server := start(t, folder, devstack.PostgresOptions{Progress: func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		said = append(said, fmt.Sprintf(format, args...))
	}})
	before := process(t, folder)
	if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("postgres", server.OwnerURL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	until(t, "a new server on the same address", func() bool { return process(t, folder) != before && db.Ping() == nil })
	mu.Lock()
	defer mu.Unlock()
	mustContain(t, strings.Join(said, "\n"), "PostgreSQL died (signal: killed): starting it again")
}

func TestStartAfterKillOfEverything(t *testing.T) {
	needPostgres(t)
	for _, also := range []bool{false, true} {
		t.Run(fmt.Sprintf("server too=%v", also), func(t *testing.T) {
			dir := pgtest.Dir(t)
			holder := exec.Command(os.Args[0])
			holder.Env = append(os.Environ(), holdVariable+"="+dir)
			stdin, err := holder.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer stdin.Close()
			stdout, err := holder.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := holder.Start(); err != nil {
				t.Fatal(err)
			}
			var reason string
			if _, err := fmt.Fscanf(stdout, "held %s", &reason); err != nil || reason != "<nil>" {
				t.Fatalf("no stack to kill: %s %v", reason, err)
			}
			_, err = devstack.Open(dir)
			if err == nil {
				t.Fatal("a folder in use was opened")
			}
			mustContain(t, err.Error(), "in use by process "+strconv.Itoa(holder.Process.Pid), "--data")
			_ = holder.Process.Kill()
			if also {
				text, _ := os.ReadFile(filepath.Join(dir, "postgres.pid"))
				pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			_ = holder.Wait()
			query(t, start(t, open(t, dir), devstack.PostgresOptions{}).OwnerURL(), `SELECT 1`)
		})
	}
}

func TestOtherVersionsFolderIsRefusedAndKept(t *testing.T) {
	needPostgres(t)
	folder := open(t, pgtest.Dir(t))
	data := folder.Path("postgres", "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustContain(t, refused(t, folder, devstack.PostgresOptions{}), "PostgreSQL 9", "install", "--data")
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err != nil {
		t.Errorf("the folder was touched: %v", err)
	}
}

func TestPasswordsThatAreGoneAreNotMadeAnew(t *testing.T) {
	folder := open(t, pgtest.Dir(t))
	server := start(t, folder, devstack.PostgresOptions{})
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(folder.Path("postgres.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the password file: %v %v, want 0600", info, err)
	}
	if err := os.Rename(folder.Path("postgres.json"), folder.Path("elsewhere")); err != nil {
		t.Fatal(err)
	}
	mustContain(t, refused(t, folder, devstack.PostgresOptions{}), "postgres.json", "missing")
}

func TestPortInUseNamesThePortAndItsFlag(t *testing.T) {
	server := start(t, open(t, pgtest.Dir(t)), devstack.PostgresOptions{})
	port := regexp.MustCompile(`:(\d+)/`).FindStringSubmatch(server.OwnerURL())[1]
	taken, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	folder := open(t, pgtest.Dir(t))
	mustContain(t, refused(t, folder, devstack.PostgresOptions{Port: taken}), port, "--postgres-port")
	for flag, options := range map[string]devstack.TemporalOptions{
		"--temporal-port": {Binary: "unused", Port: taken},
		"--ui-port":       {Binary: "unused", UIPort: taken},
	} {
		_, err := devstack.StartTemporal(t.Context(), folder, options)
		if err == nil {
			t.Fatal("Temporal came up on a port in use")
		}
		mustContain(t, err.Error(), port, flag)
	}
}

func TestMissingProgramsAreOneLineSayingWhatToDo(t *testing.T) {
	t.Setenv(devstack.BinaryFolderVariable, pgtest.Dir(t))
	mustContain(t, refused(t, open(t, pgtest.Dir(t)), devstack.PostgresOptions{}), "initdb is not in", devstack.BinaryFolderVariable)
}

func TestFolderThatCannotBeWrittenIsOneLine(t *testing.T) {
	dir := pgtest.Dir(t)
	if os.Geteuid() == 0 {
		dir = "/proc/self/fdinfo"
	} else if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := devstack.Open(dir)
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v, want a one-line refusal", err)
	}
	mustContain(t, err.Error(), dir, "not writable", "--data")
}

func TestFileInThePlaceOfTheFolderIsOneLine(t *testing.T) {
	path := filepath.Join(pgtest.Dir(t), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := devstack.Open(filepath.Join(path, "data"))
	if err == nil {
		t.Fatal("a file was opened as a folder")
	}
	mustContain(t, err.Error(), path, "not a directory", "--data")
}

func TestParentThatTheServersUserCannotPassIsNamedAndKept(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root hands the server to another user")
	}
	needPostgres(t)
	closed := filepath.Join(pgtest.Dir(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	folder := open(t, filepath.Join(closed, "data"))
	mustContain(t, refused(t, folder, devstack.PostgresOptions{}), "cannot pass "+closed, "--data")
	info, err := os.Stat(closed)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the parent's mode was changed: %v %v", info.Mode(), err)
	}
}

func TestOnlyTheServersOwnFolderChangesHands(t *testing.T) {
	dir := filepath.Join(pgtest.Dir(t), "data")
	folder := open(t, dir)
	start(t, folder, devstack.PostgresOptions{})
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		ours := int(info.Sys().(*syscall.Stat_t).Uid) == os.Geteuid()
		if want := entry.Name() != "postgres" || os.Geteuid() != 0; ours != want {
			t.Errorf("%s is ours: %v, want %v", entry.Name(), ours, want)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", entry.Name(), info.Mode())
		}
	}
}

func TestLogHoldsNothingOfARefusedStatement(t *testing.T) {
	folder := open(t, pgtest.Dir(t))
	server := start(t, folder, devstack.PostgresOptions{})
	query(t, server.OwnerURL(), `CREATE TABLE complainant (name text PRIMARY KEY, age int CHECK (age > 0))`)
	query(t, server.OwnerURL(), `INSERT INTO complainant VALUES ('Marieke', 1)`)
	db, err := sql.Open("postgres", server.OwnerURL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		`INSERT INTO complainant VALUES ('Marieke', 1)`,
		`INSERT INTO complainant VALUES ('Marieke', -1)`,
		`SELECT 'Marieke'::int`,
		`DO $$ BEGIN RAISE WARNING 'Marieke'; END $$; SELECT pg_terminate_backend(pg_backend_pid()), 'Marieke'`,
	} {
		if _, err := db.Exec(statement); err == nil {
			t.Fatalf("%s was not refused", statement)
		}
	}
	text, err := os.ReadFile(folder.Path("postgres.log"))
	if err != nil {
		t.Fatal(err)
	}
	mustContain(t, string(text), "ready to accept connections")
	if strings.Contains(string(text), "Marieke") {
		t.Errorf("the log names a person:\n%s", text)
	}
}

// TestTheSameHoldsForAnOrdinaryUser runs tests from above once more as nobody.
func TestTheSameHoldsForAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: these tests run as an ordinary user already")
	}
	needPostgres(t)
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Skip("SKIPPED: there is no user nobody")
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	dir := pgtest.Dir(t)
	binary, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "test")
	if err := os.WriteFile(path, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-test.v", "-test.run=Start|Killed|Written|Default")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir)
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
	t.Logf("as nobody: %d tests passed", strings.Count(string(out), "\n--- PASS"))
}
