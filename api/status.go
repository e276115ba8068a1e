package api

import (
	"context"

	"ombudsdienst/internal/casework"
)

type statusInput struct {
	ReceiptCode string `path:"receipt_code" maxLength:"100" doc:"the code that came with the acknowledgement"`
}

type statusOutput struct{ Body casework.Status }

// status tells a complainant where the case stands; whoever has the code may ask.
func (c *counter) status(ctx context.Context, in *statusInput) (*statusOutput, error) {
	found, err := c.Desk.Status(ctx, actorOf(ctx), in.ReceiptCode)
	return &statusOutput{found}, err
}
