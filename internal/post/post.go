package post

import (
	"context"
	"fmt"
	"net/mail"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"ombudsdienst/internal/complaint"
)

// Config is what an office works with.
type Config struct {
	Folder string           // letters that leave as files go to mail/ and print/ below it
	Server *Server          // the mail server; nil: e-mail becomes files
	From   mail.Address     // the organisation's address, unless Server names another
	Now    func() time.Time // the clock that dates messages
}

// Office (postkamer) lets letters leave.
type Office struct {
	mail, print string // folders
	server      *Server
	from        mail.Address
	now         func() time.Time
}

// New opens an office: it makes its folders and checks its address, so that
// what cannot work is known at the start and not at the first letter.
func New(c Config) (*Office, error) {
	o := &Office{
		mail: filepath.Join(c.Folder, "mail"), print: filepath.Join(c.Folder, "print"),
		server: c.Server, from: c.From, now: c.Now,
	}
	if c.Server != nil && c.Server.from != nil {
		o.from = *c.Server.from
	}
	if _, err := address(o.from.Address); err != nil || !oneLine(o.from.Name) {
		return nil, fmt.Errorf("the address that mail is sent from is not an e-mail address")
	}
	for _, folder := range []string{o.mail, o.print} {
		if err := openFolder(folder, c.Now()); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// Repeatable tells whether sending a letter again over this channel does no
// harm: a file lands on itself, a mail server delivers twice.
func (o *Office) Repeatable(channel complaint.Channel) bool {
	return channel != complaint.ByEmail || o.server == nil
}

// MessageID is the name by which mail servers know a letter; it is the same at
// every try.
func (o *Office) MessageID(letter complaint.LetterFile) string {
	return "<" + o.messageID(letter) + ">"
}

// Send lets a rendered letter leave over its channel. The provider's ID is the
// Message-ID by which mail servers log a message, or the name of the file. An
// error is a *complaint.SendError.
func (o *Office) Send(ctx context.Context, letter complaint.LetterFile) (providerID string, err error) {
	if ctx.Err() != nil {
		return "", failure(complaint.Temporary, "cancelled")
	}
	if letter.Rendered == nil {
		return "", failure(complaint.Permanent, "not_rendered")
	}
	switch {
	case letter.Channel == complaint.ByPost:
		return o.file(o.print, letter.FileName()+".pdf", letter.Rendered.PDF)
	case letter.Channel != complaint.ByEmail:
		return "", failure(complaint.Permanent, "no_channel")
	}
	message, err := o.compose(letter)
	if err != nil {
		return "", err
	}
	if o.server != nil {
		return message.GetMessageID(), o.server.deliver(ctx, message)
	}
	var text strings.Builder
	if _, err := message.WriteTo(&text); err != nil {
		return "", failure(complaint.Temporary, "message_not_written")
	}
	return o.file(o.mail, letter.FileName()+".eml", []byte(text.String()))
}

// Withdraw takes a letter out of the print folder. One that is not there, because
// it was never printed or somebody took it, is no error.
func (o *Office) Withdraw(ctx context.Context, letter complaint.LetterFile) error {
	if err := removeFile(o.print, letter.FileName()+".pdf"); err != nil {
		return failure(complaint.Temporary, "file_not_removed")
	}
	return nil
}

func (o *Office) file(folder, name string, content []byte) (string, error) {
	if err := writeFile(folder, name, content); err != nil {
		return "", failure(complaint.Temporary, "file_not_written")
	}
	return name, nil
}

func failure(certainty complaint.Certainty, code string) error {
	return &complaint.SendError{Certainty: certainty, Code: code}
}

// oneLine tells whether a text can stand in a header without starting another.
func oneLine(text string) bool { return !strings.ContainsFunc(text, unicode.IsControl) }
