package post

import (
	"bufio"
	"io"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

var (
	noon     = time.Date(2026, 3, 29, 12, 0, 0, 0, complaint.Brussels) // the day the clock changes
	fromHere = mail.Address{Name: "Ombudsdienst – Qualité", Address: "ombuds@fund.example"}
)

func letter(channel complaint.Channel) complaint.LetterFile {
	return complaint.LetterFile{
		ID: 17, Number: "2026-000123", Kind: complaint.LetterOutcome, Channel: channel,
		Rendered: &complaint.RenderedLetter{
			Recipient: "somebody@example.org", Subject: "Uw klacht 2026-000123 – réponse",
			Text: "Geachte,\n\nHet is opgelost: 87,50 €.\n.\nMet vriendelijke groeten", PDF: []byte("%PDF-1.4 a letter\n%%EOF\n"),
		},
	}
}

func office(t *testing.T, serverURL string) *Office {
	t.Helper()
	config := Config{Folder: t.TempDir(), From: fromHere, Now: func() time.Time { return noon }}
	if serverURL != "" {
		server, err := ParseServer(serverURL)
		if err != nil {
			t.Fatal(err)
		}
		config.Server = server
	}
	o, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// sink is a mail server that keeps what it takes.
type sink struct {
	mu   sync.Mutex
	got  []taken
	user string
}

type taken struct {
	from, to string
	text     string
	utf8     bool
}

func (s *sink) messages() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

// startSink starts a sink and returns it with its host and port.
func startSink(t *testing.T, set func(*smtp.Server)) (*sink, string) {
	t.Helper()
	s := &sink{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }))
	server.Domain, server.AllowInsecureAuth = "sink.example", true
	if set != nil {
		set(server)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return s, listener.Addr().String()
}

type session struct {
	sink *sink
	now  taken
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "ombuds" || password != "p@ss/w" {
			return smtp.ErrAuthFailed
		}
		s.sink.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, options *smtp.MailOptions) error {
	s.now = taken{from: from, utf8: options.UTF8}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.now.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.now.text = string(text)
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.got = append(s.sink.got, s.now)
	return nil
}

// What a scripted server does instead of answering.
const (
	cut  = "cut"  // closes the connection
	hang = "hang" // says nothing more
)

// startScripted starts a mail server that says yes to everything but to one
// step: greeting, EHLO, MAIL, RCPT, DATA or "." (the end of the text).
func startScripted(t *testing.T, step, reply string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				converse(connection, step, reply)
			}()
		}
	}()
	return listener.Addr().String()
}

var friendly = map[string]string{"greeting": "220 hello", "DATA": "354 go on", "EHLO": "250-hello\r\n250 ENHANCEDSTATUSCODES"}

func converse(connection net.Conn, step, reply string) {
	lines := bufio.NewScanner(connection)
	inText := false
	for at := "greeting"; ; {
		answer := friendly[at]
		switch {
		case at == step && reply == cut:
			return
		case at == step && reply == hang:
			for lines.Scan() { // until the other side gives up
			}
			return
		case at == step:
			answer = reply
		case answer == "":
			answer = "250 fine"
		}
		if !inText || at == "." {
			io.WriteString(connection, answer+"\r\n")
		}
		inText = (inText && at != ".") || (at == "DATA" && strings.HasPrefix(answer, "354"))
		if !lines.Scan() {
			return
		}
		at = "text"
		if line := lines.Text(); line == "." || !inText {
			at, _, _ = strings.Cut(line, " ")
		}
	}
}

func smtpURL(hostPort, query string) string {
	return (&url.URL{Scheme: "smtp", Host: hostPort, RawQuery: query}).String()
}
