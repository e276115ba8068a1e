package api_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// walkers are who walks: each role, two handlers of different departments, the
// officer and the handler who are named as involved in the conflict (they are the
// ones without a number), and one who is not.
var walkers = map[string]string{ // to the role
	"": "public", "intake": "intake", "handler": "handler", "other": "handler", "ombuds": "ombuds", "ombuds-2": "ombuds",
	"supervisor": "supervisor", "dpo": "dpo", "auditor": "auditor", "admin": "admin",
}

// step is one call of a route on one object.
type step struct {
	route, object, method, path, body string
	cell                              string // of the table
}

// expects reads a cell: a status, and others for some callers.
func (s step) expects(caller string) int {
	fields := strings.Split(s.cell, ",")
	want := fields[0]
	for _, except := range fields[1:] {
		if who, status, _ := strings.Cut(except, ":"); slices.Contains(strings.Split(who, "+"), caller) {
			want = status
		}
	}
	if want == "ok" {
		return ok
	}
	status, err := strconv.Atoi(want)
	if err != nil {
		return -1 // no status at all: the table is wrong
	}
	return status
}

// status is what a caller is to be answered.
func (s step) status(caller string) int {
	role := walkers[caller]
	route, _, _ := strings.Cut(s.route, " of ")
	switch {
	case lets(route, role):
		return s.expects(caller)
	case role == "public":
		return http.StatusUnauthorized
	}
	return http.StatusForbidden
}

// worthwhile leaves out most objects for whom the route itself refuses: that this
// comes before any object is looked at shows on three.
func (s step) worthwhile(caller string) bool {
	route, _, _ := strings.Cut(s.route, " of ")
	return lets(route, walkers[caller]) || !slices.Contains(cases, s.object) || s.object == "ordinary" || s.object == "pure"
}

// steps lists the calls of a route: on each object of its row, and on one that is
// not there, which must look no different from what is not for the caller.
func (s *scene) steps(route string) []step {
	s.t.Helper()
	method, path, _ := strings.Cut(route, " ")
	if !strings.Contains(path, "{") {
		return []step{{route: route, method: method, path: s.path(route, nil), body: s.body(route), cell: "ok"}}
	}
	if loose, ok := onOthers[route]; ok {
		var found []step
		for id, cell := range loose {
			login, last, _ := strings.Cut(id, " ")
			named := strings.NewReplacer("{login}", login, "{id}", cmp.Or(last, id)).Replace(path)
			found = append(found, step{route: route, object: id, method: method, path: named, body: s.body(route), cell: cell})
		}
		return found
	}
	var found []step
	for _, row := range []string{route, route + " of the DPO", route + " of a department"} {
		if cells := strings.Fields(onCases[row]); len(cells) == len(cases) {
			for i, name := range cases {
				if cells[i] != "-" {
					found = append(found, step{row, name, method, s.path(row, s.objects[name]), s.body(route), cells[i]})
				}
			}
			found = append(found, step{row, "absent", method, s.path(row, &absent), s.body(route), "404"})
		}
	}
	if len(found) == 0 {
		s.t.Errorf("%s has no row: say what it answers on each of %v", route, cases)
	}
	return found
}

// path fills an object into a route.
func (s *scene) path(row string, o *object) string {
	route, of, _ := strings.Cut(row, " of ")
	_, path, _ := strings.Cut(route, " ")
	if path == "/api/v1/deadline" {
		return path + "?received_at=2026-02-13T10:00:00Z"
	}
	if o == nil {
		return path
	}
	number, id, workflow := o.number, o.consultation, "complaint-"+o.number
	switch {
	case strings.Contains(path, "/service-first/"):
		number = o.task
	case strings.Contains(path, "/letters/"):
		id = o.letter
	case strings.Contains(path, "/attachments/"):
		id = o.document
	case strings.Contains(path, "/findings/"):
		id = o.finding
	}
	switch of {
	case "the DPO":
		id, workflow = o.dpoLetter, "privacy-"+o.number
	case "a department":
		id = o.fromDepartment
	}
	return strings.NewReplacer("{number}", number, "{receipt_code}", o.code, "{id}", fmt.Sprint(id), "{workflow_id}", workflow).Replace(path)
}

func (s *scene) body(route string) string {
	if route == "POST "+lodging {
		return webForm
	}
	return strings.Replace(bodies[route], "2026-000122", s.objects["foreign"].number, 1)
}

// send asks with one of the counters; each caller comes from an address of its own.
func (s *scene) send(c counter, st step, token, address string, headers ...string) *httptest.ResponseRecorder {
	body, kind := st.body, "application/json"
	if strings.HasSuffix(st.route, "/form") {
		body, kind = formOf(map[string][]string{"intake": {"web_form"}, "language": {"nl"}, "text": {"Te laat."},
			"complainant.name": {"Jan"}, "complainant.email": {"jan@voorbeeld.example"}})
	}
	r := httptest.NewRequest(st.method, st.path, strings.NewReader(body))
	r.RemoteAddr = address + ":4711"
	if body != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return c.send(r)
}

// ok is any success: what is done there is no matter of objects.
const ok = 0

// call makes a step as a caller, and takes back what it changed where it is let
// do something; what is refused must change nothing by itself.
func (s *scene) call(st step, caller, address string) *httptest.ResponseRecorder {
	if want := st.status(caller); want == ok || want < http.StatusMultipleChoices {
		return tried(s.t, s.rewinder, func() *httptest.ResponseRecorder { return s.send(s.rewound, st, s.tokens[caller], address) })
	}
	return s.send(s.counter, st, s.tokens[caller], address)
}

func TestEveryCallerOnEveryRouteAndEveryComplaint(t *testing.T) {
	s := openScene(t)
	for _, part := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"by role", s.walk}, {"by every door", s.tryEveryDoor}, {"what handlers can count", s.handlersCountTheirOwn},
		{"what is left of a privacy file", s.privacyFilesLeaveNoTrace}, {"duplicates", s.duplicatesAreForWhoMayKnowThem},
	} {
		t.Run(part.name, func(t *testing.T) {
			s.t = t
			part.do(t)
		})
	}
}

func (s *scene) walk(t *testing.T) {
	before := s.contents(t)
	for _, route := range s.routes(t) {
		absences := map[string]string{} // by row and caller: the answer for what is not there
		for _, st := range slices.Backward(s.steps(route)) {
			for i, caller := range slices.Sorted(maps.Keys(walkers)) {
				if !st.worthwhile(caller) {
					continue
				}
				w := s.call(st, caller, fmt.Sprintf("192.0.2.%d", i+1))
				s.judge(st, caller, w)
				key := st.route + caller
				if st.object == "absent" {
					absences[key] = shape(w)
				} else if (w.Code == http.StatusNotFound || !lets(route, walkers[caller])) && absences[key] != "" && shape(w) != absences[key] {
					t.Errorf("%s tells %s that the %s one is there:\n%s\nof none:\n%s", st.route, caller, st.object, shape(w), absences[key])
				}
			}
		}
		if strings.HasPrefix(route, "GET ") {
			continue
		}
		if after := s.contents(t); !maps.Equal(before, after) {
			t.Errorf("%s changes something where it refuses: %v", route, differing(before, after))
			before = after
		}
	}
	for row := range onCases {
		if route, _, _ := strings.Cut(row, " of "); mayCall[route] == "" {
			t.Errorf("%s is no route", row)
		}
	}
}

func differing(a, b map[string]string) []string {
	var names []string
	for name := range a {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	return names
}

// shape is all of an answer that a caller can tell it from another by.
func shape(w *httptest.ResponseRecorder) string {
	headers := w.Header().Clone()
	headers.Del("X-Request-Id")
	return fmt.Sprint(w.Code, headers, w.Body)
}
