package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ombudsdienst/api"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/staff"
)

// from asks from an address.
func (c counter) from(address, path, token string) *httptest.ResponseRecorder {
	r := newRequest("GET", path, nil)
	r.RemoteAddr = address + ":4711"
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return c.send(r)
}

func TestWrongReceiptCodesAreSlowedDownAndRightOnesGoOn(t *testing.T) {
	c := open(t)
	answer(t, c.from("192.0.2.1", "/api/v1/status/RIGHT", ""), http.StatusOK)
	c.desk.refusal = complaint.Missing("receipt code")
	wrong := 0
	for n := range 200 {
		if c.from("192.0.2.1", fmt.Sprint("/api/v1/status/GUESS", n), "").Code == http.StatusNotFound {
			wrong++
		}
	}
	w := c.from("192.0.2.1", "/api/v1/status/GUESS", "")
	if problem(t, w, http.StatusTooManyRequests); wrong >= 200 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d guesses were looked at", wrong)
	}
	problem(t, c.ask("POST", "/api/v1/status/GUESS/documents", "", `{"text": "x"}`), http.StatusTooManyRequests)
	c.desk.refusal = nil
	answer(t, c.from("192.0.2.1", "/api/v1/status/RIGHT", ""), http.StatusOK)
	answer(t, c.from("203.0.113.1", "/api/v1/status/OTHER", ""), http.StatusOK)
	if figures := c.ask("GET", "/metrics", "", "").Body.String(); !strings.Contains(figures, fmt.Sprintf(`ombudsdienst_wrong_secrets_total{kind="receipt_code"} %d`, wrong)) {
		t.Error("the figures do not tell")
	}
}

func TestWrongTokensAreSlowedDownAndRightOnesGoOn(t *testing.T) {
	c := open(t)
	answer(t, c.from("192.0.2.1", "/api/v1/me", "ombuds"), http.StatusOK)
	looked := 0
	for n := range 2000 {
		if c.from("192.0.2.1", "/api/v1/me", fmt.Sprint("guess", n)).Code == http.StatusUnauthorized {
			looked++
		}
	}
	if problem(t, c.from("192.0.2.1", "/api/v1/me", "guess"), http.StatusTooManyRequests); looked >= 2000 {
		t.Errorf("%d guesses were looked at", looked)
	}
	answer(t, c.from("192.0.2.1", "/api/v1/me", "ombuds"), http.StatusOK)
	answer(t, c.from("203.0.113.1", "/api/v1/me", "dpo"), http.StatusOK)
}

// counted are accounts that count how often they are looked for.
type counted struct {
	accounts
	times *int
}

func (c counted) BySession(ctx context.Context, session string) (staff.Visitor, error) {
	*c.times++
	return c.accounts.BySession(ctx, session)
}

func TestWrongSessionsAreSlowedDownAndRightOnesGoOn(t *testing.T) {
	looked := 0
	c := open(t, func(config *api.Config) { config.Staff = counted{times: &looked} })
	with := func(address, session string) *httptest.ResponseRecorder {
		r := newRequest("GET", "/api/v1/me", nil)
		r.RemoteAddr = address + ":4711"
		r.Header.Set("Cookie", "__Host-session="+session)
		return c.send(r)
	}
	answer(t, with("192.0.2.1", "supervisor"), http.StatusOK)
	for n := range 1000 {
		with("192.0.2.1", fmt.Sprint("guess", n))
	}
	if w := with("192.0.2.1", "guess"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || looked > 501 {
		t.Errorf("%d: %d sessions were looked for", w.Code, looked)
	}
	answer(t, with("192.0.2.1", "supervisor"), http.StatusOK)
	answer(t, with("203.0.113.1", "dpo"), http.StatusOK)
	problem(t, with("192.0.2.1", "ombuds"), http.StatusTooManyRequests)
	r := newRequest("POST", "/api/v1/session", strings.NewReader(`{"login": "ombuds", "password": "long enough"}`))
	r.RemoteAddr = "192.0.2.1:4711"
	r.Header.Set("Content-Type", "application/json")
	answer(t, c.send(r), http.StatusOK)
	answer(t, with("192.0.2.1", "ombuds"), http.StatusOK) // it was given out just now
}

func TestLodgingIsRationedMoreThanLooking(t *testing.T) {
	now := noon
	c := open(t, func(config *api.Config) { config.Now = func() time.Time { return now } })
	for range 1500 {
		if w := c.ask("POST", lodging, "", bodies["POST "+lodging]); w.Code != http.StatusCreated {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
	}
	problem(t, c.ask("POST", lodging, "", bodies["POST "+lodging]), http.StatusTooManyRequests)
	now = now.Add(time.Second)
	lodged, looked := 0, 0
	for range 20 {
		if c.ask("POST", lodging, "", bodies["POST "+lodging]).Code == http.StatusCreated {
			lodged++
		}
	}
	for range 40 {
		if c.ask("GET", "/api/v1/departments", "", "").Code == http.StatusOK {
			looked++
		}
	}
	if lodged != 20 || looked != 30 {
		t.Errorf("in a second %d lodged and %d looked", lodged, looked)
	}
	answer(t, c.ask("POST", lodging, "intake", bodies["POST "+lodging]), http.StatusCreated)
}
