package post

import (
	"errors"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Patience is how long the mail server may take to be reached, and again for
// the whole of a conversation.
const Patience = time.Minute

// Server is a mail server that takes letters over SMTP.
type Server struct {
	host           string
	port           int
	implicitTLS    bool
	startTLS       gomail.TLSPolicy
	user, password string
	from           *mail.Address
	bounces        *mail.Address // where mail that cannot be delivered comes back; nil: to the sender
	patience       time.Duration
}

var startTLSPolicies = map[string]gomail.TLSPolicy{
	"":              gomail.TLSOpportunistic,
	"opportunistic": gomail.TLSOpportunistic,
	"required":      gomail.TLSMandatory,
	"none":          gomail.NoTLS,
}

// ParseServer reads smtp://user:password@host:port or smtps://..., with the
// parameters starttls (required, opportunistic, none; opportunistic unless
// said), from (the address that mail is sent from) and bounces (the sender on the
// envelope, to which comes back what cannot be delivered). Without a port it is
// 587, or 465 for smtps. A password is sent unencrypted with starttls=none
// only. Errors name what is wrong and repeat nothing, for the
// address holds a password.
func ParseServer(text string) (*Server, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps"):
		return nil, errors.New("a mail server is written smtp://user:password@host:port or smtps://user:password@host:port")
	case u.Opaque != "" || u.Fragment != "" || (u.Path != "" && u.Path != "/"):
		return nil, errors.New("nothing stands after the host and port of a mail server but ?starttls=, from= and bounces=")
	}
	s := &Server{host: u.Hostname(), port: 587, implicitTLS: u.Scheme == "smtps", patience: Patience}
	if s.implicitTLS {
		s.port = 465
	}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return nil, errors.New("the port of the mail server is a number from 1 to 65535")
		}
	}
	if u.User != nil {
		password, given := u.User.Password()
		if s.user, s.password = u.User.Username(), password; s.user == "" || !given {
			return nil, errors.New("the mail server's user and password are given together: user:password@")
		}
	}
	return s, s.parameters(u.RawQuery)
}

func (s *Server) parameters(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("the parameters of the mail server cannot be read")
	}
	for name, all := range values {
		if !slices.Contains([]string{"starttls", "from", "bounces"}, name) || len(all) != 1 {
			return errors.New("the mail server's parameters are starttls, from and bounces, each at most once")
		}
	}
	policy, known := startTLSPolicies[values.Get("starttls")]
	if !known || (s.implicitTLS && values.Has("starttls")) {
		return errors.New("the mail server's parameter starttls is required, opportunistic or none, and goes with smtp:// only")
	}
	s.startTLS = policy
	for name, field := range map[string]**mail.Address{"from": &s.from, "bounces": &s.bounces} {
		if !values.Has(name) {
			continue
		}
		if *field, err = mail.ParseAddress(values.Get(name)); err != nil {
			return errors.New("the mail server's parameter " + name + " is not an e-mail address")
		}
	}
	return nil
}
