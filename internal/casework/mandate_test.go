package casework_test

import (
	"strings"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

func TestTheMandateEndsPendingAndLettersThenGoToTheRepresentative(t *testing.T) {
	o := newOffice(t)
	number := o.entered(neighbour())
	_, err := o.reply(number, casework.ComplainantReply{Reply: complaint.Reply{Kind: complaint.ReplyMandate}})
	wantField(t, err, "body.attachments")
	_, err = o.reply(number, casework.ComplainantReply{
		Reply: complaint.Reply{Kind: complaint.ReplyMandate}, Attachments: signed,
		Representation: &complaint.Representation{Mandate: complaint.MandateAttached, Scope: "deze klacht", GivenOn: complaint.DayOf(monday), Copy: true},
	})
	must(t, err)
	var message complaint.ReplyReceived
	o.message(number, complaint.ReceiveReply, &message)
	if !message.Admitted || message.Ground != complaint.GroundAdmissible || len(message.Dropped) != 1 {
		t.Errorf("the procedure hears %+v", message)
	}
	file := o.file(number)
	if file.Pending != nil || file.Representation.Mandate != complaint.MandateAttached || file.Representation.Scope != "deze klacht" ||
		len(file.Replies) != 1 || len(file.Submission.Attachments) != 2 || file.Admissibility.Finding != complaint.FindAdmissible {
		t.Errorf("the file shows %+v", file)
	}
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
	var outcome complaint.OutcomeDecided
	o.message(number, complaint.DecideOutcome, &outcome)
	var to []string
	for _, id := range outcome.Letters {
		if written, err := o.books.LetterFile(t.Context(), id); err == nil && !written.Kind.ToDepartment() {
			to = append(to, written.Addressee().Name+" by "+string(written.Channel))
		}
	}
	if len(to) != 2 || to[0] != "Chantal Bonnevolonté by email" || to[1] != "Karel Verzonnen by post" {
		t.Errorf("the outcome goes to %v, want the representative and a copy to the complainant", to)
	}
}

func TestAMandateThatIsRefusedTurnsLettersToTheComplainant(t *testing.T) {
	o := newOffice(t)
	s := neighbour()
	s.Representative.Mandate = complaint.MandateAttached
	number := o.entered(s)
	_, err := o.Represent(t.Context(), officer, none, number, casework.RepresentationChange{
		Representation: complaint.Representation{Mandate: complaint.MandateRefused}})
	wantField(t, err, "body.reasons")
	_, err = o.Represent(t.Context(), officer, none, number, casework.RepresentationChange{
		Representation: complaint.Representation{Mandate: complaint.MandateRefused}, Reasons: "De klager trok de volmacht in."})
	must(t, err)
	written, err := o.books.LetterFile(t.Context(), o.letters(number)[complaint.LetterAcknowledgement].ID)
	must(t, err)
	if to := written.Addressee(); to.Representative || written.Channel != complaint.ByPost {
		t.Errorf("the letter that has not left goes to %+v by %s", to, written.Channel)
	}
	_, err = o.Represent(t.Context(), officer, none, o.entered(letter()), casework.RepresentationChange{
		Representation: complaint.Representation{Mandate: complaint.MandateLegal}})
	wantCategory(t, err, complaint.NotAllowedNow, "no_representative")
}

func TestAMandateThatHasEndedIsNone(t *testing.T) {
	o := newOffice(t)
	s := neighbour()
	s.Representative.Mandate, s.Representative.EndsOn = complaint.MandateAttached, complaint.DayOf(monday)
	number := o.entered(s)
	o.now = monday.AddDate(0, 0, 1)
	_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
	written, err := o.books.LetterFile(t.Context(), o.letters(number)[complaint.LetterOutcome].ID)
	must(t, err)
	if to := written.Addressee(); to.Representative || written.Channel != complaint.ByPost {
		t.Errorf("the outcome goes to %+v by %s", to, written.Channel)
	}
}

func TestAMandateThatThePublicSaysIsAttachedCountsWithADocumentOnly(t *testing.T) {
	o := newOffice(t)
	claimed := func(from complaint.Mandate, documents ...complaint.Attachment) complaint.Submission {
		s := neighbour()
		s.Intake, s.ReceivedAt, s.Attachments = complaint.WebForm, webForm().ReceivedAt, documents
		s.Representative.Mandate = from
		return s
	}
	bare := claimed(complaint.MandateAttached)
	number := o.lodge(public, bare).Number
	o.enter(number)
	file := o.file(number)
	if file.Pending == nil || file.Pending.Reason != complaint.MandateMissing || file.Representation.Mandate != complaint.MandateAsked {
		t.Errorf("without a document: %+v %+v", file.Pending, file.Representation)
	}
	for kind, letter := range o.letters(number) {
		written, err := o.books.LetterFile(t.Context(), letter.ID)
		must(t, err)
		if to := written.Addressee(); to.Representative || to.Name != "Karel Verzonnen" {
			t.Errorf("%s goes to %+v", kind, to)
		}
	}
	if details := string(file.Events[0].Details); !strings.Contains(details, `"mandate_said"`) || bare.Representative.Mandate != complaint.MandateAttached {
		t.Errorf("what was said is lost: %s", details)
	}
	for name, of := range map[string]struct {
		actor casework.Actor
		sub   complaint.Submission
	}{
		"with a document":         {public, claimed(complaint.MandateAttached, signed...)},
		"a legal one":             {public, claimed(complaint.MandateLegal)},
		"on paper, says the desk": {intake, claimed(complaint.MandateAttached)},
	} {
		number := o.lodge(of.actor, of.sub).Number
		o.enter(number)
		file := o.file(number)
		if file.Pending != nil || file.Representation.Mandate != of.sub.Representative.Mandate || strings.Contains(string(file.Events[0].Details), "mandate_said") {
			t.Errorf("%s: %+v %+v %s", name, file.Pending, file.Representation, file.Events[0].Details)
		}
	}
}
