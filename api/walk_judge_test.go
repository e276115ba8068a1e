package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
)

// mark is what is written on a complaint of a scene: its name, and which part.
var mark = regexp.MustCompile(`mark(` + strings.Join(cases, "|") + `)([a-z]*)`)

// headers are all that an answer may carry: none of them counts what there is.
var headers = []string{"Content-Type", "Content-Length", "Content-Disposition", "Location", "Retry-After", "Set-Cookie", "Www-Authenticate", "X-Request-Id",
	"X-Content-Type-Options", "Cache-Control", "Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Strict-Transport-Security",
	"Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy", "Vary"}

// reads tells whose words a caller may read: all, or those of some parts.
func reads(caller, name, part string) bool {
	switch walkers[caller] {
	case "intake", "ombuds", "supervisor": // everything but what is the DPO's
		return name != "pure" && part != "geheim"
	case "dpo":
		return name == "pure" || (name == "mixed" || name == "unsplit") && !slices.Contains([]string{"vraag", "antwoord", "nota", "brief"}, part)
	case "handler": // what answering needs
		return own(caller, name) && slices.Contains([]string{"naam", "onderwerp", "lid", "kenmerk", "vraag", "antwoord"}, part)
	}
	return false // the public, the auditor and the admin
}

// knows tells of which complaints a caller may know.
func knows(caller, name string) bool {
	switch walkers[caller] {
	case "intake", "ombuds", "supervisor", "auditor":
		return true
	case "dpo":
		return name == "unsplit" || name == "mixed" || name == "pure"
	case "handler":
		return own(caller, name)
	}
	return false
}

// own tells whether a handler's department is asked about a complaint, and it has
// not become the DPO's alone.
func own(caller, name string) bool {
	if caller == "other" {
		return name == "foreign"
	}
	return slices.Contains([]string{"ordinary", "conflict", "mixed", "closed"}, name)
}

// judge holds an answer against the table, and against what its caller may read
// and know.
func (s *scene) judge(st step, caller string, w *httptest.ResponseRecorder) {
	s.t.Helper()
	who := fmt.Sprintf("%s on the %s one as %q", st.route, st.object, caller)
	if want := st.status(caller); w.Code != want && !(want == ok && w.Code < http.StatusMultipleChoices) {
		s.t.Errorf("%s: %d, want %d: %.300s", who, w.Code, want, w.Body)
	}
	if w.Code >= http.StatusBadRequest {
		problem(s.t, copyOf(w), w.Code)
	}
	told := w.Body.String() + fmt.Sprint(w.Header())
	for _, found := range mark.FindAllStringSubmatch(told, -1) {
		if w.Code >= http.StatusBadRequest || !reads(caller, found[1], found[2]) {
			s.t.Errorf("%s tells %s", who, found[0])
		}
	}
	for name, o := range s.objects {
		for _, number := range []string{o.number, o.task} {
			refused := slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, w.Code)
			if number != "" && strings.Contains(told, number) && (refused || name != st.object && !knows(caller, name)) {
				s.t.Errorf("%s (%d) tells that there is the %s one", who, w.Code, name)
			}
		}
	}
	for header := range w.Header() {
		if !slices.Contains(headers, header) {
			s.t.Errorf("%s carries the header %s", who, header)
		}
	}
}

// copyOf leaves the answer itself to be read again.
func copyOf(w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	c := httptest.NewRecorder()
	c.Code = w.Code
	c.Header().Set("Content-Type", w.Header().Get("Content-Type"))
	c.Body.Write(w.Body.Bytes())
	return c
}
