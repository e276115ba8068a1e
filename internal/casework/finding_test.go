package casework_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func TestARunCountsOnlyTheFindingsThatItsReaderMaySee(t *testing.T) {
	o := newOffice(t)
	verified := func(found ...register.Found) int64 {
		t.Helper()
		o.now = o.now.Add(time.Hour)
		asked, err := o.AskVerification(t.Context(), supervisor, none)
		must(t, err)
		run, _, err := o.books.BeginVerification(t.Context())
		must(t, err)
		_, err = o.books.EndVerification(t.Context(), run, found, nil)
		must(t, err)
		return asked.ID
	}
	dpos := register.Found{Kind: "letters", File: complaint.PrivacyFile, Number: "2026-000001", Subject: "letter 9", Text: "x"}
	own := register.Found{Kind: "letters", Number: "2026-000002", Subject: "letter 3", Text: "x"}
	first, second, third := verified(dpos), verified(dpos, own), verified()
	for _, c := range []struct {
		reader casework.Actor
		run    int64
		want   int
	}{
		{supervisor, first, 0}, {supervisor, second, 1}, {supervisor, third, 0},
		{auditor, first, 1}, {auditor, second, 2}, {auditor, third, 0},
	} {
		v, err := o.Verification(t.Context(), c.reader, c.run)
		must(t, err)
		if v.Found == nil || *v.Found != c.want {
			t.Errorf("run %d shows the %s %v findings, want %d", c.run, c.reader.Role, v.Found, c.want)
		}
	}
	waiting, err := o.AskVerification(t.Context(), supervisor, none)
	must(t, err)
	if v, err := o.Verification(t.Context(), supervisor, waiting.ID); err != nil || v.Found != nil {
		t.Errorf("a run that has not ended found %v (%v)", v.Found, err)
	}
}
