package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/staff"
)

// How long a handler may take once the body is in, and a caller to read what it
// answers: 10 MB over 1.2 Mbit/s.
const (
	answerTime  = 30 * time.Second
	readingTime = 75 * time.Second
)

// group is the routes that the same callers may use.
type group struct {
	who    []staff.Role
	probes bool // asked by machines that watch over us; never rationed
	routes []route

	lodging   bool // writes; rationed more for the public
	unsettled bool // open to whoever has yet to change a one-time password
	ownPages  bool // not for a page of another site, with a session or without
}

// Who may use what; see the groups.
var (
	everyone  = slices.Concat([]staff.Role{staff.Public}, staff.Roles)
	lodgers   = []staff.Role{staff.Public, staff.Intake, staff.Ombuds, staff.DPO}
	officers  = []staff.Role{staff.Ombuds}
	overseers = []staff.Role{staff.Ombuds, staff.Supervisor}
	clerks    = []staff.Role{staff.Intake, staff.Ombuds, staff.Supervisor}
	mailRoom  = []staff.Role{staff.Intake, staff.Ombuds}
	consulted = []staff.Role{staff.Handler, staff.Ombuds, staff.Supervisor}
	answerers = []staff.Role{staff.Handler, staff.Ombuds}
	unblocked = []staff.Role{staff.Ombuds, staff.Supervisor, staff.DPO}

	privacyOfficer = []staff.Role{staff.DPO}
	auditors       = []staff.Role{staff.Auditor}
	verifiers      = []staff.Role{staff.Supervisor, staff.Auditor}
	finders        = []staff.Role{staff.Ombuds, staff.Supervisor, staff.DPO, staff.Auditor}
	settlers       = []staff.Role{staff.Ombuds, staff.DPO}
	mailReaders    = []staff.Role{staff.Intake, staff.Ombuds, staff.DPO}
	letterReaders  = []staff.Role{staff.Intake, staff.Ombuds, staff.Supervisor, staff.DPO}
	correctors     = []staff.Role{staff.Intake, staff.Ombuds, staff.DPO}
	fileReaders    = []staff.Role{staff.Handler, staff.Ombuds, staff.Supervisor, staff.DPO}
)

// quietAddition says why documents send no message.
const quietAddition = "What is added to the file changes nothing in time: whom the case waits for stays."

// table is every route, grouped by who may use it. The rows a caller may see
// within a route, such as a handler's own department, are casework's matter.
func (c *counter) table() []group {
	return slices.Concat(c.forEveryone(), c.entrance(), c.looks(), c.commands())
}

func (c *counter) forEveryone() []group {
	return []group{
		{who: everyone, probes: true, routes: []route{
			get("/healthz", "isAlive", "Tells that the process is alive", c.healthz),
			get("/readyz", "isReady", "Tells whether complaints can be taken in", c.readyz),
			get("/metrics", "metrics", "Figures for Prometheus", c.metrics).answers("text/plain"),
			get("/openapi.json", "describe", "Describes all of this", c.describe).answers("application/openapi+json"),
		}},
		{who: everyone, routes: []route{
			get("/api/v1/organisation", "organisation", "The public facts of the organisation", c.organisation),
			get("/api/v1/departments", "departments", "The departments that a complaint may be about", c.departments),
			get("/api/v1/deadline", "deadline", "Computes the term of something received at a moment", c.deadline),
			get("/api/v1/status/{receipt_code}", "followStatus", "Tells where a complaint stands, in phases and dates", c.status),
		}},
		{who: lodgers, lodging: true, routes: []route{
			post("/api/v1/submissions", "lodge", "Lodges a complaint", c.lodge).
				creates().large().signals(complaint.CommandStart),
			post("/api/v1/submissions/form", "lodgeForm", "Lodges a complaint from an HTML form", c.lodgeForm).
				creates().large().signals(complaint.CommandStart).takes("multipart/form-data", c.form.schema()),
			post("/api/v1/status/{receipt_code}/documents", "sendDocuments", "Adds documents to an open complaint", c.sendDocuments).
				large().signalsNothing(quietAddition),
		}},
	}
}

func (c *counter) looks() []group {
	return []group{
		{who: overseers, routes: []route{
			get("/api/v1/complaints/{number}", "openFile", "Opens the file of a complaint", c.file),
			get("/api/v1/officers/{login}/absence", "listAbsences", "Tells when an ombuds officer is away and who stands in", c.absences),
		}},
		{who: unblocked, routes: []route{
			get("/api/v1/relay/blocked", "listBlocked", "Lists the procedures that a command does not reach; the DPO sees those of privacy files", c.blocked),
		}},
		{who: clerks, routes: []route{
			get("/api/v1/complaints", "listComplaints", "Lists and searches complaints", c.complaints),
			post("/api/v1/complaints/search", "searchComplaints", "Searches complaints by what names people, which stands in no address", c.search).
				looks(),
			get("/api/v1/letters", "listLetters", "Lists letters", c.letters),
		}},
		{who: correctors, routes: []route{
			get("/api/v1/complaints/{number}/submission", "openSubmission", "Opens what came in, with its corrections", c.submission),
		}},
		{who: letterReaders, routes: []route{
			get("/api/v1/letters/{id}", "openLetter", "Opens a letter", c.letter),
			get("/api/v1/letters/{id}/pdf", "letterPDF", "The letter as it is posted", c.letterPDF).answers("application/pdf"),
			get("/api/v1/letters/{id}/txt", "letterText", "The letter's text", c.letterText).answers("text/plain"),
		}},
		{who: consulted, routes: []route{
			get("/api/v1/consultations", "listConsultations", "Lists consultations; a handler sees those of the own department", c.consultations),
			get("/api/v1/consultations/{id}", "openConsultation", "Opens a consultation with what answering it needs", c.consultation),
			get("/api/v1/service-first", "listServiceFirst", "Lists complaints that a department helps with first; a handler sees those of the own department", c.serviceTasks),
			get("/api/v1/service-first/{number}", "openServiceFirst", "Opens one of them with what helping needs", c.serviceTask),
		}},
		{who: fileReaders, routes: []route{
			get("/api/v1/attachments/{id}", "attachment", "A document that came in", c.attachment).answers("application/octet-stream"),
		}},
		{who: auditors, routes: []route{
			get("/api/v1/audit", "listAudit", "Lists who changed and looked at what, from where", c.audit),
			get("/api/v1/audit/verify", "verifyAudit", "Looks through the chains of history and audit, and their seals", c.verifyAudit),
		}},
		{who: finders, routes: []route{
			get("/api/v1/findings", "listFindings", "Lists what verification found wrong; the DPO sees what is about privacy files", c.findings),
		}},
		{who: verifiers, routes: []route{
			get("/api/v1/verification/{id}", "verification", "Tells how a run of verification stands", c.verification),
		}},
		{who: privacyOfficer, routes: []route{
			get("/api/v1/privacy", "listPrivacyFiles", "Lists the DPO's files", c.privacyFiles),
			get("/api/v1/privacy/{number}", "openPrivacyFile", "Opens one of the DPO's files", c.privacyFile),
		}},
	}
}

// route is one operation and how it is made known to huma.
type route struct {
	op       huma.Operation
	limit    int64 // of the body; 0 takes none
	register func(*counter, huma.API, huma.Operation)
}

// remove ends something at once.
func remove[I, O any](path, id, summary string, handle func(context.Context, *I) (*O, error)) route {
	r := on(http.MethodDelete, path, id, summary, handle)
	r.op.DefaultStatus = http.StatusNoContent
	return r
}

func get[I, O any](path, id, summary string, handle func(context.Context, *I) (*O, error)) route {
	return on(http.MethodGet, path, id, summary, handle)
}

// post is a command: accepted at once, carried out by the procedure.
func post[I, O any](path, id, summary string, handle func(context.Context, *I) (*O, error)) route {
	r := on(http.MethodPost, path, id, summary, handle)
	r.op.DefaultStatus, r.limit, r.op.BodyReadTimeout = http.StatusAccepted, usualBody, usualBodyTime
	return r
}

func on[I, O any](method, path, id, summary string, handle func(context.Context, *I) (*O, error)) route {
	return route{
		op: huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Extensions: map[string]any{}},
		register: func(c *counter, routes huma.API, op huma.Operation) {
			huma.Register(routes, op, answered(c, handle))
		},
	}
}

// creates answers with 201 in place of 202.
func (r route) creates() route {
	r.op.DefaultStatus = http.StatusCreated
	return r
}

// done answers with 200 in place of 202: nothing is left to be carried out.
func (r route) done() route {
	r.op.DefaultStatus = http.StatusOK
	return r
}

// looks changes nothing, though it is a POST: what it asks stands in its body.
func (r route) looks() route {
	return r.done().signalsNothing("It changes nothing: it is a POST so that what it asks stands in the body and in no log.")
}

// large takes attachments.
func (r route) large() route {
	r.limit, r.op.BodyReadTimeout = largeBody, largeBodyTime
	return r
}

// signals names the message that the command sends to the procedure.
func (r route) signals(kind complaint.CommandKind) route {
	r.op.Extensions["x-signal"] = kind
	if kind == complaint.CommandStart || kind == complaint.Reopen {
		r.op.Extensions["x-workflow"] = "ComplaintProcedure"
	}
	return r
}

func (r route) signalsNothing(why string) route {
	r.op.Extensions["x-signal"] = "none"
	r.op.Description = why
	return r
}

func (r route) takes(mediaType string, schema *huma.Schema) route {
	r.op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{mediaType: {Schema: schema}}}
	return r
}

// answers says of a route that its answer is no JSON.
func (r route) answers(mediaType string) route {
	r.op.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content:     map[string]*huma.MediaType{mediaType: {}},
	}}
	return r
}

// bePatient bounds how long a caller may take to read the answer, once it could
// be there: who reads slowly holds a connection, and not for long.
func bePatient(g *gin.Context, op *huma.Operation) {
	longest := op.BodyReadTimeout + answerTime + readingTime
	// A connection that knows no deadlines is none of a caller far away.
	_ = http.NewResponseController(g.Writer).SetWriteDeadline(time.Now().Add(longest))
}

// operation completes what is known of a route with who may use it.
func (c *counter) operation(g group, r route) huma.Operation {
	op := r.op
	op.Extensions["x-roles"] = namesOf(g.who)
	op.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	if slices.Contains(g.who, staff.Public) {
		op.Security = append(op.Security, map[string][]string{})
	}
	op.Middlewares = huma.Middlewares{c.admit(g)}
	if strings.Contains(op.Path, "{receipt_code}") {
		op.Middlewares = append(op.Middlewares, c.guarded)
	}
	if r.limit > 0 {
		op.MaxBodyBytes = -1 // receive bounds the body, that of a form too
		op.Middlewares = append(op.Middlewares, receive(r.limit))
	}
	op.Errors = problemsOf(g, r)
	return op
}

func namesOf(who []staff.Role) []string {
	names := make([]string, len(who))
	for i, role := range who {
		names[i] = cmp.Or(string(role), "public")
	}
	return names
}

// problemsOf lists the statuses with which a route may refuse.
func problemsOf(g group, r route) []int {
	statuses := []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable}
	if len(g.who) <= len(staff.Roles) {
		statuses = append(statuses, http.StatusForbidden)
	}
	if strings.Contains(r.op.Path, "{") {
		statuses = append(statuses, http.StatusNotFound)
	}
	if r.limit > 0 {
		statuses = append(statuses, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusConflict,
			http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	return statuses
}

// answered gives every handler its time and every error its form.
func answered[I, O any](c *counter, handle func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		out, err := handle(ctx, in)
		if err != nil {
			return nil, c.refusal(ctx, err)
		}
		return out, nil
	}
}

// refusal puts a handler's error in form; what nobody expected is noted.
func (c *counter) refusal(ctx context.Context, err error) *Problem {
	if own, ok := errors.AsType[*Problem](err); ok {
		return own
	}
	if slow, ok := errors.AsType[*casework.SlowDown](err); ok {
		c.figures.wrong.WithLabelValues("password").Inc()
		return tooMany(slow.Error(), slow.After)
	}
	p := problemOf(err)
	if p.Status != http.StatusInternalServerError {
		return p
	}
	c.note(ctx, err)
	if ctx.Err() != nil {
		return unavailable()
	}
	return p
}
