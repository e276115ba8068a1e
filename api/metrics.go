package api

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// figures counts requests by method, route template and status, and secrets that
// were wrong.
type figures struct {
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	wrong     *prometheus.CounterVec
}

func newFigures(registry prometheus.Registerer) *figures {
	make := promauto.With(registry)
	return &figures{
		requests: make.NewCounterVec(prometheus.CounterOpts{
			Name: "ombudsdienst_http_requests_total",
			Help: "Requests answered, by method, route template and status.",
		}, []string{"method", "route", "status"}),
		durations: make.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "ombudsdienst_http_request_duration_seconds",
			Help:    "Time to answer a request, by method and route template.",
			Buckets: prometheus.DefBuckets,
		}, []string{"method", "route"}),
		wrong: make.NewCounterVec(prometheus.CounterOpts{
			Name: "ombudsdienst_wrong_secrets_total",
			Help: "Tokens and receipt codes that do not exist, and passwords that were wrong or came too soon, by kind.",
		}, []string{"kind"}),
	}
}

func (f *figures) count(method, route string, status int, took time.Duration) {
	f.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	f.durations.WithLabelValues(method, route).Observe(took.Seconds())
}
