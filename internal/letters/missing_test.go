package letters

import (
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
)

// withRepresentative is a letter of a case in which somebody else writes.
func withRepresentative(kind complaint.LetterKind, l complaint.Language, mandate complaint.Mandate) complaint.LetterFile {
	file := full(kind, l)
	file.Submission.Representative = &complaint.Representative{
		Name: "Chantal Bonnevolonté", Address: complaint.Address{Email: "c.bonnevolonte@example.org"}, Mandate: mandate,
	}
	return file
}

func TestWhatIsMissingIsSaidOfEachGround(t *testing.T) {
	for _, l := range complaint.Languages {
		spoken := minimal(complaint.LetterMissing, l)
		spoken.Missing.Until = letterDay.AddDays(complaint.PendingDays)
		golden(t, "missing-of-a-phone-note-"+string(l)+".txt", write(t, theOrganisation(t), spoken))
		undated := full(complaint.LetterMissing, l)
		undated.Missing.Ground = complaint.FactsDateUnknown
		golden(t, "missing-date-"+string(l)+".txt", write(t, theOrganisation(t), undated))
	}
}

// The complainant cannot be reached: the representative is asked for the mandate
// and learns nothing of the file.
func TestARepresentativeWithoutAMandateReadsNothingOfTheFile(t *testing.T) {
	for _, l := range complaint.Languages {
		for _, kind := range []complaint.LetterKind{complaint.LetterAcknowledgement, complaint.LetterMissing, complaint.LetterMissingReminder} {
			file := withRepresentative(kind, l, complaint.MandateAsked)
			file.Submission.Complainant.Address = complaint.Address{}
			l, err := compose(theOrganisation(t), file, letterDay)
			if err != nil {
				t.Fatal(err)
			}
			if l.recipient != "c.bonnevolonte@example.org" {
				t.Errorf("%s goes to %s", kind, l.recipient)
			}
			for _, secret := range []string{file.ReceiptCode, file.Submission.Topic, "HOSPITALISATIE", "Hospitalisatie", file.Missing.Reasons,
				file.Submission.Complainant.MemberNumber, "4 mei", "4 May", "4. Mai", "4 mai"} {
				if strings.Contains(l.text(), secret) {
					t.Errorf("%s holds %q", kind, secret)
				}
			}
			if kind == complaint.LetterMissing {
				golden(t, "missing-to-a-representative-"+string(file.Language)+".txt", l.text())
			}
		}
	}
}

func TestNoOtherLetterGoesToARepresentativeWithoutAMandate(t *testing.T) {
	for _, kind := range toComplainants {
		if kind == complaint.LetterAcknowledgement || kind == complaint.LetterMissing || kind == complaint.LetterMissingReminder {
			continue
		}
		file := withRepresentative(kind, "nl", complaint.MandateAsked)
		if l, err := compose(theOrganisation(t), file, letterDay); err != nil || l.recipient != fullAddress.Email {
			t.Errorf("%s goes to %q: %v", kind, l.recipient, err)
		}
		file.Submission.Complainant.Address = complaint.Address{}
		if _, err := compose(theOrganisation(t), file, letterDay); complaint.CategoryOf(err) != complaint.Invalid {
			t.Errorf("%s is written although only the representative can be reached: %v", kind, err)
		}
	}
}

func TestTheCopyGoesToTheComplainant(t *testing.T) {
	file := withRepresentative(complaint.LetterOutcome, "nl", complaint.MandateAttached)
	for copy, to := range map[bool]string{false: "c.bonnevolonte@example.org", true: fullAddress.Email} {
		file.Copy = copy
		if l, err := compose(theOrganisation(t), file, letterDay); err != nil || l.recipient != to {
			t.Errorf("copy %v goes to %q: %v", copy, l.recipient, err)
		}
	}
}

func TestARefusalWithoutAReferralNamesTheBodiesThatFit(t *testing.T) {
	file := full(complaint.LetterInadmissible, "nl")
	file.Admission.ReferTo = ""
	if text := write(t, theOrganisation(t), file); !strings.Contains(text, "mediation@solidaris.be") || !strings.Contains(text, "info@ombudsman.as") {
		t.Error(text)
	}
}
