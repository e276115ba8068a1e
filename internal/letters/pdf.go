package letters

import (
	"bytes"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// The page after NBN Z 01-002, in millimetres on A4. The address block stands
// on the right, where the window of an envelope shows it, and nothing else in it.
const (
	pageHeight, pageWidth = 297, 210
	marginLeft            = 33
	marginRight           = 15
	marginTop             = 15
	marginBottom          = 15
	textWidth             = pageWidth - marginLeft - marginRight
	addressLeft           = 110
	addressTop            = 50
	addressWidth          = 85
	addressHeight         = 35
	addressLines          = 7
	headTop               = 91 // of reference and date, below the window
	nextTop               = 28 // of the text from page 2
)

// Type sizes in points, line heights and gaps in millimetres.
const (
	fontName             = "Liberation Sans"
	bodySize, bodyLine   = 10.5, 4.8
	fundSize             = 14.0
	smallSize, smallLine = 8.0, 3.6
	gap                  = 2.6
	itemIndent           = 5.0
	noticeIndent         = 4.0
	signatureSpace       = 6.0
)

var addressSizes = []float64{bodySize, 9, 8, 7}

// sheet draws one letter.
type sheet struct {
	*fpdf.Fpdf
	*printer
	letter letter
}

// pdf draws the letter. Its bytes depend on the letter and its day only.
func (l letter) pdf() ([]byte, error) {
	s, err := l.draw()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = s.Output(&out)
	return out.Bytes(), err
}

func (l letter) draw() (*sheet, error) {
	p, err := newPrinter()
	if err != nil {
		return nil, err
	}
	s := &sheet{Fpdf: fpdf.New("P", "mm", "A4", ""), printer: p, letter: l}
	s.prepare()
	s.AddPage()
	s.head()
	for i, b := range l.blocks {
		last := i+1 == len(l.blocks)
		if last {
			s.need(s.height(b) + s.endHeight()) // no signature alone on a page
		}
		s.block(b, !last && closeTo(b, l.blocks[i+1]))
	}
	s.end()
	s.nextHeads()
	return s, s.Error()
}

func (s *sheet) prepare() {
	s.SetCatalogSort(true)
	s.SetCreationDate(s.letter.day.At(12, 0).UTC())
	s.SetModificationDate(s.letter.day.At(12, 0).UTC())
	s.SetLang(string(s.letter.language))
	s.SetTitle(s.letter.subject, true)
	s.SetAuthor(s.letter.sender[1]+", "+s.letter.sender[0], true)
	s.SetMargins(marginLeft, marginTop, marginRight)
	s.SetAutoPageBreak(false, marginBottom)
	s.SetCellMargin(0)
	s.AddUTF8FontFromBytes(fontName, "", regularTTF)
	s.AddUTF8FontFromBytes(fontName, "B", boldTTF)
}

// head draws what stands above the text of page 1.
func (s *sheet) head() {
	s.SetXY(marginLeft, marginTop)
	s.font("B", fundSize)
	s.lines([]string{s.letter.sender[0]}, 7)
	s.font("", bodySize)
	s.lines(s.letter.sender[1:2], bodyLine)
	s.font("", smallSize+1)
	s.lines(s.letter.sender[2:], 4.4)
	s.address()
	s.SetXY(addressLeft, headTop)
	s.font("", bodySize)
	s.Cell(addressWidth, bodyLine, s.printable(s.letter.placeAndDate))
	s.SetXY(marginLeft, headTop)
	s.lines(s.letter.references, bodyLine)
	s.Ln(gap)
	s.font("B", bodySize)
	s.lines(s.wrapped(s.letter.about, textWidth), bodyLine)
	s.Ln(2 * gap)
	s.font("", bodySize)
	s.lines(s.wrapped(s.letter.salutation, textWidth), bodyLine)
	s.Ln(gap)
}

func (s *sheet) address() {
	fields := make([]string, 0, len(s.letter.address))
	for _, a := range s.letter.address {
		fields = append(fields, s.printable(a))
	}
	lines, size := fit(fields, addressSizes, func(size float64, text string) float64 {
		s.font("", size)
		return s.GetStringWidth(text)
	})
	s.font("", size)
	for i, l := range lines {
		s.SetXY(addressLeft, addressTop+float64(i)*addressHeight/addressLines)
		s.Cell(addressWidth, addressHeight/addressLines, l)
	}
}

// block draws a part of the body. A tight one is close to the next.
func (s *sheet) block(b block, tight bool) {
	switch b.kind {
	case heading:
		s.need(gap + 4*bodyLine) // never alone at the foot of a page
		s.Ln(gap / 2)
		s.font("B", bodySize)
		s.flow(marginLeft, s.wrapped(b.text, textWidth))
		s.font("", bodySize)
	case item:
		s.item(b.text)
	case notice:
		s.notice(b.text)
	default:
		lines := s.wrapped(b.text, textWidth)
		if tight {
			s.need(float64(min(len(lines), 2)+2) * bodyLine) // a list stays with the line that leads to it
		}
		s.flow(marginLeft, lines)
	}
	if tight {
		s.Ln(gap / 3)
	} else {
		s.Ln(gap)
	}
}

// item draws a list item behind its dash.
func (s *sheet) item(text string) {
	lines := s.wrapped(text, textWidth-itemIndent)
	s.need(float64(min(len(lines), 2)) * bodyLine) // the dash stays with its text
	s.SetX(marginLeft)
	s.Cell(itemIndent, bodyLine, "–")
	s.flow(marginLeft+itemIndent, lines)
}

// height is about how much a block takes, at most a third of a page.
func (s *sheet) height(b block) float64 {
	width, around := float64(textWidth), gap
	switch b.kind {
	case notice:
		s.font("B", bodySize)
		defer s.font("", bodySize)
		width, around = textWidth-noticeIndent, 2*gap
	case item:
		width = textWidth - itemIndent
	}
	return min(float64(len(s.wrapped(b.text, width)))*bodyLine+around, pageHeight/3)
}

// notice draws the appeal warning in bold beside a rule, on one page.
func (s *sheet) notice(text string) {
	s.font("B", bodySize)
	lines := s.wrapped(text, textWidth-noticeIndent)
	height := float64(len(lines)) * bodyLine
	s.need(height + 2*gap)
	s.Ln(gap / 2)
	s.SetLineWidth(0.8)
	s.Line(marginLeft+0.4, s.GetY(), marginLeft+0.4, s.GetY()+height)
	s.flow(marginLeft+noticeIndent, lines)
	s.Ln(gap / 2)
	s.font("", bodySize)
}

// end draws closing, signature and privacy line together.
func (s *sheet) end() {
	s.need(s.endHeight())
	s.Ln(gap)
	s.lines(s.wrapped(s.letter.closing, textWidth), bodyLine)
	s.Ln(signatureSpace)
	s.lines(s.letter.signature, bodyLine)
	if s.letter.small == "" {
		return
	}
	s.Ln(2 * gap)
	s.lines(s.small(), smallLine)
}

func (s *sheet) small() []string {
	s.font("", smallSize)
	return s.wrapped(s.letter.small, textWidth)
}

// endHeight is what end takes, with a closing of one line.
func (s *sheet) endHeight() float64 {
	defer s.font("", bodySize)
	return 3*gap + 3*bodyLine + signatureSpace + float64(len(s.small()))*smallLine
}

func (s *sheet) font(style string, size float64) { s.SetFont(fontName, style, size) }

// french keeps a line from ending before the signs that French sets apart.
var french = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", "« ", "«\u00a0", " »", "\u00a0»")

// wrapped breaks text into lines in the font that is set.
func (s *sheet) wrapped(text string, width float64) []string {
	if s.letter.language == "fr" {
		text = french.Replace(text)
	}
	return wrap(s.printable(text), width, s.GetStringWidth)
}

// lines draws lines at the left margin, without a page break.
func (s *sheet) lines(lines []string, height float64) {
	for _, l := range lines {
		s.SetX(marginLeft)
		s.Cell(textWidth, height, strings.ReplaceAll(s.printable(l), "\u00a0", " "))
		s.Ln(height)
	}
}

// flow draws lines and goes on to the next page where one is full. It leaves no
// single first line at the foot of a page and no single last one on the next.
func (s *sheet) flow(left float64, lines []string) {
	for i, l := range lines {
		switch rest := len(lines) - i; {
		case i == 0 && rest > 1, rest == 2:
			s.need(2 * bodyLine)
		default:
			s.need(bodyLine)
		}
		s.SetX(left)
		s.Cell(textWidth, bodyLine, strings.ReplaceAll(l, "\u00a0", " "))
		s.Ln(bodyLine)
	}
}

// need goes to the next page when less than a height is left on this one.
func (s *sheet) need(height float64) {
	if s.GetY()+height <= pageHeight-marginBottom {
		return
	}
	s.AddPage() // in the font that was set
	s.SetXY(marginLeft, nextTop)
}

// nextHeads draws what stands above the text of page 2 and the next ones, last:
// only then is the number of pages known.
func (s *sheet) nextHeads() {
	for n := 2; n <= s.PageCount(); n++ {
		s.SetPage(n)
		s.SetXY(marginLeft, marginTop)
		s.font("", smallSize+1)
		s.lines(s.letter.references[:1], 4.4)
		page, err := s.letter.page(n, s.PageCount())
		s.SetError(err)
		s.SetX(marginLeft)
		s.Cell(textWidth, 4.4, s.printable(page))
	}
}
