package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/register"
)

type blockedInput struct{ Paging }

type blockedOutput struct{ Body register.BlockedPage }

func (c *counter) blocked(ctx context.Context, in *blockedInput) (*blockedOutput, error) {
	found, err := c.Desk.Blocked(ctx, actorOf(ctx), in.part())
	return &blockedOutput{found}, err
}

type blockedSettlement struct {
	Resolution string `json:"resolution" enum:"retry,record_not_applied" doc:"bring the command to the procedure anew; or let the procedure pass it over, unless it took it after all: possible for a question to a department and its answer"`
	Reasons    string `json:"reasons" minLength:"1" maxLength:"2000"`
}

type blockedSettlementInput struct {
	Command
	Workflow string `path:"workflow_id" maxLength:"100"`
	Body     blockedSettlement
}

func (c *counter) settleBlocked(ctx context.Context, in *blockedSettlementInput) (*standingOutput, error) {
	return accepted(c.Desk.SettleBlocked(ctx, actorOf(ctx), in.once, in.Workflow, casework.BlockedSettlement(in.Body)))
}
