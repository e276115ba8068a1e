package api

import (
	"context"

	"ombudsdienst/internal/casework"
)

type handOver struct {
	Department string `json:"department" minLength:"1" maxLength:"40" doc:"code of the department that the question belongs to"`
	Reasons    string `json:"reasons" minLength:"1" maxLength:"10000" doc:"that department reads them"`
}

type handOverInput struct {
	Command
	ID   int64 `path:"id" minimum:"1"`
	Body handOver
}

func (c *counter) handOver(ctx context.Context, in *handOverInput) (*askOutput, error) {
	next, err := c.Desk.HandOverQuestion(ctx, actorOf(ctx), in.once, in.ID, casework.HandOver(in.Body))
	return &askOutput{pathOf("consultations", next.ID), next}, err
}
