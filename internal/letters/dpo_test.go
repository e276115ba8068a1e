package letters

import (
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
)

var toDPOs = []complaint.LetterKind{complaint.LetterPrivacyTransfer, complaint.LetterPrivacyReminder,
	complaint.LetterPrivacyBreach, complaint.LetterPrivacyMoved}

func TestTheDPOIsWrittenToInNlAndFr(t *testing.T) {
	for _, kind := range toDPOs {
		for _, l := range departmentLanguages {
			org := theOrganisation(t)
			org.DPOLanguage = l
			rendered := render(t, org, full(kind, "de"))
			golden(t, string(kind)+"-"+string(l)+".txt", "To: "+rendered.Recipient+"\nSubject: "+rendered.Subject+"\n\n"+rendered.Text)
			if strings.Contains(rendered.Subject, "Voorbeeldmans") || strings.Contains(rendered.Text, fullNISS) {
				t.Errorf("%s in %s names the person in its subject, or holds the identification number", kind, l)
			}
			if rendered = render(t, org, minimal(kind, l)); len(rendered.PDF) == 0 {
				t.Errorf("%s in %s cannot be written from the least that is known", kind, l)
			}
		}
	}
}

func TestTheTransferHoldsTheWholeTextAndTheBreachFlag(t *testing.T) {
	text := write(t, theOrganisation(t), full(complaint.LetterPrivacyTransfer, "nl"))
	for _, want := range []string{fullText, "20 maart 2026, 21:47", "datalek", "23 maart 2026, 21:47", "20 april 2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	file := full(complaint.LetterPrivacyTransfer, "nl")
	file.Privacy.SuspectedBreach = false
	if strings.Contains(write(t, theOrganisation(t), file), "datalek") {
		t.Error("it speaks of a breach that nobody suspects")
	}
}

func TestTheLetterOfABreachNamesTheEndOfThe72HoursAndWhetherItIsOver(t *testing.T) {
	for _, l := range departmentLanguages {
		org := theOrganisation(t)
		org.DPOLanguage = l
		file := full(complaint.LetterPrivacyBreach, l)
		file.Privacy.NotifyBy = arrival.AddDate(0, 0, 5)
		before := write(t, org, file)
		file.Privacy.BreachOver = true
		over := write(t, org, file)
		golden(t, "privacy-breach-over-"+string(l)+".txt", over)
		for _, text := range []string{before, over} {
			if !strings.Contains(text, speakers[l].moment(file.Privacy.NotifyBy)) {
				t.Errorf("%s lacks the end:\n%s", l, text)
			}
		}
		if before == over {
			t.Errorf("%s gives no alarm", l)
		}
	}
}

func TestTheReferralNamesTheDPOTheDayTheMonthAndTheAuthority(t *testing.T) {
	for _, l := range complaint.Languages {
		org := theOrganisation(t)
		file := full(complaint.LetterPrivacyReferral, l)
		text := write(t, org, file)
		s := speakers[l]
		for _, want := range []string{org.DPOMail, s.date(complaint.DayOf(file.Privacy.ReferredAt)), s.date(file.Privacy.Deadline.LastDay),
			org.DataAuthority.Contact.In(l)} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", l, want)
			}
		}
		if strings.Contains(text, s.date(file.Deadline.LastDay)) {
			t.Errorf("%s names the last day of a complaint that is closed", l)
		}
		file.Privacy.Split = complaint.SplitMixed
		if !strings.Contains(write(t, org, file), s.date(file.Deadline.LastDay)) {
			t.Errorf("%s does not say that the rest goes on", l)
		}
	}
}

func TestBeforeTheSplitIsConfirmedBothLastDaysAreNamedAndNothingIsSaidToBeClosed(t *testing.T) {
	for _, l := range complaint.Languages {
		org, s := theOrganisation(t), speakers[l]
		pure := write(t, org, full(complaint.LetterPrivacyReferral, l))
		for _, kind := range []complaint.LetterKind{complaint.LetterPrivacyReferral, complaint.LetterAcknowledgement} {
			file := full(kind, l)
			file.Submission.ConcernsPrivacy, file.Privacy.Split = true, complaint.SplitUnconfirmed
			text := write(t, org, file)
			golden(t, string(kind)+"-unconfirmed-"+string(l)+".txt", text)
			if !strings.Contains(text, s.date(file.Privacy.Deadline.LastDay)) || !strings.Contains(text, s.date(file.Deadline.LastDay)) {
				t.Errorf("%s in %s lacks a last day:\n%s", kind, l, text)
			}
			if text == pure {
				t.Errorf("%s in %s says that the complaint is closed", kind, l)
			}
		}
	}
}

func TestTheLetterOfASplitSaysWhoAnswersWhatAndWhetherItCorrects(t *testing.T) {
	for _, l := range complaint.Languages {
		org, s := theOrganisation(t), speakers[l]
		file := full(complaint.LetterPrivacySplit, l)
		file.Privacy.Result, file.Privacy.Split, file.Privacy.SplitCorrected = "", complaint.SplitMixed, true
		text := write(t, org, file)
		golden(t, "privacy-split-corrected-"+string(l)+".txt", text)
		if !strings.Contains(text, s.date(file.Privacy.Deadline.LastDay)) || !strings.Contains(text, s.date(file.Deadline.LastDay)) {
			t.Errorf("%s lacks a last day:\n%s", l, text)
		}
		file.Privacy.Split = complaint.SplitPure
		if text = write(t, org, file); strings.Contains(text, s.date(file.Deadline.LastDay)) {
			t.Errorf("%s names the last day of a complaint that is closed", l)
		}
	}
}

func TestTheAcknowledgementOfAPrivacyMatterNamesTheDPOsLastDay(t *testing.T) {
	for _, l := range complaint.Languages {
		file := full(complaint.LetterAcknowledgement, l)
		file.Submission.ConcernsPrivacy = true
		text, s := write(t, theOrganisation(t), file), speakers[l]
		if !strings.Contains(text, s.date(file.Privacy.Deadline.LastDay)) || strings.Contains(text, s.date(file.Deadline.LastDay)) {
			t.Errorf("%s promises the wrong day:\n%s", l, text)
		}
	}
}
