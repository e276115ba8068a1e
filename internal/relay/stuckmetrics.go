package relay

import (
	"ombudsdienst/internal/complaint"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// stuckMetrics counts what is stuck. Each is zero in good days, so that anything
// above may wake somebody.
type stuckMetrics struct {
	unrecorded prometheus.Gauge
	cases      map[obstacle]prometheus.Gauge
	looks      prometheus.Counter
}

func newStuckMetrics(make promauto.Factory) stuckMetrics {
	gauge := func(name, help string) prometheus.Gauge {
		return make.NewGauge(prometheus.GaugeOpts{Namespace: "ombudsdienst", Subsystem: "stuck", Name: name, Help: help})
	}
	return stuckMetrics{
		unrecorded: gauge("unrecorded_workflows", "Workflows with a command that was not recorded within a minute, blocked ones included."),
		cases: map[obstacle]prometheus.Gauge{
			taskFails:       gauge("failing_cases", "Cases whose workflow code fails again and again, as last seen."),
			taskWaits:       gauge("waiting_cases", "Cases whose next step no worker takes, as last seen."),
			activityRetries: gauge("retrying_cases", "Cases with an activity that has been retried for an hour, as last seen."),
		},
		looks: make.NewCounter(prometheus.CounterOpts{Namespace: "ombudsdienst", Subsystem: "stuck", Name: "looks_total",
			Help: "Open cases of which it was asked whether they are stuck."}),
	}
}

func (m stuckMetrics) show(stuck map[complaint.CaseID][]snag) {
	cases := map[obstacle]int{}
	for _, snags := range stuck {
		seen := map[obstacle]bool{}
		for _, s := range snags {
			if !seen[s.obstacle] {
				seen[s.obstacle] = true
				cases[s.obstacle]++
			}
		}
	}
	for obstacle, gauge := range m.cases {
		gauge.Set(float64(cases[obstacle]))
	}
}
