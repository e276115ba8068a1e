package letters

import (
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
)

func TestAWithdrawalNamesTheYearOnlyWhileItHelps(t *testing.T) {
	for l, rule := range map[complaint.Language]string{"nl": "binnen een jaar", "fr": "dans l’année", "de": "innerhalb eines Jahres", "en": "within one year"} {
		file := full(complaint.LetterWithdrawal, l)
		year := file.Submission.FactsOn.OneYearLater()
		for day, helps := range map[complaint.Day]bool{year: true, year.AddDays(1): false} {
			if text := said(t, file, day); strings.Contains(text, rule) != helps {
				t.Errorf("%s on %s: %s", l, day, text)
			}
		}
		file.Submission.FactsOn = complaint.Day{}
		if text := said(t, file, letterDay); !strings.Contains(text, rule) {
			t.Errorf("%s, facts of a day not known: %s", l, text)
		}
	}
}

func TestTheComplainantHearsWhoWroteWithoutAMandate(t *testing.T) {
	for _, l := range complaint.Languages {
		file := full(complaint.LetterAcknowledgement, l)
		representative := &complaint.Representative{Name: "Chantal Bonnevolonté", Mandate: complaint.MandateNone}
		file.Submission.Representative = representative
		golden(t, "acknowledgement-without-a-mandate-"+string(l)+".txt", write(t, theOrganisation(t), file))
		representative.Mandate, representative.Address = complaint.MandateAttached, fullAddress
		if text := said(t, file, letterDay); strings.Count(text, representative.Name) > 1 { // in the salutation at most
			t.Errorf("%s, with a mandate: %s", l, text)
		}
	}
}
