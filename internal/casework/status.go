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

	Awaited    *Awaited       `json:"awaited" nullable:"true" doc:"what the complainant still has to send; null: nothing"`
	AnsweredBy string         `json:"answered_by" enum:"ombuds,dpo" doc:"dpo: all of it is about personal data, and stage, last day, closing and next step are those of the DPO's file"`
	Privacy    *PrivacyStatus `json:"privacy" nullable:"true" doc:"what the DPO answers; null: nothing"`
}

// PrivacyStatus is what a complainant sees of what the DPO answers.
type PrivacyStatus struct {
	Stage      complaint.Stage          `json:"stage"`
	Split      complaint.Split          `json:"split" enum:"unconfirmed,pure,mixed" doc:"pure: the DPO answers all of it"`
	ReferredOn complaint.Day            `json:"referred_on" format:"date"`
	LastDay    complaint.Day            `json:"last_day" format:"date"`
	Extended   bool                     `json:"extended"`
	ClosedOn   complaint.Day            `json:"closed_on" format:"date" nullable:"true"`
	Result     *complaint.PrivacyResult `json:"result" nullable:"true" enum:"answered,refused,withdrawn"`
	NextStep   string                   `json:"next_step" enum:"register,assess,investigate,answer,none"`
}

// Awaited is what the service waits for from the complainant.
type Awaited struct {
	Kind  complaint.ReplyKind `json:"kind" enum:"mandate,writing,information" doc:"as a reply names it"`
	Until complaint.Day       `json:"until" format:"date" doc:"last day"`
}

var nextSteps = map[complaint.Stage]string{
	complaint.Received: "register", complaint.Registered: "assess", complaint.Assessing: "assess",
	complaint.Investigating: "investigate", complaint.Answering: "answer", complaint.Closed: "none",
}

// Status follows a case by its receipt code. A representative without a mandate
// may have the code, so then it shows only that the case is assessed or closed, and that the mandate
// is awaited.
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
	s := Status{
		Number: p.Number, Stage: p.Stage, Result: p.Result, NextStep: nextSteps[p.Stage], AnsweredBy: "ombuds",
		ReceivedOn: complaint.DayOf(p.ReceivedAt), LastDay: p.LastDay,
		AcknowledgedOn: dayOrNone(p.AcknowledgedAt), ClosedOn: dayOrNone(p.ClosedAt),
	}
	s.Awaited = awaited(p)
	privacy, err := d.store.PrivacyProgress(ctx, p.Number)
	if err != nil || privacy == nil {
		return s, err
	}
	return s.withPrivacy(privacy), nil
}

// withPrivacy adds what the DPO answers. Once it is confirmed that this is all of
// it, its phases and days are the case's: the complaint itself is closed and
// nothing more comes of it.
func (s Status) withPrivacy(p *register.PrivacyProgress) Status {
	s.Privacy = &PrivacyStatus{
		Stage: p.Stage, Split: p.Split, ReferredOn: complaint.DayOf(p.ReferredAt), LastDay: p.LastDay, Extended: p.Extended,
		ClosedOn: dayOrNone(p.ClosedAt), Result: p.Result, NextStep: nextSteps[p.Stage],
	}
	referred := s.Result == nil || *s.Result == complaint.ReferredPrivacy // not withdrawn or voided before that
	if p.Split == complaint.SplitPure && referred {
		s.AnsweredBy = "dpo"
		s.Stage, s.LastDay, s.ClosedOn, s.NextStep = p.Stage, p.LastDay, s.Privacy.ClosedOn, s.Privacy.NextStep
	}
	return s
}

// withheld is what whoever has the code may know while somebody acts for the
// complainant without a mandate: that it arrived, whether it is still open, and
// until when the mandate can come.
func withheld(p register.Progress) Status {
	s := Status{Number: p.Number, Stage: complaint.Assessing, AnsweredBy: "ombuds", ReceivedOn: complaint.DayOf(p.ReceivedAt)}
	if p.Stage == complaint.Closed {
		s.Stage = complaint.Closed
	}
	s.NextStep = nextSteps[s.Stage]
	if p.Pending == complaint.MandateMissing {
		s.Awaited = awaited(p)
	}
	return s
}

// awaited is what is asked of the complainant, by the kind of reply that answers
// it; nil when nothing is.
func awaited(p register.Progress) *Awaited {
	kind := complaint.ReplyInformation
	switch p.Pending {
	case "":
		return nil
	case complaint.MandateMissing:
		kind = complaint.ReplyMandate
	case complaint.NotInWriting:
		kind = complaint.ReplyWriting
	}
	return &Awaited{Kind: kind, Until: p.PendingUntil}
}

func dayOrNone(moment *time.Time) complaint.Day {
	if moment == nil {
		return complaint.Day{}
	}
	return complaint.DayOf(*moment)
}
