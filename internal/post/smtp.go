package post

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// farewell is how long the server may take to say goodbye after it has taken a
// message; the answer no longer matters.
const farewell = 2 * time.Second

// authenticationReplies are those of a server that wants to know who we are.
var authenticationReplies = []int{530, 534, 535, 538}

// tooLarge is the reply to a message of a size that the server does not take, and
// to one for which a mailbox has no room.
const tooLarge = 552

// deliver hands a message to the server. A conversation that has begun is not
// cut off when the context ends, since that would leave the letter in doubt; it
// ends within twice the server's patience.
func (s *Server) deliver(ctx context.Context, message *gomail.Msg) error {
	recipients, err := message.GetRecipients()
	if err != nil {
		return failure(complaint.Permanent, "invalid_recipient")
	}
	utf8 := slices.ContainsFunc(recipients, needsUTF8)
	client, err := gomail.NewClient(s.host, s.options(utf8)...)
	if err != nil {
		return failure(complaint.Temporary, "smtp_setup")
	}
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return sortSetup(err)
	}
	defer conversation.Close()
	if offered, _ := conversation.Extension("SMTPUTF8"); utf8 && !offered {
		return failure(complaint.Permanent, "smtp_no_utf8")
	}
	if err := client.SendWithSMTPClient(conversation, message); err != nil && !message.IsDelivered() {
		return sortSending(err)
	}
	sayGoodbye(conversation)
	return nil
}

func (s *Server) options(utf8 bool) []gomail.Option {
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(s.patience),
		gomail.WithTLSPolicy(s.startTLS), gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	if s.implicitTLS {
		options = append(options, gomail.WithSSL())
	}
	if s.user != "" {
		options = append(options, gomail.WithSMTPAuth(s.authentication()),
			gomail.WithUsername(s.user), gomail.WithPassword(s.password))
	}
	if !utf8 {
		// Asked for needlessly, it makes the message undeliverable to older servers further on.
		options = append(options, gomail.WithoutSMTPUTF8())
	}
	return options
}

// authentication lets the password travel in the clear only where whoever runs
// the service has said that nothing is encrypted.
func (s *Server) authentication() gomail.SMTPAuthType {
	if !s.implicitTLS && s.startTLS == gomail.NoTLS {
		return gomail.SMTPAuthPlainNoEnc
	}
	return gomail.SMTPAuthAutoDiscover
}

// sortSetup sorts what went wrong before the letter was spoken of: no
// connection, no encryption, a wrong password. It is the house's own affair or
// the server's, never the letter's, so the letter waits until it is mended.
func sortSetup(err error) error {
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		return failure(complaint.Temporary, replyCode(reply.Code))
	}
	if connection, ok := errors.AsType[*net.OpError](err); ok && connection.Op == "dial" {
		return failure(complaint.Temporary, "smtp_unreachable")
	}
	return failure(complaint.Temporary, "smtp_setup")
}

// sortSending sorts what went wrong with the letter. A reply is certain: 4xx is
// tried again, 5xx is final unless it is about the house. Silence is certain only
// before the text was begun.
func sortSending(err error) error {
	sending, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return failure(complaint.Unclear, "smtp_no_answer")
	}
	code := sending.ErrorCode()
	begun := sending.Reason == gomail.ErrWriteContent || sending.Reason == gomail.ErrSMTPDataClose
	switch {
	case code >= 500 && aboutTheHouse(sending):
		return failure(complaint.Temporary, replyCode(code))
	case code >= 500:
		return failure(complaint.Permanent, replyCode(code))
	case code >= 400:
		return failure(complaint.Temporary, replyCode(code))
	case begun:
		return failure(complaint.Unclear, "smtp_no_answer")
	default:
		return failure(complaint.Temporary, "smtp_lost")
	}
}

// aboutTheHouse tells whether a final no is to whoever sends, for every letter
// alike: it is not authenticated, its sender's address or server is not wanted,
// or the two programs do not understand each other. Such a letter waits until
// that is mended. What is left is about this letter: its recipient, or its text.
func aboutTheHouse(sending *gomail.SendError) bool {
	code, enhanced := sending.ErrorCode(), sending.EnhancedStatusCode()
	recipient := sending.Reason == gomail.ErrSMTPRcptTo
	switch {
	case slices.Contains(authenticationReplies, code):
		return true
	case code <= 504: // not understood; after RCPT 501 is an address that is none
		return !recipient || code != 501
	case sending.Reason == gomail.ErrSMTPMailFrom:
		return code != tooLarge
	case recipient: // a policy, such as a list of unwanted servers
		return strings.HasPrefix(enhanced, "5.7.") || enhanced == "" && code == 554
	default: // RFC 7372: nobody can tell that the sender is who it says
		return strings.HasPrefix(enhanced, "5.7.2") && len(enhanced) == len("5.7.20")
	}
}

func replyCode(code int) string { return fmt.Sprintf("smtp_%d", code) }

// sayGoodbye ends a conversation politely. Whatever the server still says
// changes nothing: it has taken the message.
func sayGoodbye(conversation *smtp.Client) {
	if conversation.UpdateDeadline(farewell) == nil {
		_ = conversation.Quit()
	}
}
