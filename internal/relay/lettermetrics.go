package relay

import (
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// waitingStates are those in which a letter waits, by itself or for a person.
var waitingStates = []complaint.LetterState{
	complaint.LetterOwed, complaint.LetterRendered, complaint.LetterSending, complaint.LetterPrinted,
	complaint.LetterFailed, complaint.LetterInDoubt, complaint.LetterHeld,
}

func newLetterMetrics(make promauto.Factory) *prometheus.GaugeVec {
	return make.NewGaugeVec(prometheus.GaugeOpts{Namespace: "ombudsdienst", Name: "letters_waiting",
		Help: "Letters that have not left, by their state; those held have too many others to the same address today."}, []string{"state"})
}

type scanMetrics struct{ infected, failing prometheus.Gauge }

func newScanMetrics(make promauto.Factory) scanMetrics {
	gauge := func(name, help string) prometheus.Gauge {
		return make.NewGauge(prometheus.GaugeOpts{Namespace: "ombudsdienst", Subsystem: "attachments", Name: name, Help: help})
	}
	return scanMetrics{
		infected: gauge("infected", "Documents in which the virus scanner found something."),
		failing:  gauge("failing", "Documents that could not be scanned although it was tried; they are tried again."),
	}
}

// countScans shows what the virus scanner left open.
func (r *Relay) countScans(ctx context.Context) {
	if counts, err := r.store.CountScans(ctx); err == nil {
		r.metrics.scans.infected.Set(float64(counts.Infected))
		r.metrics.scans.failing.Set(float64(counts.Failing))
	}
}

// countLetters shows how many letters wait. While the register is away the last
// figures stand.
func (r *Relay) countLetters(ctx context.Context) {
	counts, err := r.store.CountLetters(ctx, waitingStates)
	if err != nil {
		return
	}
	for _, state := range waitingStates {
		r.metrics.letters.WithLabelValues(string(state)).Set(float64(counts[state]))
	}
}
