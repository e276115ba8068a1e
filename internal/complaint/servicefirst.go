package complaint

import (
	"strings"
	"time"
)

// ServiceFirst is the warm hand-over of a complaint to the service that the
// complainant had not asked before: the procedure advises to go there first.
// The term of the answer keeps running.
type ServiceFirst struct {
	Department string     `json:"department" db:"department"`
	ReturnOn   Day        `json:"return_on" db:"return_on" doc:"the day on which it is back with the officer"`
	Reasons    string     `json:"reasons" db:"reasons"`
	HandedBy   string     `json:"handed_by" db:"handed_by"`
	HandedAt   time.Time  `json:"handed_at" db:"handed_at"`
	ReturnedAt *time.Time `json:"returned_at" db:"returned_at" nullable:"true" doc:"null: the day has not come, or the case was decided before it"`

	ReportedAt *time.Time `json:"reported_at" db:"reported_at" nullable:"true" doc:"null: the service has not said what it did"`
	ReportedBy string     `json:"reported_by,omitempty" db:"reported_by"`
	Solved     *bool      `json:"solved" db:"solved" nullable:"true" doc:"by what the service says; the officer decides; null: it has said nothing"`
	Report     string     `json:"report,omitempty" db:"report" doc:"what the service did"`
	EndedAt    *time.Time `json:"ended_at" db:"ended_at" nullable:"true" doc:"set when the service was named as involved before its time was over, or the case was decided before it said what it did"`
}

// Waits tells whether the service still has the complaint: its time runs, and it
// has not said what it did.
func (f *ServiceFirst) Waits() bool {
	return f != nil && f.ReturnedAt == nil && f.ReportedAt == nil && f.EndedAt == nil
}

// MayReport tells whether the service can still say what it did: once, and not
// after it was taken off the matter.
func (f ServiceFirst) MayReport() error {
	switch {
	case f.ReportedAt != nil:
		return Conflict("already_reported", "%s has said what it did.", f.Department)
	case f.EndedAt != nil:
		return Conflict("service_ended", "%s does not help with this complaint any more.", f.Department)
	}
	return nil
}

// Tried tells whether the complainant has asked the service before: a contact
// of which nothing is known is none.
func (p *PriorContact) Tried() bool {
	return p != nil && (!p.On.IsZero() || strings.TrimSpace(p.How+p.Result) != "")
}

// MayGoToServiceFirst tells whether a complaint may be handed to the service on
// a day, to come back on another: the service was not asked before, neither by
// the complainant nor in this way, no department owes an answer, and the return
// leaves the officer time before the last day is over. A case whose term is over
// or does not run yet has no such day.
func MayGoToServiceFirst(prior *PriorContact, before *ServiceFirst, asked []Consultation, today, returnOn, lastDay Day) error {
	for _, c := range asked {
		if c.State == ConsultationOpen {
			return Conflict("consultations_open", "%s has been asked by the ombuds service and has not answered yet.", c.Department)
		}
	}
	switch {
	case before != nil:
		return Conflict("service_first_before", "The complaint has been with %s first.", before.Department)
	case prior.Tried():
		return Conflict("service_contacted", "The complainant has asked the service before complaining.")
	case lastDay.IsZero() || !today.Before(lastDay):
		return Conflict("no_time_for_service", "The answer is due before the service could help.")
	case !returnOn.After(today) || !returnOn.Before(lastDay):
		return InvalidFields([]FieldError{{Location: "body.return_on", Message: "is not between today and the last day of the term"}})
	}
	return nil
}
