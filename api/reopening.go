package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type reopeningNote struct {
	Reasons string `json:"reasons" minLength:"1" maxLength:"10000" doc:"kept in the file; no letter shows them"`
}

type reopeningInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   reopeningNote
}

func (c *counter) reopen(ctx context.Context, in *reopeningInput) (*standingOutput, error) {
	return accepted(c.Desk.Reopen(ctx, actorOf(ctx), in.once, in.Number, casework.ReopeningNote(in.Body)))
}
