package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"ombudsdienst/api"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/staff"
)

// accounts lets in by token; the tokens are the logins.
type accounts struct{ broken bool }

var people = map[string]staff.Account{
	"intake":     {Login: "intake", Name: "Intake 1", Role: staff.Intake},
	"handler":    {Login: "handler", Name: "Handler 1", Role: staff.Handler, Department: "HOSPITALISATIE"},
	"ombuds":     {Login: "ombuds", Name: "Ombuds 1", Role: staff.Ombuds},
	"supervisor": {Login: "supervisor", Name: "Supervisor 1", Role: staff.Supervisor},
	"dpo":        {Login: "dpo", Name: "DPO 1", Role: staff.DPO},
	"auditor":    {Login: "auditor", Name: "Auditor 1", Role: staff.Auditor},
	"admin":      {Login: "admin", Name: "Admin 1", Role: staff.Admin},
}

func (a accounts) ByToken(_ context.Context, token string) (staff.Account, error) {
	if a.broken {
		return staff.Account{}, io.ErrUnexpectedEOF
	}
	account, ok := people[token]
	if !ok {
		return staff.Account{}, staff.ErrUnknownToken
	}
	return account, nil
}

func (a accounts) BySession(_ context.Context, session string) (staff.Visitor, error) {
	account, err := a.ByToken(context.Background(), session)
	if err == staff.ErrUnknownToken {
		err = staff.ErrNoSession
	}
	return staff.Visitor{Account: account}, err
}

// counter is a counter over a fake desk, with what it wrote to its log.
type counter struct {
	http.Handler
	desk   *desk
	log    *bytes.Buffer
	tokens map[string]string // by login; nil: the login is the token
}

// as asks with the tokens of a real register.
func (c counter) as(tokens map[string]string) counter {
	c.tokens = tokens
	return c
}

func open(t testing.TB, changes ...func(*api.Config)) counter {
	t.Helper()
	o, err := organisation.Load("")
	if err != nil {
		t.Fatal(err)
	}
	c := counter{desk: &desk{}, log: &bytes.Buffer{}}
	config := api.Config{
		Desk: c.desk, Staff: accounts{}, Entrance: entrance{c.desk}, Organisation: o, Calendar: complaint.NewCalendar(),
		Now: func() time.Time { return noon }, PublicURL: "https://klacht.example",
		TemporalUIURL: "http://127.0.0.1:8233", Namespace: "default",
		Ready:    func(context.Context) api.Readiness { return api.Readiness{Register: true, Migrated: true} },
		Logger:   slog.New(slog.NewJSONHandler(c.log, nil)),
		Registry: prometheus.NewRegistry(),
	}
	for _, change := range changes {
		change(&config)
	}
	c.Handler = api.New(config)
	return c
}

// ask sends a request; headers are name, value, ...
func (c counter) ask(method, path, token, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if real := c.tokens[token]; real != "" {
		token = real
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

// problem reads a problem and holds it against the contract's form.
func problem(t testing.TB, w *httptest.ResponseRecorder, status int) api.Problem {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
		t.Fatalf("content type %q", kind)
	}
	var p api.Problem
	reader := json.NewDecoder(w.Body)
	reader.DisallowUnknownFields()
	if err := reader.Decode(&p); err != nil {
		t.Fatalf("not a problem: %v", err)
	}
	if p.Type == "" || p.Title == "" || p.Status != status || p.Detail == "" || p.Code == "" {
		t.Fatalf("not a whole problem: %+v", p)
	}
	if status == http.StatusUnprocessableEntity && len(p.Errors) == 0 && p.Code == "invalid" {
		t.Fatal("422 without saying where")
	}
	return p
}

func answer(t testing.TB, w *httptest.ResponseRecorder, status int) map[string]any {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	return body
}
