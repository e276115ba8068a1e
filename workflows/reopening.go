package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// A case that is opened again has a new run under the same workflow ID. It goes
// on where the register stands: with the revision that the position has reached,
// the second term's deadline, and its own row as the first of its sequence.

// firstPosition is where a run begins; a reopened case has positions before it.
func firstPosition(s complaint.Start) complaint.Position {
	return complaint.Position{Revision: max(1, s.Revision), Stage: s.Stage, WaitingFor: s.WaitingFor}
}

func (p *procedure) reopened() bool { return p.Term > 1 }

// confirmReopening tells the complainant of the second term, beside the main line.
func (p *procedure) confirmReopening(ctx workflow.Context) {
	if p.reopened() && len(p.Letters) > 0 {
		p.send(ctx, activities.NameConfirmReopening, "Tell the complainant that the case is open again", p.Letters...)
	}
}

// openingWords says which letter told the complainant of this term.
func (p *procedure) openingWords() string {
	if !p.reopened() {
		return "Acknowledgement of receipt: " + p.letterWords(p.Acknowledgement)
	}
	var letter int64
	if len(p.Letters) > 0 {
		letter = p.Letters[0]
	}
	return fmt.Sprintf("Opened again, this is term %d; letter about it: %s", p.Term, p.letterWords(letter))
}
