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

// firstTried tells that no letter of a changed last day is on its way out any
// more: a notice that the answer is late would name a day of which the
// complainant has not heard.
func (c *course) firstTried() bool {
	for _, id := range c.first {
		if c.delivering[id] {
			return false
		}
	}
	return true
}

// deliver runs one delivery beside the main line and takes in where each letter
// stands after it.
func (c *course) deliver(ctx workflow.Context, activity, summary string, d complaint.Delivery) {
	if c.takeover.telling {
		return
	}
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
			c.cameOut(ctx, l)
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
	if len(m.Body.Letters) > 0 {
		c.send(ctx, activities.NameNotifyDecision, "Tell the complainant that what was posted is taken back", m.Body.Letters...)
	}
	if _, known := c.letters[m.Body.Letter]; !known && len(m.Body.Letters) == 0 {
		return notApplied
	}
	c.letters[m.Body.Letter] = m.Body.State
	switch {
	case m.Body.State.HasLeft():
	case c.delivering[m.Body.Letter]:
		c.again[m.Body.Letter] = m.Body.CameBack // one at a time; it goes out when that one is done
	default:
		c.sendAgain(ctx, m.Body.Letter)
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
		case complaint.LetterFailed, complaint.LetterInDoubt, complaint.LetterHeld:
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
	complaint.LetterFailed:  "cannot leave by itself, waits for a person",
	complaint.LetterInDoubt: "in doubt, waits for a person",
	complaint.LetterDropped: "not sent, by decision of a person",
	complaint.LetterHeld:    "waits until tomorrow, its address has had enough letters today",
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

// drop forgets letters that no longer leave, and takes those that lie printed away
// from the mail room.
func (c *course) drop(ctx workflow.Context, letters []int64) {
	var printed []int64
	for _, id := range letters {
		if c.letters[id] == complaint.LetterPrinted {
			printed = append(printed, id)
		}
		c.letters[id] = complaint.LetterDropped
	}
	c.withdraw(ctx, printed...)
}

func (c *course) withdraw(ctx workflow.Context, letters ...int64) {
	if len(letters) == 0 {
		return
	}
	c.beside(ctx, func(ctx workflow.Context) {
		d := complaint.Delivery{Number: c.id.Number, File: c.id.File, Letters: letters}
		err := workflow.ExecuteActivity(lasting(ctx, "Take letters that no longer leave from the print folder"),
			activities.NameWithdrawLetters, d).Get(ctx, nil)
		if err != nil {
			workflow.GetLogger(ctx).Error("letters were not withdrawn", "number", c.id.Number)
		}
	})
}

// cameOut takes in where a delivery left a letter. What a person said of it
// meanwhile stands: settled, it stays so; to be sent again, it is.
func (c *course) cameOut(ctx workflow.Context, l complaint.LetterSettled) {
	cameBack, again := c.again[l.Letter]
	delete(c.again, l.Letter)
	if c.letters[l.Letter] == complaint.LetterDropped && l.State == complaint.LetterPrinted {
		c.withdraw(ctx, l.Letter) // dropped while it was on its way into the print folder
	}
	if c.letters[l.Letter].HasLeft() {
		return
	}
	if again && (cameBack || !l.State.HasLeft()) {
		c.sendAgain(ctx, l.Letter)
		return
	}
	c.letters[l.Letter] = l.State
}

func (c *course) sendAgain(ctx workflow.Context, letter int64) {
	c.send(ctx, activities.NameSendLetter, fmt.Sprintf("Send letter %d again", letter), letter)
}
