package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// moody is a mail server that answers to a recipient as a test says.
type moody struct {
	mu      sync.Mutex
	answers []*smtp.SMTPError // to the next recipients; nil and no more: welcome
	texts   []string          // of the messages it took
}

func startMoody(t *testing.T) (*moody, string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m := &moody{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return mood{m}, nil }))
	server.Domain = "localhost"
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return m, "smtp://" + l.Addr().String() + "?starttls=none"
}

func (m *moody) say(answers ...*smtp.SMTPError) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers = append(m.answers, answers...)
}

type mood struct{ *moody }

func (mood) Mail(string, *smtp.MailOptions) error { return nil }
func (mood) Reset()                               {}
func (mood) Logout() error                        { return nil }

func (m mood) Rcpt(string, *smtp.RcptOptions) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.answers) == 0 {
		return nil
	}
	answer := m.answers[0]
	m.answers = m.answers[1:]
	if answer == nil {
		return nil
	}
	return answer
}

func (m mood) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.texts = append(m.texts, string(text))
	return err
}

// took counts the messages of a kind of letter.
func (m *moody) took(kind string) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, text := range m.texts {
		if strings.Contains(text, "-"+kind+"-") {
			n++
		}
	}
	return n
}

func busy() *smtp.SMTPError { return &smtp.SMTPError{Code: 451, Message: "later"} }

func unknown() *smtp.SMTPError {
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no lotte.v@example.org here"}
}

// letterOfKind finds a letter of a case.
func (s *stack) letterOfKind(number, kind string) (letter map[string]any) {
	s.t.Helper()
	for _, l := range s.file(number)["letters"].([]any) {
		if l.(map[string]any)["kind"] == kind {
			letter = l.(map[string]any)
		}
	}
	require.NotNil(s.t, letter, kind)
	return letter
}

func (s *stack) post(number, kind string) {
	s.t.Helper()
	s.must(http.StatusAccepted, "POST", fmt.Sprint("/letters/", s.letterOfKind(number, kind)["id"], "/dispatch"), "intake",
		map[string]any{"posted_on": complaint.DayOf(time.Now())})
}

// TestALetterThatEmailDoesNotBringGoesByPost: the acknowledgement waits for a busy
// server and leaves once; the outcome is refused and goes by post; and when the
// acknowledgement comes back after the case has closed, that is posted too.
func TestALetterThatEmailDoesNotBringGoesByPost(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	server, url := startMoody(t)
	server.say(busy(), busy(), busy())
	s.smtp = url
	s.start("api", "")
	s.start("worker", "")
	number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-20)))
	s.eventually(func() bool { return s.letterOfKind(number, "acknowledgement")["state"] == "sent" }, "the acknowledgement")
	require.Equal(t, 1, server.took("acknowledgement"))

	s.reaches(number, "investigating", "ombuds")
	server.say(unknown())
	body := outcomeBody()
	delete(body, "recommendations")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", body)
	s.reaches(number, "answering", "mail_room")
	outcome := s.letterOfKind(number, "outcome")
	require.Equal(t, []any{"printed", "post", "smtp_550"}, []any{outcome["state"], outcome["channel"], outcome["fell_back_code"]})
	require.Len(t, s.mailed("print/"+number+"-outcome-*.pdf"), 1)
	letter := s.must(http.StatusOK, "GET", fmt.Sprint("/letters/", outcome["id"], "?language=en"), "intake", nil)
	require.Contains(t, letter["meaning"], "goes by post")
	require.Equal(t, "dispatch", letter["choices"].([]any)[0].(map[string]any)["resolution"])
	s.post(number, "outcome")
	require.Equal(t, "answered", s.closes(number)["result"])
	require.Zero(t, server.took("outcome"))

	bounce := fmt.Sprint("/letters/", s.letterOfKind(number, "acknowledgement")["id"], "/bounce")
	s.must(http.StatusAccepted, "POST", bounce, "intake", map[string]any{"reasons": "Mailbox vol."})
	s.must(http.StatusConflict, "POST", bounce, "intake", map[string]any{"reasons": "Nog eens."})
	s.eventually(func() bool { return len(s.mailed("print/"+number+"-acknowledgement-*.pdf")) == 1 }, "what came back is printed")
	s.eventually(func() bool { return s.letterOfKind(number, "acknowledgement")["state"] == "printed" }, "and waits for the mail room")
	s.post(number, "acknowledgement")
	require.Equal(t, "closed", s.file(number)["stage"], "a closed case stays closed")
	require.Equal(t, "posted", s.letterOfKind(number, "acknowledgement")["state"])
	require.Contains(t, s.verify(), "all is well")
	s.keep(number, "fallback")
}
