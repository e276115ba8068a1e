package complaint

import (
	"fmt"
	"regexp"
	"strconv"
)

// Number names a complaint (dossiernummer): "2026-000123", the year of
// registration in Brussels and the place in that year's row. It holds no
// personal data and may be shown anywhere.
type Number string

var numberForm = regexp.MustCompile(`^\d{4}-\d{6}$`)

// NewNumber makes the number of the n-th complaint of a year; n starts at 1.
func NewNumber(year, n int) Number {
	return Number(fmt.Sprintf("%04d-%06d", year, n))
}

// Valid tells whether the number has the form YYYY-NNNNNN.
func (n Number) Valid() bool { return numberForm.MatchString(string(n)) }

// Year is the year of registration; 0 for a number of another form.
func (n Number) Year() int { return n.part(0, 4) }

// Place is the number's place in its year, from 1; 0 for another form.
func (n Number) Place() int { return n.part(5, 11) }

func (n Number) part(from, to int) int {
	if !n.Valid() {
		return 0
	}
	v, _ := strconv.Atoi(string(n[from:to])) // the form admits digits only
	return v
}
