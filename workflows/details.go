package workflows

import (
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/internal/complaint"
)

// webUISpace ends a case file with empty paragraphs: the Web UI makes its box a
// line too low, and what it cuts off is then nothing.
const webUISpace = "\n\u00a0\n\n\u00a0\n"

// describe writes the short case file that supervisors read in the Web UI. Its
// first lines answer what the case waits for and until when.
func (p *procedure) describe(ctx workflow.Context) {
	var b strings.Builder
	fmt.Fprintf(&b, "**Waits for:** %s\n\n", p.waitsFor())
	fmt.Fprintf(&b, "%s\n\n", p.dueWords())
	if p.result != "" {
		fmt.Fprintf(&b, "- Result: %s%s\n", p.result, p.endingWords())
	}
	if p.service != nil {
		fmt.Fprintf(&b, "- The service first: %s\n", p.service.words())
	}
	for _, c := range p.consultations {
		fmt.Fprintf(&b, "- Consultation of %s: %s\n", c.Department, c.words())
	}
	fmt.Fprintf(&b, "- Admissibility: %s\n- %s\n", p.admissibilityWords(), p.openingWords())
	b.WriteString(webUISpace)
	workflow.SetCurrentDetails(ctx, b.String())
}

// dueWords says by when the complainant must have the answer, or that it is late.
func (p *procedure) dueWords() string {
	switch {
	case p.position.Stage == complaint.Closed:
		return fmt.Sprintf("**Closed:** %s", p.result)
	case p.Moments.LastDay.IsZero():
		return "**Answer to the complainant due:** no term runs yet"
	case p.agenda.overdue:
		return fmt.Sprintf("**OVERDUE:** the answer to the complainant was due %s (day %d)", p.Moments.LastDay, p.Moments.Days)
	default:
		return fmt.Sprintf("**Answer to the complainant due:** %s (day %d)", p.Moments.LastDay, p.Moments.Days)
	}
}

// endingWords says where the letters stand that end the case.
func (p *procedure) endingWords() string {
	var words []string
	for _, id := range p.ending.letters {
		words = append(words, fmt.Sprintf("letter %d %s", id, p.letterWords(id)))
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, "; ") + ")"
}

// waitsFor says in words whom the case waits for and until when.
func (p *procedure) waitsFor() string {
	switch waiting := p.position.WaitingFor; waiting {
	case complaint.WaitOmbuds:
		return p.ombudsWords()
	case complaint.WaitComplainant:
		return p.askingWords()
	case complaint.WaitMailRoom:
		return "the mail room, to post " + p.printedWords()
	case complaint.WaitNone:
		if p.position.Stage == complaint.Closed {
			return "nobody: the case is closed"
		}
		return "nobody: a letter is on its way out"
	default:
		var open []string
		for _, c := range p.openConsultations() {
			open = append(open, fmt.Sprintf("department %s, answer due %s", c.Department, c.DueOn))
		}
		if p.withService() {
			open = append(open, fmt.Sprintf("department %s, to help the complainant before %s", p.service.Department, p.service.ReturnOn))
		}
		return strings.Join(open, "; ")
	}
}

// printedWords names the letters that lie printed.
func (p *procedure) printedWords() string {
	var printed []string
	for _, id := range workflow.DeterministicKeys(p.letters) {
		if p.letters[id] == complaint.LetterPrinted {
			printed = append(printed, fmt.Sprintf("letter %d", id))
		}
	}
	return strings.Join(printed, " and ")
}

func (p *procedure) ombudsWords() string {
	switch p.position.Stage {
	case complaint.Assessing:
		return p.askingWords()
	case complaint.Answering:
		return "an ombuds officer, to settle a letter that cannot leave or may not have left"
	}
	if len(p.consultations) == 0 {
		return "an ombuds officer, to consult the department"
	}
	if !slices.ContainsFunc(p.consultations, func(c *consultation) bool { return !c.involved }) {
		return "an ombuds officer, to ask another department, or to decide without: the one that was asked is named as involved"
	}
	return "an ombuds officer, to decide the outcome"
}

func (p *procedure) admissibilityWords() string {
	switch {
	case p.admitted:
		return "admissible"
	case p.result == complaint.Inadmissible || p.result == complaint.Reclassified:
		return fmt.Sprintf("%s (%s)", p.result, p.Ground)
	default:
		return fmt.Sprintf("not decided (the rules say %s)", p.Ground)
	}
}

func (c *consultation) words() string {
	switch {
	case c.answered:
		return "answered"
	case c.involved:
		return "ended, the department is named as involved"
	case c.closed:
		return "no longer needed"
	case c.escalated:
		return fmt.Sprintf("no answer by %s, its head was told", c.DueOn)
	case c.reminded:
		return fmt.Sprintf("reminded, answer due %s", c.DueOn)
	default:
		return fmt.Sprintf("asked, answer due %s", c.DueOn)
	}
}
