package letters

import (
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

var (
	toComplainants = []complaint.LetterKind{complaint.LetterAcknowledgement, complaint.LetterInadmissible,
		complaint.LetterReclassified, complaint.LetterOutcome, complaint.LetterLateNotice, complaint.LetterWithdrawal,
		complaint.LetterVoided, complaint.LetterReopened, complaint.LetterServiceFirst,
		complaint.LetterDelayNotice, complaint.LetterCorrection,
		complaint.LetterMissing, complaint.LetterMissingReminder, complaint.LetterReversal,
		complaint.LetterPrivacyReferral, complaint.LetterPrivacySplit, complaint.LetterPrivacyExtension, complaint.LetterPrivacyAnswer,
		complaint.LetterPrivacyCorrection}
	toDepartments = []complaint.LetterKind{complaint.LetterConsultation, complaint.LetterReminder,
		complaint.LetterEscalation, complaint.LetterRequest, complaint.LetterRecommendation,
		complaint.LetterNoLongerNeeded, complaint.LetterServiceHandOver, complaint.LetterServiceTakenBack}
	toStaffKinds        = []complaint.LetterKind{complaint.LetterStaffNotice, complaint.LetterSupervisorNotice, complaint.LetterFindingsNotice}
	departmentLanguages = []complaint.Language{"nl", "fr"}
)

func theOrganisation(t testing.TB) *organisation.Organisation {
	t.Helper()
	org, err := organisation.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return org
}

// speaking gives the organisation with all departments in one language.
func speaking(t testing.TB, l complaint.Language) *organisation.Organisation {
	t.Helper()
	org := theOrganisation(t)
	for i := range org.Departments {
		org.Departments[i].Language = l
		if l == "fr" {
			org.Departments[i].Head.Function = "Responsable " + org.Departments[i].Name.In(l)
		}
	}
	return org
}

var (
	letterDay   = complaint.NewDay(2026, time.April, 1)
	arrival     = time.Date(2026, time.March, 20, 20, 47, 12, 0, time.UTC)
	givenTitle  = map[complaint.Language]string{"nl": "mevrouw", "fr": "Madame", "de": "Frau", "en": "Ms"}
	fullText    = "Al negen weken wacht ik op mijn geld."
	fullNISS    = "94051199802"
	fullAddress = complaint.Address{Street: "Fictiestraat 12 bus 3", Postcode: "1080", City: "Sint-Jans-Molenbeek",
		Email: "lotte.v@example.org"}
)

// full is a letter with everything that it can hold.
func full(kind complaint.LetterKind, l complaint.Language) complaint.LetterFile {
	file := complaint.LetterFile{
		ID: 7, Number: "2026-000123", Kind: kind, Language: l, Channel: complaint.ByEmail,
		Department: "HOSPITALISATIE", OwedAt: arrival, ReceiptCode: "K7QM-93TX-4HVD",
		Submission: complaint.Submission{
			Intake: complaint.WebForm, Language: l, ReceivedAt: arrival,
			Complainant: complaint.Complainant{
				Name: "Lotte Voorbeeldmans", Salutation: givenTitle[l], Address: fullAddress,
				Phone: "0470 00 00 12", MemberNumber: "1234567", NISS: fullNISS,
			},
			FactsOn: complaint.NewDay(2025, time.January, 14), Department: "HOSPITALISATIE",
			Topic: "terugbetaling van drie getuigschriften", Text: fullText,
		},
		Deadline:    complaint.AnswerTerm().Derive(arrival, complaint.NewCalendar()),
		WithdrawnOn: complaint.NewDay(2026, time.April, 1),
	}
	if kind == complaint.LetterFindingsNotice {
		file.Findings = &complaint.FindingsNotice{At: arrival, New: 2, Standing: 3}
	}
	fillDecisions(&file)
	file.Privacy = &complaint.PrivacyMatter{
		ReferredAt: arrival.Add(time.Minute), Reasons: "Een brief van een ander lid zat mee in de omslag.",
		Split: complaint.SplitPure, SuspectedBreach: true, Deadline: complaint.PrivacyDeadline(arrival, false, complaint.NewCalendar()),
		ExtensionReasons: "Uw dossier telt meer dan duizend bladzijden.",
		Result:           complaint.PrivacyAnswered, Answer: "Uw gegevens zijn door één medewerker geopend.",
	}
	if kind == complaint.LetterMissing || kind == complaint.LetterMissingReminder {
		file.Submission.Representative = &complaint.Representative{Name: "Chantal Bonnevolonté", Mandate: complaint.MandateAsked}
	}
	if kind == complaint.LetterReopened {
		file.FirstDay0 = complaint.NewDay(2025, time.December, 12)
	}
	return file
}

func fillDecisions(file *complaint.LetterFile) {
	file.Delay = &complaint.DelayNotice{Reasons: "De dienst wacht op een stuk van het ziekenhuis.", NewDate: complaint.NewDay(2026, time.June, 5)}
	file.Missing = &complaint.Missed{Ground: complaint.MandateMissing, Until: complaint.NewDay(2026, time.April, 19),
		Reasons: "De volmacht die u meestuurde, is niet ondertekend."}
	file.Corrected = complaint.NewDay(2026, time.May, 8)
	file.Watched = &complaint.WatchEvent{Kind: complaint.WatchWarned, DaysLeft: 15}
	file.Consultation = &complaint.Consultation{
		ID: 3, Number: file.Number, Department: "HOSPITALISATIE", AskedAt: arrival,
		DueOn:    complaint.NewDay(2026, time.April, 4),
		Question: "Waar liggen de getuigschriften?\nWanneer wordt betaald?",
	}
	file.Admission = &complaint.AdmissionDecision{Decision: complaint.FindInadmissible, Ground: complaint.TooOldNoInitiative,
		Reasons: "Het dossier vermeldt geen contact na januari 2025.", ReferTo: "NATIONAL_UNION", DecidedBy: "ombuds-1"}
	file.ServiceFirst = &complaint.ServiceFirst{Department: "HOSPITALISATIE", ReturnOn: complaint.NewDay(2026, time.April, 20),
		Reasons: "De klaagster wacht op de storting en kan elke voormiddag gebeld worden."}
	file.Remark = &complaint.Recommendation{ID: 5, Department: "HOSPITALISATIE",
		Text: "Leeg de groene brievenbussen elke werkdag.", DueOn: complaint.NewDay(2026, time.June, 1)}
	file.Outcome = &complaint.Outcome{
		Findings: []complaint.PointFinding{
			{Point: "De getuigschriften zijn zoekgeraakt.", Verdict: complaint.Founded,
				Reasons: "De dienst vond de omslag terug op 24 maart.\n\nZij lag in een verkeerde bak."},
			{Point: "Aan de telefoon kreeg u geen duidelijk antwoord.", Verdict: complaint.PartlyFounded,
				Reasons: "Van één van de twee gesprekken is een nota bewaard."},
		},
		Verdict: complaint.PartlyFounded, Resolution: complaint.Resolved,
		Remedy:          "Op 30 maart 2026 is 87,50 euro gestort.",
		Recommendations: []complaint.Recommendation{*file.Remark}, DecidedBy: "ombuds-1",
		WithoutAnswers: "Het contactcenter antwoordt al drie weken niet.",
	}
}

// minimal is a letter with nothing that it can do without.
func minimal(kind complaint.LetterKind, l complaint.Language) complaint.LetterFile {
	return complaint.LetterFile{
		ID: 8, Number: "2026-000124", Kind: kind, Language: l, Channel: complaint.ByPost, Department: "POST",
		Submission: complaint.Submission{
			Intake: complaint.PhoneNote, Language: l, ReceivedAt: arrival, Text: fullText,
			Complainant: complaint.Complainant{Address: complaint.Address{Street: "Bedachtelaan 101", City: "Laken"}},
		},
		Consultation: &complaint.Consultation{AskedAt: arrival},
		Admission:    &complaint.AdmissionDecision{},
		Missing:      &complaint.Missed{Ground: complaint.NotInWriting},
		Outcome:      &complaint.Outcome{Verdict: complaint.NoFinding},
		Remark:       &complaint.Recommendation{},
		Privacy:      &complaint.PrivacyMatter{},
		Delay:        &complaint.DelayNotice{},
		Watched:      &complaint.WatchEvent{},
		ServiceFirst: &complaint.ServiceFirst{Department: "POST"},
	}
}
