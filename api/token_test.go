package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestATokenCountsAloneWhateverCookieComesWithIt(t *testing.T) {
	h := openHouse(t)
	b := h.in(t, "admin")
	if who := answer(t, b.ask("GET", "/api/v1/me", "", "Authorization", "Bearer "+h.tokens["dpo"]), http.StatusOK); who["login"] != "dpo" {
		t.Errorf("%v", who)
	}
	for _, useless := range []string{"expired", "revoked"} {
		problem(t, b.ask("GET", "/api/v1/me", "", "Authorization", "Bearer "+h.tokens[useless]), http.StatusUnauthorized)
	}
}

func TestATokenIsShownOnceAndListedWithoutItsSecret(t *testing.T) {
	h := openHouse(t)
	issued := answer(t, h.ask("POST", "/api/v1/accounts/ombuds/tokens", h.tokens["admin"], `{"label": "scanner"}`), http.StatusCreated)
	secret := issued["token"].(string)
	if issued["expires_at"] != "2026-05-31T13:00:00+02:00" || issued["issued_by"] != "admin" {
		t.Errorf("%v", issued)
	}
	answer(t, h.ask("GET", "/api/v1/complaints", secret, ""), http.StatusOK)
	list := h.ask("GET", "/api/v1/me/tokens", secret, "").Body.String()
	if strings.Contains(list, secret) || !strings.Contains(list, `"label":"scanner","prefix":"`+secret[:12]+`"`) || !strings.Contains(list, `"last_used_at":"2026`) {
		t.Errorf("list: %s", list)
	}
	page := answer(t, h.ask("GET", "/api/v1/accounts/ombuds/tokens?limit=1", h.tokens["admin"], ""), http.StatusOK)
	if page["next_cursor"] == nil || page["items"].([]any)[0].(map[string]any)["id"] != issued["id"] {
		t.Errorf("%v", page)
	}
	path := fmt.Sprint("/api/v1/me/tokens/", issued["id"], "/revocation")
	problem(t, h.ask("POST", path, h.tokens["supervisor"], `{}`), http.StatusNotFound)
	answer(t, h.ask("POST", path, secret, `{}`), http.StatusOK)
	problem(t, h.ask("GET", "/api/v1/complaints", secret, ""), http.StatusUnauthorized)
	for _, body := range []string{`{"label": ""}`, `{"label": "x", "days": 367}`, `{"label": "x", "days": 0}`} {
		problem(t, h.ask("POST", "/api/v1/accounts/ombuds/tokens", h.tokens["admin"], body), http.StatusUnprocessableEntity)
	}
}

func TestAFoundTokenMakesNoOther(t *testing.T) {
	h := openHouse(t)
	problem(t, h.ask("POST", "/api/v1/me/tokens", h.tokens["ombuds"], `{"label": "x", "password": "guess"}`), http.StatusUnprocessableEntity)
	problem(t, h.ask("POST", "/api/v1/me/password", h.tokens["ombuds"], `{"current_password": "guess", "new_password": "een lange zin"}`), http.StatusUnprocessableEntity)
	for range 5 {
		h.ask("POST", "/api/v1/me/tokens", h.tokens["ombuds"], `{"label": "x", "password": "guess"}`)
	}
	problem(t, h.ask("POST", "/api/v1/me/tokens", h.tokens["ombuds"], `{"label": "x", "password": "long enough"}`), http.StatusTooManyRequests)
	own := answer(t, h.ask("POST", "/api/v1/me/tokens", h.tokens["dpo"], `{"label": "x", "password": "long enough", "days": 1}`), http.StatusCreated)
	answer(t, h.ask("GET", "/api/v1/privacy", own["token"].(string), ""), http.StatusOK)
}

func TestATokenIsNoSessionNorTheReverse(t *testing.T) {
	h := openHouse(t)
	b := h.in(t, "ombuds")
	problem(t, h.ask("GET", "/api/v1/me", b.cookies["__Host-session"], ""), http.StatusUnauthorized)
	b.cookies["__Host-session"] = h.tokens["ombuds"]
	if b.isIn() {
		t.Error("a token is taken for a session")
	}
}
