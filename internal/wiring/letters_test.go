package wiring

import (
	"errors"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jmoiron/sqlx"

	"ombudsdienst/activities"
	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// busySink is a real mail server that refuses so many recipients for now.
type busySink struct {
	mu    sync.Mutex
	busy  int
	taken int
}

func startBusySink(t *testing.T, busy int) (*busySink, string) {
	t.Helper()
	s := &busySink{busy: busy}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return s, nil }))
	server.Domain = "localhost"
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return s, "smtp://" + l.Addr().String() + "?starttls=none"
}

func (*busySink) Mail(string, *smtp.MailOptions) error { return nil }
func (*busySink) Reset()                               {}
func (*busySink) Logout() error                        { return nil }

func (s *busySink) Rcpt(string, *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy > 0 {
		s.busy--
		return &smtp.SMTPError{Code: 451, Message: "later"}
	}
	return nil
}

func (s *busySink) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken++
	return err
}

// outside is a register with one complaint, and the activities that send its
// acknowledgement over a mail server.
func outside(t *testing.T, smtpURL string, now func() time.Time) (a *activities.Activities, number complaint.Number, letter int64) {
	t.Helper()
	p := newProgram(t, migrated(t))
	p.Key, p.SMTPURL, p.Now = secret, smtpURL, now
	organisation, err := p.organisation()
	keys, failed := p.keys()
	db, refused := p.openDatabase(4)
	office, missing := p.office(mail.Address{Name: "Ombudsdienst", Address: "ombuds@fund.example"})
	if err := errors.Join(err, failed, refused, missing); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	desk := casework.New(casework.Config{DB: db, Organisation: organisation, Calendar: organisation.Calendar(), Keys: keys, Now: p.Now})
	lodged, err := desk.Lodge(t.Context(), casework.Actor{Role: staff.Public, Address: "192.0.2.1"}, casework.Once{}, []complaint.Submission{{
		Intake: complaint.WebForm, Language: "nl", Text: "Te laat betaald.", Department: "POST",
		FactsOn: complaint.DayOf(now()).AddDays(-9),
		Complainant: complaint.Complainant{Type: "person", Name: "Lotte Voorbeeldmans", Address: complaint.Address{
			Email: "lotte@example.org", Street: "Fictiestraat 12", Postcode: "1080", City: "Brussel",
		}}, ReplyBy: complaint.ByEmail,
	}})
	if err := errors.Join(err, lodged[0].Err); err != nil {
		t.Fatal(err)
	}
	number = lodged[0].Receipt.Number
	return &activities.Activities{Books: register.New(db, keys, p.Now), Post: office, Organisation: organisation, Now: p.Now}, number, letterOf(t, db, number)
}

func letterOf(t *testing.T, db *sqlx.DB, number complaint.Number) (id int64) {
	t.Helper()
	if err := db.Get(&id, `SELECT id FROM letters WHERE number = $1 AND kind = 'acknowledgement'`, number); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestTwentyFiveTriesAreOneMail(t *testing.T) {
	server, url := startBusySink(t, 24)
	a, number, letter := outside(t, url, time.Now)
	delivery := complaint.Delivery{Number: number, Letters: []int64{letter}}
	for range 24 {
		if _, err := a.Acknowledge(t.Context(), delivery); err == nil || strings.Contains(err.Error(), "lotte") {
			t.Fatalf("refused for now: %v", err)
		}
	}
	for range 25 { // and the activity is repeated, as after lost answers
		d, err := a.Acknowledge(t.Context(), delivery)
		if err != nil || d.Letters[0].State != complaint.LetterSent {
			t.Fatalf("%+v, %v", d, err)
		}
	}
	if server.taken != 1 {
		t.Errorf("%d mails", server.taken)
	}
}

func TestAfterFourDaysOfTriesTheLetterIsPrinted(t *testing.T) {
	server, url := startBusySink(t, 1000)
	began := time.Now()
	now := began
	a, number, letter := outside(t, url, func() time.Time { return now })
	delivery := complaint.Delivery{Number: number, Letters: []int64{letter}}
	for now.Before(began.AddDate(0, 0, 4)) {
		if _, err := a.Acknowledge(t.Context(), delivery); err == nil {
			t.Fatalf("given up after %s", now.Sub(began))
		}
		now = now.Add(7 * time.Hour)
	}
	d, err := a.Acknowledge(t.Context(), delivery)
	if err != nil || d.Letters[0].State != complaint.LetterPrinted {
		t.Fatalf("%+v, %v", d, err)
	}
	if server.taken != 0 {
		t.Errorf("%d mails", server.taken)
	}
}
