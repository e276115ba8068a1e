package api

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
)

// How large a body may be, in bytes, and how long it may take to arrive.
const (
	usualBody = 1 << 20
	largeBody = 36 << 20 // 25 MB of attachments in base64, and the text

	usualBodyTime = 15 * time.Second
	largeBodyTime = 4 * time.Minute // 36 MB over 1.2 Mbit/s
)

// body is a request's body on its way in: bounded, hashed as it passes when an
// idempotency key asks for it, and remembered for why it ended.
type body struct {
	io.ReadCloser
	sum   hash.Hash // nil without an idempotency key
	stay  *stay     // what it holds of the room for large bodies
	fault *Problem  // why it could not be read to its end
}

// Read passes on what arrives.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if !b.stay.take(n) {
		b.fault = noRoom()
		return 0, errNoRoom
	}
	if b.sum != nil {
		b.sum.Write(p[:n])
	}
	if err != nil && err != io.EOF {
		b.fault = faultOf(err)
	}
	return n, err
}

func faultOf(err error) *Problem {
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return tooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return newProblem(http.StatusRequestTimeout, "timeout", "The body did not arrive in time.")
	}
	return newProblem(http.StatusBadRequest, "unreadable", "The body could not be read to its end.")
}

// hash is the SHA-256 over the path and what was read; nil without a key.
func (b *body) hash() []byte {
	if b.sum == nil {
		return nil
	}
	return b.sum.Sum(nil)
}

// receive refuses a body that is too large or of another type than the route
// takes, or for which there is no room just now, and bounds the one that comes in.
func (c *counter) receive(limit int64) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		g := humagin.Unwrap(ctx)
		if refusal := unreadable(ctx.Operation(), g.Request.Header); refusal != nil {
			refusal.write(g)
			return
		}
		if g.Request.ContentLength > limit {
			tooLarge().with("Connection", "close").write(g)
			return
		}
		place := &stay{room: c.room, who: callerOf(ctx.Context())}
		if beyond := g.Request.ContentLength - usualBody; beyond > 0 && !place.fits(beyond) {
			noRoom().write(g)
			return
		}
		defer place.leave()
		incoming := &body{ReadCloser: http.MaxBytesReader(g.Writer, g.Request.Body, limit), stay: place}
		if g.GetHeader("Idempotency-Key") != "" {
			incoming.sum = sha256.New()
			io.WriteString(incoming.sum, g.Request.URL.Path+"\n")
		}
		g.Request.Body = incoming
		next(ctx)
	}
}

// unreadable refuses a body whose head says that the route does not read it.
func unreadable(op *huma.Operation, head http.Header) *Problem {
	if !accepts(op, head.Get("Content-Type")) {
		return newProblem(http.StatusUnsupportedMediaType, "media_type", "The body is not of a type that this route takes.")
	}
	if coding := head.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return newProblem(http.StatusUnsupportedMediaType, "content_coding", "The body must come as it is, without a coding.")
	}
	return nil
}

func accepts(op *huma.Operation, contentType string) bool {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || op.RequestBody.Content[kind] == nil {
		return false
	}
	charset := params["charset"]
	return charset == "" || strings.EqualFold(charset, "utf-8")
}

// bodyOf finds the body that receive put before the handler; an empty one on
// routes that take none.
func bodyOf(ctx huma.Context) *body {
	if b, ok := humagin.Unwrap(ctx).Request.Body.(*body); ok {
		return b
	}
	return &body{}
}
