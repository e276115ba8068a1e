package letters

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// unruly are texts that have broken letters of others.
var unruly = []string{
	"", " ", "Lotte Voorbeeldmans", "\x00\x01\x1b[31m", "a\r\nb\u2028c\u2029d\ve\ff", "\u202egnp.exe\u2066", "e\u0301e\u0301" + strings.Repeat("\u0301", 300),
	"👩‍👩‍👧‍👦🏳️‍🌈", strings.Repeat("W", 5000), strings.Repeat("\n", 500), "\xff\xfe", "ﷺ𒐫﷽", "{{.Name}}<script>", "\u00a0\u00ad\u200b\ufeff", strings.Repeat("a ", 2000), "日本語العربيةעברית", "\U000e0041\U0010ffff",
}

func unrulyTo(f *testing.F) {
	for _, text := range unruly {
		f.Add(text)
	}
}

// FuzzClean: cleaned text is valid, holds nothing that forges structure, and
// cleaning it again changes nothing.
func FuzzClean(f *testing.F) {
	unrulyTo(f)
	f.Fuzz(func(t *testing.T, text string) {
		one, more := line(text), prose(text)
		if line(one) != one {
			t.Fatalf("%q becomes %q, then %q", text, one, line(one))
		}
		again := prose(strings.ReplaceAll(more, string(lineEnd), "\n"))
		if again != more {
			t.Fatalf("%q becomes %q, then %q", text, more, again)
		}
		for _, r := range one + strings.ReplaceAll(more, string(lineEnd), "") {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
				t.Fatalf("%q keeps %U", text, r)
			}
		}
		if !utf8.ValidString(one + more) {
			t.Fatalf("%q is not valid", one)
		}
	})
}

// FuzzWrap: lines are not too long, unless of one character, and lose nothing.
func FuzzWrap(f *testing.F) {
	for _, text := range unruly {
		f.Add(text, 40.0)
	}
	f.Add("a b", 0.0)
	f.Add("abc", -5.0)
	measure := func(s string) float64 { return float64(utf8.RuneCountInString(s)) }
	f.Fuzz(func(t *testing.T, text string, width float64) {
		text = strings.ToValidUTF8(text, "?")
		lines := wrap(text, width, measure)
		for _, l := range lines {
			if measure(l) > max(width, 1) && utf8.RuneCountInString(l) > 1 {
				t.Fatalf("%q is longer than %g", l, width)
			}
		}
		bare := strings.NewReplacer(" ", "", "\n", "")
		if bare.Replace(strings.Join(lines, "")) != bare.Replace(text) {
			t.Fatalf("%q becomes %q", text, lines)
		}
		fitted, _ := fit([]string{text, "1000 BRUSSEL"}, addressSizes, func(size float64, s string) float64 { return size * measure(s) })
		if len(fitted) > addressLines {
			t.Fatalf("the address block has %d lines", len(fitted))
		}
	})
}

// FuzzLetter: a letter to whomever about whatever is written, on no more pages
// than its words need, and the same the second time.
func FuzzLetter(f *testing.F) {
	for i, text := range unruly {
		f.Add(text, unruly[(i+5)%len(unruly)], uint(i))
	}
	org := theOrganisation(f)
	kinds := slices.Concat(toComplainants, toDepartments)
	f.Fuzz(func(t *testing.T, name, text string, choice uint) {
		if len(name)+len(text) > 20_000 {
			return
		}
		file := unrulyFile(kinds[choice%uint(len(kinds))], complaint.Languages[choice%uint(len(complaint.Languages))], name, text)
		composed, err := compose(org, file, letterDay)
		if err != nil {
			if len(name) > 30 && strings.Contains(err.Error(), name) {
				t.Fatalf("the error repeats a name: %v", err)
			}
			return
		}
		sheet, err := composed.draw()
		if err != nil {
			t.Fatalf("it is not drawn: %v", err)
		}
		const onePage, aLine = 40, 30 // lines of a page, and characters of a line, at the very least
		words := composed.text()
		if most := 3 + (utf8.RuneCountInString(words)/aLine+strings.Count(words, "\n"))/onePage; sheet.PageCount() > most {
			t.Fatalf("%d pages for %d lines", sheet.PageCount(), strings.Count(words, "\n"))
		}
		checkText(t, words)
		if len(words) < 3000 { // a letter takes its time to draw
			checkRendered(t, org, file)
		}
	})
}

func unrulyFile(kind complaint.LetterKind, language complaint.Language, name, text string) complaint.LetterFile {
	file := full(kind, language)
	c := &file.Submission.Complainant
	c.Name, c.Salutation, c.Street, c.City, c.Country = name, text, name, text, name
	file.Submission.Topic, file.Submission.Text = name, text
	file.Outcome.Remedy, file.Outcome.Findings[0].Point, file.Outcome.Findings[0].Reasons = text, name, text
	file.Admission.Reasons, file.Admission.ReferTo = text, name
	file.Consultation.Question, file.Remark.Text, file.Privacy.Answer, file.Delay.Reasons = text, text, text, text
	return file
}

func checkRendered(t *testing.T, org *organisation.Organisation, file complaint.LetterFile) {
	first, err := Render(org, file, letterDay)
	if err != nil {
		t.Fatalf("composed and not rendered: %v", err)
	}
	second, err := Render(org, file, letterDay)
	if err != nil || !bytes.Equal(first.PDF, second.PDF) || first.Text != second.Text {
		t.Fatal("it differs the second time")
	}
	if strings.ContainsFunc(first.Subject+first.Recipient, unicode.IsControl) {
		t.Fatalf("subject %q or recipient %q starts another line", first.Subject, first.Recipient)
	}
}

func checkText(t *testing.T, words string) {
	for _, r := range words {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			t.Fatalf("the text holds %U", r)
		}
	}
	if !utf8.ValidString(words) {
		t.Fatal("the text is not valid")
	}
}
