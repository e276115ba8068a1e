package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

type newAbsence struct {
	From    complaint.Day `json:"from" doc:"the first day away"`
	Until   complaint.Day `json:"until" doc:"the last day away"`
	StandIn string        `json:"stand_in" minLength:"1" maxLength:"100" doc:"login of the ombuds officer who stands in"`
}

type absenceInput struct {
	Command
	Login string `path:"login" maxLength:"100"`
	Body  newAbsence
}

type absenceOutput struct{ Body complaint.Absence }

func (c *counter) noteAbsence(ctx context.Context, in *absenceInput) (*absenceOutput, error) {
	noted, err := c.Desk.NoteAbsence(ctx, actorOf(ctx), in.once, complaint.Absence{
		Officer: in.Login, From: in.Body.From, Until: in.Body.Until, StandIn: in.Body.StandIn,
	})
	return &absenceOutput{noted}, err
}

type officerInput struct {
	Login string `path:"login" maxLength:"100"`
}

type absencesOutput struct {
	Body register.Page[complaint.Absence]
}

func (c *counter) absences(ctx context.Context, in *officerInput) (*absencesOutput, error) {
	found, err := c.Desk.Absences(ctx, actorOf(ctx), in.Login)
	return &absencesOutput{register.Page[complaint.Absence]{Items: found}}, err
}

type officerReturn struct {
	On complaint.Day `json:"on,omitzero" nullable:"true" doc:"the first day back; left out: today"`
}

type returnInput struct {
	Command
	Login string `path:"login" maxLength:"100"`
	Body  officerReturn
}

func (c *counter) noteReturn(ctx context.Context, in *returnInput) (*absencesOutput, error) {
	left, err := c.Desk.NoteReturn(ctx, actorOf(ctx), in.once, in.Login, casework.Return(in.Body))
	return &absencesOutput{register.Page[complaint.Absence]{Items: left}}, err
}
