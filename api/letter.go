package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

type lettersInput struct {
	Paging
	State complaint.LetterState `query:"state" enum:"owed,rendered,sending,sent,printed,posted,failed,in_doubt,dropped"`
	Due   bool                  `query:"due" doc:"only letters that wait for a person: to be posted, or to be settled"`
}

type lettersOutput struct{ Body register.LetterPage }

func (c *counter) letters(ctx context.Context, in *lettersInput) (*lettersOutput, error) {
	found, err := c.Desk.Letters(ctx, actorOf(ctx), register.LetterFilter{State: in.State, Due: in.Due, Paging: in.part()})
	return &lettersOutput{found}, err
}

type letterOutput struct{ Body casework.LetterView }

func (c *counter) letter(ctx context.Context, in *idInput) (*letterOutput, error) {
	found, err := c.Desk.Letter(ctx, actorOf(ctx), in.ID)
	return &letterOutput{found}, err
}

type documentOutput struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	Body               []byte
}

func (c *counter) letterPDF(ctx context.Context, in *idInput) (*documentOutput, error) {
	content, err := c.Desk.LetterPDF(ctx, actorOf(ctx), in.ID)
	return &documentOutput{ContentType: "application/pdf", ContentDisposition: "inline", Body: content}, err
}

func (c *counter) letterText(ctx context.Context, in *idInput) (*documentOutput, error) {
	found, err := c.Desk.Letter(ctx, actorOf(ctx), in.ID)
	if err == nil && found.Text == "" {
		err = complaint.Missing("text: the letter has not been written yet")
	}
	if err != nil {
		return nil, err
	}
	return &documentOutput{ContentType: "text/plain; charset=utf-8", ContentDisposition: "inline", Body: []byte(found.Text)}, nil
}

type posting struct {
	PostedOn complaint.Day `json:"posted_on" doc:"the day on which it went to the post"`
}

type postingInput struct {
	Command
	ID   int64 `path:"id" minimum:"1"`
	Body posting
}

func (c *counter) dispatchLetter(ctx context.Context, in *postingInput) (*standingOutput, error) {
	return accepted(c.Desk.DispatchLetter(ctx, actorOf(ctx), in.once, in.ID, casework.Posting(in.Body)))
}

type letterResolution struct {
	Resolution string `json:"resolution" enum:"left,send_again,print,drop" doc:"it did leave; send it again; print it for the post; it need not leave"`
	Reasons    string `json:"reasons" minLength:"1" maxLength:"2000"`
}

type resolutionInput struct {
	Command
	ID   int64 `path:"id" minimum:"1"`
	Body letterResolution
}

func (c *counter) resolveLetter(ctx context.Context, in *resolutionInput) (*standingOutput, error) {
	return accepted(c.Desk.ResolveLetter(ctx, actorOf(ctx), in.once, in.ID, casework.LetterResolution(in.Body)))
}
