package workflows

import (
	"go.temporal.io/sdk/workflow"

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
			if !p.letters[l.Letter].HasLeft() { // settled meanwhile, it stays so
				p.letters[l.Letter] = l.State
			}
		}
		p.closed = p.closed || delivered.Closed
		if !p.closed && p.move(ctx) {
			p.record(ctx, 0, complaint.Applied)
		}
	})
}
