package post

import (
	"strings"
	"testing"

	gomail "github.com/wneessen/go-mail"
)

func TestTheAddressOfAMailServerIsReadWhole(t *testing.T) {
	s, err := ParseServer("smtp://user:p%3Aw@mail.example:2525?starttls=required&from=Ombuds%20%3Co%40fund.example%3E")
	if err != nil {
		t.Fatal(err)
	}
	if s.host != "mail.example" || s.port != 2525 || s.implicitTLS || s.startTLS != gomail.TLSMandatory ||
		s.user != "user" || s.password != "p:w" || s.from.Address != "o@fund.example" || s.from.Name != "Ombuds" {
		t.Errorf("read: %+v", s)
	}
	plain, err := ParseServer("smtp://mail.example")
	if err != nil || plain.port != 587 || plain.startTLS != gomail.TLSOpportunistic {
		t.Errorf("plain: %+v (%v)", plain, err)
	}
	secure, err := ParseServer("smtps://mail.example")
	if err != nil || secure.port != 465 || !secure.implicitTLS {
		t.Errorf("secure: %+v (%v)", secure, err)
	}
}

func TestAWrongMailServerAddressIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, text := range []string{
		"", "mail.example:25", "http://user:secret@mail.example", "smtp://", "smtp://user:secret@:25", "smtp://user@mail.example",
		"smtp://user:secret@mail.example:0", "smtp://user:secret@mail.example:99999", "smtp://user:secret@mail.example:secret",
		"smtp://user:secret@mail.example/secret", "smtp://user:secret@mail.example?starttls=secret",
		"smtp://user:secret@mail.example?tls=secret", "smtp://user:secret@mail.example?from=secret",
		"smtps://user:secret@mail.example?starttls=none", "smtp://user:secret@mail.example?from=a@b.example&from=c@d.example",
		"smtp://user:secret@mail.example?%zz", "smtp://user:sec%zzret@mail.example",
	} {
		_, err := ParseServer(text)
		if err == nil {
			t.Errorf("taken: %s", text)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
}

func TestAnOfficeWithoutAnAddressDoesNotOpen(t *testing.T) {
	o := office(t, "")
	for _, from := range []string{"", "nobody", "a@b.example, c@d.example"} {
		c := Config{Folder: t.TempDir(), Now: o.now}
		c.From.Address = from
		if _, err := New(c); err == nil {
			t.Errorf("opened with %q", from)
		}
	}
}
