package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"ombudsdienst/api"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func TestTheTermIsDerivedForAnyone(t *testing.T) {
	c := open(t)
	for query, want := range map[string][4]string{
		"received_at=2026-02-13T10:00:00%2B01:00":         {"2026-02-13", "2026-03-30", "2026-03-30", "2026-03-31T00:00:00+02:00"},
		"received_at=2026-02-13T10:00:00+01:00":           {"2026-02-13", "2026-03-30", "2026-03-30", "2026-03-31T00:00:00+02:00"},
		"received_at=2026-09-09T22:30:00Z":                {"2026-09-10", "2026-10-25", "2026-10-23", "2026-10-26T00:00:00+01:00"},
		"received_at=2026-02-13T10:00:00%2B01:00&term=10": {"2026-02-13", "2026-02-23", "2026-02-23", "2026-02-24T00:00:00+01:00"},
	} {
		body := answer(t, c.ask("GET", "/api/v1/deadline?"+query, "", ""), http.StatusOK)
		if got := [4]string{body["day_0"].(string), body["last_day"].(string), body["send_by"].(string), body["ends_at"].(string)}; got != want {
			t.Errorf("%s: %v", query, got)
		}
		if steps := body["derivation"].([]any); len(steps) == 0 {
			t.Errorf("%s: no derivation", query)
		}
	}
}

func TestTheTermNeedsAMomentAndSomeDays(t *testing.T) {
	c := open(t)
	for query, location := range map[string]string{
		"":                                          "query.received_at",
		"received_at=2026-02-13":                    "query.received_at",
		"received_at=2026-02-13T10:00:00":           "query.received_at",
		"received_at=1999-12-31T10:00:00Z":          "query.received_at",
		"received_at=2100-12-31T23:30:00Z":          "query.received_at",
		"received_at=2026-02-13T10:00:00Z&term=0":   "query.term",
		"received_at=2026-02-13T10:00:00Z&term=367": "query.term",
		"received_at=2026-02-13T10:00:00Z&term=x":   "query.term",
		"received_at=2026-02-13T10:00:00Z&terms=45": "query.terms",
		"received_at=2026-02-13T10:00:00Z&term=%00": "query",
	} {
		p := problem(t, c.ask("GET", "/api/v1/deadline?"+query, "", ""), http.StatusUnprocessableEntity)
		if p.Errors[0].Location != location {
			t.Errorf("%s: %+v", query, p.Errors)
		}
	}
}

func TestListsTakeEveryFilter(t *testing.T) {
	c := open(t)
	w := c.ask("GET", "/api/v1/complaints?stage=assessing&department=POST&language=nl&overdue=true&due_before=2026-03-01"+
		"&received_from=2026-01-01&received_to=2026-01-31&mine=true&q=te+laat&limit=7&cursor=abc", "ombuds", "")
	body := answer(t, w, http.StatusOK)
	if items, ok := body["items"].([]any); !ok || len(items) != 0 {
		t.Errorf("an empty list is %v", body["items"])
	}
	if next, told := body["next_cursor"]; !told || next != nil {
		t.Errorf("next_cursor %v", next)
	}
	want := register.ComplaintFilter{
		Stage: complaint.Assessing, Department: "POST", Language: "nl", Overdue: true,
		DueBefore: complaint.NewDay(2026, 3, 1), ReceivedFrom: complaint.NewDay(2026, 1, 1), ReceivedTo: complaint.NewDay(2026, 1, 31),
		Mine: true, Q: "te laat", Paging: register.Paging{Limit: 7, Cursor: "abc"},
	}
	if !reflect.DeepEqual(c.desk.got, want) {
		t.Errorf("%+v", c.desk.got)
	}
	answer(t, c.ask("GET", "/api/v1/complaints", "ombuds", ""), http.StatusOK)
	if got := c.desk.got.(register.ComplaintFilter); got.Limit != 50 {
		t.Errorf("usual limit %d", got.Limit)
	}
	for _, query := range []string{"limit=0", "limit=201", "stage=open", "due_before=1", "overdue=perhaps", "colour=red"} {
		problem(t, c.ask("GET", "/api/v1/complaints?"+query, "ombuds", ""), http.StatusUnprocessableEntity)
	}
}

func TestAFileLinksToItsProcedure(t *testing.T) {
	body := answer(t, open(t).ask("GET", "/api/v1/complaints/2026-000123", "supervisor", ""), http.StatusOK)
	want := map[string]any{
		"workflow_id": "complaint-2026-000123",
		"url":         "http://127.0.0.1:8233/namespaces/default/workflows/complaint-2026-000123",
	}
	if !reflect.DeepEqual(body["temporal"], want) {
		t.Errorf("%v", body["temporal"])
	}
	for _, list := range []string{"consultations", "letters", "recommendations", "events"} {
		if _, ok := body[list].([]any); !ok {
			t.Errorf("%s is %v, not a list", list, body[list])
		}
	}
}

func TestACommandAnswersWhereTheCaseStands(t *testing.T) {
	c := open(t)
	want := map[string]any{"number": "2026-000123", "stage": "investigating", "waiting_for": "ombuds"}
	if body := answer(t, c.ask("POST", "/api/v1/consultations/7/answer", "handler", `{"answer": "Ja."}`), http.StatusAccepted); !reflect.DeepEqual(body, want) {
		t.Errorf("%v", body)
	}
	if c.desk.actor.Department != "HOSPITALISATIE" {
		t.Errorf("answered by %+v", c.desk.actor)
	}
	w := c.ask("POST", "/api/v1/complaints/2026-000123/consultations", "ombuds", `{"department": "POST", "question": "Waarom?", "due_on": "2026-03-20"}`)
	if body := answer(t, w, http.StatusCreated); body["id"] != 7.0 || w.Header().Get("Location") != "/api/v1/consultations/7" {
		t.Errorf("%v", body)
	}
}

func TestADocumentIsKeptAndNeverShown(t *testing.T) {
	w := open(t).ask("GET", "/api/v1/attachments/7", "ombuds", "")
	for header, want := range map[string]string{
		"Content-Type":            "application/octet-stream",
		"Content-Disposition":     `attachment; filename="brief __n.html"; filename*=UTF-8''brief%20%C3%A9%C3%A9n.html`,
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
		"Cache-Control":           "no-store",
	} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s: %q", header, got)
		}
	}
	if w.Body.String() != "<script>" {
		t.Errorf("content %q", w.Body)
	}
}

func TestTheOrganisationTellsNobodysMailAddress(t *testing.T) {
	c := open(t)
	w := c.ask("GET", "/api/v1/organisation", "", "")
	if name := answer(t, w, http.StatusOK)["service"].(map[string]any)["nl"]; name != "Ombudsdienst en Kwaliteit van diensten" {
		t.Errorf("service %v", name)
	}
	departments := c.ask("GET", "/api/v1/departments", "", "").Body.String()
	if !strings.Contains(departments, `"code":"HOSPITALISATIE"`) || strings.Contains(departments, "@") {
		t.Errorf("departments %s", departments)
	}
}

func TestACallerIsToldWhoTheyAre(t *testing.T) {
	c := open(t)
	want := map[string]any{"login": "handler", "name": "Handler 1", "role": "handler", "department": "HOSPITALISATIE", "must_change_password": false}
	if body := answer(t, c.ask("GET", "/api/v1/me", "handler", ""), http.StatusOK); !reflect.DeepEqual(body, want) {
		t.Errorf("%v", body)
	}
	if body := answer(t, c.ask("GET", "/api/v1/me", "dpo", ""), http.StatusOK); body["department"] != nil {
		t.Errorf("%v", body)
	}
	w := c.ask("GET", "/api/v1/me", "", "")
	if problem(t, w, http.StatusUnauthorized); w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("WWW-Authenticate %q", w.Header().Get("WWW-Authenticate"))
	}
	problem(t, c.ask("GET", "/api/v1/me", "", "", "Authorization", "Basic YTpi"), http.StatusUnauthorized)
}

func TestAbsenceOfTemporalLeavesIntakeReady(t *testing.T) {
	for state, status := range map[api.Readiness]int{
		{Register: true, Migrated: true}:                 http.StatusOK,
		{Register: true, Migrated: true, Temporal: true}: http.StatusOK,
		{Register: true, Temporal: true}:                 http.StatusServiceUnavailable,
		{Temporal: true}:                                 http.StatusServiceUnavailable,
	} {
		c := open(t, func(config *api.Config) { config.Ready = func(context.Context) api.Readiness { return state } })
		w := c.ask("GET", "/readyz", "", "")
		if status != http.StatusOK {
			problem(t, w, status)
		} else if answer(t, w, status)["temporal"] != state.Temporal {
			t.Errorf("%+v: %s", state, w.Body)
		}
		answer(t, c.ask("GET", "/healthz", "", ""), http.StatusOK)
	}
}

func TestProbesAskNobodyWhoTheyAre(t *testing.T) {
	c := open(t, func(config *api.Config) { config.Staff = accounts{broken: true} })
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		for _, header := range [][]string{{"Authorization", "Bearer ombuds"}, {"Cookie", "__Host-session=ombuds"}} {
			if w := c.ask("GET", path, "", "", header...); w.Code != http.StatusOK {
				t.Errorf("%s with %s: %d", path, header[0], w.Code)
			}
		}
	}
}

func TestReadinessIsLookedForOnceASecond(t *testing.T) {
	now, looked := noon, 0
	c := open(t, func(config *api.Config) {
		config.Now = func() time.Time { return now }
		config.Ready = func(ctx context.Context) api.Readiness {
			looked++
			return api.Readiness{Register: ctx.Err() == nil, Migrated: true, Temporal: looked > 1}
		}
	})
	gone, leave := context.WithCancel(t.Context())
	leave()
	c.send(newRequest("GET", "/readyz", nil).WithContext(gone)) // who went away spoils it for nobody
	for range 10 {
		if answer(t, c.ask("GET", "/readyz", "", ""), http.StatusOK)["temporal"] != false {
			t.Error("it was looked for again")
		}
	}
	for _, later := range []time.Duration{time.Second, -time.Hour} { // a clock that is set back is no reason to trust
		before := looked
		now = now.Add(later)
		if answer(t, c.ask("GET", "/readyz", "", ""), http.StatusOK)["temporal"] != true || looked != before+1 {
			t.Errorf("after %s it was looked for %d times", later, looked-before)
		}
	}
}

func TestLogAndFiguresNameRoutesAndNobody(t *testing.T) {
	c := open(t)
	c.ask("GET", "/api/v1/status/SECRETCODE", "", "")
	c.ask("GET", "/api/v1/complaints?q=Voorbeeldmans", "ombuds", "")
	c.ask("POST", lodging, "", whole)
	c.ask("GET", "/Voorbeeldmans", "", "")
	c.ask("VOORBEELDMANS", "/api/v1/me", "", "")
	figures := c.ask("GET", "/metrics", "", "").Body.String()
	for _, told := range []string{"SECRETCODE", "Voorbeeldmans", "VOORBEELDMANS", "Jean Exemple", "ombuds", "192.0.2.1", "2026-000123"} {
		if strings.Contains(strings.ReplaceAll(figures, "ombudsdienst_", ""), told) || strings.Contains(c.log.String(), told) {
			t.Errorf("%s is told:\n%s", told, c.log)
		}
	}
	var first map[string]any
	if err := json.Unmarshal([]byte(strings.SplitN(c.log.String(), "\n", 2)[0]), &first); err != nil {
		t.Fatal(err)
	}
	if first["method"] != "GET" || first["route"] != "/api/v1/status/:receipt_code" || first["status"] != 200.0 || first["request_id"] == "" {
		t.Errorf("%v", first)
	}
	if !strings.Contains(figures, `ombudsdienst_http_requests_total{method="GET",route="/api/v1/status/:receipt_code",status="200"} 1`) {
		t.Errorf("figures:\n%s", figures)
	}
}

func TestTheDescriptionIsOpenAPI31(t *testing.T) {
	c := open(t)
	if d := c.describe(t); d.OpenAPI != "3.1.0" {
		t.Errorf("openapi %s", d.OpenAPI)
	}
	description := c.ask("GET", "/openapi.json", "", "").Body.String()
	for _, part := range []string{
		`"facts_on":{"description":"day of the facts; the first one when they went on","format":"date","pattern":`,
		`"required":["intake","language","text"]`,
		`"required":["name","mandate"]`,
	} {
		if !strings.Contains(description, part) {
			t.Errorf("the description lacks %s", part)
		}
	}
}

func TestOneAddressMayNotAskWithoutEnd(t *testing.T) {
	c := open(t, func(config *api.Config) { config.PublicRate, config.PublicBurst = 0.5, 2 })
	path := "/api/v1/status/SOMECODE"
	for range 2 {
		answer(t, c.ask("GET", path, "", "", "X-Forwarded-For", "203.0.113.9"), http.StatusOK)
	}
	w := c.ask("GET", path, "", "", "X-Forwarded-For", "203.0.113.10")
	if problem(t, w, http.StatusTooManyRequests); w.Header().Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	other := newRequest("GET", path, nil)
	other.RemoteAddr = "[2001:db8::1]:4000"
	answer(t, c.send(other), http.StatusOK)
	answer(t, c.ask("GET", path, "ombuds", ""), http.StatusOK)
	answer(t, c.ask("GET", "/healthz", "", ""), http.StatusOK)
}
