package post

import (
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

// FuzzParseServer: a mail server's address is read whole or refused, and what is
// said of it repeats nothing, for it holds a password.
func FuzzParseServer(f *testing.F) {
	for _, text := range []string{
		"smtp://user:p%3Aw@mail.example:2525?starttls=required&from=Ombuds%20%3Co%40fund.example%3E", "smtps://mail.example",
		"smtp://[::1]:25", "smtp://user:secret@mail.example:99999", "smtp://mail.example/?from=a%0d%0ab@c.example", "smtp:mail.example", "%", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseServer(text)
		if err != nil {
			if len(text) > 12 && strings.Contains(err.Error(), text) {
				t.Fatalf("the error repeats the address: %v", err)
			}
			return
		}
		if s.host == "" || s.port < 1 || s.port > 65535 || s.implicitTLS && s.startTLS != startTLSPolicies[""] {
			t.Fatalf("%q is read as %+v", text, s)
		}
		if s.from == nil {
			return
		}
		if _, err := New(Config{Folder: t.TempDir(), Server: s, Now: time.Now}); err == nil && !oneLine(s.from.Name+s.from.Address) {
			t.Fatalf("%q opens an office with %+v", text, s.from)
		}
	})
}

// FuzzCompose: whatever stands in a letter, its message has one recipient, the
// headers it should have and no other, and the text that was written.
func FuzzCompose(f *testing.F) {
	f.Add("jan@voorbeeld.example", "Uw klacht 2026-000123", "Geachte,\n\nHet is opgelost.\n.\nMet groeten")
	f.Add("jan@voorbeeld.example\r\nBcc: x@y.example", "a\r\nBcc: x@y.example", "\r\n.\r\nMAIL FROM:<x@y.example>")
	f.Add("a@b.example, c@d.example", "\u202eété\u2028", "--\r\nContent-Type: text/html\r\n\r\n<script>")
	f.Add("jan@vöörbeeld.example", strings.Repeat("Überprüfung ", 40), strings.Repeat("=", 3000)+"\t \n \n")
	f.Add("\"a b\"@c.example", "", "")
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, recipient, subject, text string) {
		o, err := New(Config{Folder: folder, From: fromHere, Now: func() time.Time { return noon }})
		if err != nil {
			t.Fatal(err)
		}
		l := letter(complaint.ByEmail)
		l.Rendered.Recipient, l.Rendered.Subject, l.Rendered.Text = recipient, subject, text
		composed, err := o.compose(l)
		if err != nil {
			if len(recipient) > 12 && strings.Contains(err.Error(), recipient) {
				t.Fatalf("the error names the recipient: %v", err)
			}
			return
		}
		var wire strings.Builder
		if _, err := composed.WriteTo(&wire); err != nil {
			t.Fatal(err)
		}
		checkWire(t, wire.String(), subject)
	})
}

var headers = []string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version",
	"Precedence", "Subject", "To", "X-Auto-Response-Suppress"}

func checkWire(t *testing.T, wire, subject string) {
	m, err := mail.ReadMessage(strings.NewReader(wire))
	if err != nil {
		t.Fatalf("no message: %v\n%q", err, wire)
	}
	for name, values := range m.Header {
		if !slices.Contains(headers, name) || len(values) != 1 {
			t.Fatalf("headers %v", slices.Sorted(maps.Keys(m.Header)))
		}
	}
	if to, err := m.Header.AddressList("To"); err != nil || len(to) != 1 {
		t.Fatalf("recipients %v (%v)", to, err)
	}
	decoded, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if got := strings.Join(strings.Fields(decoded), " "); err != nil || got != strings.Join(strings.Fields(subject), " ") {
		t.Fatalf("subject %q, want %q (%v)", got, subject, err)
	}
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts, kinds := multipart.NewReader(m.Body, parameters["boundary"]), []string{}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("a part cannot be read: %v", err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		kinds = append(kinds, kind)
	}
	if !slices.Equal(kinds, []string{"text/plain", "application/pdf"}) {
		t.Fatalf("parts %v", kinds)
	}
}
