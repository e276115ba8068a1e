package post

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestWithoutAMailServerEmailBecomesOneFilePerMessage(t *testing.T) {
	o := office(t, "")
	for range 2 {
		id, err := o.Send(t.Context(), letter(complaint.ByEmail))
		if err != nil || id != "2026-000123-outcome-17.eml" {
			t.Fatalf("%s: %v", id, err)
		}
	}
	if got := names(t, o.mail); len(got) != 1 || got[0] != "2026-000123-outcome-17.eml" {
		t.Fatalf("files: %v", got)
	}
	text, err := os.ReadFile(filepath.Join(o.mail, "2026-000123-outcome-17.eml"))
	if err != nil {
		t.Fatal(err)
	}
	checkMessage(t, string(text))
	if !o.Repeatable(complaint.ByEmail) {
		t.Error("a file may be written again")
	}
}

func TestALetterThatNoLongerLeavesIsTakenFromThePrintFolder(t *testing.T) {
	o := office(t, "")
	if _, err := o.Send(t.Context(), letter(complaint.ByPost)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // also when somebody took it before
		if err := o.Withdraw(t.Context(), letter(complaint.ByPost)); err != nil {
			t.Fatal(err)
		}
		if got := names(t, o.print); len(got) != 0 {
			t.Errorf("it still lies there: %v", got)
		}
	}
}

func TestPostIsOnePDFPerLetterAlsoWithAMailServer(t *testing.T) {
	s, at := startSink(t, nil)
	o := office(t, smtpURL(at, ""))
	if _, err := o.Send(t.Context(), letter(complaint.ByPost)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(o.print, "2026-000123-outcome-17.pdf")
	content, err := os.ReadFile(file)
	if err != nil || string(content) != string(letter(complaint.ByPost).Rendered.PDF) {
		t.Errorf("file: %q (%v)", content, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v (%v)", info.Mode(), err)
	}
	if len(names(t, o.print)) != 1 || len(s.messages()) != 0 {
		t.Errorf("print: %v, mail: %v", names(t, o.print), s.messages())
	}
}

func TestAnInterruptedWriteLeavesNoLetterAndIsClearedAway(t *testing.T) {
	o := office(t, "")
	old := filepath.Join(o.print, ".2026-000123-outcome-17.pdf"+asideMark+"1")
	fresh := filepath.Join(o.print, ".2026-000124-outcome-18.pdf"+asideMark+"2")
	for file, age := range map[string]time.Duration{old: 2 * time.Hour, fresh: time.Minute} {
		if err := os.WriteFile(file, []byte("%PDF-1.4 ha"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, noon.Add(-age), noon.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Send(t.Context(), letter(complaint.ByPost)); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Folder: filepath.Dir(o.print), From: fromHere, Now: o.now}); err != nil {
		t.Fatal(err)
	}
	if got := names(t, o.print); len(got) != 2 || got[0] != filepath.Base(fresh) || got[1] != "2026-000123-outcome-17.pdf" {
		t.Errorf("files: %v", got)
	}
}

func TestAFileThatCannotBeWrittenIsTemporaryAndLeavesNothing(t *testing.T) {
	o := office(t, "")
	inTheWay := filepath.Join(o.print, "2026-000123-outcome-17.pdf")
	if err := os.MkdirAll(filepath.Join(inTheWay, "something"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := o.Send(t.Context(), letter(complaint.ByPost))
	expect(t, err, complaint.Temporary, "file_not_written")
	if got := names(t, o.print); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

func TestALetterThatCannotLeaveIsSaidSo(t *testing.T) {
	o := office(t, "")
	unrendered := letter(complaint.ByPost)
	unrendered.Rendered = nil
	_, err := o.Send(t.Context(), unrendered)
	expect(t, err, complaint.Permanent, "not_rendered")
	_, err = o.Send(t.Context(), letter(""))
	expect(t, err, complaint.Permanent, "no_channel")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = o.Send(ended, letter(complaint.ByPost))
	expect(t, err, complaint.Temporary, "cancelled")
}
