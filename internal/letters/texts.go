package letters

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"text/template"

	"ombudsdienst/internal/complaint"
)

//go:embed texts
var textFiles embed.FS

var speakers = parseTexts()

// speaker says things in one language from its templates.
type speaker struct {
	language  complaint.Language
	templates *template.Template
}

func parseTexts() map[complaint.Language]*speaker {
	all := map[complaint.Language]*speaker{}
	for _, language := range complaint.Languages {
		s := &speaker{language: language, templates: template.New(string(language))}
		s.templates.Funcs(template.FuncMap{"word": s.word, "next": func(i int) int { return i + 1 }})
		files, err := fs.Glob(textFiles, "texts/"+string(language)+"/*.tmpl")
		if err != nil || len(files) == 0 {
			panic("no letters in " + string(language)) // they are compiled in
		}
		for _, name := range files {
			source, err := textFiles.ReadFile(name)
			if err != nil {
				panic(err) // as above
			}
			template.Must(s.templates.New(name).Parse(markBlocks(string(source))))
		}
		all[language] = s
	}
	return all
}

// say executes a template of the language.
func (s *speaker) say(name string, data any) (string, error) {
	var out strings.Builder
	if err := s.templates.ExecuteTemplate(&out, name, data); err != nil {
		return "", fmt.Errorf("template %s in %s: %w", name, s.language, err)
	}
	return out.String(), nil
}

// word is one of a list of words, such as a month or a verdict.
func (s *speaker) word(list string, entry any) (string, error) {
	return s.say(fmt.Sprintf("%s-%v", list, entry), nil)
}

// date writes a day as people do in this language; a day not known is empty.
func (s *speaker) date(d complaint.Day) string {
	if d.IsZero() {
		return ""
	}
	year, month, day := d.Date()
	text, err := s.say("date", map[string]int{"Day": day, "Month": int(month), "Year": year})
	if err != nil {
		panic(err) // every month is compiled in
	}
	return text
}

// Templates mark headings and items at the start of a line, as in "## Heading"
// and "* item". The marks become control characters before parsing: handed-in
// text holds none, so only a template can make a heading.
const (
	headingMark = '\x01'
	itemMark    = '\x02'
)

var headingLine, itemLine = regexp.MustCompile(`(?m)^## `), regexp.MustCompile(`(?m)^\* `)

func markBlocks(source string) string {
	source = headingLine.ReplaceAllString(source, string(headingMark))
	return itemLine.ReplaceAllString(source, string(itemMark))
}

// block is one part of a letter's body. Its text may hold line ends.
type block struct {
	kind blockKind
	text string
}

type blockKind int

const (
	paragraph blockKind = iota
	heading
	item
	notice // the appeal warning
)

var severalSpaces = regexp.MustCompile(` {2,}`)

// blocksOf reads what a template wrote: blocks end at an empty line or where a
// marked one begins; the lines of a block flow together. A heading is one line.
func blocksOf(written string) []block {
	var blocks []block
	open := false
	for _, l := range strings.Split(written, "\n") {
		l = strings.Trim(severalSpaces.ReplaceAllString(l, " "), " ")
		kind := kindOf(l)
		switch {
		case l == "":
			open = false
		case open && kind == paragraph:
			blocks[len(blocks)-1].text += " " + l
		default:
			blocks = append(blocks, block{kind, strings.TrimLeft(l, string(headingMark)+string(itemMark))})
			open = kind != heading
		}
	}
	for i := range blocks {
		blocks[i].text = strings.ReplaceAll(blocks[i].text, string(lineEnd), "\n")
	}
	return blocks
}

func kindOf(l string) blockKind {
	switch {
	case strings.HasPrefix(l, string(headingMark)):
		return heading
	case strings.HasPrefix(l, string(itemMark)):
		return item
	default:
		return paragraph
	}
}
