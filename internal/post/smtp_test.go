package post

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/emersion/go-smtp"
)

func TestAMailServerGetsTheTextAndTheLetterAttached(t *testing.T) {
	s, at := startSink(t, nil)
	id, err := office(t, smtpURL(at, "")).Send(t.Context(), letter(complaint.ByEmail))
	if err != nil {
		t.Fatal(err)
	}
	if id != "<2026-000123-outcome-17@fund.example>" {
		t.Errorf("provider's ID: %s", id)
	}
	if len(s.messages()) != 1 {
		t.Fatalf("messages: %d", len(s.messages()))
	}
	got := s.messages()[0]
	if got.from != "ombuds@fund.example" || got.to != "somebody@example.org" || got.utf8 {
		t.Errorf("envelope: %+v", got)
	}
	checkMessage(t, got.text)
}

// checkMessage holds a message against letter().
func checkMessage(t *testing.T, raw string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Message-Id": "<2026-000123-outcome-17@fund.example>", "Auto-Submitted": "auto-generated",
		"Precedence": "auto_reply", "X-Auto-Response-Suppress": "OOF, AutoReply",
		"Subject": "Uw klacht 2026-000123 – réponse", "Date": "Sun, 29 Mar 2026 12:00:00 +0200",
		"From": `Ombudsdienst – Qualité <ombuds@fund.example>`, "To": "<somebody@example.org>",
	} {
		if got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(header)); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", header, got, want, err)
		}
	}
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	text, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	words, err := io.ReadAll(quotedprintable.NewReader(text))
	if err != nil || strings.ReplaceAll(strings.TrimSpace(string(words)), "\r\n", "\n") != letter(complaint.ByEmail).Rendered.Text {
		t.Errorf("text: %q (%v)", words, err)
	}
	attached, err := parts.NextPart()
	if err != nil || attached.FileName() != "2026-000123-outcome-17.pdf" || !strings.HasPrefix(attached.Header.Get("Content-Type"), "application/pdf") {
		t.Fatalf("attachment: %v (%v)", attached, err)
	}
}

func TestASecondSendingHasTheSameMessageID(t *testing.T) {
	s, at := startSink(t, nil)
	o := office(t, smtpURL(at, ""))
	for range 2 {
		if _, err := o.Send(t.Context(), letter(complaint.ByEmail)); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range s.messages() {
		checkMessage(t, m.text)
	}
	if o.Repeatable(complaint.ByEmail) || !o.Repeatable(complaint.ByPost) {
		t.Error("only what leaves over a mail server must not be repeated")
	}
}

func TestEveryFailureIsSortedByWhatIsKnown(t *testing.T) {
	cases := []struct {
		step, reply string
		certainty   complaint.Certainty
		code        string
	}{
		{"greeting", "421 busy", complaint.Temporary, "smtp_421"},
		{"greeting", "554 no", complaint.Temporary, "smtp_554"}, // the house is refused, not the letter
		{"greeting", cut, complaint.Temporary, "smtp_setup"},
		{"MAIL", "451 later", complaint.Temporary, "smtp_451"},
		{"MAIL", "553 bad sender", complaint.Temporary, "smtp_553"}, // the house is refused, not the letter
		{"MAIL", "552 too large", complaint.Permanent, "smtp_552"},
		{"EHLO", cut, complaint.Temporary, "smtp_setup"},
		{"MAIL", "530 who are you", complaint.Temporary, "smtp_530"}, // the same
		{"MAIL", cut, complaint.Temporary, "smtp_lost"},
		{"RCPT", "450 mailbox of somebody@example.org is busy", complaint.Temporary, "smtp_450"},
		{"RCPT", "550 no somebody@example.org here", complaint.Permanent, "smtp_550"},
		{"RCPT", "550 5.1.1 no somebody@example.org here", complaint.Permanent, "smtp_550"},
		{"RCPT", "552 5.2.2 the mailbox of somebody@example.org is full", complaint.Permanent, "smtp_552"},
		{"RCPT", "501 no address", complaint.Permanent, "smtp_501"},
		{"RCPT", "503 not now", complaint.Temporary, "smtp_503"},
		{"RCPT", "550 5.7.1 relaying denied", complaint.Temporary, "smtp_550"}, // the house is not wanted
		{"RCPT", "535 5.7.8 who are you", complaint.Temporary, "smtp_535"},
		{"RCPT", cut, complaint.Temporary, "smtp_lost"},
		{"DATA", "452 full", complaint.Temporary, "smtp_452"},
		{"DATA", "554 no", complaint.Permanent, "smtp_554"},
		{"DATA", cut, complaint.Temporary, "smtp_lost"},
		{"text", cut, complaint.Unclear, "smtp_no_answer"},
		{"DATA", "503 not now", complaint.Temporary, "smtp_503"},
		{".", "552 5.3.4 too large", complaint.Permanent, "smtp_552"},
		{".", "554 5.7.1 policy", complaint.Permanent, "smtp_554"},
		{".", "550 5.7.26 who says that you are you", complaint.Temporary, "smtp_550"},
		{".", "451 later", complaint.Temporary, "smtp_451"},
		{".", "550 spam for somebody@example.org", complaint.Permanent, "smtp_550"},
		{".", "299 perhaps", complaint.Unclear, "smtp_no_answer"},
		{".", cut, complaint.Unclear, "smtp_no_answer"},
		{".", hang, complaint.Unclear, "smtp_no_answer"},
	}
	for _, c := range cases {
		t.Run(c.step+" "+c.reply, func(t *testing.T) {
			t.Parallel()
			o := office(t, smtpURL(startScripted(t, c.step, c.reply), ""))
			if c.reply == hang {
				o.server.patience = 2 * time.Second
			}
			_, err := o.Send(t.Context(), letter(complaint.ByEmail))
			expect(t, err, c.certainty, c.code)
		})
	}
}

// expect also holds the error to its word that it names nobody.
func expect(t *testing.T, err error, certainty complaint.Certainty, code string) {
	t.Helper()
	failure, ok := errors.AsType[*complaint.SendError](err)
	if !ok || failure.Certainty != certainty || failure.Code != code {
		t.Fatalf("got %#v, want %s %s", err, certainty, code)
	}
	if strings.Contains(err.Error(), "example.org") {
		t.Errorf("the error names the recipient: %v", err)
	}
}

func TestAFailedGoodbyeDoesNotUndoASentLetter(t *testing.T) {
	for _, reply := range []string{cut, "421 bye"} {
		at := startScripted(t, "QUIT", reply)
		if _, err := office(t, smtpURL(at, "")).Send(t.Context(), letter(complaint.ByEmail)); err != nil {
			t.Errorf("%s: %v", reply, err)
		}
	}
}

func TestAnUnreachableServerIsTemporary(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	_, err = office(t, smtpURL(listener.Addr().String(), "")).Send(t.Context(), letter(complaint.ByEmail))
	expect(t, err, complaint.Temporary, "smtp_unreachable")
}

func TestRequiredEncryptionThatIsNotOfferedSendsNothing(t *testing.T) {
	s, at := startSink(t, nil)
	_, err := office(t, smtpURL(at, "starttls=required")).Send(t.Context(), letter(complaint.ByEmail))
	expect(t, err, complaint.Temporary, "smtp_setup")
	if len(s.messages()) != 0 {
		t.Error("a letter left without encryption")
	}
}

func TestUserAndPasswordOfTheAddressAreUsed(t *testing.T) {
	s, at := startSink(t, nil)
	_, port, _ := net.SplitHostPort(at)
	good := office(t, "smtp://ombuds:p%40ss%2Fw@localhost:"+port+"?starttls=none&from=other@fund.example")
	if _, err := good.Send(t.Context(), letter(complaint.ByEmail)); err != nil || s.user != "ombuds" {
		t.Fatalf("user %q: %v", s.user, err)
	}
	if s.messages()[0].from != "other@fund.example" {
		t.Errorf("sender: %s", s.messages()[0].from)
	}
	returning := office(t, "smtp://ombuds:p%40ss%2Fw@localhost:"+port+"?starttls=none&bounces=returned@fund.example")
	if _, err := returning.Send(t.Context(), letter(complaint.ByEmail)); err != nil || s.messages()[1].from != "returned@fund.example" {
		t.Errorf("what cannot be delivered comes back to %s: %v", s.messages()[1].from, err)
	}
	_, err := office(t, "smtp://ombuds:wrong@localhost:"+port+"?starttls=none").Send(t.Context(), letter(complaint.ByEmail))
	expect(t, err, complaint.Temporary, "smtp_535")
}

func TestAPasswordIsNotSentInTheClearUnasked(t *testing.T) {
	s, at := startSink(t, nil)
	_, err := office(t, "smtp://ombuds:p%40ss%2Fw@"+at).Send(t.Context(), letter(complaint.ByEmail))
	expect(t, err, complaint.Temporary, "smtp_setup")
	if s.user != "" || len(s.messages()) != 0 {
		t.Error("the password left unencrypted")
	}
}

func TestAddressesBeyondASCII(t *testing.T) {
	withUTF8 := func(s *smtp.Server) { s.EnableSMTPUTF8 = true }
	cases := []struct {
		name, recipient, arrives string
		set                      func(*smtp.Server)
		utf8                     bool
	}{
		{"a domain is written as the name system knows it", "a@bücher.example", "a@xn--bcher-kva.example", nil, false},
		{"a name needs a server that takes it", "jürgen@example.org", "jürgen@example.org", withUTF8, true},
		{"it is not asked for needlessly", "a@example.org", "a@example.org", withUTF8, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, at := startSink(t, c.set)
			l := letter(complaint.ByEmail)
			l.Rendered.Recipient = c.recipient
			if _, err := office(t, smtpURL(at, "")).Send(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			if got := s.messages()[0]; got.to != c.arrives || got.utf8 != c.utf8 {
				t.Errorf("got %s, utf8 %v", got.to, got.utf8)
			}
		})
	}
	_, at := startSink(t, nil)
	l := letter(complaint.ByEmail)
	l.Rendered.Recipient = "jürgen@example.org"
	_, err := office(t, smtpURL(at, "")).Send(t.Context(), l)
	expect(t, err, complaint.Permanent, "smtp_no_utf8")
}

func TestNothingThatIsSentCanAddAHeaderOrARecipient(t *testing.T) {
	s, at := startSink(t, nil)
	o := office(t, smtpURL(at, ""))
	for _, recipient := range []string{
		"", "a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "A <a@example.org>",
		"a@example.org>\r\nRCPT TO:<b@example.org", "nobody", "a@ex\u0000ample.org",
	} {
		l := letter(complaint.ByEmail)
		l.Rendered.Recipient = recipient
		_, err := o.Send(t.Context(), l)
		expect(t, err, complaint.Permanent, "invalid_recipient")
	}
	l := letter(complaint.ByEmail)
	l.Rendered.Subject = "Uw klacht\r\nBcc: b@example.org"
	_, err := o.Send(t.Context(), l)
	expect(t, err, complaint.Permanent, "invalid_subject")
	if len(s.messages()) != 0 {
		t.Errorf("left: %v", s.messages())
	}
}
