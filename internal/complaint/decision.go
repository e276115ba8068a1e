package complaint

import "time"

// Consultation (raadpleging van de dienst) is one question to one department.
type Consultation struct {
	ID             int64     `json:"id" db:"id"`
	Number         Number    `json:"number" db:"number"`
	Department     string    `json:"department" db:"department"`
	Question       string    `json:"question" db:"question"`
	DueOn          Day       `json:"due_on" db:"due_on"`
	AskedAt        time.Time `json:"asked_at" db:"asked_at"`
	AskedBy        string    `json:"asked_by" db:"asked_by"`
	State          string    `json:"state" db:"state"` // open, answered, late (after the outcome), ended (the case went on without it)
	AnsweredAt     time.Time `json:"answered_at,omitzero" db:"answered_at"`
	AnsweredBy     string    `json:"answered_by,omitempty" db:"answered_by"`
	Answer         string    `json:"answer,omitempty" db:"answer"`
	ProposedRemedy string    `json:"proposed_remedy,omitempty" db:"proposed_remedy"`
}

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
