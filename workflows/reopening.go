package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// A case that had closed and is open again has a new run under the same workflow
// ID. It goes on where the register stands: with the revision that the position
// has reached, its own row as the first of its sequence, and the deadline: that of
// a further term when it was reopened, the one it had when its closing was taken
// back.

// firstPosition is where a run begins; a reopened case has positions before it.
func firstPosition(s complaint.Start) complaint.Position {
	return complaint.Position{Revision: max(1, s.Revision), Stage: s.Stage, WaitingFor: s.WaitingFor}
}

// openAgain tells whether the case had closed before this run.
func (p *procedure) openAgain() bool { return p.Term > 1 || p.GoesOn }

// confirmReopening tells the complainant that the case is open again, beside the
// main line.
func (p *procedure) confirmReopening(ctx workflow.Context) {
	if p.openAgain() && len(p.Letters) > 0 {
		p.send(ctx, activities.NameConfirmReopening, "Tell the complainant that the case is open again", p.Letters...)
	}
}

// goOn lets the watch of a term that ran on while the case was closed begin where
// it is: weeks that are over are not counted again. Warnings that passed meanwhile
// become one, and one that was given before is known to the register.
func (p *procedure) goOn(ctx workflow.Context) {
	if over := workflow.Now(ctx).Sub(p.Moments.EndsAt); p.GoesOn && !p.Moments.EndsAt.IsZero() && over > 0 {
		p.agenda.weeks = int(over / (7 * 24 * time.Hour))
	}
}

// openingWords says which letter told the complainant of this term.
func (p *procedure) openingWords() string {
	if !p.openAgain() {
		return "Acknowledgement of receipt: " + p.letterWords(p.Acknowledgement)
	}
	var letter int64
	if len(p.Letters) > 0 {
		letter = p.Letters[0]
	}
	if p.GoesOn {
		return "Closed before and goes on under its first day 0; letter about it: " + p.letterWords(letter)
	}
	return fmt.Sprintf("Opened again, this is term %d; letter about it: %s", p.Term, p.letterWords(letter))
}
