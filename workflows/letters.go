package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// own makes the run answer for letters: it does not close before they have left.
func (p *procedure) own(letters ...int64) {
	for _, id := range letters {
		if _, known := p.letters[id]; id != 0 && !known {
			p.letters[id] = complaint.LetterOwed
		}
	}
}

// send lets letters leave beside the main line.
func (p *procedure) send(ctx workflow.Context, activity, summary string, letters ...int64) {
	p.own(letters...)
	p.deliver(ctx, activity, summary, complaint.Delivery{Number: p.Number, Letters: letters})
}

// deliver runs one delivery beside the main line and takes in where each letter
// stands after it.
func (p *procedure) deliver(ctx workflow.Context, activity, summary string, d complaint.Delivery) {
	for _, id := range d.Letters {
		p.delivering[id] = true
	}
	p.beside(ctx, func(ctx workflow.Context) {
		var delivered complaint.Delivered
		err := workflow.ExecuteActivity(lasting(ctx, summary), activity, d).Get(ctx, &delivered)
		for _, id := range d.Letters {
			delete(p.delivering, id)
		}
		if err != nil {
			workflow.GetLogger(ctx).Error("the register refused a delivery", "number", p.Number, "activity", activity)
			return
		}
		for _, l := range delivered.Letters {
			p.cameOut(ctx, l)
		}
		p.closed = p.closed || delivered.Closed
		if !p.closed && p.move(ctx) {
			p.record(ctx, 0, complaint.Applied)
		}
	})
}

// cameOut takes in where a delivery left a letter. What a person said of it
// meanwhile stands: settled, it stays so; to be sent again, it is.
func (p *procedure) cameOut(ctx workflow.Context, l complaint.LetterSettled) {
	again := p.again[l.Letter]
	delete(p.again, l.Letter)
	if p.letters[l.Letter].HasLeft() {
		return
	}
	p.letters[l.Letter] = l.State
	if again && !l.State.HasLeft() {
		p.sendAgain(ctx, l.Letter)
	}
}

func (p *procedure) sendAgain(ctx workflow.Context, letter int64) {
	p.send(ctx, activities.NameSendLetter, fmt.Sprintf("Send letter %d again", letter), letter)
}
