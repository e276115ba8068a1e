package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type admissibilityDecision struct {
	Decision complaint.Judgement `json:"decision" enum:"admissible,inadmissible,pending,reclassified"`
	Ground   complaint.Ground    `json:"ground,omitempty" maxLength:"40" doc:"with inadmissible: one of the grounds of the procedure text; with pending: what is missing"`
	Reasons  string              `json:"reasons,omitempty" maxLength:"10000" doc:"required to refuse, and to take a refusal back with admissible"`
	ReferTo  string              `json:"refer_to,omitempty" maxLength:"1000" doc:"the body or department that can help; required with NOT_OUR_SERVICE and reclassified"`
}

type admissibilityInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   admissibilityDecision
}

func (c *counter) decideAdmissibility(ctx context.Context, in *admissibilityInput) (*standingOutput, error) {
	return accepted(c.Desk.DecideAdmissibility(ctx, actorOf(ctx), in.once, in.Number, casework.AdmissibilityDecision(in.Body)))
}
