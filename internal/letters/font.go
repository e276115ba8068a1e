package letters

import (
	"sync"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
)

// unprintable stands in a PDF for a character that the font does not have, such
// as an emoji or an Arabic letter: something is missing, and a reader sees it.
// The letter's text keeps the character itself.
const unprintable = '□'

var regularFace = sync.OnceValues(func() (*sfnt.Font, error) { return sfnt.Parse(liberationsansregular.TTF) })

// printer makes text printable with the letter's font. It knows which character
// came first for a glyph: characters that look the same become the same one,
// because the PDF library picks one of them by chance.
type printer struct {
	face   *sfnt.Font
	buffer sfnt.Buffer
	first  map[sfnt.GlyphIndex]rune
}

func newPrinter() (*printer, error) {
	face, err := regularFace()
	return &printer{face: face, first: map[sfnt.GlyphIndex]rune{}}, err
}

func (p *printer) printable(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r = p.replace(r); r != 0 {
			out = append(out, r)
		}
	}
	return string(out)
}

// replace gives the character to print for one, or 0 for one without a shape.
func (p *printer) replace(r rune) rune {
	switch {
	case r == '\n', r == ' ':
		return r
	case r == '\u00a0', r == '\u2007', r == '\u202f':
		return '\u00a0' // a space at which no line ends
	case r == '\u00ad', r >= '\u200b' && r <= '\u200f', r >= '\ufe00' && r <= '\ufe0f', r == '\ufeff', r == '\u2060':
		return 0
	}
	glyph, err := p.face.GlyphIndex(&p.buffer, r)
	if err != nil || glyph == 0 || r > 0xffff {
		return unprintable
	}
	if known, ok := p.first[glyph]; ok {
		return known
	}
	p.first[glyph] = r
	return r
}

// boldTTF and regularTTF are the files of the letter's font.
var boldTTF, regularTTF = liberationsansbold.TTF, liberationsansregular.TTF
