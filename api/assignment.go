package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type assignment struct {
	Officer string `json:"officer" minLength:"1" maxLength:"100" doc:"login of the ombuds officer who handles it from now on"`
	Reasons string `json:"reasons,omitempty" maxLength:"10000"`
}

type assignmentInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   assignment
}

func (c *counter) assign(ctx context.Context, in *assignmentInput) (*standingOutput, error) {
	return accepted(c.Desk.Assign(ctx, actorOf(ctx), in.once, in.Number, casework.Assignment(in.Body)))
}
