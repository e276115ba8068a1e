package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestASessionLetsInLikeATokenUntilItEnds(t *testing.T) {
	h := openHouse(t)
	b := h.browser()
	w := b.logIn("ombuds", "long enough")
	if who := answer(t, w, http.StatusOK); who["login"] != "ombuds" || who["role"] != "ombuds" {
		t.Errorf("%v", who)
	}
	for _, c := range w.Result().Cookies() {
		if !c.HttpOnly || !c.Secure || c.Path != "/" || c.Domain != "" || !strings.HasPrefix(c.Name, "__Host-") || c.SameSite < http.SameSiteLaxMode {
			t.Errorf("the cookie %s is open: %+v", c.Name, c)
		}
	}
	answer(t, b.ask("GET", "/api/v1/complaints", ""), http.StatusOK)
	problem(t, b.ask("GET", "/api/v1/accounts", ""), http.StatusForbidden)
	kept := b.cookies["__Host-session"]
	if w := b.ask("DELETE", "/api/v1/session", ""); w.Code != http.StatusNoContent {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	b.cookies["__Host-session"] = kept
	if b.isIn() {
		t.Error("the session goes on after its end")
	}
	answer(t, b.ask("GET", "/api/v1/departments", ""), http.StatusOK) // an old cookie is nobody's fault
	if w := b.ask("DELETE", "/api/v1/session", ""); w.Code != http.StatusNoContent {
		t.Errorf("ending no session: %d", w.Code)
	}
}

func TestALoginAlwaysGivesANewSession(t *testing.T) {
	h := openHouse(t)
	b := h.browser()
	b.cookies["__Host-session"] = "CHOSENBYSOMEBODYELSE"
	answer(t, b.logIn("ombuds", "long enough"), http.StatusOK)
	first := b.cookies["__Host-session"]
	answer(t, b.logIn("ombuds", "long enough"), http.StatusOK)
	if second := b.cookies["__Host-session"]; first == "CHOSENBYSOMEBODYELSE" || first == second {
		t.Error("a session is used again")
	}
	var plain int
	if err := h.db.Get(&plain, `SELECT count(*) FROM sessions WHERE encode(hash, 'escape') LIKE '%' || $1 || '%'`, first); err != nil || plain != 0 {
		t.Errorf("the register holds the session itself: %v", err)
	}
}

func TestSessionsEndByThemselves(t *testing.T) {
	for name, age := range map[string]string{
		"idle": `UPDATE sessions SET last_seen_at = last_seen_at - interval '1 hour'`,
		"old":  `UPDATE sessions SET created_at = created_at - interval '12 hours'`,
	} {
		h := openHouse(t)
		b := h.in(t, "ombuds")
		h.db.MustExec(age)
		if b.isIn() {
			t.Errorf("a session that is %s lets in", name)
		}
	}
}

func TestLogoutEverywhereEndsEverySession(t *testing.T) {
	h := openHouse(t)
	one, two, colleague := h.in(t, "ombuds"), h.in(t, "ombuds"), h.in(t, "intake")
	one.ask("DELETE", "/api/v1/session?everywhere=true", "")
	if two.isIn() || !colleague.isIn() {
		t.Error("not exactly the own sessions ended")
	}
	if w := h.ask("GET", "/api/v1/me", h.tokens["ombuds"], ""); w.Code != http.StatusOK {
		t.Error("the token ended too")
	}
}

func TestAPageOfAnotherSiteChangesNothing(t *testing.T) {
	h := openHouse(t)
	b := h.in(t, "intake")
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"},
	} {
		if p := problem(t, b.ask("POST", lodging, webForm, headers...), http.StatusForbidden); p.Code != "cross_origin" {
			t.Errorf("%v: %s", headers, p.Code)
		}
		problem(t, b.ask("DELETE", "/api/v1/session", "", headers...), http.StatusForbidden)
		problem(t, h.browser().ask("POST", "/api/v1/session", bodies["POST /api/v1/session"], headers...), http.StatusForbidden)
		answer(t, b.ask("GET", "/api/v1/me", "", headers...), http.StatusOK)
		answer(t, h.ask("POST", lodging, h.tokens["intake"], webForm, headers...), http.StatusCreated) // no browser adds a token
	}
	for _, headers := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://klacht.example"}, {}} {
		answer(t, b.ask("POST", lodging, webForm, headers...), http.StatusCreated)
	}
}

func TestEveryUselessLoginGetsTheSameAnswer(t *testing.T) {
	h := openHouse(t)
	h.db.MustExec(`UPDATE accounts SET disabled_at = $1 WHERE login = 'auditor'`, noon)
	h.db.MustExec(`UPDATE accounts SET one_time_until = $1 WHERE login = 'dpo'`, noon)
	var answers []string
	for login, password := range map[string]string{
		"ombuds": "wrong", "nobody": "long enough", "auditor": "long enough", "dpo": "long enough", "no login\u00e9": "long enough",
	} {
		w := h.browser().logIn(login, password)
		answers = append(answers, w.Body.String())
		problem(t, w, http.StatusUnauthorized)
		if len(w.Result().Cookies()) > 0 {
			t.Errorf("%s gets a cookie", login)
		}
	}
	if slices.Sort(answers); answers[0] != answers[len(answers)-1] {
		t.Errorf("the answers differ: %v", answers)
	}
	var rows []string
	if err := h.db.Select(&rows, `SELECT actor || role || address || fields::text FROM audit WHERE action = 'login_failed'`); err != nil || len(rows) != 5 {
		t.Errorf("%d in the audit (%v)", len(rows), err)
	}
	if all := strings.Join(rows, "\n"); strings.Contains(all, "nobody") || strings.Contains(all, "no login") || !strings.Contains(all, "accounts/ombuds") || !strings.Contains(all, "192.0.2.1") {
		t.Errorf("audit: %s", all)
	}
}

func TestGuessersWaitAndTheOwnBrowserDoesNot(t *testing.T) {
	h := openHouse(t)
	own := h.in(t, "ombuds")
	guesser := h.browser()
	for range 5 {
		problem(t, guesser.logIn("ombuds", "guess"), http.StatusUnauthorized)
	}
	w := guesser.logIn("ombuds", "long enough")
	if problem(t, w, http.StatusTooManyRequests); w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	answer(t, own.logIn("ombuds", "long enough"), http.StatusOK)
	stolen := own.cookies["__Host-device"]
	guesser.cookies["__Host-device"] = stolen // known for ombuds, of no use for another
	problem(t, guesser.logIn("intake", "guess"), http.StatusUnauthorized)
	if guesser.isIn() {
		t.Error("a device lets in")
	}
}

func TestAnAccountBeginsWithAOneTimePassword(t *testing.T) {
	h := openHouse(t)
	made := answer(t, h.ask("POST", "/api/v1/accounts", h.tokens["admin"],
		`{"login": "nele", "name": "Nele Nieuw", "role": "handler", "department": "POST"}`), http.StatusCreated)
	b := h.browser()
	if who := answer(t, b.logIn("nele", made["one_time_password"].(string)), http.StatusOK); who["must_change_password"] != true {
		t.Errorf("%v", who)
	}
	if p := problem(t, b.ask("GET", "/api/v1/consultations", ""), http.StatusForbidden); p.Code != "password_change_required" {
		t.Errorf("%+v", p)
	}
	change := func(to string) *httptest.ResponseRecorder {
		return b.ask("POST", "/api/v1/me/password", fmt.Sprintf(`{"current_password": %q, "new_password": %q}`, made["one_time_password"], to))
	}
	for _, weak := range []string{"short", "aaaaaaaaaaaaaaaa", "i am nele, let me in", made["one_time_password"].(string)} {
		problem(t, change(weak), http.StatusUnprocessableEntity)
	}
	before := b.cookies["__Host-session"]
	answer(t, change("een lange zin"), http.StatusOK)
	if b.cookies["__Host-session"] == before {
		t.Error("the session was not renewed")
	}
	answer(t, b.ask("GET", "/api/v1/consultations", ""), http.StatusOK)
	problem(t, h.browser().logIn("nele", made["one_time_password"].(string)), http.StatusUnauthorized)
	answer(t, h.browser().logIn("NELE ", "een lange zin"), http.StatusOK)
}

func TestAChangeOfPasswordRoleOrDepartmentEndsSessionsAtOnce(t *testing.T) {
	h := openHouse(t)
	for name, change := range map[string][2]string{
		"reset":      {"/api/v1/accounts/other/password", `{}`},
		"role":       {"/api/v1/accounts/other", `{"role": "intake"}`},
		"department": {"/api/v1/accounts/other", `{"role": "handler", "department": "ONTHAAL"}`},
		"logout":     {"/api/v1/accounts/other/logout", `{}`},
	} {
		h.db.MustExec(`UPDATE accounts SET role = 'handler', department = 'POST', one_time_until = NULL,
			password_hash = (SELECT password_hash FROM accounts WHERE login = 'intake') WHERE login = 'other'`)
		b := h.in(t, "other")
		if w := h.ask("POST", change[0], h.tokens["admin"], change[1]); w.Code >= 300 {
			t.Fatalf("%s: %d %s", name, w.Code, w.Body)
		}
		if b.isIn() {
			t.Errorf("%s: the session goes on", name)
		}
		answer(t, h.ask("GET", "/api/v1/me", h.tokens["other"], ""), http.StatusOK)
	}
	b := h.in(t, "ombuds")
	answer(t, h.ask("POST", "/api/v1/accounts/ombuds", h.tokens["admin"], `{"name": "Olga Anders"}`), http.StatusOK)
	if !b.isIn() {
		t.Error("another name ends the session")
	}
}

func TestADisabledAccountIsOutForGood(t *testing.T) {
	h := openHouse(t)
	b := h.in(t, "ombuds")
	answer(t, h.ask("POST", "/api/v1/accounts/ombuds", h.tokens["admin"], `{"disabled": true}`), http.StatusOK)
	if b.isIn() {
		t.Error("the session goes on")
	}
	problem(t, h.ask("GET", "/api/v1/me", h.tokens["ombuds"], ""), http.StatusUnauthorized)
	problem(t, h.browser().logIn("ombuds", "long enough"), http.StatusUnauthorized)
	again := answer(t, h.ask("POST", "/api/v1/accounts/ombuds", h.tokens["admin"], `{"disabled": false}`), http.StatusOK)
	if again["disabled_at"] != nil {
		t.Errorf("%v", again)
	}
	problem(t, h.ask("GET", "/api/v1/me", h.tokens["ombuds"], ""), http.StatusUnauthorized) // its old token stays revoked
	answer(t, h.browser().logIn("ombuds", "long enough"), http.StatusOK)
}

func TestTheLastAdminStays(t *testing.T) {
	h := openHouse(t)
	for _, change := range []string{`{"disabled": true}`, `{"role": "ombuds"}`} {
		if p := problem(t, h.ask("POST", "/api/v1/accounts/admin", h.tokens["admin"], change), http.StatusConflict); p.Code != "last_admin" {
			t.Errorf("%s: %+v", change, p)
		}
	}
	answer(t, h.ask("POST", "/api/v1/accounts", h.tokens["admin"], `{"login": "second", "name": "Second", "role": "admin"}`), http.StatusCreated)
	answer(t, h.ask("POST", "/api/v1/accounts/second", h.tokens["admin"], `{"disabled": true}`), http.StatusOK)
	problem(t, h.ask("POST", "/api/v1/accounts/admin", h.tokens["admin"], `{"disabled": true}`), http.StatusConflict)
	answer(t, h.ask("POST", "/api/v1/accounts/second", h.tokens["admin"], `{"disabled": false}`), http.StatusOK)
	answer(t, h.ask("POST", "/api/v1/accounts/admin", h.tokens["admin"], `{"disabled": true}`), http.StatusOK)
}

func TestAccountsThatCouldNotWorkAreRefused(t *testing.T) {
	h := openHouse(t)
	for _, body := range []string{
		`{"login": "Upper", "name": "X", "role": "intake"}`, `{"login": "public", "name": "X", "role": "intake"}`,
		`{"login": "x", "name": " ", "role": "intake"}`, `{"login": "x", "name": "X\nY", "role": "intake"}`,
		`{"login": "x", "name": "X", "role": "boss"}`, `{"login": "x", "name": "X", "role": "handler"}`,
		`{"login": "x", "name": "X", "role": "handler", "department": "NOWHERE"}`,
		`{"login": "x", "name": "X", "role": "ombuds", "department": "POST"}`,
	} {
		problem(t, h.ask("POST", "/api/v1/accounts", h.tokens["admin"], body), http.StatusUnprocessableEntity)
	}
	problem(t, h.ask("POST", "/api/v1/accounts", h.tokens["admin"], `{"login": "ombuds", "name": "X", "role": "intake"}`), http.StatusConflict)
	problem(t, h.ask("POST", "/api/v1/accounts/nobody", h.tokens["admin"], `{"name": "X"}`), http.StatusNotFound)
	problem(t, h.ask("POST", "/api/v1/accounts/nobody/password", h.tokens["admin"], `{}`), http.StatusNotFound)
	problem(t, h.ask("POST", "/api/v1/accounts/nobody/tokens", h.tokens["admin"], `{"label": "x"}`), http.StatusNotFound)
	problem(t, h.ask("POST", "/api/v1/accounts/other", h.tokens["admin"], `{"department": ""}`), http.StatusUnprocessableEntity)
}

func TestWhatIsDoneToAccountsStandsInTheAudit(t *testing.T) {
	h := openHouse(t)
	b := h.in(t, "ombuds")
	b.ask("DELETE", "/api/v1/session", "")
	h.ask("POST", "/api/v1/accounts/ombuds", h.tokens["admin"], `{"name": "Olga Geheimnaam"}`)
	h.ask("POST", "/api/v1/accounts/ombuds/password", h.tokens["admin"], `{}`)
	h.ask("POST", "/api/v1/accounts/ombuds/tokens", h.tokens["admin"], `{"label": "geheimlabel"}`)
	h.ask("GET", "/api/v1/accounts", h.tokens["admin"], "")
	var rows []string
	if err := h.db.Select(&rows, `SELECT actor || ' ' || action || ' ' || address || ' ' || fields::text FROM audit ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"ombuds login 192.0.2.1 {accounts/ombuds}", "ombuds logout 192.0.2.1 {accounts/ombuds}",
		"admin account_changed 192.0.2.1 {accounts/ombuds,name}", "admin password_reset 192.0.2.1 {accounts/ombuds,password,sessions}",
		"admin token_issued 192.0.2.1 {accounts/ombuds,tokens}", "admin look_accounts 192.0.2.1 {accounts}",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("audit:\n%s", strings.Join(rows, "\n"))
	}
}
