package devstack_test

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/devstack/pgtest"
)

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
