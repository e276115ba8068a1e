package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type sameMatter struct {
	Number  complaint.Number `json:"number" minLength:"1" maxLength:"20" doc:"the other complaint"`
	Reasons string           `json:"reasons" minLength:"1" maxLength:"2000"`
}

type linkInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   sameMatter
}

func (c *counter) link(ctx context.Context, in *linkInput) (*standingOutput, error) {
	return accepted(c.Desk.Link(ctx, actorOf(ctx), in.once, in.Number, casework.SameMatter(in.Body)))
}
