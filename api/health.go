package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Readiness is what the process can reach.
type Readiness struct {
	Register bool `json:"register" doc:"the register's database answers"`
	Migrated bool `json:"migrated" doc:"its tables are those this program knows"`
	Temporal bool `json:"temporal" doc:"the procedure can be reached; intake does not wait for it"`
}

type alive struct {
	Alive bool `json:"alive"`
}

type aliveOutput struct{ Body alive }

func (c *counter) healthz(context.Context, *struct{}) (*aliveOutput, error) {
	return &aliveOutput{alive{true}}, nil
}

type readyOutput struct{ Body Readiness }

// freshness is how long an answer on readiness holds: whoever asks all the time
// does not ask the register and Temporal each time.
const freshness = time.Second

// lately is what was last found out of readiness, by one question at a time.
type lately struct {
	mu    sync.Mutex
	at    time.Time
	state Readiness
}

// ask looks again when what is known is too old. That one caller went away makes
// nothing unready for the others.
func (l *lately) ask(ctx context.Context, look func(context.Context) Readiness, now time.Time) Readiness {
	l.mu.Lock()
	defer l.mu.Unlock()
	if age := now.Sub(l.at); age < 0 || age >= freshness {
		l.state, l.at = look(context.WithoutCancel(ctx)), now
	}
	return l.state
}

// readyz tells whether complaints can be taken in. That Temporal is away is
// told and changes nothing: what is lodged waits in the register.
func (c *counter) readyz(ctx context.Context, _ *struct{}) (*readyOutput, error) {
	state := c.ready.ask(ctx, c.Ready, c.Now())
	switch {
	case !state.Register:
		return nil, unavailable()
	case !state.Migrated:
		p := newProblem(http.StatusServiceUnavailable, "not_migrated", "The register's tables are not those this program knows.")
		return nil, p.with("Retry-After", "5")
	}
	return &readyOutput{state}, nil
}

type rawOutput struct{ Body func(huma.Context) }

// Metrics serves the figures for Prometheus, where they have an address of their
// own.
func Metrics(registry *prometheus.Registry) http.Handler {
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return routes
}

// metrics answers in the form that Prometheus reads, unless the figures have an
// address of their own.
func (c *counter) metrics(context.Context, *struct{}) (*rawOutput, error) {
	if c.MetricsAside {
		return nil, nothingHere()
	}
	handler := promhttp.HandlerFor(c.Registry, promhttp.HandlerOpts{})
	return &rawOutput{func(ctx huma.Context) {
		g := humagin.Unwrap(ctx)
		handler.ServeHTTP(g.Writer, g.Request)
	}}, nil
}

// describe answers with the description of all of this.
func (c *counter) describe(context.Context, *struct{}) (*rawOutput, error) {
	return &rawOutput{func(ctx huma.Context) {
		humagin.Unwrap(ctx).Data(http.StatusOK, "application/openapi+json", c.description)
	}}, nil
}
