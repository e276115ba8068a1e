package casework_test

import (
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func TestADocumentIsKeptAsWhatItIsUnderANameThatFits(t *testing.T) {
	o := newOffice(t)
	s := letter()
	s.Attachments = []complaint.Attachment{{Name: "../foto\u202egnp.exe", MediaType: "text/html", Content: []byte("%PDF-1.4")}}
	number := o.entered(s)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	kept := file.Submission.Attachments[0]
	if kept.Name != "fotognp.exe.pdf" || kept.MediaType != "application/pdf" || kept.Scan != complaint.ScanUnscanned {
		t.Errorf("kept as %+v", kept)
	}
	_, err = o.Attachment(t.Context(), officer, kept.ID)
	must(t, err)
	must(t, o.books.AttachmentScanned(t.Context(), kept.ID, complaint.ScanInfected, "Eicar", []byte("%PDF-1.4")))
	_, err = o.Attachment(t.Context(), officer, kept.ID)
	wantCategory(t, err, complaint.NotAllowedNow, "attachment_infected")
}

func TestEveryWayInRefusesWhatCouldRun(t *testing.T) {
	o := newOffice(t)
	page := func() []complaint.Attachment {
		return []complaint.Attachment{{Name: "brief.pdf", MediaType: "application/pdf", Content: []byte("<html><script>alert(1)</script></html>")}}
	}
	number, asked := o.consulted()
	_, err := o.Answer(t.Context(), handler, none, asked, casework.Answer{Answer: "Daarom.", Attachments: page()})
	wantField(t, err, "body.attachments[0].content")
	_, err = o.AddDocuments(t.Context(), intake, none, number, casework.Addition{Text: "Zie.", Attachments: page()})
	wantField(t, err, "body.attachments[0].content")
	_, err = o.Reply(t.Context(), intake, none, number, casework.ComplainantReply{
		Reply: complaint.Reply{Kind: complaint.ReplyInformation, Text: "Zie."}, Attachments: page(),
	})
	wantField(t, err, "body.attachments[0].content")
	form := webForm()
	form.Attachments = page()
	results, err := o.Lodge(t.Context(), public, casework.Once{}, []complaint.Submission{form})
	must(t, err)
	wantField(t, results[0].Err, "body.attachments[0].content")
}

// consulted opens a question to the handler's department.
func (o *office) consulted() (complaint.Number, int64) {
	o.t.Helper()
	number := o.entered(letter())
	asked, err := o.Ask(o.t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(o.t, err)
	return number, asked.ID
}
