package letters

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

var update = flag.Bool("update", false, "writes the goldens anew")

// everyLetter runs a test for every kind in each of its languages.
func everyLetter(t *testing.T, test func(t *testing.T, org *organisation.Organisation, kind complaint.LetterKind, l complaint.Language)) {
	t.Helper()
	run := func(kinds []complaint.LetterKind, languages []complaint.Language) {
		for _, kind := range kinds {
			for _, l := range languages {
				t.Run(fmt.Sprintf("%s-%s", kind, l), func(t *testing.T) {
					org := theOrganisation(t)
					if kind.ToDepartment() {
						org = speaking(t, l)
					}
					test(t, org, kind, l)
				})
			}
		}
	}
	run(toComplainants, complaint.Languages)
	run(toDepartments, departmentLanguages)
}

func render(t testing.TB, org *organisation.Organisation, file complaint.LetterFile) complaint.RenderedLetter {
	t.Helper()
	rendered, err := Render(org, file, letterDay)
	if err != nil {
		t.Fatal(err)
	}
	return rendered
}

// write gives a letter as its text, without the time that drawing takes.
func write(t testing.TB, org *organisation.Organisation, file complaint.LetterFile) string {
	t.Helper()
	l, err := compose(org, file, letterDay)
	if err != nil {
		t.Fatal(err)
	}
	return l.text()
}

func TestEveryLetterReadsAsItsGolden(t *testing.T) {
	everyLetter(t, func(t *testing.T, org *organisation.Organisation, kind complaint.LetterKind, l complaint.Language) {
		rendered := render(t, org, full(kind, l))
		got := "To: " + rendered.Recipient + "\nSubject: " + rendered.Subject + "\n\n" + rendered.Text
		golden(t, string(kind)+"-"+string(l)+".txt", got)
	})
	phoneNote := minimal(complaint.LetterAcknowledgement, "nl")
	golden(t, "acknowledgement-of-a-phone-note-nl.txt", write(t, theOrganisation(t), phoneNote))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s", name, got)
	}
}

// What says the same as for another ground is drawn once.
func TestEveryLetterCanBeWrittenFromTheLeastThatIsKnown(t *testing.T) {
	everyLetter(t, func(t *testing.T, org *organisation.Organisation, kind complaint.LetterKind, l complaint.Language) {
		drawn := map[string]bool{}
		for _, ground := range slices.Concat([]complaint.Ground{""}, complaint.RefusalGrounds, complaint.FormGrounds) {
			file := minimal(kind, l)
			file.Admission.Ground = ground
			text := write(t, org, file)
			if strings.Contains(text, "<no value>") {
				t.Errorf("ground %q: %s", ground, text)
			}
			if !drawn[text] && len(render(t, org, file).PDF) == 0 {
				t.Errorf("ground %q is not drawn", ground)
			}
			drawn[text] = true
		}
	})
}

func TestEveryVerdictAndResolutionIsSaidInEveryLanguage(t *testing.T) {
	for _, l := range complaint.Languages {
		for _, v := range []complaint.Verdict{complaint.Founded, complaint.PartlyFounded, complaint.Unfounded, complaint.NoFinding} {
			for _, r := range []complaint.Resolution{complaint.Resolved, complaint.PartlyResolved, complaint.Unresolved} {
				file := full(complaint.LetterOutcome, l)
				file.Outcome.Verdict, file.Outcome.Resolution, file.Outcome.Findings[0].Verdict = v, r, v
				render(t, theOrganisation(t), file)
			}
		}
	}
}

// TestTheLanguagesSayTheSame compares the templates by name: what one language
// can say, the others can; letters to departments are in nl and fr only.
func TestTheLanguagesSayTheSame(t *testing.T) {
	named := func(l complaint.Language) (names []string) {
		for _, x := range speakers[l].templates.Templates() {
			if !strings.HasSuffix(x.Name(), ".tmpl") && !slices.Contains([]string{"polite", string(l)}, x.Name()) {
				names = append(names, x.Name())
			}
		}
		slices.Sort(names)
		return names
	}
	forComplainants := slices.DeleteFunc(named("nl"), func(name string) bool {
		kind, _, _ := strings.Cut(name, ".")
		return slices.Contains([]string{"person", "confidential", "colleague-salutation", "colleague-closing"}, kind) ||
			complaint.LetterKind(kind).ToDepartment() || complaint.LetterKind(kind).ToDPO() || complaint.LetterKind(kind).ToStaff() || strings.HasPrefix(name, "watch-")
	})
	for l, want := range map[complaint.Language][]string{"fr": named("nl"), "de": forComplainants, "en": forComplainants} {
		if got := named(l); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", l, got, want)
		}
	}
	if len(forComplainants) < 12+2*len(toComplainants) {
		t.Errorf("too few templates: %v", forComplainants)
	}
}

func TestTheAppealWarningStandsInEveryLetterToAComplainant(t *testing.T) {
	everyLetter(t, func(t *testing.T, org *organisation.Organisation, kind complaint.LetterKind, l complaint.Language) {
		for _, file := range []complaint.LetterFile{full(kind, l), minimal(kind, l)} {
			text := write(t, org, file)
			if has := strings.Contains(text, org.AppealWarning.In(l)); has == kind.ToDepartment() {
				t.Errorf("appeal warning: %v", has)
			}
			if has := strings.Contains(text, org.DPOMail); has == kind.ToDepartment() {
				t.Errorf("privacy line: %v", has)
			}
		}
	})
}

func TestTheAppealWarningComesFirstWhenADecisionIsContested(t *testing.T) {
	file := full(complaint.LetterAcknowledgement, "nl")
	file.Submission.ContestedDecision = &complaint.ContestedDecision{}
	text := write(t, theOrganisation(t), file)
	warning, received := strings.Index(text, "Opgelet!"), strings.Index(text, "hebben wij uw klacht")
	if warning < 0 || received < warning {
		t.Errorf("the warning is at %d, the text at %d", warning, received)
	}
}

func TestTheAcknowledgementNamesTheLastDayOnlyWhenATermRuns(t *testing.T) {
	file := full(complaint.LetterAcknowledgement, "nl")
	if text := write(t, theOrganisation(t), file); !strings.Contains(text, "ten laatste op 4 mei 2026, dat is 45 kalenderdagen") {
		t.Error(text)
	}
	file.Deadline = complaint.Deadline{}
	file.Submission.Intake = complaint.PhoneNote
	if text := write(t, theOrganisation(t), file); strings.Contains(text, "ten laatste") || !strings.Contains(text, "schriftelijk is ingediend") {
		t.Error(text)
	}
}

func TestAnAcknowledgementAfterTheLastDayPromisesNothingThatIsPast(t *testing.T) {
	for l, promise := range map[complaint.Language]string{
		"nl": "U krijgt ons antwoord", "fr": "Vous recevrez", "de": "Sie erhalten unsere Antwort", "en": "You will receive",
	} {
		file := full(complaint.LetterAcknowledgement, l)
		last := file.Deadline.LastDay
		for day, promised := range map[complaint.Day]bool{last: true, last.AddDays(1): false} {
			rendered, err := Render(theOrganisation(t), file, day)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(strings.Join(strings.Fields(rendered.Text), " "), promise); got != promised {
				t.Errorf("%s on %s: promised %v", l, day, got)
			}
		}
	}
}

func TestALateOutcomeSaysThatItIsLate(t *testing.T) {
	file := full(complaint.LetterOutcome, "nl")
	last := file.Deadline.LastDay
	for day, late := range map[complaint.Day]bool{last: false, last.AddDays(1): true} {
		rendered, err := Render(theOrganisation(t), file, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(rendered.Text, "ten laatste op 4 mei 2026 moeten krijgen"); got != late {
			t.Errorf("on %s late: %v", day, got)
		}
	}
}

func TestARefusalForAgeInvitesToShowAStep(t *testing.T) {
	text := write(t, theOrganisation(t), full(complaint.LetterInadmissible, "nl"))
	for _, want := range []string{"meer dan een jaar oud zijn en waarvoor de klager sindsdien geen enkel initiatief heeft genomen",
		"dateren van 14 januari 2025", "geen enkele stap bekend", "Eén stap volstaat", "mediation@solidaris.be"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q in:\n%s", want, text)
		}
	}
}

func TestDatesAreWrittenAsBelgiansDo(t *testing.T) {
	for l, want := range map[complaint.Language][2]string{
		"nl": {"1 januari 2027", "22 november 2026"}, "fr": {"1er janvier 2027", "22 novembre 2026"},
		"de": {"1. Januar 2027", "22. November 2026"}, "en": {"1 January 2027", "22 November 2026"},
	} {
		s := speakers[l]
		got := [2]string{s.date(complaint.NewDay(2027, time.January, 1)), s.date(complaint.NewDay(2026, time.November, 22))}
		if got != want {
			t.Errorf("%s: %v", l, got)
		}
		for month := time.January; month <= time.December; month++ {
			if s.date(complaint.NewDay(2026, month, 2)) == "" {
				t.Errorf("%s has no %s", l, month)
			}
		}
	}
}

func TestALetterIsRefusedRatherThanWrittenWithoutItsMatter(t *testing.T) {
	for name, spoil := range map[string]func(*complaint.LetterFile){
		"no outcome":         func(f *complaint.LetterFile) { f.Kind, f.Outcome = complaint.LetterOutcome, nil },
		"no decision":        func(f *complaint.LetterFile) { f.Kind, f.Admission = complaint.LetterInadmissible, nil },
		"no consultation":    func(f *complaint.LetterFile) { f.Kind, f.Consultation = complaint.LetterReminder, nil },
		"no recommendation":  func(f *complaint.LetterFile) { f.Kind, f.Remark = complaint.LetterRecommendation, nil },
		"no such department": func(f *complaint.LetterFile) { f.Kind, f.Department = complaint.LetterConsultation, "NONE" },
		"no language":        func(f *complaint.LetterFile) { f.Language = "it" },
		"no kind":            func(f *complaint.LetterFile) { f.Kind = "poem" },
		"no mail address":    func(f *complaint.LetterFile) { f.Submission.Complainant.Email = "" },
		"two mail addresses": func(f *complaint.LetterFile) { f.Submission.Complainant.Email = "a@example.org,b@example.org" },
		"a forged header":    func(f *complaint.LetterFile) { f.Submission.Complainant.Email = "a@example.org\r\nBcc: b@example.org" },
		"no postal address":  func(f *complaint.LetterFile) { f.Channel, f.Submission.Complainant.Street = complaint.ByPost, "" },
	} {
		file := full(complaint.LetterAcknowledgement, "nl")
		spoil(&file)
		_, err := Render(theOrganisation(t), file, letterDay)
		if complaint.CategoryOf(err) != complaint.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), "example.org") || strings.Contains(err.Error(), "Voorbeeldmans")) {
			t.Errorf("%s: the error holds personal data: %v", name, err)
		}
	}
}

func TestTheSameLetterHasTheSameBytes(t *testing.T) {
	org, file := theOrganisation(t), full(complaint.LetterOutcome, "fr")
	file.Outcome.Remedy = "Ω Ω µ μ - ‐ “x” 5 € \u00a0 ő"
	first := render(t, org, file)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if again, err := Render(org, file, letterDay); err != nil || !bytes.Equal(again.PDF, first.PDF) || again.Text != first.Text {
				t.Error("two renderings differ", err)
			}
		})
	}
	all.Wait()
}

func TestTemplatesDoNotReadHandedInTextAsTemplates(t *testing.T) {
	file := full(complaint.LetterAcknowledgement, "nl")
	file.Submission.Topic = `{{template "privacy" .}}{{.Number}}`
	if text := write(t, theOrganisation(t), file); !strings.Contains(text, file.Submission.Topic) {
		t.Error(text)
	}
}
