package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
)

// visit is how somebody comes: with a token, a cookie, or both.
type visit struct {
	token   string
	headers []string
	as      string // the walker as whom it counts; "nobody": it lets nobody in anywhere
	foreign bool   // sent by a page of another site
}

// visits are the ways to come, good ones and bad ones.
func (s *scene) visits() map[string]visit {
	const cookie = "__Host-session"
	session := s.in(s.t, "ombuds-2").cookies[cookie]
	ended := s.in(s.t, "ombuds-2")
	over := ended.cookies[cookie]
	if w := ended.ask("DELETE", "/api/v1/session", ""); w.Code != http.StatusNoContent {
		s.t.Fatalf("%d: %s", w.Code, w.Body)
	}
	s.db.MustExec(`UPDATE accounts SET disabled_at = NULL WHERE login = 'gone'`)
	disabled := s.in(s.t, "gone").cookies[cookie]
	s.db.MustExec(`UPDATE accounts SET disabled_at = $1 WHERE login = 'gone'`, noon)
	with := func(cookies string, more ...string) []string {
		return append([]string{"Cookie", cookie + "=" + cookies}, more...)
	}
	return map[string]visit{
		"a token that is none":                  {token: "nonsense", as: "nobody"},
		"an expired token":                      {token: s.tokens["expired"], as: "nobody"},
		"a revoked token":                       {token: s.tokens["revoked"], as: "nobody"},
		"the token of a disabled account":       {token: s.tokens["gone"], as: "nobody"},
		"a bad token beside a session":          {token: "nonsense", headers: with(session), as: "nobody"},
		"a session":                             {headers: with(session, "Sec-Fetch-Site", "same-origin"), as: "ombuds-2"},
		"a session, from another site":          {headers: with(session, "Sec-Fetch-Site", "cross-site"), as: "ombuds-2", foreign: true},
		"a session, of an older browser":        {headers: with(session, "Origin", "https://elsewhere.example"), as: "ombuds-2", foreign: true},
		"a session after its end":               {headers: with(over), as: ""},
		"the session of a disabled account":     {headers: with(disabled), as: ""},
		"a session that is none":                {headers: with("nonsense"), as: ""},
		"a token beside a session":              {token: s.tokens["auditor"], headers: with(session), as: "auditor"},
		"a token beside a session that is over": {token: s.tokens["handler"], headers: with(over), as: "handler"},
	}
}

// probes are told nothing of who asks.
var probes = map[string]bool{"GET /healthz": true, "GET /readyz": true, "GET /metrics": true, "GET /openapi.json": true}

// expected is what a way to come is answered on a step.
func (v visit) expected(st step) int {
	switch {
	case probes[st.method+" "+st.path]:
		return http.StatusOK // nobody asks who looks
	case v.as == "nobody":
		return http.StatusUnauthorized
	case v.foreign && st.method != http.MethodGet:
		return http.StatusForbidden
	}
	return st.status(v.as)
}

// Each door is tried on every route, at an ordinary complaint and at none.
func (s *scene) tryEveryDoor(t *testing.T) {
	visits := s.visits()
	before := s.contents(t)
	for _, route := range s.routes(t) {
		for _, st := range s.steps(route) {
			if st.object != "" && st.object != "ordinary" && st.object != "absent" {
				continue
			}
			address := 0
			for way, v := range visits {
				address++
				s.enter(t, st, way, v, fmt.Sprintf("198.51.100.%d", address))
			}
		}
	}
	if after := s.contents(t); !maps.Equal(before, after) {
		t.Errorf("what is refused changes something: %v", differing(before, after))
	}
}

func (s *scene) enter(t *testing.T, st step, way string, v visit, address string) {
	t.Helper()
	want := v.expected(st)
	asks := func(c counter) func() *httptest.ResponseRecorder {
		return func() *httptest.ResponseRecorder { return s.send(c, st, v.token, address, v.headers...) }
	}
	if want != ok && want >= http.StatusMultipleChoices {
		w := asks(s.counter)()
		if w.Code != want {
			t.Errorf("%s with %s: %d, want %d: %s", st.route, way, w.Code, want, w.Body)
			return
		}
		problem(t, copyOf(w), want)
		if mark.MatchString(w.Body.String()) {
			t.Errorf("%s with %s tells %s", st.route, way, w.Body)
		}
		return
	}
	if w := tried(t, s.rewinder, asks(s.rewound)); w.Code != want && !(want == ok && w.Code < http.StatusMultipleChoices) {
		t.Errorf("%s with %s: %d, want %d: %s", st.route, way, w.Code, want, w.Body)
	}
}
