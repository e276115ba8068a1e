package letters

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lineEnd stands for a line end inside handed-in text while it goes through a
// template, where an ordinary line end may start a new block.
const lineEnd = '\v'

// line makes handed-in text one clean line: it can forge no second line in a
// letter, an address block or a mail header.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// prose keeps the lines of handed-in text and nothing else that could pass for
// the letter's own structure.
func prose(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = line(l)
	}
	return strings.Trim(strings.Join(lines, string(lineEnd)), string(lineEnd))
}

// clean composes accents and takes out control characters and the characters
// that turn the direction of what stands around them.
func clean(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}
