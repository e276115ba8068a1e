package letters

import (
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
)

func TestMessagesToStaffReadAsTheirGoldens(t *testing.T) {
	for _, l := range departmentLanguages {
		org := theOrganisation(t)
		org.Watch.Language = l
		for _, kind := range toStaffKinds {
			file := full(kind, "")
			rendered := render(t, org, file)
			golden(t, string(kind)+"-"+string(l)+".txt", "To: "+rendered.Recipient+"\nSubject: "+rendered.Subject+"\n\n"+rendered.Text)
		}
	}
}

func TestAMessageToStaffSaysEverythingThatTheWatchSeesAndNamesNobody(t *testing.T) {
	org := theOrganisation(t)
	org.Watch.Officers = map[string]string{"olga": "olga@fund.example"}
	said := map[string]bool{}
	for _, kind := range []complaint.WatchKind{
		complaint.WatchWarned, complaint.WatchOverdue, complaint.WatchStillOverdue, complaint.WatchAcknowledgementLate,
		complaint.WatchAcknowledgementAlarm, complaint.WatchRefusalLate, complaint.WatchMissingEnded, complaint.WatchServiceReturned,
	} {
		file := full(complaint.LetterStaffNotice, "")
		file.Watched = &complaint.WatchEvent{Kind: kind, DaysLeft: 2}
		file.Staff = "olga"
		rendered := render(t, org, file)
		if rendered.Recipient != "olga@fund.example" {
			t.Errorf("%s goes to %s", kind, rendered.Recipient)
		}
		if said[rendered.Subject] || !strings.Contains(rendered.Subject, "2026-000123") {
			t.Errorf("%s has no subject of its own: %s", kind, rendered.Subject)
		}
		said[rendered.Subject] = true
		for _, personal := range []string{"Voorbeeldmans", "lotte", fullText, "terugbetaling", "olga", "K7QM"} {
			if strings.Contains(rendered.Subject+rendered.Text, personal) {
				t.Errorf("%s names %q", kind, personal)
			}
		}
	}
}

func TestAWarningCountsTheDaysThatAreLeftWhenItIsWritten(t *testing.T) {
	org := theOrganisation(t)
	for left, words := range []string{"vandaag is de laatste dag", "nog 1 dag", "nog 2 dagen"} {
		file := full(complaint.LetterStaffNotice, "")
		file.Watched = &complaint.WatchEvent{Kind: complaint.WatchWarned, DaysLeft: 2} // the warning that was due
		file.Staff, file.Deadline.LastDay = "olga", letterDay.AddDays(left)
		if rendered := render(t, org, file); !strings.HasSuffix(rendered.Subject, words) {
			t.Errorf("%d days before the last day it says %q", left, rendered.Subject)
		}
	}
}

func TestEveryStepOfADerivationIsSaidInEveryLanguage(t *testing.T) {
	day := arrivalDay
	for _, l := range complaint.Languages {
		words := map[string]bool{}
		for _, code := range []string{"received", "writing_arrived", "receipt_corrected", "reopened", "term", "delay_notice",
			"delay_limit", "delay_unneeded", "ends", "send_by"} {
			steps := Explain(l, []complaint.Step{{Code: "received", Day: day}, {Code: code, Day: day.AddDays(45)}})
			text := steps[1].Text
			if text == "" || words[text] || !strings.Contains(text, "2026") {
				t.Errorf("%s in %s: %q", code, l, text)
			}
			words[text] = true
			if code == "term" && !strings.Contains(text, "45") {
				t.Errorf("the term does not say its days: %q", text)
			}
		}
	}
	if got := Explain("nl", []complaint.Step{{Code: "months", Day: day, Text: "kept"}}); got[0].Text != "kept" {
		t.Errorf("a step of another term lost its words: %+v", got)
	}
}

var arrivalDay = complaint.DayOf(arrival)
