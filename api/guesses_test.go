package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ombudsdienst/api"
	"ombudsdienst/internal/complaint"
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
