package devstack_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/devstack"
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
