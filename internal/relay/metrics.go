package relay

import (
	"context"
	"database/sql"
	"time"

	"ombudsdienst/internal/register"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	deliveries   *prometheus.CounterVec
	redeliveries prometheus.Counter
	waiting      prometheus.Gauge
	oldest       prometheus.Gauge
	blocked      prometheus.Gauge
	lag          prometheus.Gauge
	connected    prometheus.Gauge
	healing      prometheus.Gauge
	healed       *prometheus.CounterVec
	unanswered   *prometheus.GaugeVec
	stuck        stuckMetrics
	letters      *prometheus.GaugeVec
	scans        scanMetrics
}

func newMetrics(registerer prometheus.Registerer) metrics {
	make := promauto.With(registerer)
	gauge := func(name, help string) prometheus.Gauge {
		return make.NewGauge(prometheus.GaugeOpts{Namespace: "ombudsdienst", Subsystem: "relay", Name: name, Help: help})
	}
	return metrics{
		deliveries: make.NewCounterVec(prometheus.CounterOpts{Namespace: "ombudsdienst", Subsystem: "relay",
			Name: "deliveries_total", Help: "Outbox rows brought to Temporal, by its answer."}, []string{"answer"}),
		redeliveries: make.NewCounter(prometheus.CounterOpts{Namespace: "ombudsdienst", Subsystem: "relay",
			Name: "redeliveries_total", Help: "Deliveries of rows that had been delivered before."}),
		waiting:   gauge("rows_waiting", "Outbox rows that the procedure has not recorded yet, without blocked ones."),
		oldest:    gauge("oldest_waiting_seconds", "Age of the oldest of them."),
		blocked:   gauge("blocked_workflows", "Workflows given up after too many tries; a person has to look."),
		lag:       gauge("recording_lag_seconds", "How long the longest delivered row has waited for its recording."),
		connected: gauge("temporal_connected", "1 when Temporal answered when it was last asked."),
		healing:   gauge("healing", "1 while procedures are brought up to the register because a store lost time."),
		healed: make.NewCounterVec(prometheus.CounterOpts{Namespace: "ombudsdienst", Subsystem: "relay",
			Name: "healing_examined_total", Help: "Procedures compared with the register for that, by how they were found; all but intact are begun anew."},
			[]string{"found"}),
		stuck:   newStuckMetrics(make),
		letters: newLetterMetrics(make),
		scans:   newScanMetrics(make),
		unanswered: make.NewGaugeVec(prometheus.GaugeOpts{Namespace: "ombudsdienst", Name: "oldest_unacknowledged_seconds",
			Help: "How long the complaint that has waited longest for its acknowledgement waits, by whom it waits for: the program, or a person who has to post or to settle it."},
			[]string{"waits_for"}),
	}
}

func (m metrics) delivered(row register.OutboxRow, came answer) {
	m.deliveries.WithLabelValues(string(came)).Inc()
	if row.DeliveredAt.Valid {
		m.redeliveries.Inc()
	}
}

// measure looks at the outbox with each tick. While the register is away the
// last figures stand.
func (r *Relay) measure(ctx context.Context) {
	tick := time.NewTicker(r.Tick)
	defer tick.Stop()
	for ctx.Err() == nil {
		if summary, err := r.store.OutboxSummary(ctx, r.now().Add(-stuckRecording)); err == nil {
			r.metrics.show(summary, r.now())
		}
		if since, err := r.store.OldestUnacknowledged(ctx); err == nil {
			r.metrics.unanswered.WithLabelValues("program").Set(age(since.Program, r.now()))
			r.metrics.unanswered.WithLabelValues("person").Set(age(since.Person, r.now()))
		}
		r.countLetters(ctx)
		r.countScans(ctx)
		r.metrics.connected.Set(0)
		if r.Connected() {
			r.metrics.connected.Set(1)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// age is how many seconds have passed since a moment; 0 since none.
func age(since sql.NullTime, now time.Time) float64 {
	if !since.Valid {
		return 0
	}
	return max(0, now.Sub(since.Time).Seconds())
}

func (m metrics) show(s register.OutboxSummary, now time.Time) {
	m.stuck.unrecorded.Set(float64(s.Late))
	m.waiting.Set(float64(s.Waiting))
	m.blocked.Set(float64(s.Blocked))
	m.oldest.Set(age(s.Oldest, now))
	m.lag.Set(age(s.OldestTaken, now))
}
