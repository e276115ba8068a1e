package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type voidNote struct {
	Reasons string `json:"reasons" minLength:"1" maxLength:"10000" doc:"kept in the file; no letter shows them"`
}

type voidInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   voidNote
}

func (c *counter) void(ctx context.Context, in *voidInput) (*standingOutput, error) {
	return accepted(c.Desk.Void(ctx, actorOf(ctx), in.once, in.Number, casework.VoidNote(in.Body)))
}
