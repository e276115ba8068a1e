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
