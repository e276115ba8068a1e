package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

type submissionCorrection struct {
	Version int    `json:"version" minimum:"0" doc:"of the submission that was read; another one in force is 409"`
	Reasons string `json:"reasons" minLength:"1" maxLength:"2000"`
	complaint.Correction
}

type correctionInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   submissionCorrection
}

func (c *counter) correct(ctx context.Context, in *correctionInput) (*standingOutput, error) {
	return accepted(c.Desk.Correct(ctx, actorOf(ctx), in.once, in.Number, casework.Correction{
		Correction: in.Body.Correction, Version: in.Body.Version, Reasons: in.Body.Reasons,
	}))
}

type submissionFileOutput struct{ Body register.SubmissionFile }

func (c *counter) submission(ctx context.Context, in *numberInput) (*submissionFileOutput, error) {
	found, err := c.Desk.Submission(ctx, actorOf(ctx), in.Number)
	return &submissionFileOutput{found}, err
}
