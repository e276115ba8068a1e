package api

import (
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
)

// What one address may get wrong, far less than it may ask; of sessions as many as
// of tokens. Neither a token nor a receipt code can be guessed; this keeps a caller
// who tries all the same from making work.
const (
	wrongTokenRate, wrongTokenBurst = 5, 500 // a second, and at once
	wrongCodeRate, wrongCodeBurst   = 1, 60
)

// mostKnown bounds how many secrets are remembered as right.
const mostKnown = 20_000

// guesses slows down whoever sends secrets that do not exist. Once an address
// has had enough, its secrets are no longer looked up, but for those that were
// right before: others at the same address go on.
type guesses struct {
	kind  string // of secret, for the figures
	wrong *limiter

	mu    sync.Mutex
	right map[[sha256.Size]byte]bool // hashes of secrets that were right
}

func newGuesses(kind string, perSecond float64, burst int) *guesses {
	return &guesses{kind: kind, wrong: newLimiter(perSecond, burst), right: map[[sha256.Size]byte]bool{}}
}

// wait tells after how long a secret from an address is looked up; zero: now.
func (g *guesses) wait(address, secret string, now time.Time) time.Duration {
	g.mu.Lock()
	known := g.right[sha256.Sum256([]byte(secret))]
	g.mu.Unlock()
	if known {
		return 0
	}
	return g.wrong.until(address, now)
}

// wasRight remembers a secret that was right. It is no way in: it only is
// looked up again.
func (g *guesses) wasRight(secret string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.right) >= mostKnown {
		clear(g.right)
	}
	g.right[sha256.Sum256([]byte(secret))] = true
}

// wasWrong counts a wrong one against its address.
func (g *guesses) wasWrong(c *counter, address string) {
	g.wrong.wait(address, c.Now())
	c.figures.wrong.WithLabelValues(g.kind).Inc()
}

// guarded slows down guesses of receipt codes, on every route that takes one. A
// code that does not exist is answered like any other address without anything.
func (c *counter) guarded(ctx huma.Context, next func(huma.Context)) {
	g, who := humagin.Unwrap(ctx), callerOf(ctx.Context())
	code := g.Param("receipt_code")
	if pause := c.wrongCodes.wait(who.Address, code, c.Now()); pause > 0 {
		tooMany("Too many receipt codes from your address do not exist; wait a little.", pause).write(g)
		return
	}
	next(ctx)
	switch status := g.Writer.Status(); {
	case status == http.StatusNotFound:
		c.wrongCodes.wasWrong(c, who.Address)
	case status < http.StatusBadRequest:
		c.wrongCodes.wasRight(code)
	}
}

func tooMany(detail string, pause time.Duration) *Problem {
	return newProblem(http.StatusTooManyRequests, "too_many_requests", detail).with("Retry-After", seconds(pause))
}
