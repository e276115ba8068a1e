package main

import (
	"errors"
	"io"
	"maps"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// sink is a mail server that can be killed. What it took it keeps, as a mail
// server keeps on disk what it has taken.
type sink struct {
	t       *testing.T
	address string

	mu       sync.Mutex
	server   *smtp.Server
	got      map[string]int // whole messages, by the letter that their Message-ID names
	talking  map[*sinkTalk]bool
	hangUp   []target // on the next deliveries
	severed  int      // deliveries broken off after the text had begun
	awaiting chan struct{}
}

func newSink(t *testing.T) *sink {
	s := &sink{t: t, address: freeAddress(t), got: map[string]int{}, talking: map[*sinkTalk]bool{}, awaiting: make(chan struct{}, 1)}
	s.open()
	t.Cleanup(s.kill)
	return s
}

func (s *sink) url() string { return "smtp://" + s.address + "?starttls=none" }

func (s *sink) open() {
	listener, err := net.Listen("tcp", s.address)
	require.NoError(s.t, err)
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &sinkTalk{sink: s, conn: c.Conn()}, nil
	}))
	server.Domain = "localhost"
	s.mu.Lock()
	s.server = server
	s.mu.Unlock()
	go func() { _ = server.Serve(listener) }()
}

// kill cuts every conversation off, wherever it is.
func (s *sink) kill() {
	s.mu.Lock()
	server := s.server
	s.severed += len(s.talking)
	clear(s.talking)
	s.mu.Unlock()
	_ = server.Close()
}

// cut hangs up on the next delivery, and returns when it did or when done ends.
func (s *sink) cut(how target, done <-chan struct{}) {
	s.mu.Lock()
	s.hangUp = append(s.hangUp, how)
	s.mu.Unlock()
	select {
	case <-s.awaiting:
	case <-done:
	}
}

// copies tells how often a letter came.
func (s *sink) copies(letter string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got[letter]
}

func (s *sink) received() (letters map[string]int, severed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.got), s.severed
}

// sinkTalk is one conversation; it is talking from the first byte of a text to
// the answer to it.
type sinkTalk struct {
	*sink
	conn net.Conn
}

func (*sinkTalk) Mail(string, *smtp.MailOptions) error { return nil }
func (*sinkTalk) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *sinkTalk) Reset()                             { s.end() }
func (s *sinkTalk) Logout() error                      { s.end(); return nil }

func (s *sinkTalk) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.talking, s)
}

var errHungUp = errors.New("the mail server hung up")

func (s *sinkTalk) Data(r io.Reader) error {
	how := s.begin()
	if how == midText {
		_, _ = io.CopyN(io.Discard, r, 200)
		return s.sever()
	}
	content, err := io.ReadAll(r)
	if err != nil {
		s.putBack(how)
		return err
	}
	s.mu.Lock()
	s.got[letterOf(string(content))]++
	s.mu.Unlock()
	if how == unanswered {
		return s.sever()
	}
	return nil
}

// begin tells how this delivery is to be broken off, if it is.
func (s *sinkTalk) begin() (how target) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.talking[s] = true
	if len(s.hangUp) > 0 {
		how, s.hangUp = s.hangUp[0], s.hangUp[1:]
	}
	return how
}

// putBack leaves it to the next delivery to be broken off, because this one ended
// before its turn.
func (s *sinkTalk) putBack(how target) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if how != "" {
		s.hangUp = append(s.hangUp, how)
	}
}

func (s *sinkTalk) sever() error {
	s.mu.Lock()
	if s.talking[s] { // else a kill has counted it
		delete(s.talking, s)
		s.severed++
	}
	s.mu.Unlock()
	_ = s.conn.Close()
	select {
	case s.awaiting <- struct{}{}:
	default:
	}
	return errHungUp
}

// letterOf finds the name of the letter in its Message-ID: number, kind and ID.
func letterOf(message string) string {
	read, err := mail.ReadMessage(strings.NewReader(message))
	if err != nil {
		return ""
	}
	id, _, _ := strings.Cut(strings.Trim(read.Header.Get("Message-ID"), " <>"), "@")
	return id
}
