package letters

import (
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

func TestEveryWaitingLetterExplainsItsChoicesInEveryLanguage(t *testing.T) {
	id := "<2026-000001-outcome-7@fund.example>"
	of := map[string]Standing{
		"left send_again print drop": {State: complaint.LetterInDoubt, MessageID: id, Written: true, Postal: true},
		"send_again left drop":       {State: complaint.LetterFailed, Code: "smtp_550", Written: true},
		"send_again drop":            {State: complaint.LetterFailed, Code: complaint.CodeBounced, Written: true, Bounced: true},
		"send_again print drop":      {State: complaint.LetterHeld, HeldUntil: complaint.NewDay(2026, time.March, 3), Written: true, Postal: true},
		"dispatch":                   {State: complaint.LetterPrinted, FellBack: complaint.CodeBounced, Written: true, Postal: true},
		"":                           {State: complaint.LetterSent, MessageID: id, Written: true},
	}
	for _, language := range complaint.Languages {
		seen := map[string]bool{}
		for want, standing := range of {
			meaning, choices := Settling(language, standing)
			var got []string
			for _, c := range choices {
				got = append(got, c.Resolution)
				if len(c.Brings) < 20 || strings.ContainsAny(c.Brings, "\n{") || strings.Contains(c.Brings, "<no value>") {
					t.Errorf("%s, %s: %q explains nothing", language, c.Resolution, c.Brings)
				}
			}
			if strings.Join(got, " ") != want || (meaning == "") != (want == "") || meaning != "" && seen[meaning] {
				t.Errorf("%s: %v and %q, want %s", language, got, meaning, want)
			}
			seen[meaning] = true
			if standing.State == complaint.LetterInDoubt && (!strings.Contains(meaning, id) || !strings.Contains(choices[0].Brings, id)) {
				t.Errorf("%s does not say what to look for: %q", language, meaning)
			}
		}
		if en, _ := Settling("en", Standing{State: complaint.LetterHeld}); language != "en" && seen[en] {
			t.Errorf("%s speaks English", language)
		}
	}
}
