package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// own makes the run answer for letters: it does not close before they have left.
func (c *course) own(letters ...int64) {
	for _, id := range letters {
		if _, known := c.letters[id]; id != 0 && !known {
			c.letters[id] = complaint.LetterOwed
		}
	}
}

// send lets letters leave beside the main line.
func (c *course) send(ctx workflow.Context, activity, summary string, letters ...int64) {
	c.own(letters...)
	c.deliver(ctx, activity, summary, complaint.Delivery{Number: c.id.Number, File: c.id.File, Letters: letters})
}

// deliver runs one delivery beside the main line and takes in where each letter
// stands after it.
func (c *course) deliver(ctx workflow.Context, activity, summary string, d complaint.Delivery) {
	for _, id := range d.Letters {
		c.delivering[id] = true
	}
	c.beside(ctx, func(ctx workflow.Context) {
		var delivered complaint.Delivered
		err := workflow.ExecuteActivity(lasting(ctx, summary), activity, d).Get(ctx, &delivered)
		for _, id := range d.Letters {
			delete(c.delivering, id)
		}
		if err != nil {
			workflow.GetLogger(ctx).Error("the register refused a delivery", "number", c.id.Number, "activity", activity)
			return
		}
		for _, l := range delivered.Letters {
			if !c.letters[l.Letter].HasLeft() { // settled meanwhile, it stays so
				c.letters[l.Letter] = l.State
			}
		}
		c.closed = c.closed || delivered.Closed
		if !c.closed && c.move(ctx) {
			c.record(ctx, 0, complaint.Applied)
		}
	})
}

// settleLetter takes what the mail room or an officer said of a letter: posted
// on a day, left after all, to be sent again, or dropped.
func (c *course) settleLetter(ctx workflow.Context, m complaint.Message[complaint.LetterSettled]) verdict {
	if _, known := c.letters[m.Body.Letter]; !known {
		return notApplied
	}
	c.letters[m.Body.Letter] = m.Body.State
	if !m.Body.State.HasLeft() && !c.delivering[m.Body.Letter] {
		c.send(ctx, activities.NameSendLetter, fmt.Sprintf("Send letter %d again", m.Body.Letter), m.Body.Letter)
	}
	return applied
}

// waitingForLetters names who must act before a decided case can close.
func (c *course) waitingForLetters() complaint.WaitingFor {
	waiting := complaint.WaitNone
	for _, id := range workflow.DeterministicKeys(c.letters) {
		switch c.letters[id] {
		case complaint.LetterPrinted:
			return complaint.WaitMailRoom
		case complaint.LetterFailed, complaint.LetterInDoubt:
			waiting = complaint.WaitOmbuds
		}
	}
	return waiting
}

var letterWords = map[complaint.LetterState]string{
	complaint.LetterOwed:    "on its way out",
	complaint.LetterSent:    "sent",
	complaint.LetterPrinted: "printed, waits to be posted",
	complaint.LetterPosted:  "posted",
	complaint.LetterFailed:  "refused by the mail server, waits for a person",
	complaint.LetterInDoubt: "in doubt, waits for a person",
	complaint.LetterDropped: "not sent, by decision of a person",
}

func (c *course) letterWords(id int64) string {
	if id == 0 {
		return "none, nobody can be answered"
	}
	if words, ok := letterWords[c.letters[id]]; ok {
		return words
	}
	return "on its way out"
}
