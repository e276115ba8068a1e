package api

import (
	"context"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/letters"
)

// The years for which the calculator answers: those of the Belgian holidays it
// knows for sure.
const (
	firstYear = 2000
	lastYear  = 2100
)

type deadlineInput struct {
	Reader
	ReceivedAt string `query:"received_at" required:"true" maxLength:"40" doc:"moment of receipt, RFC 3339 with an offset or Z, in the years 2000 to 2100"`
	Term       int    `query:"term" minimum:"1" maximum:"366" doc:"calendar days; left out: the term in which this organisation answers"`
}

type deadlineOutput struct{ Body deadlineBody }

type deadlineBody struct {
	Day0       complaint.Day    `json:"day_0" doc:"the Brussels day of receipt"`
	LastDay    complaint.Day    `json:"last_day" doc:"the last day of the term, whatever day of the week it is"`
	SendBy     complaint.Day    `json:"send_by" doc:"the last working day on or before the last day"`
	EndsAt     time.Time        `json:"ends_at" doc:"24:00 in Brussels on the last day, exclusive"`
	Derivation []complaint.Step `json:"derivation" doc:"how the dates came about"`
}

// deadline computes a term for anyone; it looks at no complaint.
func (c *counter) deadline(_ context.Context, in *deadlineInput) (*deadlineOutput, error) {
	received, err := momentOf(in.ReceivedAt)
	if err != nil {
		return nil, err
	}
	term := c.Organisation.Terms.AnswerTerm()
	if in.Term != 0 {
		term = complaint.Term{Days: in.Term}
	}
	d := term.Derive(received, c.Calendar)
	return &deadlineOutput{deadlineBody{d.Day0, d.LastDay, d.SendBy, d.EndsAt, letters.Explain(in.language(), d.Derivation)}}, nil
}

// momentOf reads the moment. A plus sign that was not escaped in the query has
// become a space on the way; no moment holds a space, so it is put back.
func momentOf(text string) (time.Time, error) {
	moment, err := time.Parse(time.RFC3339, strings.ReplaceAll(text, " ", "+"))
	year := moment.In(complaint.Brussels).Year()
	if err != nil || year < firstYear || year > lastYear {
		return time.Time{}, complaint.InvalidFields([]complaint.FieldError{{
			Location: "query.received_at",
			Message:  "expected an RFC 3339 moment with an offset, in the years 2000 to 2100",
		}})
	}
	return moment, nil
}
