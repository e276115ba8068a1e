package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type serviceRequest struct {
	Department string        `json:"department" minLength:"1" maxLength:"40" doc:"its code"`
	ReturnOn   complaint.Day `json:"return_on" doc:"the day on which it is back with the officer, before the last day of the term"`
	Agreed     bool          `json:"agreed" doc:"the complainant agrees; nothing else than true is taken"`
	Reasons    string        `json:"reasons" minLength:"1" maxLength:"10000" doc:"what the department must know to help; it reads this"`
}

type serviceFirstInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   serviceRequest
}

func (c *counter) handToService(ctx context.Context, in *serviceFirstInput) (*standingOutput, error) {
	return accepted(c.Desk.HandToService(ctx, actorOf(ctx), in.once, in.Number, casework.ServiceFirst(in.Body)))
}
