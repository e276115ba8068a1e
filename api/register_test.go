package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"

	"ombudsdienst/api"
	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
	"ombudsdienst/schema"
)

// house is a counter over a real register.
type house struct {
	counter
	db     *sqlx.DB // the owner's
	app    *sqlx.DB // the counter's
	appURL string
	tokens map[string]string
}

// longEnough is everybody's password, hashed once: it takes its time.
var longEnough = sync.OnceValue(func() string {
	hash, err := staff.HashPassword("long enough")
	if err != nil {
		panic(err)
	}
	return hash
})

// openHouse makes an empty register with an account for each role, and a
// handler of another department.
func openHouse(t *testing.T, changes ...func(*api.Config)) house {
	t.Helper()
	ownerURL, appURL := pgtest.Migrated(t, schema.Migrate)
	owner, app := pgtest.Connect(t, ownerURL), pgtest.Connect(t, appURL)
	now := func() time.Time { return noon }
	store := &staff.Store{DB: app, Now: now}
	h := house{db: owner, app: app, appURL: appURL, tokens: map[string]string{}}
	accounts := []staff.Account{{Login: "other", Name: "Handler 2", Role: staff.Handler, Department: "POST"}}
	for _, account := range people {
		accounts = append(accounts, account)
	}
	for _, account := range accounts {
		owner.MustExec(`INSERT INTO accounts (login, name, role, department, password_hash, created_at)
			VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6)`, account.Login, account.Name, account.Role, account.Department, longEnough(), noon)
		h.tokens[account.Login] = h.token(t, store, account.Login, 0)
	}
	h.tokens["expired"] = h.token(t, store, "ombuds", time.Nanosecond)
	h.tokens["revoked"] = h.token(t, store, "ombuds", 0)
	owner.MustExec(`UPDATE tokens SET expires_at = $1 WHERE expires_at IS NOT NULL`, noon)
	owner.MustExec(`UPDATE tokens SET revoked_at = $1 WHERE id = (SELECT max(id) FROM tokens)`, noon)
	changes = append(changes, func(c *api.Config) {
		desk := deskOver(t, app, c.Organisation)
		c.Desk, c.Staff, c.Entrance = desk, store, casework.NewEntrance(desk)
	})
	h.counter = open(t, changes...)
	return h
}

func (h house) token(t *testing.T, store *staff.Store, login string, ttl time.Duration) string {
	t.Helper()
	token, err := store.IssueToken(t.Context(), login, "test", ttl)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func deskOver(t *testing.T, db *sqlx.DB, o *organisation.Organisation) *casework.Desk {
	t.Helper()
	keys, err := register.ParseKeys(strings.Repeat("0123456789abcdef", 4))
	if err != nil {
		t.Fatal(err)
	}
	return casework.New(casework.Config{
		DB: db, Organisation: o, Calendar: complaint.NewCalendar(), Keys: keys, Now: func() time.Time { return noon },
	})
}

const webForm = `{"intake": "web_form", "language": "nl", "text": "De terugbetaling komt te laat.", "facts_on": "2026-02-01",
	"department": "HOSPITALISATIE", "topic": "Terugbetaling",
	"complainant": {"name": "Jan Voorbeeldmans", "email": "jan@voorbeeld.example"},
	"attachments": [{"name": "brief.pdf", "media_type": "application/pdf", "content": "JVBERi0="}]}`

func TestWhatIsLodgedCanBeFollowedListedAndOpened(t *testing.T) {
	h := openHouse(t)
	receipt := answer(t, h.ask("POST", lodging, "", webForm), http.StatusCreated)
	if receipt["number"] != "2026-000001" || receipt["last_day"] != "2026-04-16" || receipt["received_at"] != "2026-03-02T12:00:00+01:00" {
		t.Errorf("receipt %v", receipt)
	}
	status := answer(t, h.ask("GET", fmt.Sprint("/api/v1/status/", receipt["receipt_code"]), "", ""), http.StatusOK)
	if status["number"] != "2026-000001" || status["stage"] != "received" || status["received_on"] != "2026-03-02" {
		t.Errorf("status %v", status)
	}
	problem(t, h.ask("GET", "/api/v1/status/0000-0000", "", ""), http.StatusNotFound)
	list := answer(t, h.ask("GET", "/api/v1/complaints?q=voorbeeldmans", h.tokens["intake"], ""), http.StatusOK)
	if items := list["items"].([]any); len(items) != 1 || items[0].(map[string]any)["complainant_name"] != "Jan Voorbeeldmans" {
		t.Errorf("list %v", list)
	}
	w := h.ask("GET", "/api/v1/complaints/2026-000001", h.tokens["supervisor"], "")
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, h.log)
	}
	file := answer(t, w, http.StatusOK)
	for _, part := range []string{"number", "stage", "result", "submission", "admissibility", "acknowledgement", "deadline",
		"consultations", "letters", "outcome", "recommendations", "events", "temporal"} {
		if _, told := file[part]; !told {
			t.Errorf("the file lacks %s", part)
		}
	}
	w = h.ask("GET", "/api/v1/attachments/1", h.tokens["ombuds"], "")
	if w.Code != http.StatusOK || w.Body.String() != "%PDF-" || w.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("attachment: %d %q", w.Code, w.Body)
	}
}

func TestADoubleClickLodgesOnce(t *testing.T) {
	h := openHouse(t)
	var clicks sync.WaitGroup
	var first atomic.Int32
	answers := make([]string, 8)
	for i := range answers {
		clicks.Go(func() {
			w := h.ask("POST", lodging, "", webForm, "Idempotency-Key", "click")
			if answers[i] = w.Body.String(); w.Header().Get("Idempotent-Replayed") == "" {
				first.Add(1)
			}
		})
	}
	clicks.Wait()
	if first.Load() != 1 {
		t.Errorf("%d answers are said to be the first", first.Load())
	}
	for _, got := range answers {
		if got != answers[0] {
			t.Errorf("answers differ: %s %s", got, answers[0])
		}
	}
	var lodged int
	if err := h.db.Get(&lodged, `SELECT count(*) FROM submissions`); err != nil || lodged != 1 {
		t.Errorf("%d submissions, %v", lodged, err)
	}
	changed := strings.Replace(webForm, "te laat", "niet", 1)
	p := problem(t, h.ask("POST", lodging, "", changed, "Idempotency-Key", "click"), http.StatusUnprocessableEntity)
	if p.Code != "idempotency_key_reused" {
		t.Errorf("the same key with another body: %s", p.Code)
	}
	second := answer(t, h.ask("POST", lodging, h.tokens["intake"], webForm, "Idempotency-Key", "click"), http.StatusCreated)
	if second["number"] != "2026-000002" {
		t.Errorf("another caller's key is the same key: %v", second)
	}
}

func TestAHandlerSeesOnlyTheOwnDepartment(t *testing.T) {
	h := openHouse(t)
	answer(t, h.ask("POST", lodging, "", webForm), http.StatusCreated)
	asked := answer(t, h.ask("POST", "/api/v1/complaints/2026-000001/consultations", h.tokens["ombuds"],
		`{"department": "HOSPITALISATIE", "question": "Waarom?"}`), http.StatusCreated)
	path := fmt.Sprint("/api/v1/consultations/", asked["id"])
	reply := `{"answer": "Dat klopt.", "attachments": [{"name": "a.pdf", "media_type": "application/pdf", "content": "JVBERi0="}]}`

	problem(t, h.ask("GET", path, h.tokens["other"], ""), http.StatusNotFound)
	problem(t, h.ask("POST", path+"/answer", h.tokens["other"], reply), http.StatusNotFound)
	problem(t, h.ask("GET", "/api/v1/consultations?department=HOSPITALISATIE", h.tokens["other"], ""), http.StatusForbidden)
	if list := answer(t, h.ask("GET", "/api/v1/consultations", h.tokens["other"], ""), http.StatusOK); len(list["items"].([]any)) != 0 {
		t.Errorf("another department's list: %v", list)
	}
	if view := answer(t, h.ask("GET", path, h.tokens["handler"], ""), http.StatusOK); view["question"] != "Waarom?" {
		t.Errorf("own consultation: %v", view)
	}
	standing := answer(t, h.ask("POST", path+"/answer", h.tokens["handler"], reply), http.StatusAccepted)
	if standing["number"] != "2026-000001" {
		t.Errorf("standing %v", standing)
	}
	problem(t, h.ask("POST", path+"/answer", h.tokens["handler"], reply), http.StatusConflict)
	problem(t, h.ask("GET", "/api/v1/attachments/1", h.tokens["handler"], ""), http.StatusNotFound)
	problem(t, h.ask("GET", "/api/v1/attachments/2", h.tokens["other"], ""), http.StatusNotFound)
	if w := h.ask("GET", "/api/v1/attachments/2", h.tokens["handler"], ""); w.Code != http.StatusOK {
		t.Errorf("own document: %d", w.Code)
	}
}

// What a handler may not see is answered like what does not exist, word for
// word, and none of it stands in any answer.
func TestAHandlerNeverLearnsThatOtherComplaintsExist(t *testing.T) {
	h := openHouse(t)
	for _, privacy := range []string{"false", "true"} {
		marked := strings.NewReplacer("Voorbeeldmans", "Gemerktmans", "te laat", "gemerkttekst",
			`"intake"`, `"concerns_privacy": `+privacy+`, "intake"`).Replace(webForm)
		answer(t, h.ask("POST", lodging, "", marked), http.StatusCreated)
	}
	answer(t, h.ask("POST", "/api/v1/complaints/2026-000001/consultations", h.tokens["ombuds"],
		`{"department": "HOSPITALISATIE", "question": "Gemerktvraag?"}`), http.StatusCreated)
	for _, path := range []string{"consultations/%d", "attachments/%d", "service-first/2026-%06d"} {
		unknown := h.ask("GET", "/api/v1/"+fmt.Sprintf(path, 4711), h.tokens["other"], "")
		for id := range 3 {
			w := h.ask("GET", "/api/v1/"+fmt.Sprintf(path, id+1), h.tokens["other"], "")
			if w.Code != http.StatusNotFound || w.Body.String() != unknown.Body.String() {
				t.Errorf("%s %d: %d %s, of none %s", path, id+1, w.Code, w.Body, unknown.Body)
			}
		}
	}
	for _, route := range h.routes(t) {
		method, path, _ := strings.Cut(route, " ")
		if method != "GET" {
			continue
		}
		path = strings.NewReplacer("{number}", "2026-000001", "{id}", "1", "{login}", "ombuds", "{receipt_code}", "X").Replace(path)
		for _, caller := range []string{"", "other", "admin"} {
			told := h.ask("GET", path, h.tokens[caller], "").Body.String()
			for _, mark := range []string{"Gemerkt", "gemerkt", "2026-000001", "2026-000002"} {
				if strings.Contains(told, mark) {
					t.Errorf("%s tells %q that there is %s", route, caller, mark)
				}
			}
		}
	}
}

func TestNothingThatIsSentBreaksTheRegister(t *testing.T) {
	h := openHouse(t)
	answer(t, h.ask("POST", lodging, "", webForm), http.StatusCreated)
	answer(t, h.ask("POST", "/api/v1/complaints/2026-000001/consultations", h.tokens["ombuds"],
		`{"department": "HOSPITALISATIE", "question": "Waarom?"}`), http.StatusCreated)
	misuse(t, h.counter.as(h.tokens), "2026-000001", "1")
}

func TestWithoutTheRegisterLodgersAreAskedToComeBack(t *testing.T) {
	nowhere := pgtest.Connect(t, "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable&connect_timeout=2")
	c := open(t, func(config *api.Config) {
		config.Desk = deskOver(t, nowhere, config.Organisation)
		config.Ready = func(context.Context) api.Readiness { return api.Readiness{} }
	})
	for _, w := range []interface{ Header() http.Header }{
		c.ask("POST", lodging, "", webForm), c.ask("GET", "/readyz", "", ""),
	} {
		if w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	problem(t, c.ask("POST", lodging, "", webForm), http.StatusServiceUnavailable)
	answer(t, c.ask("GET", "/healthz", "", ""), http.StatusOK)
}
