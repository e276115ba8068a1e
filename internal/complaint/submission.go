package complaint

import "time"

// Submission (wat binnenkwam) is what somebody sent, as it came in. It is the
// complaint's content and stays in the register; the struct tags are the
// contract of the interface that takes it in.
type Submission struct {
	Intake            Intake             `json:"intake" enum:"web_form,post,office_form,email,phone_note" doc:"how it came in"`
	Language          Language           `json:"language" enum:"nl,fr,de,en" doc:"language of the answer"`
	ReceivedAt        time.Time          `json:"received_at,omitzero" doc:"moment of arrival anywhere in the organisation; staff only, the server's clock otherwise"`
	Complainant       Complainant        `json:"complainant,omitzero" doc:"who complains; staff may leave all of it empty: anonymous"`
	Representative    *Representative    `json:"representative,omitempty" nullable:"true" doc:"who writes in the complainant's name"`
	FactsOn           Day                `json:"facts_on,omitzero" format:"date" nullable:"true" doc:"day of the facts; the first one when they went on"`
	FactsUntil        Day                `json:"facts_until,omitzero" format:"date" nullable:"true" doc:"last day on which the facts lasted, when they went on"`
	Initiatives       []Initiative       `json:"initiatives,omitempty" maxItems:"50" doc:"what the complainant did since the facts"`
	PriorContact      *PriorContact      `json:"prior_contact,omitempty" nullable:"true" doc:"contact with the service before complaining"`
	ContestedDecision *ContestedDecision `json:"contested_decision,omitempty" nullable:"true" doc:"a decision of the fund that is contested"`
	Department        string             `json:"department,omitempty" nullable:"true" maxLength:"40" doc:"code of the department concerned"`
	Topic             string             `json:"topic,omitempty" nullable:"true" maxLength:"200" doc:"subject in one sentence"`
	Text              string             `json:"text" minLength:"1" maxLength:"50000" doc:"the complaint in the complainant's words"`
	ConcernsPrivacy   bool               `json:"concerns_privacy,omitempty" doc:"it is about personal data: for the DPO"`
	ReplyBy           Channel            `json:"reply_by,omitempty" enum:"email,post" doc:"how the complainant wants to be answered"`
	Attachments       []Attachment       `json:"attachments,omitempty" maxItems:"20" doc:"10 MB each, 25 MB in all"`
	WrittenAt         time.Time          `json:"-"` // arrival of the writing that a phone note lacked; zero: it has not come
}

// InWriting tells whether it is a complaint in writing.
func (s Submission) InWriting() bool { return s.Intake != PhoneNote || !s.WrittenAt.IsZero() }

// Arrived is when it came in as a complaint in writing, which is day 0; for a
// phone note without its writing, when it was told.
func (s Submission) Arrived() time.Time {
	if !s.WrittenAt.IsZero() {
		return s.WrittenAt
	}
	return s.ReceivedAt
}

// Complainant (klager) is the person or organisation who complains.
type Complainant struct {
	Type         string `json:"type,omitempty" enum:"person,organisation" doc:"person unless said otherwise"`
	Name         string `json:"name,omitempty" nullable:"true" maxLength:"200"`
	ContactName  string `json:"contact_name,omitempty" nullable:"true" maxLength:"200" doc:"who to address within an organisation"`
	Salutation   string `json:"salutation,omitempty" nullable:"true" maxLength:"40" doc:"as the complainant wrote it; never guessed"`
	Address             // the fields stand beside the name
	Phone        string `json:"phone,omitempty" nullable:"true" maxLength:"40"`
	IsMember     *bool  `json:"is_member,omitempty" nullable:"true" doc:"member of the fund; null when not known"`
	MemberNumber string `json:"member_number,omitempty" nullable:"true" maxLength:"40"`
	NISS         string `json:"niss,omitempty" nullable:"true" maxLength:"20" doc:"identification number; stored encrypted, shown masked"`
}

// Address is where somebody can be answered.
type Address struct {
	Street   string `json:"street,omitempty" nullable:"true" maxLength:"200"`
	Postcode string `json:"postcode,omitempty" nullable:"true" maxLength:"20"`
	City     string `json:"city,omitempty" nullable:"true" maxLength:"100"`
	Country  string `json:"country,omitempty" nullable:"true" maxLength:"60" doc:"empty or BE inside Belgium"`
	Email    string `json:"email,omitempty" nullable:"true" maxLength:"254"`
}

// HasPost tells whether a letter can be addressed.
func (a Address) HasPost() bool { return a.Street != "" && a.City != "" }

// Reachable tells whether there is any way to answer in writing.
func (a Address) Reachable() bool { return a.Email != "" || a.HasPost() }

// Initiative (initiatief) is a dated step of the complainant to get satisfaction.
type Initiative struct {
	On  Day    `json:"on" format:"date"`
	How string `json:"how" minLength:"1" maxLength:"100" doc:"phone, email, letter, visit, form, ..."`
	By  Actor  `json:"by,omitempty" enum:"complainant,representative,organisation" doc:"whose step it was; the complainant's unless said otherwise"`
}

// Actor is who took a step.
type Actor string

// Who may have taken a step. The organisation's own acts are kept for the file
// and are no initiative.
const (
	ByComplainant    Actor = "complainant"
	ByRepresentative Actor = "representative"
	ByOrganisation   Actor = "organisation"
)

// PriorContact is the contact with the service that the procedure advises first.
type PriorContact struct {
	On     Day    `json:"on,omitzero" format:"date" nullable:"true"`
	How    string `json:"how,omitempty" nullable:"true" maxLength:"100"`
	Result string `json:"result,omitempty" nullable:"true" maxLength:"2000"`
}

// ContestedDecision is the fund's decision that the complainant does not accept.
type ContestedDecision struct {
	On        Day    `json:"on,omitzero" format:"date" nullable:"true"`
	Reference string `json:"reference,omitempty" nullable:"true" maxLength:"200"`
}

// Attachment is a document that came with a submission or an answer.
type Attachment struct {
	Name      string `json:"name" minLength:"1" maxLength:"200"`
	MediaType string `json:"media_type,omitempty" maxLength:"100" doc:"what the sender says; its content decides"`
	Content   []byte `json:"content" doc:"base64"`
}
