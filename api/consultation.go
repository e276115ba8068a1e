package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

type question struct {
	Department string        `json:"department" minLength:"1" maxLength:"40" doc:"its code"`
	Question   string        `json:"question" minLength:"1" maxLength:"10000"`
	DueOn      complaint.Day `json:"due_on,omitzero" nullable:"true" doc:"left out: after the organisation's term for consultations"`
	FollowUpTo int64         `json:"follow_up_to,omitempty" nullable:"true" minimum:"1" doc:"an earlier question to the same department; a second question needs it while that one is open"`
}

type askInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   question
}

type askOutput struct {
	Location string `header:"Location"`
	Body     complaint.Consultation
}

func (c *counter) ask(ctx context.Context, in *askInput) (*askOutput, error) {
	opened, err := c.Desk.Ask(ctx, actorOf(ctx), in.once, in.Number, casework.Question(in.Body))
	return &askOutput{pathOf("consultations", opened.ID), opened}, err
}

type answer struct {
	Answer         string                 `json:"answer" minLength:"1" maxLength:"50000"`
	ProposedRemedy string                 `json:"proposed_remedy,omitempty" maxLength:"10000"`
	Attachments    []complaint.Attachment `json:"attachments,omitempty" maxItems:"20" doc:"10 MB each, 25 MB in all"`
}

type answerInput struct {
	Command
	ID   int64 `path:"id" minimum:"1"`
	Body answer
}

func (c *counter) answer(ctx context.Context, in *answerInput) (*standingOutput, error) {
	return accepted(c.Desk.Answer(ctx, actorOf(ctx), in.once, in.ID, casework.Answer(in.Body)))
}

type consultationsInput struct {
	Paging
	Department string `query:"department" maxLength:"40" doc:"its code"`
	Open       bool   `query:"open" doc:"only those without an answer so far"`
}

type consultationsOutput struct{ Body register.ConsultationPage }

func (c *counter) consultations(ctx context.Context, in *consultationsInput) (*consultationsOutput, error) {
	found, err := c.Desk.Consultations(ctx, actorOf(ctx), register.ConsultationFilter{
		Department: in.Department, Open: in.Open, Paging: in.part(),
	})
	return &consultationsOutput{found}, err
}

type idInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type consultationOutput struct{ Body casework.ConsultationView }

func (c *counter) consultation(ctx context.Context, in *idInput) (*consultationOutput, error) {
	found, err := c.Desk.Consultation(ctx, actorOf(ctx), in.ID)
	return &consultationOutput{found}, err
}
