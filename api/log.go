package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

type requestKey struct{}

// requestID names a request in the log and in its answer.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// observe gives a request its ID, and writes one line and the figures when it
// is answered: the route's template, never the path, the query or the caller.
func (c *counter) observe(g *gin.Context) {
	started := c.Now()
	id := rand.Text()
	g.Request = g.Request.WithContext(context.WithValue(g.Request.Context(), requestKey{}, id))
	g.Header("X-Request-Id", id)
	g.Next()
	method, route := methodOf(g.Request), g.FullPath()
	if route == "" {
		route = "none"
	}
	took := c.Now().Sub(started)
	c.figures.count(method, route, g.Writer.Status(), took)
	c.Logger.Info("request", "method", method, "route", route, "status", g.Writer.Status(),
		"ms", took.Milliseconds(), "request_id", id)
}

// methodOf is the method, or "other": a method can be any word.
func methodOf(r *http.Request) string {
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, r.Method) {
		return r.Method
	}
	return "other"
}

// recoverPanics answers a panic with a 500 that tells nothing. The log gets the
// stack and the kind of the panic; its words may hold what somebody sent, so
// only those of the Go runtime are written.
func (c *counter) recoverPanics(g *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(cause)
		}
		attributes := []any{"request_id", requestID(g.Request.Context()), "kind", typeName(cause), "stack", string(debug.Stack())}
		if err, ok := cause.(runtime.Error); ok {
			attributes = append(attributes, "error", err.Error())
		}
		c.Logger.Error("panic", attributes...)
		if g.Writer.Written() {
			g.Abort()
			return
		}
		unexpected().write(g)
	}()
	g.Next()
}

// note writes an unexpected error to the log without what it may quote: the
// words of a foreign error at its root are dropped, its type and SQL state stay.
func (c *counter) note(ctx context.Context, err error) {
	if errors.Is(err, context.Canceled) {
		return // the caller went away
	}
	root := err
	for next := errors.Unwrap(root); next != nil; next = errors.Unwrap(root) {
		root = next
	}
	words := err.Error()
	if typeName(root) != "*errors.errorString" { // a plain text is a constant, or ours
		words = strings.TrimSuffix(strings.TrimSuffix(words, root.Error()), ": ")
	}
	attributes := []any{"request_id", requestID(ctx), "error", words, "kind", typeName(root)}
	if database, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		attributes = append(attributes, "sqlstate", database.SQLState())
	}
	c.Logger.Error("request failed", attributes...)
}

func typeName(v any) string { return fmt.Sprintf("%T", v) }
