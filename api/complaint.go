package api

import (
	"context"
	"net/url"
	"strconv"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/letters"
	"ombudsdienst/internal/register"
)

type complaintsInput struct {
	Paging
	Stage        complaint.Stage    `query:"stage" enum:"received,registered,assessing,investigating,answering,closed"`
	Result       complaint.Result   `query:"result" enum:"answered,inadmissible,withdrawn,referred_privacy,reclassified,voided"`
	Language     complaint.Language `query:"language" enum:"nl,fr,de,en"`
	Department   string             `query:"department" maxLength:"40" doc:"its code"`
	Overdue      bool               `query:"overdue" doc:"only those open after the end of the term"`
	DueBefore    complaint.Day      `query:"due_before" doc:"open, and the last day is before this day"`
	ReceivedFrom complaint.Day      `query:"received_from" doc:"this day included"`
	ReceivedTo   complaint.Day      `query:"received_to" doc:"this day included"`
	Mine         bool               `query:"mine" doc:"only those that the caller handles, also by standing in today"`
	Q            string             `query:"q" maxLength:"200" doc:"words in names, text or letters; or a number"`
}

type complaintsOutput struct{ Body register.ComplaintPage }

func (c *counter) complaints(ctx context.Context, in *complaintsInput) (*complaintsOutput, error) {
	found, err := c.Desk.Complaints(ctx, actorOf(ctx), register.ComplaintFilter{
		Stage: in.Stage, Result: in.Result, Language: in.Language, Department: in.Department,
		Overdue: in.Overdue, DueBefore: in.DueBefore, ReceivedFrom: in.ReceivedFrom, ReceivedTo: in.ReceivedTo,
		Mine: in.Mine, Q: in.Q, Paging: in.part(),
	})
	return &complaintsOutput{found}, err
}

type numberInput struct {
	Number complaint.Number `path:"number" maxLength:"20"`
}

type procedureLink struct {
	WorkflowID string `json:"workflow_id"`
	URL        string `json:"url" doc:"the procedure in the Temporal Web UI; empty when no address of it is configured"`
}

type file struct {
	casework.File
	Temporal procedureLink `json:"temporal" doc:"where the procedure itself can be looked at"`
}

type fileOutput struct{ Body file }

type fileInput struct {
	Reader
	Number complaint.Number `path:"number" maxLength:"20"`
}

func (c *counter) file(ctx context.Context, in *fileInput) (*fileOutput, error) {
	found, err := c.Desk.File(ctx, actorOf(ctx), in.Number)
	if found.Deadline != nil {
		found.Deadline.Derivation = letters.Explain(in.language(), found.Deadline.Derivation)
	}
	return &fileOutput{file{found, c.procedureOf(complaint.CaseID{Number: in.Number})}}, err
}

func (c *counter) procedureOf(file complaint.CaseID) procedureLink {
	at := procedureLink{WorkflowID: file.WorkflowID()}
	if c.TemporalUIURL != "" {
		at.URL = c.TemporalUIURL + "/namespaces/" + url.PathEscape(c.Namespace) + "/workflows/" + url.PathEscape(at.WorkflowID)
	}
	return at
}

func pathOf(collection string, id int64) string {
	return "/api/v1/" + collection + "/" + strconv.FormatInt(id, 10)
}
