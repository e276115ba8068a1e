package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type withdrawalNote struct {
	Reasons string        `json:"reasons" minLength:"1" maxLength:"10000"`
	On      complaint.Day `json:"on,omitzero" nullable:"true" doc:"the day on which the complainant withdrew; left out: today"`
	Way     string        `json:"way,omitempty" maxLength:"100" doc:"how: letter, email, phone, visit, ..."`
}

type withdrawalInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   withdrawalNote
}

func (c *counter) withdraw(ctx context.Context, in *withdrawalInput) (*standingOutput, error) {
	return accepted(c.Desk.Withdraw(ctx, actorOf(ctx), in.once, in.Number, casework.WithdrawalNote(in.Body)))
}
