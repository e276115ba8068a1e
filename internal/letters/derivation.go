package letters

import "ombudsdienst/internal/complaint"

// Explain says in a language how a deadline came about, step by step. A step
// that the language has no words for keeps those it came with.
func Explain(l complaint.Language, steps []complaint.Step) []complaint.Step {
	s, ok := speakers[l]
	if !ok {
		s = speakers["nl"]
	}
	explained := make([]complaint.Step, len(steps))
	for i, step := range steps {
		explained[i] = step
		name := "derivation-" + step.Code
		if s.templates.Lookup(name) == nil {
			continue
		}
		text, err := s.say(name, map[string]any{"Day": s.date(step.Day), "Days": steps[0].Day.DaysUntil(step.Day)})
		if err == nil {
			explained[i].Text = text
		}
	}
	return explained
}
