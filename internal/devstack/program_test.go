package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fake is a program that a shell plays, with waits that a test can afford.
func fake(t *testing.T, script string) *program {
	t.Helper()
	dir := t.TempDir()
	mark := filepath.Join(dir, "mark")
	return &program{
		name:    "The fake",
		command: func() *exec.Cmd { return exec.Command("/bin/sh", "-c", script, mark) },
		ready:   func(context.Context) error { return nil },
		log:     filepath.Join(dir, "log"),
		pid:     filepath.Join(dir, "pid"),
		mark:    mark,
		signals: []syscall.Signal{syscall.SIGINT},
		limits:  limits{start: time.Minute, patience: time.Millisecond, stop: 50 * time.Millisecond, kill: time.Minute, pause: time.Millisecond},
	}
}

func TestFiveDeathsWithinAMinuteAreReportedWithTheLastLines(t *testing.T) {
	p := fake(t, `echo "something is broken"; exit 3`)
	if err := p.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-p.Failed():
		for _, part := range []string{"The fake", "5 times", "exit status 3", "something is broken"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("the reason %q does not say %q", err, part)
			}
		}
	case <-time.After(time.Minute):
		t.Fatal("a server that always dies is never given up")
	}
	if err := p.Stop(); err != nil {
		t.Errorf("stop after the end: %v", err)
	}
}

func TestDeathsAMinuteApartDoNotAddUp(t *testing.T) {
	first := time.Date(2026, 2, 13, 12, 0, 0, 0, time.UTC)
	var deaths []time.Time
	for n := range 20 {
		deaths = recent(append(deaths, first.Add(time.Duration(n)*20*time.Second)))
	}
	if len(deaths) != 3 {
		t.Errorf("one death every 20 s counts as %d within a minute, want 3", len(deaths))
	}
}

func TestServerThatNeverComesUpIsGivenUpWithItsWords(t *testing.T) {
	p := fake(t, `echo "no room on the disk" >&2; exit 1`)
	p.ready = func(context.Context) error { return errors.New("nobody there") }
	if err := os.WriteFile(p.log, []byte("words of an earlier run\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := p.start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "did not start: exit status 1") || !strings.Contains(err.Error(), "no room on the disk") {
		t.Fatalf("got %v, want the way it ended and its last words", err)
	}
	if strings.Contains(err.Error(), "earlier run") {
		t.Errorf("the reason quotes an earlier run: %v", err)
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	p := fake(t, `exec sleep 600`)
	ctx, cancel := context.WithCancel(t.Context())
	p.ready = func(context.Context) error { cancel(); return errors.New("not yet") }
	if err := p.start(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the end of the context", err)
	}
	if _, open := <-p.done; open {
		t.Error("the server runs on after a start that was given up")
	}
}

func TestServerThatDoesNotStopIsKilled(t *testing.T) {
	p := fake(t, `trap "" INT; echo deaf; while :; do sleep 600; done`)
	p.ready = func(context.Context) error {
		if text, err := os.ReadFile(p.log); err != nil || string(text) != "deaf\n" {
			return errors.New("it still listens to signals")
		}
		return nil
	}
	if err := p.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Errorf("got %v, want the news that it was killed", err)
	}
	if _, open := <-p.done; open {
		t.Error("the server still runs")
	}
}

func TestServerLeftByAnEarlierRunIsStoppedAndNoOtherProcess(t *testing.T) {
	for _, ours := range []bool{true, false} {
		t.Run(fmt.Sprintf("ours=%v", ours), func(t *testing.T) {
			p := fake(t, "")
			name := "somebody else's"
			if ours {
				name = p.mark
			}
			left := exec.Command("/bin/sh", "-c", `sleep 600; true`, name)
			left.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			if err := left.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- left.Wait() }()
			t.Cleanup(func() { _ = syscall.Kill(-left.Process.Pid, syscall.SIGKILL) })
			if err := os.WriteFile(p.pid, fmt.Appendln(nil, left.Process.Pid), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := p.endOrphan(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !ours {
				if err := left.Process.Signal(syscall.Signal(0)); err != nil {
					t.Errorf("a process that is not ours was ended: %v", err)
				}
				return
			}
			select {
			case <-ended:
			case <-time.After(time.Minute):
				t.Error("the server of an earlier run still runs")
			}
		})
	}
}

func TestLargeLogIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, logLimit+1); err != nil {
		t.Fatal(err)
	}
	from, err := makeRoom(path)
	if err != nil || from != 0 {
		t.Fatalf("new text begins at %d (%v), want an empty log", from, err)
	}
	if _, err := os.Stat(path + ".1"); err != nil {
		t.Errorf("the older log is gone: %v", err)
	}
}
