package api

import (
	"context"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// Mandate is how a representative's mandate stands.
type Mandate struct {
	Mandate complaint.Mandate `json:"mandate" enum:"attached,legal,refused"`
	Scope   string            `json:"scope,omitempty" nullable:"true" maxLength:"500" doc:"for what it was given; empty: the whole complaint"`
	GivenOn complaint.Day     `json:"given_on,omitzero" format:"date" nullable:"true" doc:"its date"`
	EndsOn  complaint.Day     `json:"ends_on,omitzero" format:"date" nullable:"true" doc:"its last day; null: until the case closes"`
	Copy    bool              `json:"copy_to_complainant,omitempty" doc:"the complainant asked for a copy of the letters"`
}

type complainantReply struct {
	Kind        complaint.ReplyKind    `json:"kind" enum:"mandate,writing,information"`
	Text        string                 `json:"text,omitempty" nullable:"true" maxLength:"50000"`
	ReceivedAt  time.Time              `json:"received_at,omitzero" doc:"arrival anywhere in the organisation; left out: now. For the writing of a phone note it sets day 0"`
	FactsOn     complaint.Day          `json:"facts_on,omitzero" format:"date" nullable:"true" doc:"what the reply says of the facts; left out: nothing new"`
	FactsUntil  complaint.Day          `json:"facts_until,omitzero" format:"date" nullable:"true"`
	Initiatives []complaint.Initiative `json:"initiatives,omitempty" maxItems:"50" doc:"further steps that it shows"`
	Department  string                 `json:"department,omitempty" nullable:"true" maxLength:"40" doc:"code of the department that it names"`
	Mandate     *Mandate               `json:"mandate,omitempty" doc:"with kind mandate; left out: attached, for the whole complaint"`
	Attachments []complaint.Attachment `json:"attachments,omitempty" maxItems:"20" doc:"10 MB each, 25 MB in all"`
}

type replyInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   complainantReply
}

func (c *counter) reply(ctx context.Context, in *replyInput) (*standingOutput, error) {
	b := in.Body
	reply := casework.ComplainantReply{
		Reply: complaint.Reply{
			Kind: b.Kind, Text: b.Text, ReceivedAt: b.ReceivedAt, FactsOn: b.FactsOn, FactsUntil: b.FactsUntil,
			Initiatives: b.Initiatives, Department: b.Department,
		},
		Attachments: b.Attachments,
	}
	if b.Mandate != nil {
		reply.Representation = (*complaint.Representation)(b.Mandate)
	}
	return accepted(c.Desk.Reply(ctx, actorOf(ctx), in.once, in.Number, reply))
}

type representationChange struct {
	Mandate
	Reasons string `json:"reasons,omitempty" nullable:"true" maxLength:"10000" doc:"required with refused"`
}

type representationInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   representationChange
}

func (c *counter) represent(ctx context.Context, in *representationInput) (*standingOutput, error) {
	return accepted(c.Desk.Represent(ctx, actorOf(ctx), in.once, in.Number, casework.RepresentationChange{
		Representation: complaint.Representation(in.Body.Mandate), Reasons: in.Body.Reasons,
	}))
}

type foreignGround struct {
	Ground  complaint.Ground `json:"ground" maxLength:"40" doc:"a ground on which other bodies refuse; it refuses nothing here"`
	Reasons string           `json:"reasons" minLength:"1" maxLength:"10000"`
}

type foreignGroundInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   foreignGround
}

func (c *counter) warn(ctx context.Context, in *foreignGroundInput) (*standingOutput, error) {
	return accepted(c.Desk.Warn(ctx, actorOf(ctx), in.once, in.Number, casework.AdmissibilityWarning(in.Body)))
}
