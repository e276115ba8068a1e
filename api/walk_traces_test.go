package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// pages reads a list to its end, one by one, and answers with its numbers.
func (s *scene) pages(t *testing.T, path, login string) []string {
	t.Helper()
	numbers, cursor := []string{}, ""
	for range 20 {
		list := answer(t, s.ask("GET", "/api/v1"+path+cursor, s.tokens[login], ""), http.StatusOK)
		for _, item := range list["items"].([]any) {
			numbers = append(numbers, item.(map[string]any)["number"].(string))
		}
		if len(list) != 2 {
			t.Errorf("%s tells %s more than items and next_cursor: %v", path, login, list)
		}
		next, more := list["next_cursor"].(string)
		if !more {
			return numbers
		}
		cursor = "&cursor=" + url.QueryEscape(next)
	}
	t.Fatalf("%s has no end", path)
	return nil
}

func (s *scene) numbers(names ...string) []string {
	var found []string
	for _, name := range names {
		found = append(found, s.objects[name].number)
	}
	slices.Sort(found)
	return found
}

// Lists, their ends and the cursors of others show handlers their own department's
// questions; whoever asks for another department's is refused, whatever there is.
func (s *scene) handlersCountTheirOwn(t *testing.T) {
	departments := map[string]string{"handler": "HOSPITALISATIE", "other": "POST"}
	questions := map[string][]string{"handler": s.numbers("ordinary", "conflict", "mixed", "closed"), "other": s.numbers("foreign")}
	helped := map[string][]string{"handler": {s.objects["ordinary"].task}, "other": {s.objects["foreign"].task}}
	for list, own := range map[string]map[string][]string{"/consultations?limit=1": questions, "/service-first?limit=1": helped} {
		for login, want := range own {
			for _, filter := range []string{"", "&open=false", "&department=" + departments[login]} {
				found := s.pages(t, list+filter, login)
				if slices.Sort(found); !slices.Equal(found, want) {
					t.Errorf("%s lists %v in %s%s, want %v", login, found, list, filter, want)
				}
			}
			refused := ""
			for _, another := range []string{"HOSPITALISATIE", "POST", "UITKERINGEN", "NIEMAND"} {
				if another == departments[login] {
					continue
				}
				w := s.ask("GET", "/api/v1"+list+"&department="+another, s.tokens[login], "")
				problem(t, copyOf(w), http.StatusForbidden)
				if refused == "" {
					refused = w.Body.String()
				}
				if w.Body.String() != refused {
					t.Errorf("%s is told of %s: %s", login, another, w.Body)
				}
			}
		}
	}
	for _, list := range []string{"/consultations?limit=1", "/service-first?limit=1"} {
		page := answer(t, s.ask("GET", "/api/v1"+list, s.tokens["ombuds"], ""), http.StatusOK)
		cursor, _ := page["next_cursor"].(string)
		for _, number := range s.pages(t, list+"&cursor="+url.QueryEscape(cursor), "other") {
			if number != s.objects["foreign"].number && number != s.objects["foreign"].task {
				t.Errorf("with an officer's cursor %s lists %s", list, number)
			}
		}
	}
	figures := s.ask("GET", "/metrics", "", "").Body.String()
	for name, o := range s.objects {
		if strings.Contains(figures, o.number) || strings.Contains(figures, "mark"+name) {
			t.Errorf("the figures name the %s complaint", name)
		}
	}
}

// Of a complaint that is the DPO's alone everybody else has number, dates and that
// it was referred, and no other complaint points to it.
func (s *scene) privacyFilesLeaveNoTrace(t *testing.T) {
	pure, ordinary := s.objects["pure"], s.objects["ordinary"]
	s.db.MustExec(`INSERT INTO events (number, at, kind, actor, details)
		VALUES ($1, now(), 'registered', 'procedure', jsonb_build_object('earlier', jsonb_build_array($2::text)))`, ordinary.number, pure.number)
	plain := []string{"number", "stage", "result", "received_on", "last_day", "send_by", "ends_at", "overdue", "days_left", "waiting_for", "officer", "concealed", "received_at"}
	for _, login := range []string{"intake", "ombuds", "supervisor"} {
		found := false
		for _, item := range answer(t, s.ask("GET", "/api/v1/complaints", s.tokens[login], ""), http.StatusOK)["items"].([]any) {
			row := item.(map[string]any)
			if row["number"] != pure.number {
				continue
			}
			found = true
			for field, value := range row {
				if !slices.Contains(plain, field) && value != nil && value != "" && value != false {
					t.Errorf("%s is listed the %s of a privacy file: %v", login, field, value)
				}
			}
		}
		if !found {
			t.Errorf("%s is not listed that there is one", login)
		}
		for _, filter := range []string{"department=HOSPITALISATIE", "language=nl", "q=markpuretekst", "q=markpure", "q=markpurebrief"} {
			if slices.Contains(s.pages(t, "/complaints?limit=200&"+filter, login), pure.number) {
				t.Errorf("%s finds it by %s", login, filter)
			}
		}
		letters := s.ask("GET", "/api/v1/letters?limit=200", s.tokens[login], "").Body.String()
		for _, item := range items(t, letters) {
			if item["number"] == pure.number && (item["department"] != nil || item["settled_reason"] != nil || strings.HasPrefix(item["kind"].(string), "privacy-transfer")) {
				t.Errorf("%s is listed a letter of it: %v", login, item)
			}
		}
	}
	for _, login := range []string{"ombuds", "supervisor"} {
		own := s.ask("GET", "/api/v1/complaints/"+pure.number, s.tokens[login], "").Body.String()
		for _, trace := range []string{"mark", "HOSPITALISATIE", "breach", "department_asked", "department_answered", "noted", "handler"} {
			if strings.Contains(own, trace) {
				t.Errorf("its own file tells %s %s: %s", login, trace, own)
			}
		}
		if told := s.ask("GET", "/api/v1/complaints/"+ordinary.number, s.tokens[login], "").Body.String(); strings.Contains(told, pure.number) {
			t.Errorf("the file of another complaint tells %s of it: %s", login, told)
		}
		if told := s.ask("GET", "/api/v1/complaints/"+s.objects["mixed"].number, s.tokens[login], "").Body.String(); strings.Contains(told, "breach") {
			t.Errorf("the file of a mixed complaint tells %s of a breach: %s", login, told)
		}
	}
}

func items(t *testing.T, body string) []map[string]any {
	t.Helper()
	var list struct{ Items []map[string]any }
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatal(err)
	}
	return list.Items
}

// Who lodges hears of what the same person may have sent before: the DPO of what
// was referred, others of what is not the DPO's alone, the public of nothing.
func (s *scene) duplicatesAreForWhoMayKnowThem(t *testing.T) {
	for name, knowing := range map[string][]string{
		"ordinary": {"intake", "ombuds"}, "unsplit": {"intake", "ombuds", "dpo"}, "mixed": {"intake", "ombuds", "dpo"}, "pure": {"dpo"},
	} {
		for _, login := range []string{"", "intake", "ombuds", "dpo"} {
			body := fmt.Sprintf(marked, name, "")
			if login == "" {
				body = strings.Replace(strings.Replace(body, `"email", "language"`, `"web_form", "language"`, 1), `"received_at": "2026-02-27T09:00:00Z",`, "", 1)
			}
			st := step{route: "POST " + lodging, method: "POST", path: lodging, body: body}
			told := tried(t, s.rewinder, func() *httptest.ResponseRecorder { return s.send(s.rewound, st, s.tokens[login], "203.0.113.9") })
			found := strings.Contains(answerField(t, told, "possible_duplicates"), s.objects[name].number)
			if found != slices.Contains(knowing, login) {
				t.Errorf("%q lodges and hears of the %s one: %t", login, name, found)
			}
		}
	}
}

func answerField(t *testing.T, w *httptest.ResponseRecorder, field string) string {
	t.Helper()
	return fmt.Sprint(answer(t, w, http.StatusCreated)[field])
}
