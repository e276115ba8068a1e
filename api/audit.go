package api

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

type auditInput struct {
	Paging
	Number complaint.Number `query:"number" pattern:"^\\d{4}-\\d{6}$" patternDescription:"a complaint's number"`
	Actor  string           `query:"actor" maxLength:"100" doc:"a login, or public"`
	Action string           `query:"action" maxLength:"100"`
	From   complaint.Day    `query:"from" format:"date" doc:"inclusive"`
	To     complaint.Day    `query:"to" format:"date" doc:"inclusive"`
}

type auditOutput struct{ Body register.AuditPage }

func (c *counter) audit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	found, err := c.Desk.AuditTrail(ctx, actorOf(ctx), register.AuditFilter{
		Number: in.Number, Actor: in.Actor, Action: in.Action, From: in.From, To: in.To, Paging: in.part(),
	})
	return &auditOutput{found}, err
}

type integrityInput struct {
	Cursor string `query:"cursor" maxLength:"2000" doc:"next_cursor of the part before"`
}

type integrityOutput struct{ Body register.Integrity }

func (c *counter) verifyAudit(ctx context.Context, in *integrityInput) (*integrityOutput, error) {
	found, err := c.Desk.CheckHistory(ctx, actorOf(ctx), in.Cursor)
	return &integrityOutput{found}, err
}
