package attachment

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var marked = []byte("This document carries the mark that the signature of this test finds.")

// startScripted starts a clamd that reads what INSTREAM brings and says what a
// test wants; nil hangs up.
func startScripted(t *testing.T, answer func(content []byte) []byte) *Scanner {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "clamd")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				content, err := readStream(connection)
				if reply := answer(content); err == nil && reply != nil {
					connection.Write(reply)
				}
			}()
		}
	}()
	return scannerAt(t, "unix://"+socket)
}

func readStream(from io.Reader) (content []byte, err error) {
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(from, command); err != nil || string(command) != "zINSTREAM\x00" {
		return nil, fmt.Errorf("the command is %q: %w", command, err)
	}
	for {
		var length uint32
		if err := binary.Read(from, binary.BigEndian, &length); err != nil || length == 0 {
			return content, err
		}
		part := make([]byte, length)
		if _, err := io.ReadFull(from, part); err != nil {
			return content, err
		}
		content = append(content, part...)
	}
}

func scannerAt(t *testing.T, address string) *Scanner {
	t.Helper()
	s, err := NewScanner(address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatTheScannerSaysIsUnderstood(t *testing.T) {
	for reply, want := range map[string]struct {
		verdict Verdict
		known   bool
	}{
		"stream: OK\x00":                          {Verdict{}, true},
		"stream: Win.Test.EICAR_HDB-1 FOUND\x00":  {Verdict{true, "Win.Test.EICAR_HDB-1"}, true},
		"INSTREAM size limit exceeded. ERROR\x00": {Verdict{}, false},
		"stream: Can't open file ERROR\x00":       {Verdict{}, false},
		"stream:  FOUND\x00":                      {Verdict{}, false},
		"OK\x00":                                  {Verdict{}, false},
		"stream: OK":                              {Verdict{}, false}, // cut off
	} {
		s := startScripted(t, func([]byte) []byte { return []byte(reply) })
		if got, err := s.Scan(t.Context(), marked); got != want.verdict || (err == nil) != want.known {
			t.Errorf("%q: %+v, %v", reply, got, err)
		}
	}
}

func TestTheScannerGetsTheWholeDocument(t *testing.T) {
	document := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	same := make(chan bool, 1)
	s := startScripted(t, func(content []byte) []byte {
		same <- bytes.Equal(content, document)
		return []byte("stream: OK\x00")
	})
	if _, err := s.Scan(t.Context(), document); err != nil || !<-same {
		t.Errorf("another document arrived: %v", err)
	}
}

func TestAScannerThatIsAwayOrSilentTellsNothing(t *testing.T) {
	if _, err := scannerAt(t, "unix:///nowhere/clamd").Scan(t.Context(), marked); err == nil {
		t.Error("nobody is there, and yet it is known")
	}
	if _, err := startScripted(t, func([]byte) []byte { return nil }).Scan(t.Context(), marked); err == nil {
		t.Error("it hung up, and yet it is known")
	}
	ctx, over := context.WithCancel(t.Context())
	silent := startScripted(t, func([]byte) []byte {
		over()
		<-t.Context().Done()
		return nil
	})
	if _, err := silent.Scan(ctx, marked); err == nil {
		t.Error("it said nothing, and yet it is known")
	}
}

func TestTheAddressOfTheScannerIsChecked(t *testing.T) {
	for _, wrong := range []string{"", "clamd", "clamd:3310", "tcp://clamd", "unix://clamd.ctl", "http://clamd:3310", "/run/clamav/clamd.ctl"} {
		if _, err := NewScanner(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
	for _, right := range []string{"unix:///run/clamav/clamd.ctl", "tcp://clamd:3310", "tcp://[::1]:3310"} {
		if _, err := NewScanner(right); err != nil {
			t.Errorf("%q: %v", right, err)
		}
	}
}

// TestTheRealScannerFindsWhatItsSignaturesName starts Debian's clamd with one
// signature, of this test's own document.
func TestTheRealScannerFindsWhatItsSignaturesName(t *testing.T) {
	s := startClamd(t)
	for range 2 {
		if got, err := s.Scan(t.Context(), marked); err != nil || !got.Infected || got.Signature != "Ombuds.Test.UNOFFICIAL" {
			t.Fatalf("the marked document: %+v, %v", got, err)
		}
		if got, err := s.Scan(t.Context(), []byte("A letter like any other.")); err != nil || got.Infected {
			t.Fatalf("a clean document: %+v, %v", got, err)
		}
	}
}

func startClamd(t *testing.T) *Scanner {
	t.Helper()
	program, err := exec.LookPath("clamd")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/clamd")
	}
	if err != nil {
		if os.Getenv("OMBUDSDIENST_TEST_ALL") == "1" {
			t.Fatal("no clamd for this test (Debian: clamav-daemon)")
		}
		t.Skip("SKIPPED, no clamd for this test (Debian: clamav-daemon)")
	}
	folder, err := os.MkdirTemp("", "clamd-*") // short: a socket's path may have 108 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	write("own.hdb", fmt.Sprintf("%x:%d:Ombuds.Test\n", md5.Sum(marked), len(marked)))
	socket := filepath.Join(folder, "ctl")
	config := write("clamd.conf", "Foreground yes\nDatabaseDirectory "+folder+"\nLocalSocket "+socket+"\nOfficialDatabaseOnly no\n")
	var said bytes.Buffer
	command := exec.CommandContext(t.Context(), program, "--config-file="+config)
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() { command.Process.Kill(); <-ended })
	s := scannerAt(t, "unix://"+socket)
	for patience := time.After(time.Minute); ; {
		if _, err := s.Scan(t.Context(), []byte("anything")); err == nil {
			return s
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("clamd ended: %v\n%s", err, said.String())
		case <-patience:
			t.Fatal("clamd does not answer within a minute")
		case <-time.After(50 * time.Millisecond): // between two looks
		}
	}
}
