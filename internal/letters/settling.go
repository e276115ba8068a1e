package letters

import (
	"slices"
	"strings"

	"ombudsdienst/internal/complaint"
)

// Standing is where a letter stands, as far as explaining it needs.
type Standing struct {
	State     complaint.LetterState
	Channel   complaint.Channel
	Code      string // of its last error; may be empty
	FellBack  string // the code with which it fell back to post; empty: it did not
	MessageID string // may be empty
	HeldUntil complaint.Day
	Written   bool
	Bounced   bool // it was sent, and came back
	Postal    bool // it can go by post
}

// Choice is what a person may do about a letter, and what that brings about.
type Choice struct {
	Resolution string `json:"resolution" doc:"left, send_again, print or drop, as POST /letters/{id}/resolution takes it; dispatch is a route of its own"`
	Brings     string `json:"brings" doc:"what it does and when to choose it, in the reader's language"`
}

// Settling says in a language why a letter waits for a person, and what each
// choice does. A letter that waits for nobody is explained only where it took
// another way than it was written for.
func Settling(l complaint.Language, of Standing) (meaning string, choices []Choice) {
	s, ok := speakers[l]
	if !ok {
		s = speakers["nl"]
	}
	for _, resolution := range of.resolutions() {
		choices = append(choices, Choice{Resolution: resolution, Brings: s.flat("choice-"+resolution, of)})
	}
	if len(choices) == 0 && of.FellBack == "" {
		return "", choices
	}
	return s.flat("letter-stands", map[string]any{"Letter": of, "Until": s.date(of.HeldUntil)}), choices
}

// flat says something as one line.
func (s *speaker) flat(name string, data any) string {
	text, err := s.say(name, data)
	if err != nil {
		panic(err) // every text is compiled in, and tested
	}
	return strings.Join(strings.Fields(text), " ")
}

// resolutions lists what a person may choose.
func (of Standing) resolutions() []string {
	possible := map[complaint.LetterState][]string{
		complaint.LetterInDoubt: {"left", "send_again", "print", "drop"},
		complaint.LetterFailed:  {"send_again", "print", "left", "drop"},
		complaint.LetterHeld:    {"send_again", "print", "drop"},
		complaint.LetterPrinted: {"dispatch"},
	}[of.State]
	return slices.DeleteFunc(slices.Clone(possible), func(r string) bool {
		return r == "print" && !of.Postal || r == "left" && (!of.Written || of.Bounced)
	})
}
