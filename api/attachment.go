package api

import (
	"cmp"
	"context"
	"mime"
)

// attachment hands out a document that came in, to be kept and never to be
// shown by the browser: nobody here knows what is in it.
func (c *counter) attachment(ctx context.Context, in *idInput) (*documentOutput, error) {
	found, err := c.Desk.Attachment(ctx, actorOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	kind, _, err := mime.ParseMediaType(found.MediaType)
	if err != nil {
		kind = "application/octet-stream"
	}
	return &documentOutput{
		ContentType:        kind,
		ContentDisposition: cmp.Or(mime.FormatMediaType("attachment", map[string]string{"filename": found.Name}), "attachment"),
		Body:               found.Content,
	}, nil
}
