package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type addition struct {
	Text        string                 `json:"text,omitempty" maxLength:"50000" doc:"required when no document is attached"`
	Attachments []complaint.Attachment `json:"attachments,omitempty" maxItems:"20" doc:"10 MB each, 25 MB in all"`
}

type sendDocumentsInput struct {
	Command
	ReceiptCode string `path:"receipt_code" maxLength:"100" doc:"the code that came with the acknowledgement"`
	Body        addition
}

// sendDocuments takes what a complainant adds to an open case.
func (c *counter) sendDocuments(ctx context.Context, in *sendDocumentsInput) (*statusOutput, error) {
	found, err := c.Desk.SendDocuments(ctx, actorOf(ctx), in.once, in.ReceiptCode, casework.Addition(in.Body))
	return &statusOutput{found}, err
}

type addDocumentsInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   addition
}

func (c *counter) addDocuments(ctx context.Context, in *addDocumentsInput) (*standingOutput, error) {
	return accepted(c.Desk.AddDocuments(ctx, actorOf(ctx), in.once, in.Number, casework.Addition(in.Body)))
}
