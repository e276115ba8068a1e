package complaint

import "time"

// AdmissionDecision is what a person decided about admissibility.
type AdmissionDecision struct {
	Decision  Judgement `json:"decision"`
	Ground    Ground    `json:"ground"`
	Reasons   string    `json:"reasons"`
	ReferTo   string    `json:"refer_to,omitempty"`
	DecidedBy string    `json:"decided_by"`
	DecidedAt time.Time `json:"decided_at"`
}

// Outcome (resultaat) is the answer of the ombuds officer.
type Outcome struct {
	Findings        []PointFinding   `json:"findings"`
	Verdict         Verdict          `json:"verdict"`
	Resolution      Resolution       `json:"resolution"`
	Remedy          string           `json:"remedy,omitempty"`
	Norms           []Norm           `json:"norms,omitempty"`
	Recommendations []Recommendation `json:"recommendations,omitempty"`
	WithoutAnswers  string           `json:"without_answers,omitempty" doc:"why it did not wait for departments that owed an answer; for the file only"`
	DecidedBy       string           `json:"decided_by"`
	DecidedAt       time.Time        `json:"decided_at"`
}

// PointFinding is the verdict on one point of the complaint, with its reasons.
type PointFinding struct {
	Point   string  `json:"point" minLength:"1" maxLength:"2000"`
	Verdict Verdict `json:"verdict" enum:"founded,partly_founded,unfounded,no_finding"`
	Reasons string  `json:"reasons" minLength:"1" maxLength:"10000"`
}

// Recommendation (aanbeveling) asks a department to keep the problem from returning.
type Recommendation struct {
	ID         int64  `json:"id" db:"id"`
	Department string `json:"department" db:"department"`
	Text       string `json:"text" db:"text"`
	DueOn      Day    `json:"due_on,omitzero" db:"due_on"`
}
