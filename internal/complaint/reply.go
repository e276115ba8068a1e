package complaint

import "time"

// ReplyKind is what the complainant sent.
type ReplyKind string

// The kinds of a reply.
const (
	ReplyMandate     ReplyKind = "mandate"
	ReplyWriting     ReplyKind = "writing"
	ReplyInformation ReplyKind = "information"
)

// Reply (antwoord van de klager) is what came in answer to what was asked: a
// mandate, the complaint in writing or information, with the facts it tells.
type Reply struct {
	Kind        ReplyKind    `json:"kind"`
	Text        string       `json:"text,omitempty"`
	ReceivedAt  time.Time    `json:"received_at"`
	FactsOn     Day          `json:"facts_on,omitzero"`
	FactsUntil  Day          `json:"facts_until,omitzero"`
	Initiatives []Initiative `json:"initiatives,omitempty"`
	Department  string       `json:"department,omitempty"`
}

// With is the submission as a reply completes it. What the reply does not say
// stays as it was; the representation is kept apart.
func (s Submission) With(r Reply) Submission {
	if r.Kind == ReplyWriting && s.WrittenAt.IsZero() {
		s.WrittenAt = r.ReceivedAt
	}
	if !r.FactsOn.IsZero() {
		s.FactsOn = r.FactsOn
	}
	if !r.FactsUntil.IsZero() {
		s.FactsUntil = r.FactsUntil
	}
	if r.Department != "" {
		s.Department = r.Department
	}
	s.Initiatives = append(s.Initiatives[:len(s.Initiatives):len(s.Initiatives)], r.Initiatives...)
	return s
}
