package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/internal/complaint"
)

// describe writes the short case file of a privacy file for the Web UI.
func (p *privacy) describe(ctx workflow.Context) {
	var b strings.Builder
	fmt.Fprintf(&b, "**Waits for:** %s\n\n", p.waitsFor())
	term := "one month from receipt"
	if p.extended {
		term = "extended to three months from receipt"
	}
	fmt.Fprintf(&b, "**Answer to the complainant due:** %s (%s)\n\n", p.Moments.LastDay, term)
	if words := p.breachWords(); words != "" {
		fmt.Fprintf(&b, "- %s\n", words)
	}
	if p.result != "" {
		fmt.Fprintf(&b, "- Result: %s\n", p.result)
	}
	for _, id := range p.answer {
		fmt.Fprintf(&b, "- Answer (letter %d): %s\n", id, p.letterWords(id))
	}
	fmt.Fprintf(&b, "- Letter to the DPO: %s\n", p.letterWords(p.Transfer))
	workflow.SetCurrentDetails(ctx, b.String())
}

func (p *privacy) waitsFor() string {
	switch {
	case p.position.Stage == complaint.Closed:
		return "nobody: the file is closed"
	case p.position.WaitingFor == complaint.WaitMailRoom:
		return "the mail room, to post a printed letter"
	case p.position.WaitingFor == complaint.WaitNone:
		return "nobody: a letter is on its way out"
	case p.result != "" && p.waitingForLetters() == complaint.WaitNone:
		return "the data protection officer, to tell the authority of the breach or to take the suspicion back"
	case p.result != "":
		return "the data protection officer, to settle a letter that may not have left"
	default:
		return "the data protection officer, to answer"
	}
}

// PrivacyStartAttributes are the attributes known when a privacy file starts.
func PrivacyStartAttributes(s complaint.PrivacyStart) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(
		AttributeNumber.ValueSet(string(s.Number)),
		AttributeStage.ValueSet(string(complaint.Investigating)),
		AttributeWaitingFor.ValueSet(string(complaint.WaitDPO)),
		AttributeDeadline.ValueSet(s.Moments.EndsAt),
	)
}

// PrivacyStartSummary is the line that stands above a privacy file in the Web UI.
func PrivacyStartSummary(s complaint.PrivacyStart) string {
	return fmt.Sprintf("Privacy file %s: answer of the DPO due %s", s.Number, s.Moments.LastDay)
}
