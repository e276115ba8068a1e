package complaint

import (
	"reflect"
	"time"
)

// Correction (verbetering) says what of a submission was not right. Only what is
// given changes; an empty text clears where that leaves a sound submission. How,
// when and with what right it came in is corrected by ways of their own: the
// moment of receipt, the mandate, the referral to the DPO.
type Correction struct {
	Language          *Language                 `json:"language,omitempty" enum:"nl,fr,de,en"`
	Complainant       *ComplainantCorrection    `json:"complainant,omitempty"`
	Representative    *RepresentativeCorrection `json:"representative,omitempty" doc:"of a representative who is known; how the mandate stands is noted elsewhere"`
	FactsOn           *string                   `json:"facts_on,omitempty" pattern:"^(\\d{4}-\\d{2}-\\d{2})?$" doc:"a day, or empty to clear it"`
	FactsUntil        *string                   `json:"facts_until,omitempty" pattern:"^(\\d{4}-\\d{2}-\\d{2})?$" doc:"a day, or empty to clear it"`
	Initiatives       *[]Initiative             `json:"initiatives,omitempty" maxItems:"50" doc:"replaces the whole list"`
	PriorContact      *PriorContact             `json:"prior_contact,omitempty" doc:"replaces what was noted; without content it clears it"`
	ContestedDecision *ContestedDecision        `json:"contested_decision,omitempty" doc:"replaces what was noted; without content it clears it"`
	Department        *string                   `json:"department,omitempty" maxLength:"40" doc:"a code, or empty to clear it"`
	Topic             *string                   `json:"topic,omitempty" maxLength:"200"`
	Text              *string                   `json:"text,omitempty" minLength:"1" maxLength:"50000"`
	ReplyBy           *string                   `json:"reply_by,omitempty" enum:"email,post," doc:"empty: no wish"`
}

// ComplainantCorrection is what of the complainant was not right.
type ComplainantCorrection struct {
	Type        *string `json:"type,omitempty" enum:"person,organisation"`
	Name        *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
	ContactName *string `json:"contact_name,omitempty" maxLength:"200"`
	Salutation  *string `json:"salutation,omitempty" maxLength:"40"`
	AddressCorrection
	Phone        *string `json:"phone,omitempty" maxLength:"40"`
	IsMember     *bool   `json:"is_member,omitempty"`
	MemberNumber *string `json:"member_number,omitempty" maxLength:"40"`
	NISS         *string `json:"niss,omitempty" maxLength:"20" doc:"identification number; a masked one changes nothing, an empty one clears it"`
}

// AddressCorrection is what of an address was not right.
type AddressCorrection struct {
	Street   *string `json:"street,omitempty" maxLength:"200"`
	Postcode *string `json:"postcode,omitempty" maxLength:"20"`
	City     *string `json:"city,omitempty" maxLength:"100"`
	Country  *string `json:"country,omitempty" maxLength:"60"`
	Email    *string `json:"email,omitempty" maxLength:"254"`
}

// RepresentativeCorrection is what of a representative was not right.
type RepresentativeCorrection struct {
	Name       *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
	Salutation *string `json:"salutation,omitempty" maxLength:"40"`
	Relation   *string `json:"relation,omitempty" maxLength:"100"`
	AddressCorrection
	Phone *string `json:"phone,omitempty" maxLength:"40"`
}

// FieldChange is one field of a submission that a correction changed.
type FieldChange struct {
	Field  string `json:"field" doc:"its name in the submission"`
	Before any    `json:"before" doc:"what it held; of an identification number a mask"`
	After  any    `json:"after" doc:"what it holds since"`
}

// FieldNISS names the identification number; its values never stand in a change.
const FieldNISS = "complainant.niss"

// changes collects what a correction changes.
type changes struct{ list []FieldChange }

// put sets a field where a value is given.
func put[T any](c *changes, field string, to *T, given *T) {
	if given == nil || reflect.DeepEqual(*to, *given) {
		return
	}
	c.list = append(c.list, FieldChange{Field: field, Before: *to, After: *given})
	*to = *given
}

// Corrected is the submission with a correction, and what that changed of it. The
// identification number is left as it is. Days that cannot be read change
// nothing: they were refused before.
func (s Submission) Corrected(c Correction) (Submission, []FieldChange) {
	var found changes
	put(&found, "language", &s.Language, c.Language)
	if p := c.Complainant; p != nil {
		to := &s.Complainant
		put(&found, "complainant.type", &to.Type, p.Type)
		put(&found, "complainant.name", &to.Name, p.Name)
		put(&found, "complainant.contact_name", &to.ContactName, p.ContactName)
		put(&found, "complainant.salutation", &to.Salutation, p.Salutation)
		found.address("complainant.", &to.Address, p.AddressCorrection)
		put(&found, "complainant.phone", &to.Phone, p.Phone)
		put(&found, "complainant.member_number", &to.MemberNumber, p.MemberNumber)
		if p.IsMember != nil {
			put(&found, "complainant.is_member", &to.IsMember, &p.IsMember)
		}
	}
	if r := c.Representative; r != nil && s.Representative != nil {
		to := *s.Representative
		put(&found, "representative.name", &to.Name, r.Name)
		put(&found, "representative.salutation", &to.Salutation, r.Salutation)
		put(&found, "representative.relation", &to.Relation, r.Relation)
		found.address("representative.", &to.Address, r.AddressCorrection)
		put(&found, "representative.phone", &to.Phone, r.Phone)
		s.Representative = &to
	}
	return s.matterCorrected(c, &found), found.list
}

// matterCorrected does what the complaint is about.
func (s Submission) matterCorrected(c Correction, found *changes) Submission {
	putDay(found, "facts_on", &s.FactsOn, c.FactsOn)
	putDay(found, "facts_until", &s.FactsUntil, c.FactsUntil)
	if c.Initiatives != nil && len(*c.Initiatives)+len(s.Initiatives) > 0 {
		put(found, "initiatives", &s.Initiatives, c.Initiatives)
	}
	if p := c.PriorContact; p != nil {
		if *p == (PriorContact{}) {
			p = nil
		}
		put(found, "prior_contact", &s.PriorContact, &p)
	}
	if d := c.ContestedDecision; d != nil {
		if *d == (ContestedDecision{}) {
			d = nil
		}
		put(found, "contested_decision", &s.ContestedDecision, &d)
	}
	put(found, "department", &s.Department, c.Department)
	put(found, "topic", &s.Topic, c.Topic)
	put(found, "text", &s.Text, c.Text)
	if c.ReplyBy != nil {
		wish := Channel(*c.ReplyBy)
		put(found, "reply_by", &s.ReplyBy, &wish)
	}
	return s
}

func (c *changes) address(at string, to *Address, given AddressCorrection) {
	put(c, at+"street", &to.Street, given.Street)
	put(c, at+"postcode", &to.Postcode, given.Postcode)
	put(c, at+"city", &to.City, given.City)
	put(c, at+"country", &to.Country, given.Country)
	put(c, at+"email", &to.Email, given.Email)
}

func putDay(c *changes, field string, to *Day, given *string) {
	if given == nil {
		return
	}
	day, err := ParseDay(*given)
	if err != nil && *given != "" {
		return
	}
	put(c, field, to, &day)
}

// SubmissionCorrected says what the rules find of a complaint after a correction
// of what came in, and the department that it now concerns. Without a judgement
// they find what they found before.
type SubmissionCorrected struct {
	ReplyReceived
	Department string `json:"department,omitempty"`
}

// Noted is a reply with the moment at which somebody noted it.
type Noted struct {
	Reply
	At time.Time
}

// Without is a reply without what a later correction of the submission settled.
func (r Noted) Without(fields []string, correctedAt time.Time) Noted {
	if correctedAt.Before(r.At) {
		return r
	}
	for _, field := range fields {
		switch field {
		case "facts_on":
			r.FactsOn = Day{}
		case "facts_until":
			r.FactsUntil = Day{}
		case "department":
			r.Department = ""
		case "initiatives":
			r.Initiatives = nil
		}
	}
	return r
}
