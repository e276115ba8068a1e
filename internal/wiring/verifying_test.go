package wiring

import (
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// TestSupervisorsHearOfNewFindingsOnceADay: a mail server that is busy delays the
// message, what was told is not told again, and the DPO's findings are not theirs.
func TestSupervisorsHearOfNewFindingsOnceADay(t *testing.T) {
	server, url := startBusySink(t, 1)
	now := complaint.NewDay(2026, time.March, 2).At(3, 0)
	a, _, _ := outside(t, url, func() time.Time { return now })
	books := a.Books.(*register.Store)
	find := func(found ...register.Found) {
		t.Helper()
		run, err := books.BeginNightly(t.Context())
		if err == nil {
			_, err = books.EndVerification(t.Context(), run, found, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	told := func(want int, when string) {
		t.Helper()
		if err := a.TellFindings(t.Context()); err != nil {
			t.Fatal(err)
		}
		if server.taken != want {
			t.Fatalf("%s: %d mails, want %d", when, server.taken, want)
		}
	}
	told(0, "nothing was found")
	dpo := register.Found{Kind: "letters", File: complaint.PrivacyFile, Number: "2026-000001", Text: "text"}
	find(dpo)
	told(0, "it is about a privacy file")
	first := register.Found{Kind: "letters", Number: "2026-000001", Text: "text"}
	find(dpo, first)
	told(0, "the mail server is busy")
	told(1, "the mail server is free again")
	second := register.Found{Kind: "outbox", Number: "2026-000001", Text: "text"}
	find(dpo, first, second)
	told(1, "another finding on the same day")
	now = now.AddDate(0, 0, 1)
	told(2, "the next day")
	now = now.AddDate(0, 0, 1)
	told(2, "nothing is new")
}
