package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type naming struct {
	Logins      []string `json:"logins,omitempty" maxItems:"50" doc:"members of staff"`
	Departments []string `json:"departments,omitempty" maxItems:"50" doc:"codes; a department that the complaint merely concerns is not named"`
	Reasons     string   `json:"reasons" minLength:"1" maxLength:"10000"`
}

type namingInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   naming
}

func (c *counter) nameInvolved(ctx context.Context, in *namingInput) (*standingOutput, error) {
	return accepted(c.Desk.NameInvolved(ctx, actorOf(ctx), in.once, in.Number, casework.Naming(in.Body)))
}
