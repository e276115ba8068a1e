package devstack

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The dev server is built from a module of its own: it needs an older Temporal
// SDK than our program and does not compile beside the newer one. The files
// carry other names here because a folder with a go.mod could not be embedded.
var (
	//go:embed dev.mod.txt
	serverModule []byte
	//go:embed dev.sum.txt
	serverSums []byte
)

const (
	serverPackage = "github.com/temporalio/cli/cmd/temporal"
	buildLimit    = 40 * time.Minute
)

// EnsureTemporalBinary returns the path of a Temporal program that can run the
// dev server: the one on the PATH if its server is at least as new as the one
// known to work, else the one in the cache folder, which is built there at the
// first use. A build takes minutes, tells how far it is, and needs Go and its
// module proxy or a filled module cache.
//
// When the context's time runs out the build goes on in the background for the
// next call to find; when the context is cancelled the build ends.
func EnsureTemporalBinary(ctx context.Context, progress Progress) (string, error) {
	if path, err := exec.LookPath("temporal"); err == nil {
		if isRecent(ctx, path) {
			return path, nil
		}
		progress.say("%s is older than the Temporal server %s or does not tell: not using it", path, moduleVersion("go.temporal.io/server"))
	}
	dir, err := cacheFolder("temporal", binaryKey())
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "temporal")
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	lock, err := lockFile(ctx, filepath.Join(dir, "lock"), "it builds the Temporal dev server in "+dir, progress)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	return binary, build(ctx, dir, lock, progress)
}

// build compiles in a process group of its own, which holds the lock by its
// inherited file until it has ended, whoever started it.
func build(ctx context.Context, dir string, lock *os.File, progress Progress) error {
	tool, err := exec.LookPath("go")
	if err != nil {
		return fmt.Errorf("the Temporal dev server was not found and Go is not there to build it: install Go, or the Temporal CLI with server %s or newer", moduleVersion("go.temporal.io/server"))
	}
	err = errors.Join(os.WriteFile(filepath.Join(dir, "go.mod"), serverModule, 0o644), os.WriteFile(filepath.Join(dir, "go.sum"), serverSums, 0o644))
	if err != nil {
		return fmt.Errorf("write the module of the Temporal dev server: %w", err)
	}
	log, err := os.Create(filepath.Join(dir, "build.log"))
	if err != nil {
		return fmt.Errorf("write the log of the build: %w", err)
	}
	defer log.Close()
	compile := exec.Command("/bin/sh", "-c", `"$1" build -v -buildvcs=false -o temporal.new "$2" && mv temporal.new temporal`, "sh", tool, serverPackage)
	compile.Dir = dir
	compile.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	compile.Stdout, compile.Stderr = log, log
	compile.ExtraFiles = []*os.File{lock}
	compile.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	progress.say("building the Temporal dev server once, in %s: 4 to 10 minutes the first time", dir)
	if err := compile.Start(); err != nil {
		return fmt.Errorf("build the Temporal dev server: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- compile.Wait() }()
	if err := awaitBuild(ctx, compile.Process.Pid, ended, log.Name(), progress); err != nil {
		return fmt.Errorf("build the Temporal dev server: %w%s", err, lastLines(log.Name(), 0))
	}
	return nil
}

func awaitBuild(ctx context.Context, group int, ended <-chan error, log string, progress Progress) error {
	begun := time.Now()
	tick := time.NewTicker(sayEvery)
	defer tick.Stop()
	limit := time.After(buildLimit)
	for {
		select {
		case err := <-ended:
			return err
		case <-tick.C:
			fetched, compiled := countBuild(log)
			progress.say("building the Temporal dev server: %s, %d modules fetched, %d packages compiled",
				time.Since(begun).Round(time.Second), fetched, compiled)
		case <-limit:
			_ = syscall.Kill(-group, syscall.SIGKILL)
			return fmt.Errorf("given up after %s", buildLimit)
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return errors.New("no time left to wait; it goes on in the background, try again in some minutes")
			}
			_ = syscall.Kill(-group, syscall.SIGKILL)
			return ctx.Err()
		}
	}
}

// countBuild reads how far a build is: the tool writes one line per module that
// it fetches and per package that it compiles.
func countBuild(log string) (fetched, compiled int) {
	text, err := os.ReadFile(log)
	if err != nil {
		return 0, 0
	}
	fetched = bytes.Count(text, []byte("go: downloading "))
	return fetched, bytes.Count(text, []byte("\n")) - fetched
}

// binaryKey tells one build from another: all its versions and the machine.
func binaryKey() string {
	return strings.Join([]string{
		moduleVersion("github.com/temporalio/cli"),
		"server-" + moduleVersion("go.temporal.io/server"),
		"ui-" + moduleVersion("github.com/temporalio/ui-server/v2"),
		runtime.GOOS, runtime.GOARCH,
	}, "-")
}

// moduleVersion reads a version, without its v, from the embedded module file.
func moduleVersion(module string) string {
	for line := range strings.Lines(string(serverModule)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == module {
			return strings.TrimPrefix(fields[1], "v")
		}
	}
	panic("devstack: the embedded module file does not require " + module)
}

func isRecent(ctx context.Context, path string) bool {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	return err == nil && recentServer(string(out))
}

var serverVersion = regexp.MustCompile(`\bServer (\d+)\.(\d+)\.(\d+)`)

// recentServer reads a line like "temporal version 1.5.1 (Server 1.29.1, UI
// 2.42.1)". The server's version decides; the CLI's own is not set in every
// build.
func recentServer(line string) bool {
	known := versionNumbers("Server " + moduleVersion("go.temporal.io/server"))
	given := versionNumbers(line)
	return given != nil && slices.Compare(given, known) >= 0
}

func versionNumbers(line string) []int {
	match := serverVersion.FindStringSubmatch(line)
	if match == nil {
		return nil
	}
	var numbers []int
	for _, text := range match[1:] {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil
		}
		numbers = append(numbers, n)
	}
	return numbers
}
