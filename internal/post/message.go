package post

import (
	"bytes"
	"errors"
	"net/mail"
	"strings"

	"ombudsdienst/internal/complaint"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// compose makes the message of a letter: its text with the PDF attached. The
// Message-ID is made from the letter's name, so that a message which left twice
// is known as one.
func (o *Office) compose(letter complaint.LetterFile) (*gomail.Msg, error) {
	content := letter.Rendered
	to, err := address(content.Recipient)
	if err != nil {
		return nil, failure(complaint.Permanent, "invalid_recipient")
	}
	if !oneLine(content.Subject) {
		return nil, failure(complaint.Permanent, "invalid_subject")
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&o.from)
	m.ToMailAddress(to)
	if o.server != nil && o.server.bounces != nil {
		m.EnvelopeFromMailAddress(o.server.bounces)
	}
	m.Subject(content.Subject)
	m.SetDateWithValue(o.now().In(complaint.Brussels))
	m.SetMessageIDWithValue(o.messageID(letter))
	automatic(m)
	m.SetBodyString(gomail.TypeTextPlain, content.Text)
	err = m.AttachReader(letter.FileName()+".pdf", bytes.NewReader(content.PDF), gomail.WithFileContentType("application/pdf"))
	if err != nil {
		return nil, failure(complaint.Permanent, "message_not_composed")
	}
	return m, nil
}

func (o *Office) messageID(letter complaint.LetterFile) string {
	return letter.FileName() + "@" + domainOf(o.from.Address)
}

// automatic marks a message so that no machine answers it: by the standard
// (RFC 3834), and by what older programs and Exchange look for. Reports of mail
// that did not arrive are still wanted.
func automatic(m *gomail.Msg) {
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("Precedence", "auto_reply")
	m.SetGenHeader("X-Auto-Response-Suppress", "OOF, AutoReply")
}

// address reads a bare e-mail address: no name, no second address. A domain
// with letters outside ASCII is written the way the name system knows it.
func address(text string) (*mail.Address, error) {
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Name != "" || parsed.Address != text {
		return nil, errors.New("not an e-mail address")
	}
	domain := domainOf(text)
	if !needsUTF8(domain) {
		return parsed, nil
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return nil, errors.New("not an e-mail address")
	}
	parsed.Address = strings.TrimSuffix(text, domain) + ascii
	return parsed, nil
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// needsUTF8 tells whether a text holds anything but ASCII.
func needsUTF8(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r > 127 })
}
