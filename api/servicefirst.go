package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

type serviceRequest struct {
	Department string        `json:"department" minLength:"1" maxLength:"40" doc:"its code"`
	ReturnOn   complaint.Day `json:"return_on" doc:"the day on which it is back with the officer, before the last day of the term"`
	Agreed     bool          `json:"agreed" doc:"the complainant agrees; nothing else than true is taken"`
	Reasons    string        `json:"reasons" minLength:"1" maxLength:"10000" doc:"what the department must know to help; it reads this"`
}

type serviceFirstInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   serviceRequest
}

func (c *counter) handToService(ctx context.Context, in *serviceFirstInput) (*standingOutput, error) {
	return accepted(c.Desk.HandToService(ctx, actorOf(ctx), in.once, in.Number, casework.ServiceFirst(in.Body)))
}

type serviceReport struct {
	Solved bool   `json:"solved" doc:"the matter is solved, as the department sees it; the officer decides"`
	Report string `json:"report" minLength:"1" maxLength:"10000" doc:"what was done"`
}

type serviceReportInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   serviceReport
}

func (c *counter) reportService(ctx context.Context, in *serviceReportInput) (*standingOutput, error) {
	return accepted(c.Desk.ReportService(ctx, actorOf(ctx), in.once, in.Number, casework.ServiceReport(in.Body)))
}

type serviceTasksInput struct {
	Paging
	Department string `query:"department" maxLength:"40" doc:"its code; a handler always sees the own department"`
	Open       bool   `query:"open" doc:"only those where the department still has its time"`
}

type serviceTasksOutput struct{ Body register.ServiceTaskPage }

func (c *counter) serviceTasks(ctx context.Context, in *serviceTasksInput) (*serviceTasksOutput, error) {
	found, err := c.Desk.ServiceTasks(ctx, actorOf(ctx), register.ServiceTaskFilter{
		Department: in.Department, Open: in.Open, Paging: in.part(),
	})
	return &serviceTasksOutput{found}, err
}

type serviceTaskOutput struct{ Body register.ServiceTask }

func (c *counter) serviceTask(ctx context.Context, in *numberInput) (*serviceTaskOutput, error) {
	found, err := c.Desk.ServiceTask(ctx, actorOf(ctx), in.Number)
	return &serviceTaskOutput{found}, err
}
