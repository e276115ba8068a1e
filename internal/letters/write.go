package letters

import (
	"strings"

	"ombudsdienst/internal/complaint"
)

// writer fills a letter from templates and keeps the first error.
type writer struct {
	speaker *speaker
	err     error
}

func (w *writer) say(name string, data any) string {
	if w.err != nil {
		return ""
	}
	text, err := w.speaker.say(name, data)
	w.err = err
	return text
}

// frame writes what stands around every letter's body.
func (w *writer) frame(l *letter, city, number string, kind complaint.LetterKind, data any) {
	l.placeAndDate = w.say("place-and-date", map[string]string{"City": city, "Date": w.speaker.date(l.day)})
	l.references = []string{w.say("our-reference", number)}
	l.subject = w.say(string(kind)+".subject", data)
	l.about = w.say("about", l.subject)
	l.signature = []string{l.sender[1], l.sender[0]}
}

// page names a page, as in "Pagina 2 van 3".
func (l letter) page(page, pages int) (string, error) {
	return speakers[l.language].say("page", map[string]int{"Page": page, "Pages": pages})
}

// text writes a letter for reading on a screen. Paragraphs are long lines.
func (l letter) text() string {
	var parts []string
	add := func(lines ...string) { parts = append(parts, strings.Join(lines, "\n")) }
	add(l.sender...)
	add(l.placeAndDate)
	add(append(l.references, l.about)...)
	add(l.salutation)
	for i, b := range l.blocks {
		text := b.text
		if b.kind == item {
			text = "- " + strings.ReplaceAll(text, "\n", "\n  ")
		}
		if i > 0 && closeTo(l.blocks[i-1], b) {
			parts[len(parts)-1] += "\n" + text
			continue
		}
		add(text)
	}
	add(l.closing)
	add(l.signature...)
	if l.small != "" {
		add("--", l.small)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// closeTo tells whether a block follows without an empty line: what stands
// under a heading, and a list with the line that leads to it.
func closeTo(before, b block) bool {
	return before.kind == heading && b.kind != notice || before.kind != notice && b.kind == item
}
