package letters

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// poppler finds a program of poppler-utils, which reads the PDFs back. Without
// it the test is skipped aloud, or fails where everything has to be tested.
func poppler(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("OMBUDSDIENST_TEST_ALL") == "1" {
		t.Fatalf("%s is missing: install poppler-utils", program)
	}
	t.Skipf("SKIPPED: %s is missing; install poppler-utils to check the PDFs", program)
	return ""
}

func read(t *testing.T, program string, pdf []byte, options ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := append(options, path)
	if filepath.Base(program) == "pdftotext" {
		arguments = append(arguments, "-")
	}
	out, err := exec.Command(program, arguments...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// words takes out everything that a line end in another place may change.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

var pageHead = regexp.MustCompile(`\f(Ons kenmerk|Nos références|Unser Zeichen|Our reference).*\n.*\n`)

func TestThePDFSaysWhatTheTextSays(t *testing.T) {
	pdftotext := poppler(t, "pdftotext")
	everyLetter(t, func(t *testing.T, org *organisation.Organisation, kind complaint.LetterKind, l complaint.Language) {
		rendered := render(t, org, full(kind, l))
		got := words(pageHead.ReplaceAllString(read(t, pdftotext, rendered.PDF, "-layout"), "\n"))
		_, body, _ := strings.Cut(rendered.Text, "2026-000123\n")
		for _, part := range strings.Split(body, "\n") {
			part = words(strings.TrimPrefix(part, "- "))
			if part != "--" && !strings.Contains(got, part) {
				t.Errorf("the PDF lacks %q", part)
			}
		}
	})
}

func TestTheAddressStandsInTheWindowAndNothingElse(t *testing.T) {
	pdftotext := poppler(t, "pdftotext")
	file := full(complaint.LetterAcknowledgement, "nl")
	file.Channel = complaint.ByPost
	rendered := render(t, theOrganisation(t), file)
	window := read(t, pdftotext, rendered.PDF, "-layout", "-l", "1", "-r", "254", "-x", "1080", "-y", "480", "-W", "1020", "-H", "390")
	if got := words(window); got != "Mevrouw Lotte Voorbeeldmans Fictiestraat 12 bus 3 1080 SINT-JANS-MOLENBEEK" {
		t.Errorf("in the window: %q", got)
	}
	margin := read(t, pdftotext, rendered.PDF, "-r", "254", "-x", "0", "-y", "0", "-W", "329", "-H", "2970")
	if words(margin) != "" {
		t.Errorf("in the left margin: %q", margin)
	}
	if rendered.Recipient != "" {
		t.Error("a letter by post has a mail recipient")
	}
}

func TestALongOutcomeGoesOverSeveralNumberedPages(t *testing.T) {
	pdftotext := poppler(t, "pdftotext")
	file := full(complaint.LetterOutcome, "nl")
	reasons := strings.Repeat("De dienst heeft dit punt uitvoerig onderzocht en de stukken vergeleken. ", 40)
	for range 6 {
		file.Outcome.Findings = append(file.Outcome.Findings, complaint.PointFinding{Point: "Nog een punt.", Verdict: complaint.Founded, Reasons: reasons})
	}
	text := read(t, pdftotext, render(t, theOrganisation(t), file).PDF, "-layout")
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	if strings.Contains(pages[0], "Pagina") {
		t.Error("page 1 has a number")
	}
	for i, page := range pages[1:] {
		want := "Ons kenmerk: 2026-000123 Pagina " + string(rune('2'+i)) + " van " + string(rune('0'+len(pages)))
		if !strings.HasPrefix(words(page), want) {
			t.Errorf("page %d begins %.60q, want %q", i+2, words(page), want)
		}
	}
	if got := strings.Count(words(pageHead.ReplaceAllString(text, "\n")), "De dienst heeft dit punt uitvoerig onderzocht"); got != 240 {
		t.Errorf("%d of 240 sentences", got)
	}
}

func TestNoCharacterIsLostOrBreaksThePDF(t *testing.T) {
	pdftotext := poppler(t, "pdftotext")
	file := full(complaint.LetterOutcome, "nl")
	file.Outcome.Remedy = "Emoji 😀, Arabisch سلام, Grieks Ω µ, Pools ł, samengesteld e\u0301, 10\u00a0€, zacht\u00adkoppel, \U00010000, " +
		strings.Repeat("zxq", 60) + " \x01 {nb} einde"
	got := words(read(t, pdftotext, render(t, theOrganisation(t), file).PDF, "-layout"))
	for _, want := range []string{"Emoji □, Arabisch □□□□, Grieks Ω", "Pools ł, samengesteld é, 10 €, zachtkoppel, □,", "{nb} einde"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q in %q", want, got)
		}
	}
	if n := strings.Count(strings.ReplaceAll(got, " ", ""), "zxq"); n != 60 {
		t.Errorf("the long word has %d of 60 parts", n)
	}
	if text := write(t, theOrganisation(t), file); !strings.Contains(text, "Emoji 😀, Arabisch سلام") {
		t.Error("the text lost characters")
	}
}

func TestThePDFNamesItsTitleLanguageAndDay(t *testing.T) {
	pdfinfo := poppler(t, "pdfinfo")
	info := read(t, pdfinfo, render(t, theOrganisation(t), full(complaint.LetterOutcome, "nl")).PDF, "-isodates")
	for _, want := range []string{"Resultaat van uw klacht 2026-000123", "2026-04-01T10:00:00Z", "A4"} {
		if !strings.Contains(info, want) {
			t.Errorf("lacks %q in %s", want, info)
		}
	}
	if strings.Contains(info, "Voorbeeldmans") {
		t.Error("the metadata hold a name")
	}
	if !strings.Contains(string(render(t, theOrganisation(t), full(complaint.LetterOutcome, "de")).PDF), "/Lang (de)") {
		t.Error("the PDF does not say that it is German")
	}
}

// TestAnAcknowledgementFitsOnOnePage with the warning on top, a topic of two
// lines and somebody who wrote without a mandate.
func TestAnAcknowledgementFitsOnOnePage(t *testing.T) {
	pdfinfo := poppler(t, "pdfinfo")
	for _, l := range complaint.Languages {
		file := full(complaint.LetterAcknowledgement, l)
		file.Submission.Topic = strings.Repeat("terugbetaling ", 10)
		file.Submission.ContestedDecision = &complaint.ContestedDecision{}
		file.Submission.Representative = &complaint.Representative{Name: "Chantal Bonnevolonté", Mandate: complaint.MandateNone}
		if info := words(read(t, pdfinfo, render(t, theOrganisation(t), file).PDF)); !strings.Contains(info, "Pages: 1 ") {
			t.Errorf("%s: %s", l, info)
		}
	}
}
