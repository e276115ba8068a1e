package api

import (
	"context"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type lodgeInput struct {
	Command
	Body complaint.Submission
}

type lodged struct {
	Number      complaint.Number `json:"number"`
	ReceiptCode string           `json:"receipt_code" doc:"with it the complainant follows the case; keep it"`
	ReceivedAt  time.Time        `json:"received_at"`
	LastDay     complaint.Day    `json:"last_day" nullable:"true" doc:"the last day of the term; null while the complaint is not in writing"`
	StatusURL   string           `json:"status_url"`

	PossibleDuplicates []complaint.Number `json:"possible_duplicates" doc:"for staff: complaints of the same person on what seems to be the same matter, received within 30 days, among the 100 that came in next to it; nothing is refused because of them"`
}

type lodgedOutput struct {
	Location string `header:"Location"`
	Replayed string `header:"Idempotent-Replayed" doc:"true where the Idempotency-Key was known: this is the first answer again, and nothing new is lodged"`
	Body     lodged
}

// lodge takes in a complaint. Its answer means that it is safely in the
// register; the procedure hears of it from there.
func (c *counter) lodge(ctx context.Context, in *lodgeInput) (*lodgedOutput, error) {
	return c.takeIn(ctx, in.once, in.Body)
}

func (c *counter) takeIn(ctx context.Context, once casework.Once, submission complaint.Submission) (*lodgedOutput, error) {
	results, err := c.Desk.Lodge(ctx, actorOf(ctx), once, []complaint.Submission{submission})
	if err != nil {
		return nil, err
	}
	receipt, err := results[0].Receipt, results[0].Err
	if err != nil {
		return nil, err
	}
	out := &lodgedOutput{
		Location: "/api/v1/complaints/" + string(receipt.Number),
		Body: lodged{receipt.Number, receipt.ReceiptCode, receipt.ReceivedAt, receipt.LastDay,
			c.PublicURL + "/api/v1/status/" + receipt.ReceiptCode, receipt.PossibleDuplicates},
	}
	if results[0].Before {
		out.Replayed = "true"
	}
	return out, nil
}
