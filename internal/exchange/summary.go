package exchange

import (
	"fmt"
	"io"
	"strings"

	"ombudsdienst/internal/complaint"
)

// Result is what became of one submission. Exactly one of Number, OtherDates and
// Problem is set.
type Result struct {
	Place   int              // in the file, from 1
	Number  complaint.Number // given now, or by an earlier lodging of the same
	LastDay complaint.Day    // of the term; not known while there is nothing in writing
	Before  bool             // the number was given by an earlier lodging
	Problem string           // why it was not lodged; no personal data

	OtherDates bool // lodged earlier under other dates, which stand

	PossibleDuplicates []complaint.Number // of the same person, also earlier in the file; staff are told
}

// Summary is what became of a file, in its order. Fewer results than the total
// mean that the rest was not tried.
type Summary struct {
	Total   int
	Results []Result
}

// Failed counts the submissions that were refused.
func (s Summary) Failed() int { return s.count(func(r Result) bool { return r.Problem != "" }) }

func (s Summary) count(is func(Result) bool) (n int) {
	for _, r := range s.Results {
		if is(r) {
			n++
		}
	}
	return n
}

// Print writes a line for each submission and one for all of them.
func (s Summary) Print(w io.Writer) error {
	for _, r := range s.Results {
		if _, err := fmt.Fprintf(w, "%5d  %s\n", r.Place, r.line()); err != nil {
			return err
		}
	}
	now := s.count(func(r Result) bool { return r.Number != "" && !r.Before })
	before := s.count(func(r Result) bool { return r.Before })
	otherDates := s.count(func(r Result) bool { return r.OtherDates })
	_, err := fmt.Fprintf(w, "%d of %d lodged, %d lodged before, %d lodged before under other dates, %d refused, %d not tried\n",
		now, s.Total, before, otherDates, s.Failed(), s.Total-len(s.Results))
	return err
}

func (r Result) line() string {
	switch {
	case r.Problem != "":
		return "refused: " + r.Problem
	case r.OtherDates:
		return "lodged before under other dates, which stand"
	case r.LastDay.IsZero():
		return string(r.Number) + "  no term runs yet" + r.earlier() + r.duplicates()
	default:
		return string(r.Number) + "  answer due " + r.LastDay.String() + r.earlier() + r.duplicates()
	}
}

func (r Result) earlier() string {
	if r.Before {
		return "  lodged before"
	}
	return ""
}

// duplicates names what a person has to look at: nothing is refused because of it.
func (r Result) duplicates() string {
	if len(r.PossibleDuplicates) == 0 {
		return ""
	}
	numbers := make([]string, len(r.PossibleDuplicates))
	for i, n := range r.PossibleDuplicates {
		numbers[i] = string(n)
	}
	return "  perhaps the same as " + strings.Join(numbers, ", ")
}
