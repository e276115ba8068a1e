package devstack_test

import (
	"context"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/devstack/pgtest"
)

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
