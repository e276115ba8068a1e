package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type remark struct {
	Text string `json:"text" minLength:"1" maxLength:"10000"`
}

type noteInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   remark
}

func (c *counter) addNote(ctx context.Context, in *noteInput) (*standingOutput, error) {
	return accepted(c.Desk.AddNote(ctx, actorOf(ctx), in.once, in.Number, casework.Remark(in.Body)))
}
