package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// browser keeps cookies as one does.
type browser struct {
	house
	cookies map[string]string
}

func (h house) browser() *browser { return &browser{h, map[string]string{}} }

func (b *browser) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	var sent []string
	for name, value := range b.cookies {
		sent = append(sent, name+"="+value)
	}
	if len(sent) > 0 {
		headers = append(headers, "Cookie", strings.Join(sent, "; "))
	}
	w := b.house.ask(method, path, "", body, headers...)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return w
}

func (b *browser) logIn(login, password string) *httptest.ResponseRecorder {
	return b.ask("POST", "/api/v1/session", fmt.Sprintf(`{"login": %q, "password": %q}`, login, password))
}

func (b *browser) isIn() bool { return b.ask("GET", "/api/v1/me", "").Code == http.StatusOK }

// in logs somebody in.
func (h house) in(t *testing.T, login string) *browser {
	t.Helper()
	b := h.browser()
	answer(t, b.logIn(login, "long enough"), http.StatusOK)
	return b
}
