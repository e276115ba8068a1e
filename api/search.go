package api

import (
	"cmp"
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// search is the list of complaints asked for in a body, where names and numbers
// of people may stand: addresses are kept in logs and histories of browsers.
type search struct {
	Q            string             `json:"q,omitempty" maxLength:"200" doc:"words in names, text or letters; or a number"`
	NISS         string             `json:"niss,omitempty" maxLength:"20" doc:"identification number, found by exact match"`
	Stage        complaint.Stage    `json:"stage,omitempty" enum:"received,registered,assessing,investigating,answering,closed"`
	Result       complaint.Result   `json:"result,omitempty" enum:"answered,inadmissible,withdrawn,referred_privacy,reclassified,voided"`
	Language     complaint.Language `json:"language,omitempty" enum:"nl,fr,de,en"`
	Department   string             `json:"department,omitempty" maxLength:"40" doc:"its code"`
	Overdue      bool               `json:"overdue,omitempty" doc:"only those open after the end of the term"`
	DueBefore    complaint.Day      `json:"due_before,omitzero" format:"date" doc:"open, and the last day is before this day"`
	ReceivedFrom complaint.Day      `json:"received_from,omitzero" format:"date" doc:"this day included"`
	ReceivedTo   complaint.Day      `json:"received_to,omitzero" format:"date" doc:"this day included"`
	Mine         bool               `json:"mine,omitempty" doc:"only those that the caller handles, also by standing in today"`
	Limit        int                `json:"limit,omitempty" minimum:"1" maximum:"200" doc:"most items in the answer; 50 unless said otherwise"`
	Cursor       string             `json:"cursor,omitempty" maxLength:"500" doc:"next_cursor of the page before"`
}

type searchInput struct {
	Command // a search changes nothing, whatever its key
	Body    search
}

func (c *counter) search(ctx context.Context, in *searchInput) (*complaintsOutput, error) {
	b := in.Body
	found, err := c.Desk.Search(ctx, actorOf(ctx), register.ComplaintFilter{
		Stage: b.Stage, Result: b.Result, Language: b.Language, Department: b.Department,
		Overdue: b.Overdue, DueBefore: b.DueBefore, ReceivedFrom: b.ReceivedFrom, ReceivedTo: b.ReceivedTo,
		Mine: b.Mine, Q: b.Q, NISS: b.NISS, Paging: register.Paging{Limit: cmp.Or(b.Limit, 50), Cursor: b.Cursor},
	})
	return &complaintsOutput{found}, err
}
