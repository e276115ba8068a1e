package devstack

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTemporalOnThePathIsUsedFromTheKnownServerVersionOn(t *testing.T) {
	for line, want := range map[string]bool{
		"temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)":     true,
		"temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)": true,
		"temporal version 1.7.0 (Server 1.31.0, UI 2.49.1)":     true,
		"temporal version 2.0.0 (Server 2.0.0, UI 3.0.0)":       true,
		"temporal version 1.5.0 (Server 1.29.0, UI 2.41.0)":     false,
		"temporal version 1.3.0 (Server 1.9.30, UI 2.36.0)":     false,
		"temporal version 9.9.9":                                false,
		"":                                                      false,
		"(Server 99999999999999999999.1.1)":                     false,
	} {
		if got := recentServer(line); got != want {
			t.Errorf("%q: recent = %v, want %v", line, got, want)
		}
	}
}

func TestBuildIsKeyedByAllVersionsAndTheMachine(t *testing.T) {
	key := binaryKey()
	for _, part := range []string{"1.5.1", "server-1.29.1", "ui-2.42.1"} {
		if !strings.Contains(key, part) {
			t.Errorf("key %s does not hold %s", key, part)
		}
	}
}

// useFakeGo puts a script in the place of Go, with an empty cache folder.
func useFakeGo(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "temporal"), []byte("#!/bin/sh\necho old\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
}

func TestBinaryIsBuiltOnceOutsideAnyWorkspace(t *testing.T) {
	useFakeGo(t, `
		[ "$GOWORK$GOFLAGS" = off ] && [ -s go.mod ] && [ -s go.sum ] || exit 7
		[ ! -e built ] || exit 8
		touch built
		echo binary > temporal.new`)
	t.Setenv("GOFLAGS", "-mod=vendor")
	for range 2 {
		path, err := EnsureTemporalBinary(t.Context(), t.Logf)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != "binary\n" {
			t.Errorf("built %q (%v)", text, err)
		}
	}
}

func TestFailedBuildSaysWhyAndLeavesNoBinary(t *testing.T) {
	useFakeGo(t, `echo "no route to the module proxy" >&2; echo half > temporal.new; exit 1`)
	for range 2 {
		_, err := EnsureTemporalBinary(t.Context(), nil)
		if err == nil || !strings.Contains(err.Error(), "no route to the module proxy") {
			t.Fatalf("got %v, want what Go said", err)
		}
	}
}

func TestBuildGoesOnWhenTheTimeOfItsCallerEnds(t *testing.T) {
	release := filepath.Join(t.TempDir(), "release")
	useFakeGo(t, `while [ ! -e "`+release+`" ]; do sleep 0.02; done; touch temporal.new`)
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := EnsureTemporalBinary(short, nil); err == nil || !strings.Contains(err.Error(), "goes on in the background") {
		t.Fatalf("got %v, want the news that the build goes on", err)
	}
	waits := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		_, err := EnsureTemporalBinary(t.Context(), func(format string, _ ...any) {
			select {
			case waits <- format:
			default:
			}
		})
		ended <- err
	}()
	for said := range waits {
		if strings.HasPrefix(said, "waiting for another process") {
			break
		}
	}
	if err := os.WriteFile(release, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the second caller did not get the build: %v", err)
	}
}

func TestCancelledBuildEnds(t *testing.T) {
	useFakeGo(t, `echo $$ > running; exec sleep 600`)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := EnsureTemporalBinary(ctx, func(format string, args ...any) {
		if strings.HasPrefix(format, "building") {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the cancellation", err)
	}
	dir, err := cacheFolder("temporal", binaryKey())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	lock, err := lockFile(ctx, filepath.Join(dir, "lock"), "the cancelled build", t.Logf)
	if err != nil {
		t.Fatalf("the build still holds its lock: %v", err)
	}
	lock.Close()
}

func TestMissingGoIsOneLineSayingWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	_, err := EnsureTemporalBinary(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), "install Go") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want one line that says what to install", err)
	}
}
