package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ombudsdienst/api"
)

// seasoned answers a request and holds the answer against the contract: never
// the server's fault, a problem when it is a refusal, and nothing of the secret.
func seasoned(t *testing.T, c counter, r *http.Request, secret string) *httptest.ResponseRecorder {
	t.Helper()
	w := c.send(r)
	if w.Code >= http.StatusInternalServerError {
		t.Fatalf("%d: %s", w.Code, c.log)
	}
	if w.Code >= http.StatusBadRequest {
		if secret != "" && strings.Contains(w.Body.String(), secret) {
			t.Fatalf("%d repeats: %s", w.Code, w.Body)
		}
		problem(t, w, w.Code)
	}
	c.log.Reset()
	return w
}

// openWide is a counter that rations nobody.
func openWide(f *testing.F) counter {
	return open(f, func(c *api.Config) { c.PublicRate, c.PublicBurst = 1e9, 1<<30 })
}

// FuzzBody: any bytes as a submission.
func FuzzBody(f *testing.F) {
	f.Add([]byte(whole))
	for _, body := range rubbish {
		if len(body) < 30_000 {
			f.Add([]byte(body))
		}
	}
	for _, body := range []string{`{"text": "\ud83d"}`, `{"text": "\ud83d\ude00\\ud800"}`, `{"a.b[0]": {"a": 1}, "text": []}`, `{"attachments": [{"content": "===="}]}`} {
		f.Add([]byte(body))
	}
	c := openWide(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest("POST", lodging, strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "application/json")
		seasoned(t, c, r, "")
	})
}

// FuzzValue: any text in any field of a submission is taken, or refused without
// being repeated.
func FuzzValue(f *testing.F) {
	for _, text := range append(texts(), "Voorbeeldmans", "2026-02-01", "2026-02-01T10:00:00Z", "web_form") {
		f.Add(text, uint(0))
	}
	c := openWide(f)
	fields := []string{"intake", "language", "received_at", "facts_on", "department", "topic", "text", "reply_by", "complainant", "initiatives", "concerns_privacy", "niss"}
	f.Fuzz(func(t *testing.T, text string, choice uint) {
		form := url.Values{fields[choice%uint(len(fields))]: {text}}
		secret := ""
		if len(text) > 20 {
			secret = text
		}
		for _, body := range []string{
			`{"intake": "web_form", "language": "nl", "text": "a", ` + quoted(fields[choice%uint(len(fields))]) + `: ` + quoted(text) + `}`,
			`{"intake": "web_form", "language": "nl", "text": "a", ` + quoted(text) + `: 1}`,
		} {
			r := httptest.NewRequest("POST", lodging, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			seasoned(t, c, r, secret)
		}
		content, kind := formOf(form)
		r := httptest.NewRequest("POST", lodging+"/form", strings.NewReader(content))
		r.Header.Set("Content-Type", kind)
		seasoned(t, c, r, secret)
	})
}

// FuzzForm: any bytes as a form, under any boundary.
func FuzzForm(f *testing.F) {
	whole, kind := formOf(map[string][]string{"intake": {"web_form"}, "language": {"nl"}, "text": {"Te laat."}, "complainant.name": {"Jan"}}, document{"a.pdf", "application/pdf", "%PDF-"})
	f.Add([]byte(whole), kind)
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"initiatives.on\"\r\n\r\n2026-02-01\r\n--x--"), "multipart/form-data; boundary=x")
	f.Add([]byte("--x\r\n\r\n--x--"), "multipart/form-data; boundary=\"x\"; charset=utf-16")
	f.Add([]byte{}, "multipart/form-data")
	c := openWide(f)
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		r := httptest.NewRequest("POST", lodging+"/form", strings.NewReader(string(body)))
		r.Header["Content-Type"] = []string{kind}
		seasoned(t, c, r, "")
	})
}

// FuzzHeaders: any Authorization, Idempotency-Key, Content-Type and
// Content-Encoding.
func FuzzHeaders(f *testing.F) {
	f.Add("Bearer ombuds", "key", "application/json", "")
	f.Add("bearer  ", "a b", "application/json; charset=utf-8", "gzip")
	f.Add("Basic b21idWRz", "\xff", "application/json; charset=\"", "identity")
	f.Add("Bearer \x00", strings.Repeat("k", 201), "application/x+json", ",")
	c := openWide(f)
	f.Fuzz(func(t *testing.T, token, key, kind, coding string) {
		r := httptest.NewRequest("POST", lodging, strings.NewReader(bodies["POST "+lodging]))
		r.Header["Authorization"], r.Header["Idempotency-Key"] = []string{token}, []string{key}
		r.Header["Content-Type"], r.Header["Content-Encoding"] = []string{kind}, []string{coding}
		secret := ""
		if len(token) > 30 {
			secret = token[10:]
		}
		seasoned(t, c, r, secret)
	})
}

// FuzzQuery: any query for the calculator, the register's list and the letters.
func FuzzQuery(f *testing.F) {
	for _, query := range []string{
		"received_at=2026-02-13T10:00:00Z", "received_at=2026-02-13T10:00:00%2B01:00&term=45", "term=99999999999999999999", "received_at=9999-12-31T23:59:59Z", "received_at=0000-01-01T00:00:00Z&term=-1",
		"q=%00", "q=%ff", "limit=0&cursor=YQ", "limit=201", "stage=closed&stage=open", "due_before=2026-02-30", "overdue=yes", "a;b", "%zz", "=", "&&",
	} {
		f.Add(query)
	}
	c := openWide(f)
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/api/v1/deadline", "/api/v1/complaints", "/api/v1/letters", "/api/v1/consultations", "/api/v1/privacy"} {
			r := httptest.NewRequest("GET", path, nil)
			r.URL.RawQuery = query
			r.Header.Set("Authorization", "Bearer "+map[bool]string{true: "dpo", false: "ombuds"}[path == "/api/v1/privacy"])
			seasoned(t, c, r, "")
		}
	})
}

// FuzzPath: any number, identifier or receipt code.
func FuzzPath(f *testing.F) {
	for _, part := range append(texts(), "2026-000123", "7", "K7QM-93TX", "..", "a/b", "%2e%2e") {
		f.Add(part)
	}
	c := openWide(f)
	f.Fuzz(func(t *testing.T, part string) {
		for _, path := range []string{"/api/v1/complaints/", "/api/v1/letters/", "/api/v1/status/", "/api/v1/attachments/"} {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL.Path, r.URL.RawPath = path+part, ""
			r.Header.Set("Authorization", "Bearer ombuds")
			seasoned(t, c, r, "")
		}
	})
}
