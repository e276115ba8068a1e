package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"ombudsdienst/api"
	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// noon is when these tests happen.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, complaint.Brussels)

// desk answers like a desk where everything is allowed, and remembers what it
// was asked. Its refusal, when set, answers everything.
type desk struct {
	refusal error
	panics  any

	mu    sync.Mutex
	actor casework.Actor
	once  casework.Once
	got   any
}

func (d *desk) asked(actor casework.Actor, once casework.Once, got any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.actor, d.once, d.got = actor, once, got
	if d.panics != nil {
		panic(d.panics)
	}
	return d.refusal
}

const known = complaint.Number("2026-000123")

func (d *desk) command(actor casework.Actor, once casework.Once, got any) (casework.Standing, error) {
	return casework.Standing{Number: known, Stage: complaint.Investigating, WaitingFor: complaint.WaitOmbuds}, d.asked(actor, once, got)
}

func (d *desk) Lodge(_ context.Context, actor casework.Actor, once casework.Once, subs []complaint.Submission) ([]casework.LodgeResult, error) {
	receipt := casework.Receipt{Number: known, ReceiptCode: "SECRETCODE", ReceivedAt: noon.UTC(), LastDay: complaint.NewDay(2026, 4, 16)}
	if subs[0].Intake == complaint.PhoneNote {
		receipt.LastDay = complaint.Day{}
	}
	return []casework.LodgeResult{{Receipt: receipt}}, d.asked(actor, once, subs[0])
}

func (d *desk) Assign(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Assignment) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) DecideAdmissibility(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.AdmissibilityDecision) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Reply(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ComplainantReply) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Represent(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.RepresentationChange) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Warn(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.AdmissibilityWarning) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Ask(_ context.Context, a casework.Actor, o casework.Once, n complaint.Number, got casework.Question) (complaint.Consultation, error) {
	return complaint.Consultation{ID: 7, Number: n, Department: got.Department, AskedAt: noon.UTC()}, d.asked(a, o, got)
}

func (d *desk) Answer(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.Answer) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) HandOverQuestion(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.HandOver) (complaint.Consultation, error) {
	return complaint.Consultation{ID: 8, Number: known, Department: got.Department, HandedOverFrom: 7}, d.asked(a, o, got)
}

func (d *desk) HandToService(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ServiceFirst) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) NameInvolved(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Naming) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) NoteAbsence(_ context.Context, a casework.Actor, o casework.Once, got complaint.Absence) (complaint.Absence, error) {
	return got, d.asked(a, o, got)
}

func (d *desk) NoteReturn(_ context.Context, a casework.Actor, o casework.Once, login string, got casework.Return) ([]complaint.Absence, error) {
	return nil, d.asked(a, o, got)
}

func (d *desk) Absences(_ context.Context, a casework.Actor, login string) ([]complaint.Absence, error) {
	return []complaint.Absence{{Officer: login, From: complaint.DayOf(noon), Until: complaint.DayOf(noon), StandIn: "ombuds-2"}}, d.asked(a, casework.Once{}, login)
}

func (d *desk) DecideOutcome(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.OutcomeDecision) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) CorrectReceipt(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ReceiptCorrection) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) GiveDelayNotice(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.DelayNotice) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Withdraw(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.WithdrawalNote) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) DispatchLetter(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.Posting) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Void(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.VoidNote) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Reopen(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ReopeningNote) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) SendDocuments(_ context.Context, a casework.Actor, o casework.Once, _ string, got casework.Addition) (casework.Status, error) {
	return casework.Status{Number: known}, d.asked(a, o, got)
}

func (d *desk) AddDocuments(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Addition) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) AddNote(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Remark) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Link(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.SameMatter) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) ReferPrivacy(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.PrivacyReferral) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) SplitPrivacy(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.PrivacyReferral) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) ExtendPrivacy(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got string) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) AnswerPrivacy(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.PrivacyAnswer) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) SuspectBreach(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.BreachSuspicion) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) NotifyBreach(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.BreachNotification) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) PrivacyFiles(_ context.Context, a casework.Actor, f register.PrivacyFilter) (register.PrivacyPage, error) {
	return register.PrivacyPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) PrivacyFile(_ context.Context, a casework.Actor, n complaint.Number) (register.PrivacyFile, error) {
	return register.PrivacyFile{}, d.asked(a, casework.Once{}, n)
}

func (d *desk) ResolveLetter(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.LetterResolution) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) BounceLetter(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.Bounce) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) SettleBlocked(_ context.Context, a casework.Actor, o casework.Once, _ string, got casework.BlockedSettlement) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) AuditTrail(_ context.Context, a casework.Actor, f register.AuditFilter) (register.AuditPage, error) {
	return register.AuditPage{Items: []register.AuditRow{}}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Findings(_ context.Context, a casework.Actor, f register.FindingFilter, _ complaint.Language) (register.FindingPage, error) {
	return register.FindingPage{Items: []register.FindingRow{}}, d.asked(a, casework.Once{}, f)
}

func (d *desk) SettleFinding(_ context.Context, a casework.Actor, o casework.Once, _ int64, reasons string, _ complaint.Language) (register.FindingRow, error) {
	return register.FindingRow{}, d.asked(a, o, reasons)
}

func (d *desk) AskVerification(_ context.Context, a casework.Actor, o casework.Once) (register.Verification, error) {
	return register.Verification{}, d.asked(a, o, nil)
}

func (d *desk) Verification(_ context.Context, a casework.Actor, id int64) (register.Verification, error) {
	return register.Verification{}, d.asked(a, casework.Once{}, id)
}

func (d *desk) CheckHistory(_ context.Context, a casework.Actor, cursor string) (register.Integrity, error) {
	return register.Integrity{Flaws: []register.Flaw{}}, d.asked(a, casework.Once{}, cursor)
}

func (d *desk) Blocked(_ context.Context, a casework.Actor, p register.Paging) (register.BlockedPage, error) {
	return register.BlockedPage{}, d.asked(a, casework.Once{}, p)
}

func (d *desk) ReportService(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ServiceReport) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Correct(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Correction) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Search(_ context.Context, a casework.Actor, f register.ComplaintFilter) (register.ComplaintPage, error) {
	return register.ComplaintPage{Items: []register.ComplaintRow{}}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Submission(_ context.Context, a casework.Actor, n complaint.Number) (register.SubmissionFile, error) {
	return register.SubmissionFile{Number: n}, d.asked(a, casework.Once{}, n)
}

func (d *desk) ServiceTasks(_ context.Context, a casework.Actor, f register.ServiceTaskFilter) (register.ServiceTaskPage, error) {
	return register.ServiceTaskPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) ServiceTask(_ context.Context, a casework.Actor, n complaint.Number) (register.ServiceTask, error) {
	return register.ServiceTask{}, d.asked(a, casework.Once{}, n)
}

func (d *desk) File(_ context.Context, a casework.Actor, n complaint.Number) (casework.File, error) {
	return casework.File{}, d.asked(a, casework.Once{}, n)
}

func (d *desk) Complaints(_ context.Context, a casework.Actor, f register.ComplaintFilter) (register.ComplaintPage, error) {
	return register.ComplaintPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Consultations(_ context.Context, a casework.Actor, f register.ConsultationFilter) (register.ConsultationPage, error) {
	return register.ConsultationPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Consultation(_ context.Context, a casework.Actor, id int64) (casework.ConsultationView, error) {
	return casework.ConsultationView{}, d.asked(a, casework.Once{}, id)
}

func (d *desk) Letters(_ context.Context, a casework.Actor, f register.LetterFilter) (register.LetterPage, error) {
	return register.LetterPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Letter(_ context.Context, a casework.Actor, id int64) (casework.LetterView, error) {
	return casework.LetterView{Text: "Geachte,"}, d.asked(a, casework.Once{}, id)
}

func (d *desk) LetterPDF(_ context.Context, a casework.Actor, id int64) ([]byte, error) {
	return []byte("%PDF-1.4"), d.asked(a, casework.Once{}, id)
}

func (d *desk) Attachment(_ context.Context, a casework.Actor, id int64) (complaint.Attachment, error) {
	return complaint.Attachment{Name: "brief één.html", MediaType: "text/html", Content: []byte("<script>")}, d.asked(a, casework.Once{}, id)
}

func (d *desk) Status(_ context.Context, _ casework.Actor, code string) (casework.Status, error) {
	return casework.Status{}, d.asked(casework.Actor{}, casework.Once{}, code)
}

// accounts lets in by token; the tokens are the logins.
type accounts struct{ broken bool }

var people = map[string]staff.Account{
	"intake":     {Login: "intake", Name: "Intake 1", Role: staff.Intake},
	"handler":    {Login: "handler", Name: "Handler 1", Role: staff.Handler, Department: "HOSPITALISATIE"},
	"ombuds":     {Login: "ombuds", Name: "Ombuds 1", Role: staff.Ombuds},
	"supervisor": {Login: "supervisor", Name: "Supervisor 1", Role: staff.Supervisor},
	"dpo":        {Login: "dpo", Name: "DPO 1", Role: staff.DPO},
	"auditor":    {Login: "auditor", Name: "Auditor 1", Role: staff.Auditor},
	"admin":      {Login: "admin", Name: "Admin 1", Role: staff.Admin},
}

func (a accounts) ByToken(_ context.Context, token string) (staff.Account, error) {
	if a.broken {
		return staff.Account{}, io.ErrUnexpectedEOF
	}
	account, ok := people[token]
	if !ok {
		return staff.Account{}, staff.ErrUnknownToken
	}
	return account, nil
}

func (a accounts) BySession(_ context.Context, session string) (staff.Visitor, error) {
	account, err := a.ByToken(context.Background(), session)
	if err == staff.ErrUnknownToken {
		err = staff.ErrNoSession
	}
	return staff.Visitor{Account: account}, err
}

// counter is a counter over a fake desk, with what it wrote to its log.
type counter struct {
	http.Handler
	desk   *desk
	log    *bytes.Buffer
	tokens map[string]string // by login; nil: the login is the token
}

// as asks with the tokens of a real register.
func (c counter) as(tokens map[string]string) counter {
	c.tokens = tokens
	return c
}

func open(t testing.TB, changes ...func(*api.Config)) counter {
	t.Helper()
	o, err := organisation.Load("")
	if err != nil {
		t.Fatal(err)
	}
	c := counter{desk: &desk{}, log: &bytes.Buffer{}}
	config := api.Config{
		Desk: c.desk, Staff: accounts{}, Entrance: entrance{c.desk}, Organisation: o, Calendar: complaint.NewCalendar(),
		Now: func() time.Time { return noon }, PublicURL: "https://klacht.example",
		TemporalUIURL: "http://127.0.0.1:8233", Namespace: "default",
		Ready:    func(context.Context) api.Readiness { return api.Readiness{Register: true, Migrated: true} },
		Logger:   slog.New(slog.NewJSONHandler(c.log, nil)),
		Registry: prometheus.NewRegistry(),
	}
	for _, change := range changes {
		change(&config)
	}
	c.Handler = api.New(config)
	return c
}

// ask sends a request; headers are name, value, ...
func (c counter) ask(method, path, token, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if real := c.tokens[token]; real != "" {
		token = real
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

// problem reads a problem and holds it against the contract's form.
func problem(t testing.TB, w *httptest.ResponseRecorder, status int) api.Problem {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
		t.Fatalf("content type %q", kind)
	}
	var p api.Problem
	reader := json.NewDecoder(w.Body)
	reader.DisallowUnknownFields()
	if err := reader.Decode(&p); err != nil {
		t.Fatalf("not a problem: %v", err)
	}
	if p.Type == "" || p.Title == "" || p.Status != status || p.Detail == "" || p.Code == "" {
		t.Fatalf("not a whole problem: %+v", p)
	}
	if status == http.StatusUnprocessableEntity && len(p.Errors) == 0 && p.Code == "invalid" {
		t.Fatal("422 without saying where")
	}
	return p
}

func answer(t testing.TB, w *httptest.ResponseRecorder, status int) map[string]any {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	return body
}
