package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/letters"
	"ombudsdienst/internal/register"
)

type lettersInput struct {
	Paging
	Reader
	State complaint.LetterState `query:"state" enum:"owed,rendered,sending,sent,printed,posted,failed,in_doubt,dropped,held"`
	Due   bool                  `query:"due" doc:"only letters that wait: to be posted, to be settled, or for another day"`
}

// settling is what a person reads of a letter that waits or took another way.
type settling struct {
	Meaning string           `json:"meaning" doc:"why it waits or goes another way, in the reader's language; empty: nothing is to be said"`
	Choices []letters.Choice `json:"choices" doc:"what a person may do about it"`
}

type listedLetter struct {
	register.LetterRow
	settling
}

type openedLetter struct {
	casework.LetterView
	settling
}

// settlingOf explains a letter in a language.
func settlingOf(l complaint.Language, r register.LetterRow) settling {
	of := letters.Standing{State: r.State, Channel: r.Channel, Written: r.RenderedAt != nil, Postal: r.Postal, Bounced: r.BouncedAt != nil}
	for field, value := range map[*string]*string{&of.Code: r.ErrorCode, &of.FellBack: r.FellBackCode, &of.MessageID: r.MessageID} {
		if value != nil {
			*field = *value
		}
	}
	if r.HeldUntil != nil {
		of.HeldUntil = complaint.DayOf(*r.HeldUntil)
	}
	meaning, choices := letters.Settling(l, of)
	return settling{meaning, choices}
}

type lettersOutput struct{ Body register.Page[listedLetter] }

func (c *counter) letters(ctx context.Context, in *lettersInput) (*lettersOutput, error) {
	found, err := c.Desk.Letters(ctx, actorOf(ctx), register.LetterFilter{State: in.State, Due: in.Due, Paging: in.part()})
	rows := make([]listedLetter, 0, len(found.Items))
	for _, row := range found.Items {
		rows = append(rows, listedLetter{row, settlingOf(in.language(), row)})
	}
	return &lettersOutput{register.Page[listedLetter]{Items: rows, NextCursor: found.NextCursor}}, err
}

type letterInput struct {
	Reader
	ID int64 `path:"id" minimum:"1"`
}

type letterOutput struct{ Body openedLetter }

func (c *counter) letter(ctx context.Context, in *letterInput) (*letterOutput, error) {
	found, err := c.Desk.Letter(ctx, actorOf(ctx), in.ID)
	return &letterOutput{openedLetter{found, settlingOf(in.language(), found.LetterRow)}}, err
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
	Resolution string `json:"resolution" enum:"left,send_again,print,drop" doc:"it did leave; send it again, or now when it waits; print it for the post; it need not leave. The letter itself explains its choices"`
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

type bounceInput struct {
	Command
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Reasons string `json:"reasons" minLength:"1" maxLength:"2000" doc:"what the report says, such as a mailbox that does not exist"`
	}
}

func (c *counter) bounceLetter(ctx context.Context, in *bounceInput) (*standingOutput, error) {
	return accepted(c.Desk.BounceLetter(ctx, actorOf(ctx), in.once, in.ID, casework.Bounce(in.Body)))
}
