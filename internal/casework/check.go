package casework

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"ombudsdienst/internal/attachment"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// Sizes of documents.
const (
	maxAttachment  = 10 << 20 // bytes of one document
	maxAttachments = 25 << 20 // bytes of all documents of one message
	maxDocuments   = 20
)

// checker collects what is wrong with an input, by field and without its value.
type checker struct {
	fields       []complaint.FieldError
	today        complaint.Day
	organisation *organisation.Organisation
}

func (d *Desk) checker() *checker {
	return &checker{today: d.today(), organisation: d.Organisation}
}

func (c *checker) wrong(location, format string, args ...any) {
	c.fields = append(c.fields, complaint.FieldError{Location: "body." + location, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) result() error { return complaint.InvalidFields(c.fields) }

// text checks an optional text of at most so many characters.
func (c *checker) text(location, text string, limit int) {
	switch {
	case !utf8.ValidString(text):
		c.wrong(location, "is not valid UTF-8")
	case strings.ContainsRune(text, 0):
		c.wrong(location, "has a NUL character")
	case utf8.RuneCountInString(text) > limit:
		c.wrong(location, "has more than %d characters", limit)
	}
}

// required checks a text that must say something.
func (c *checker) required(location, text string, limit int) {
	if strings.TrimSpace(text) == "" {
		c.wrong(location, "is required")
		return
	}
	c.text(location, text, limit)
}

// line checks an optional text of one line, as it will stand in an address.
func (c *checker) line(location, text string, limit int) {
	c.text(location, text, limit)
	if strings.ContainsAny(text, "\r\n") {
		c.wrong(location, "has more than one line")
	}
}

func (c *checker) email(location, address string) {
	c.line(location, address, 254)
	if address == "" {
		return
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || !strings.Contains(address[strings.LastIndex(address, "@")+1:], ".") {
		c.wrong(location, "is not an e-mail address")
	}
}

// past checks a day that cannot be in the future.
func (c *checker) past(location string, day complaint.Day) {
	if day.IsZero() {
		return
	}
	if day.After(c.today) {
		c.wrong(location, "is in the future")
	}
	c.sensible(location, day)
}

// notPast checks a day by which something is asked.
func (c *checker) notPast(location string, day complaint.Day) {
	if day.IsZero() {
		return
	}
	if day.Before(c.today) {
		c.wrong(location, "is in the past")
	}
	c.sensible(location, day)
}

// sensible refuses years that can only be a slip of the keyboard.
func (c *checker) sensible(location string, day complaint.Day) {
	if year, _, _ := day.Date(); year < 1900 || year > 2200 {
		c.wrong(location, "has a year that cannot be right")
	}
}

func (c *checker) department(location, code string) {
	if _, known := c.organisation.Department(code); !known {
		c.wrong(location, "is not the code of a department")
	}
}

// attachments checks documents, and gives each the type that its content has and a
// name that fits it; too much is a refusal of its own.
func (c *checker) attachments(documents []complaint.Attachment) error {
	total := 0
	if len(documents) > maxDocuments {
		c.wrong("attachments", "has more than %d documents", maxDocuments)
	}
	for _, a := range documents {
		total += len(a.Content)
		if len(a.Content) > maxAttachment || total > maxAttachments {
			return complaint.Refuse(complaint.TooLarge, "attachments_too_large",
				"A document may have 10 MB, and all documents together 25 MB.")
		}
	}
	for i := range documents {
		c.attachment(fmt.Sprintf("attachments[%d].", i), &documents[i])
	}
	return nil
}

func (c *checker) attachment(at string, a *complaint.Attachment) {
	c.required(at+"name", a.Name, 200)
	if len(a.Content) == 0 {
		c.wrong(at+"content", "is empty")
		return
	}
	mediaType, ok := attachment.Identify(a.Content)
	if !ok {
		c.wrong(at+"content", "is not of a type that is taken: send %s", attachment.Taken)
		return
	}
	a.MediaType, a.Name = mediaType, attachment.Name(a.Name, mediaType)
}
