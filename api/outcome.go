package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type outcomeDecision struct {
	Findings        []complaint.PointFinding `json:"findings" minItems:"1" maxItems:"50" doc:"one for each point of the complaint"`
	Verdict         complaint.Verdict        `json:"verdict" enum:"founded,partly_founded,unfounded,no_finding"`
	Resolution      complaint.Resolution     `json:"resolution" enum:"resolved,partly_resolved,unresolved"`
	Remedy          string                   `json:"remedy,omitempty" maxLength:"10000" doc:"what is done for the complainant"`
	Norms           []complaint.Norm         `json:"norms,omitempty" maxItems:"15" doc:"ombuds norms that were not respected"`
	Recommendations []newRecommendation      `json:"recommendations,omitempty" maxItems:"20"`
	WithoutAnswers  string                   `json:"without_answers,omitempty" maxLength:"10000" doc:"why the outcome does not wait for departments that still owe an answer, or for the service that helps first"`
}

type newRecommendation struct {
	Department string        `json:"department" minLength:"1" maxLength:"40" doc:"its code"`
	Text       string        `json:"text" minLength:"1" maxLength:"10000"`
	DueOn      complaint.Day `json:"due_on,omitzero" nullable:"true"`
}

type outcomeInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   outcomeDecision
}

func (c *counter) decideOutcome(ctx context.Context, in *outcomeInput) (*standingOutput, error) {
	b := in.Body
	decision := casework.OutcomeDecision{
		Findings: b.Findings, Verdict: b.Verdict, Resolution: b.Resolution, Remedy: b.Remedy,
		Norms: b.Norms, WithoutAnswers: b.WithoutAnswers,
	}
	for _, r := range b.Recommendations {
		decision.Recommendations = append(decision.Recommendations,
			complaint.Recommendation{Department: r.Department, Text: r.Text, DueOn: r.DueOn})
	}
	return accepted(c.Desk.DecideOutcome(ctx, actorOf(ctx), in.once, in.Number, decision))
}
