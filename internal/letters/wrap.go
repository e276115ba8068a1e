package letters

import "strings"

// wrap breaks text into lines of at most a width, at spaces; a word longer than
// a line is broken where the line is full. Line ends in the text stay.
func wrap(text string, width float64, measure func(string) float64) []string {
	var lines []string
	for _, given := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Split(given, " ") {
			if joined := line + " " + word; line != "" && measure(joined) <= width {
				line = joined
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			pieces := pieces(word, width, measure)
			lines = append(lines, pieces[:len(pieces)-1]...)
			line = pieces[len(pieces)-1]
		}
		lines = append(lines, line)
	}
	return lines
}

// pieces cuts a word into parts that fit; at least one part, each at least one
// character long.
func pieces(word string, width float64, measure func(string) float64) []string {
	var parts []string
	part := ""
	for _, r := range word {
		if part != "" && measure(part+string(r)) > width {
			parts = append(parts, part)
			part = ""
		}
		part += string(r)
	}
	return append(parts, part)
}

// fit makes an address block fit: at most seven lines of its width, first by
// smaller type, at last by cutting each field to one line that shows the cut.
func fit(fields []string, sizes []float64, measure func(size float64, s string) float64) (lines []string, size float64) {
	for _, size = range sizes {
		lines = nil
		for _, f := range fields {
			lines = append(lines, wrap(f, addressWidth, func(s string) float64 { return measure(size, s) })...)
		}
		if len(lines) <= addressLines {
			return lines, size
		}
	}
	lines = nil
	for _, f := range fields {
		lines = append(lines, cut(f, func(s string) float64 { return measure(size, s) }))
	}
	return lines[:min(len(lines), addressLines)], size
}

func cut(field string, measure func(string) float64) string {
	if measure(field) <= addressWidth {
		return field
	}
	return wrap(field, addressWidth-measure("…"), measure)[0] + "…"
}
