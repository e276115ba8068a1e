package api

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

type findingsInput struct {
	Paging
	Reader
	Number  complaint.Number `query:"number" maxLength:"20"`
	Gone    bool             `query:"gone" doc:"also those that are not found any more"`
	Settled bool             `query:"settled" doc:"also those that somebody has settled"`
}

type findingsOutput struct{ Body register.FindingPage }

func (c *counter) findings(ctx context.Context, in *findingsInput) (*findingsOutput, error) {
	found, err := c.Desk.Findings(ctx, actorOf(ctx), register.FindingFilter{
		Gone: in.Gone, Settled: in.Settled, Number: in.Number, Paging: in.part(),
	}, in.language())
	return &findingsOutput{found}, err
}

type findingSettlementInput struct {
	Command
	Reader
	ID   int64 `path:"id"`
	Body struct {
		Reasons string `json:"reasons" minLength:"1" maxLength:"2000" doc:"why it stays as it is"`
	}
}

type findingOutput struct{ Body register.FindingRow }

func (c *counter) settleFinding(ctx context.Context, in *findingSettlementInput) (*findingOutput, error) {
	row, err := c.Desk.SettleFinding(ctx, actorOf(ctx), in.once, in.ID, in.Body.Reasons, in.language())
	return &findingOutput{row}, err
}

type verificationInput struct {
	Command
	Body struct{}
}

type verificationOutput struct{ Body register.Verification }

func (c *counter) askVerification(ctx context.Context, in *verificationInput) (*verificationOutput, error) {
	v, err := c.Desk.AskVerification(ctx, actorOf(ctx), in.once)
	return &verificationOutput{v}, err
}

type verificationLookInput struct {
	ID int64 `path:"id"`
}

func (c *counter) verification(ctx context.Context, in *verificationLookInput) (*verificationOutput, error) {
	v, err := c.Desk.Verification(ctx, actorOf(ctx), in.ID)
	return &verificationOutput{v}, err
}
