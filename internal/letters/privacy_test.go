package letters

import (
	"slices"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

func TestALetterToADepartmentHoldsNoMorePersonalDataThanNeeded(t *testing.T) {
	never := []string{fullAddress.Street, fullAddress.City, strings.ToUpper(fullAddress.City), fullAddress.Email, "0470 00 00 12",
		fullNISS, fullText, "K7QM"}
	// A question for information is no complaint but the department's own
	// correspondence: it answers the person, so it is told what and to whom. The
	// other ways to reach the person stay in.
	toAnswerBy := []string{fullText, fullAddress.Email, "0470 00 00 12"}
	for _, kind := range toDepartments {
		for _, l := range departmentLanguages {
			file := full(kind, l)
			file.Submission.Complainant.MemberNumber = "94.05.11-998.02" // the same as the identification number
			rendered := render(t, speaking(t, l), file)
			for _, secret := range append(never, file.Submission.Complainant.MemberNumber) {
				if kind == complaint.LetterRequest && slices.Contains(toAnswerBy, secret) {
					continue
				}
				if strings.Contains(rendered.Text, secret) || strings.Contains(rendered.Subject, secret) {
					t.Errorf("%s in %s holds %q", kind, l, secret)
				}
			}
		}
	}
	if text := write(t, theOrganisation(t), full(complaint.LetterRecommendation, "nl")); strings.Contains(text, "Voorbeeldmans") {
		t.Error("a recommendation names the complainant")
	}
}

func TestASubjectHoldsOnlyKindAndNumber(t *testing.T) {
	everyLetter(t, func(t *testing.T, org *organisation.Organisation, kind complaint.LetterKind, l complaint.Language) {
		subject := render(t, org, full(kind, l)).Subject
		for _, personal := range []string{"Voorbeeldmans", "getuigschriften", "HOSPITALISATIE", "1234567"} {
			if strings.Contains(subject, personal) {
				t.Errorf("%q holds %q", subject, personal)
			}
		}
		if !strings.Contains(subject, "2026-000123") || strings.ContainsAny(subject, "\r\n") {
			t.Errorf("subject %q", subject)
		}
	})
}

func TestTheNISSStandsInNoLetter(t *testing.T) {
	everyLetter(t, func(t *testing.T, org *organisation.Organisation, kind complaint.LetterKind, l complaint.Language) {
		if strings.Contains(write(t, org, full(kind, l)), fullNISS) {
			t.Error("it holds the identification number")
		}
	})
}

func TestWhyItDidNotWaitForAnAnswerStandsInNoLetter(t *testing.T) {
	everyLetter(t, func(t *testing.T, org *organisation.Organisation, kind complaint.LetterKind, l complaint.Language) {
		file := full(kind, l)
		if text := write(t, org, file); strings.Contains(text, file.Outcome.WithoutAnswers) {
			t.Error("it says why the outcome did not wait")
		}
	})
}

func TestEscalationGoesToTheHeadOfTheDepartment(t *testing.T) {
	org := theOrganisation(t)
	department, _ := org.Department("HOSPITALISATIE")
	for kind, want := range map[complaint.LetterKind]string{
		complaint.LetterReminder: department.Mail, complaint.LetterEscalation: department.Head.Mail,
	} {
		if got := render(t, org, full(kind, "nl")).Recipient; got != want {
			t.Errorf("%s goes to %s", kind, got)
		}
	}
}
