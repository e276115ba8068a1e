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
		op.Middlewares = append(op.Middlewares, c.receive(r.limit))
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
