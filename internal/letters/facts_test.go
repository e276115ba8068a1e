package letters

import (
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

// said is a letter's text on a day, on one line.
func said(t *testing.T, file complaint.LetterFile, day complaint.Day) string {
	t.Helper()
	org := theOrganisation(t)
	if file.Kind.ToDepartment() {
		org = speaking(t, file.Language)
	}
	l, err := compose(org, file, day)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(l.text()), " ")
}

func TestADepartmentLearnsThatTheLastDayIsOver(t *testing.T) {
	urgent := map[complaint.Language]string{"nl": "ten laatste op 4 mei 2026 moeten krijgen. Die dag is voorbij: uw antwoord is dringend.",
		"fr": "au plus tard le 4 mai 2026. Ce jour est passé : votre réponse est urgente."}
	promise := map[complaint.Language]string{"nl": "De klager krijgt", "fr": "Le plaignant reçoit"}
	for _, kind := range []complaint.LetterKind{complaint.LetterConsultation, complaint.LetterReminder, complaint.LetterEscalation} {
		for _, l := range departmentLanguages {
			file := full(kind, l)
			last := file.Deadline.LastDay
			for day, late := range map[complaint.Day]bool{last: false, last.AddDays(1): true} {
				text := said(t, file, day)
				if strings.Contains(text, urgent[l]) != late || strings.Contains(text, promise[l]) == late {
					t.Errorf("%s in %s on %s: %s", kind, l, day, text)
				}
			}
		}
	}
}

func TestADepartmentIsToldWhatTheComplaintIsAbout(t *testing.T) {
	for _, kind := range []complaint.LetterKind{complaint.LetterConsultation, complaint.LetterReminder} {
		file := full(kind, "nl")
		if text := said(t, file, letterDay); strings.Contains(text, "Betwiste beslissing") {
			t.Errorf("%s names a decision that nobody contests: %s", kind, text)
		}
		file.Submission.Topic += " voor 94.05.11-998.02 en " + fullNISS
		file.Submission.ContestedDecision = &complaint.ContestedDecision{On: complaint.NewDay(2025, time.March, 3), Reference: "HOS/2025/17"}
		text := said(t, file, letterDay)
		for _, want := range []string{"Onderwerp: terugbetaling van drie getuigschriften voor […] en […]",
			"Dag van de feiten: 14 januari 2025", "Betwiste beslissing: van 3 maart 2025, kenmerk HOS/2025/17"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q in %s", kind, want, text)
			}
		}
		file.Submission.ContestedDecision = &complaint.ContestedDecision{}
		if text := said(t, file, letterDay); !strings.Contains(text, "Betwiste beslissing: datum niet bekend") {
			t.Errorf("%s: %s", kind, text)
		}
	}
}

func TestAMemberNumberThatIsAnIdentificationNumberStaysIn(t *testing.T) {
	file := full(complaint.LetterConsultation, "nl")
	file.Submission.Complainant.NISS, file.Submission.Complainant.MemberNumber = "", "94.05.11-998.02"
	if text := said(t, file, letterDay); strings.Contains(text, "lidnummer") {
		t.Error(text)
	}
}

func TestADepartmentCanAnswerAQuestionForInformation(t *testing.T) {
	file := full(complaint.LetterRequest, "fr")
	text := said(t, file, letterDay)
	for _, want := range []string{fullText, "Lotte Voorbeeldmans", fullAddress.Email, "0470 00 00 12", "Langue de la réponse : français",
		"Note du service de médiation " + file.Admission.Reasons} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q in %s", want, text)
		}
	}
	file.Submission.Topic, file.Submission.Text = "over "+fullNISS, "Mijn nummer is 94.05.11-998.02.\n\nWat nu?"
	if text := said(t, file, letterDay); !strings.Contains(text, "Objet : over […] Mijn nummer is […]. Wat nu?") {
		t.Errorf("the identification number: %s", text)
	}
	file.Submission.ReplyBy = complaint.ByPost
	if text := said(t, file, letterDay); !strings.Contains(text, "- Fictiestraat 12 bus 3 - 1080 Sint-Jans-Molenbeek") ||
		strings.Contains(text, fullAddress.Email) {
		t.Errorf("by post: %s", text)
	}
	file.Submission.Representative = &complaint.Representative{Name: "Chantal Bonnevolonté", Phone: "0470 00 00 34",
		Address: complaint.Address{Email: "chantal@example.org"}, Mandate: complaint.MandateAttached}
	if text := said(t, file, letterDay); !strings.Contains(text, "- Chantal Bonnevolonté - chantal@example.org - 0470 00 00 34") ||
		strings.Contains(text, "0470 00 00 12") {
		t.Errorf("to a representative: %s", text)
	}
}
