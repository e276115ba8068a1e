package casework

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// Status is what a complainant sees with the receipt code: phases and dates.
type Status struct {
	Number         complaint.Number  `json:"number"`
	Stage          complaint.Stage   `json:"stage"`
	ReceivedOn     complaint.Day     `json:"received_on" format:"date"`
	LastDay        complaint.Day     `json:"last_day" format:"date" nullable:"true" doc:"null while no term runs"`
	AcknowledgedOn complaint.Day     `json:"acknowledged_on" format:"date" nullable:"true"`
	ClosedOn       complaint.Day     `json:"closed_on" format:"date" nullable:"true"`
	Result         *complaint.Result `json:"result" nullable:"true" doc:"null while it is open"`
	NextStep       string            `json:"next_step" enum:"register,assess,investigate,answer,none" doc:"what the service does next"`
}

var nextSteps = map[complaint.Stage]string{
	complaint.Received: "register", complaint.Registered: "assess", complaint.Assessing: "assess",
	complaint.Investigating: "investigate", complaint.Answering: "answer", complaint.Closed: "none",
}

// Status follows a case by its receipt code. A representative without a mandate
// may have the code, so then it shows only that the case is assessed or closed.
func (d *Desk) Status(ctx context.Context, actor Actor, receiptCode string) (Status, error) {
	p, err := d.store.Progress(ctx, readReceiptCode(receiptCode))
	if err != nil {
		return Status{}, err
	}
	if err := d.seen(ctx, actor, "status", p.Number, "stage", "result", "last_day"); err != nil {
		return Status{}, err
	}
	if p.Unmandated {
		return withheld(p), nil
	}
	return Status{
		Number: p.Number, Stage: p.Stage, Result: p.Result, NextStep: nextSteps[p.Stage],
		ReceivedOn: complaint.DayOf(p.ReceivedAt), LastDay: p.LastDay,
		AcknowledgedOn: dayOrNone(p.AcknowledgedAt), ClosedOn: dayOrNone(p.ClosedAt),
	}, nil
}

// withheld is what whoever has the code may know while somebody acts for the
// complainant without a mandate: that it arrived, and whether it is still open.
func withheld(p register.Progress) Status {
	s := Status{Number: p.Number, Stage: complaint.Assessing, ReceivedOn: complaint.DayOf(p.ReceivedAt)}
	if p.Stage == complaint.Closed {
		s.Stage = complaint.Closed
	}
	s.NextStep = nextSteps[s.Stage]
	return s
}

func dayOrNone(moment *time.Time) complaint.Day {
	if moment == nil {
		return complaint.Day{}
	}
	return complaint.DayOf(*moment)
}
