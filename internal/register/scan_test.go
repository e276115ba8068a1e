package register_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

func withDocument(s *complaint.Submission) {
	s.Attachments = []complaint.Attachment{{Name: "brief.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.4")}}
}

func TestAScanThatFailedIsTriedAgainAndWhatIsKnownStays(t *testing.T) {
	b := newBooks(t)
	l := b.entered(withDocument)
	next := func() []int64 {
		found, err := b.UnscannedAttachments(t.Context(), 10)
		must(t, err)
		return found
	}
	scan := func() complaint.ScanState { return b.file(l.Number).Submission.Attachments[0].Scan }
	found := next()
	if len(found) != 1 || scan() != complaint.ScanUnscanned {
		t.Fatalf("found %v, %s", found, scan())
	}
	said := func(state complaint.ScanState, signature string) {
		must(t, b.AttachmentScanned(t.Context(), found[0], state, signature, []byte("%PDF-1.4")))
	}
	said(complaint.ScanUnscanned, "")
	if len(next()) != 0 {
		t.Error("it is tried again at once")
	}
	b.now = b.now.Add(time.Minute)
	if len(next()) != 1 {
		t.Error("it is not tried again")
	}
	said(complaint.ScanInfected, "Eicar")
	said(complaint.ScanInfected, "Eicar") // two workers
	said(complaint.ScanClean, "")
	b.now = b.now.AddDate(0, 1, 0)
	if len(next()) != 0 || scan() != complaint.ScanInfected {
		t.Errorf("it is %s, and to be scanned: %v", scan(), next())
	}
	if n := b.notices(l.Number, complaint.WatchAttachmentInfected); n != 1 {
		t.Errorf("%d messages to whoever is in charge", n)
	}
	if told := b.events(l.Number, "attachment_infected"); len(told) != 1 || told[0]["sha256"] == "" || told[0]["signature"] != nil {
		t.Errorf("the history says %v", told)
	}
	counts, err := b.CountScans(t.Context())
	must(t, err)
	if counts.Infected != 1 || counts.Failing != 0 {
		t.Errorf("counted %+v", counts)
	}
}
