package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// mailbox is a mail server that counts each message by its Message-ID, and by
// whom it is for.
type mailbox struct {
	mu  sync.Mutex
	got map[string]int
	to  map[string]int
}

func newMailbox(t *testing.T) (*mailbox, string) {
	m := &mailbox{got: map[string]int{}, to: map[string]int{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{mailbox: m}, nil }))
	server.Domain = "localhost"
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return m, "smtp://" + l.Addr().String() + "?starttls=none"
}

type session struct {
	*mailbox
	recipient string
}

func (*session) Reset()                               {}
func (*session) Logout() error                        { return nil }
func (*session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.recipient = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	message, err := mail.ReadMessage(bytes.NewReader(content)) // a long name stands on a line of its own
	if err != nil {
		return err
	}
	s.got[strings.ToLower(strings.TrimSpace(message.Header.Get("Message-Id")))]++
	s.to[s.recipient]++
	return nil
}

// reached tells how many messages came for an address.
func (m *mailbox) reached(address string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.to[address]
}

// doubled lists the messages that came more than once.
func (m *mailbox) doubled() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var twice []string
	for id, n := range m.got {
		if n > 1 {
			twice = append(twice, id)
		}
	}
	return twice
}

// has tells whether a letter of a case came in.
func (m *mailbox) has(letter string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.got {
		if strings.Contains(id, letter) {
			return true
		}
	}
	return false
}

// standardCase walks one complaint to its end.
func (s *stack) standardCase() string {
	number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
	s.reaches(number, "investigating", "ombuds")
	s.eventually(func() bool { return s.file(number)["acknowledgement"].(map[string]any)["sent_at"] != nil }, "the acknowledgement")
	id := s.consult(number, "GEZONDHEIDSZORGEN")
	s.reaches(number, "investigating", "department:GEZONDHEIDSZORGEN")
	s.eventually(func() bool { return slices.Contains(letters(s.file(number)), "consultation sent") }, "the question")
	s.answerConsultation(id, "GEZONDHEIDSZORGEN")
	s.reaches(number, "investigating", "ombuds")
	body := outcomeBody()
	delete(body, "recommendations")
	s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", body)
	s.reaches(number, "closed", "none")
	return number
}

// advance does the next human step of a case, as its people would; true when it
// is closed. A letter in doubt is settled from what the mail server received.
func (s *stack) advance(number string, m *mailbox) bool {
	code, file := s.call("GET", "/complaints/"+number, "ombuds", nil)
	if code != http.StatusOK {
		return false
	}
	s.settleDoubts(number, file, m)
	consultations, _ := file["consultations"].([]any)
	switch {
	case file["stage"] == "closed":
		return true
	case file["stage"] != "investigating" || file["outcome"] != nil:
	case len(consultations) == 0:
		s.call("POST", "/complaints/"+number+"/consultations", "ombuds",
			map[string]any{"department": "GEZONDHEIDSZORGEN", "question": "Waar zijn de getuigschriften?"})
	case consultations[0].(map[string]any)["state"] == "open":
		id := consultations[0].(map[string]any)["id"]
		s.call("POST", fmt.Sprint("/consultations/", id, "/answer"), handlerOf("GEZONDHEIDSZORGEN"),
			map[string]any{"answer": "Teruggevonden."})
	default:
		s.call("POST", "/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	}
	return false
}

// settleDoubts looks up what became of a case's letters in doubt, as its people
// would in the mail server's log.
func (s *stack) settleDoubts(number string, file map[string]any, m *mailbox) {
	found, _ := file["letters"].([]any)
	for _, l := range found {
		letter := l.(map[string]any)
		if letter["state"] != "in_doubt" {
			continue
		}
		resolution := "send_again"
		if m.has(fmt.Sprintf("%s-%s-%v", number, letter["kind"], letter["id"])) {
			resolution = "left"
		}
		s.call("POST", fmt.Sprint("/letters/", letter["id"], "/resolution"), "ombuds",
			map[string]any{"resolution": resolution, "reasons": "Nagekeken in het logboek van de mailserver."})
	}
}

// TestAKillAtAnyPointLosesAndDoublesNothing kills the worker inside its
// activities, at each write and before each answer.
func TestAKillAtAnyPointLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	m, url := newMailbox(t)
	s.smtp = url
	s.start("api", "")
	var numbers []string
	for _, point := range []string{
		"Enter before", "Enter after", "Register answer",
		"SaveRendered before", "SaveRendered after", "ClaimLetter before", "ClaimLetter after",
		"Send before", "Send after", "LetterLeft before", "LetterLeft after", "Acknowledge answer",
		"Record before", "Record after", "AskDepartment answer", "NotifyOutcome answer", "Close before", "Close after",
	} {
		number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
		numbers = append(numbers, number)
		w := s.start("worker", point)
		s.eventually(func() bool {
			for _, n := range numbers {
				s.advance(n, m)
			}
			select {
			case <-w.ended:
				return true
			default:
				return false
			}
		}, "the worker passes %q", point)
	}
	s.start("worker", "")
	for _, n := range numbers {
		s.eventually(func() bool { return s.advance(n, m) }, "%s closes", n)
		require.True(t, m.has(n+"-outcome-"))
		require.Equal(t, "answered", s.file(n)["result"])
	}
	require.Empty(t, m.doubled(), "no letter twice")
	require.Equal(t, "all is well\n", s.verify())
}

// TestTheStoresMayDieAtAnyTime kills API, Temporal, PostgreSQL and worker in
// turn, and right after each the next command is given.
func TestTheStoresMayDieAtAnyTime(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	m, url := newMailbox(t)
	s.smtp = url
	s.start("api", "")
	s.start("worker", "")
	number, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
	s.reaches(number, "investigating", "ombuds")

	s.kill("api")
	s.start("api", "")
	s.accepted("/complaints/"+number+"/consultations", "ombuds", map[string]any{"department": "GEZONDHEIDSZORGEN", "question": "Waar?"})
	s.killTemporal()
	s.reaches(number, "investigating", "department:GEZONDHEIDSZORGEN")
	s.accepted("/consultations/1/answer", handlerOf("GEZONDHEIDSZORGEN"), map[string]any{"answer": "Teruggevonden."})
	s.killPostgres()
	s.reaches(number, "investigating", "ombuds")
	s.accepted("/complaints/"+number+"/outcome", "ombuds", outcomeBody())
	s.kill("worker")
	s.start("worker", "")
	s.eventually(func() bool { return s.advance(number, m) }, "it closes")
	require.Equal(t, "answered", s.file(number)["result"])
	require.Empty(t, m.doubled())
}

// accepted gives a command until it is taken: while a store is away it is
// refused, and one whose answer was lost has been taken already.
func (s *stack) accepted(path, who string, body any) {
	s.t.Helper()
	s.eventually(func() bool {
		code, _ := s.call("POST", path, who, body)
		return code == http.StatusAccepted || code == http.StatusCreated || code == http.StatusConflict
	}, "%s is taken", path)
}

// TestNumbersHaveNoGaps lodges from many sides at once, some of which hang up,
// and kills the API among them.
func TestNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	var wg sync.WaitGroup
	work := make(chan int)
	for range 20 {
		wg.Go(func() {
			for i := range work {
				ctx, cancel := context.WithCancel(context.Background())
				if i%7 == 0 {
					time.AfterFunc(time.Duration(i%5)*time.Millisecond, cancel) // this caller hangs up
				}
				s.lodgeQuietly(ctx)
				cancel()
			}
		})
	}
	for i := range 1000 {
		if i == 500 {
			s.kill("api")
			s.start("api", "")
		}
		work <- i
	}
	close(work)
	wg.Wait()
	var count, highest, last int
	require.NoError(t, s.db.QueryRow(`SELECT count(*), max(right(number, 6)::int) FROM submissions`).Scan(&count, &highest))
	require.NoError(t, s.db.QueryRow(`SELECT last FROM counters`).Scan(&last))
	t.Logf("%d complaints, the highest number is %d", count, highest)
	require.Greater(t, count, 500)
	require.Equal(t, count, highest)
	require.Equal(t, count, last)
}
