package complaint

import (
	"slices"
	"time"
)

// Consultation (raadpleging van de dienst) is one question to one department.
// It may follow up an earlier question to the same department, and it may be
// handed over to another department, where the question goes on as one of its own.
type Consultation struct {
	ID              int64             `json:"id" db:"id"`
	Number          Number            `json:"number" db:"number"`
	Department      string            `json:"department" db:"department"`
	Question        string            `json:"question" db:"question"`
	DueOn           Day               `json:"due_on" db:"due_on"`
	FollowUpTo      int64             `json:"follow_up_to,omitempty" db:"follow_up_to" doc:"the question that it follows up"`
	HandedOverFrom  int64             `json:"handed_over_from,omitempty" db:"handed_over_from" doc:"the question, to another department, that it continues"`
	HandOverReasons string            `json:"hand_over_reasons,omitempty" db:"hand_over_reasons" doc:"why it came from there"`
	AskedAt         time.Time         `json:"asked_at" db:"asked_at"`
	AskedBy         string            `json:"asked_by" db:"asked_by"`
	State           ConsultationState `json:"state" db:"state"`
	AnsweredAt      time.Time         `json:"answered_at,omitzero" db:"answered_at"`
	AnsweredBy      string            `json:"answered_by,omitempty" db:"answered_by"`
	Answer          string            `json:"answer,omitempty" db:"answer"`
	ProposedRemedy  string            `json:"proposed_remedy,omitempty" db:"proposed_remedy"`
}

// ConsultationState is how far a question to a department is.
type ConsultationState string

// The states of a consultation.
const (
	ConsultationOpen       ConsultationState = "open"
	ConsultationAnswered   ConsultationState = "answered"
	ConsultationLate       ConsultationState = "late"        // answered after the case was decided
	ConsultationEnded      ConsultationState = "ended"       // the case went on without it
	ConsultationHandedOver ConsultationState = "handed_over" // another department has the question now
)

// MayAsk tells whether a department may be asked, given what was asked before
// about the complaint. A second question waits for the answer to the first,
// unless it says which question it follows up: then the department knows that
// both are meant. FollowUpTo is 0 for a question that stands alone.
func MayAsk(before []Consultation, department string, followUpTo int64) error {
	if followUpTo != 0 {
		i := slices.IndexFunc(before, func(c Consultation) bool { return c.ID == followUpTo })
		if i < 0 || before[i].Department != department {
			return Conflict("no_such_question", "%s was not asked question %d about this complaint.", department, followUpTo)
		}
		return nil
	}
	for _, c := range before {
		if c.Department == department && c.State == ConsultationOpen {
			return Conflict("consultation_open",
				"%s has not yet answered question %d about this complaint; name it in follow_up_to to ask more.", department, c.ID)
		}
	}
	return nil
}

// MayHandOver tells whether an open question may go to another department. One
// that still owes an answer of its own does not get a second question this way.
func MayHandOver(question Consultation, before []Consultation, to string) error {
	switch {
	case question.State != ConsultationOpen:
		return Conflict("not_open", "Question %d waits for no answer any more: it is %s.", question.ID, question.State)
	case question.Department == to:
		return Conflict("same_department", "Question %d is with %s already.", question.ID, to)
	}
	return MayAsk(before, to, 0)
}

// MayAnswer tells whether a question can still be answered. One that the case
// went on without can: the late answer is kept in the file.
func (c Consultation) MayAnswer() error {
	switch c.State {
	case ConsultationAnswered, ConsultationLate:
		return Conflict("already_answered", "Consultation %d has been answered.", c.ID)
	case ConsultationHandedOver:
		return Conflict("handed_over", "Consultation %d was handed over to another department.", c.ID)
	}
	return nil
}
