package api

import (
	"context"
	"net/url"
	"strings"

	"ombudsdienst/internal/complaint"
)

// attachment hands out a document that came in, to be kept and never to be
// shown by the browser: with the type that its content has, as the register found
// it, under a policy that lets nothing in it run.
func (c *counter) attachment(ctx context.Context, in *idInput) (*documentOutput, error) {
	found, err := c.Desk.Attachment(ctx, actorOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &documentOutput{ContentType: safeType(found), ContentDisposition: disposition(found.Name), Body: found.Content}, nil
}

// safeType leaves out every type in which something could run.
func safeType(a complaint.Attachment) string {
	for _, active := range []string{"html", "xml", "svg", "script"} {
		if strings.Contains(strings.ToLower(a.MediaType), active) && !strings.Contains(a.MediaType, "openxmlformats") {
			return "application/octet-stream"
		}
	}
	return a.MediaType
}

// disposition names a document to be kept (RFC 6266): in ASCII for old programs,
// and whole (RFC 8187).
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + url.PathEscape(name)
}
