package casework

import (
	"strings"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/staff"
)

// checkSubmission checks a submission as the actor may lodge it, and answers with
// it as it is stored: its moment of receipt set and its numbers in one form.
func (d *Desk) checkSubmission(actor Actor, s complaint.Submission) (complaint.Submission, error) {
	c := d.checker()
	if s.Complainant.Type == "" {
		s.Complainant.Type = "person"
	}
	d.checkArrival(c, actor, &s)
	c.complainant(&s.Complainant)
	c.representative(s.Representative)
	c.matter(s)
	if actor.Role == staff.Public {
		s.Representative = believed(s)
		c.answerable(s)
	}
	if err := c.attachments(s.Attachments); err != nil {
		return s, err
	}
	return s, c.result()
}

// checkArrival: what came on paper or by telephone is typed in by staff, who say
// when it arrived; of a web form the server's clock knows.
func (d *Desk) checkArrival(c *checker, actor Actor, s *complaint.Submission) {
	now := d.Now()
	switch {
	case !s.Intake.Valid():
		c.wrong("intake", "is not an intake")
	case actor.Role == staff.Public && s.Intake != complaint.WebForm:
		c.wrong("intake", "is for staff; the public lodges web_form")
	}
	if !s.Language.Valid() {
		c.wrong("language", "is not one of nl, fr, de, en")
	}
	switch {
	case s.ReceivedAt.IsZero():
		s.ReceivedAt = now
	case actor.Role == staff.Public:
		c.wrong("received_at", "is for staff; the server's clock counts")
	case s.ReceivedAt.After(now):
		c.wrong("received_at", "is in the future")
	default:
		c.sensible("received_at", complaint.DayOf(s.ReceivedAt))
	}
	s.ReceivedAt = s.ReceivedAt.Truncate(time.Microsecond)
}

func (c *checker) complainant(p *complaint.Complainant) {
	const at = "complainant."
	if p.Type != "person" && p.Type != "organisation" {
		c.wrong(at+"type", "is not one of person, organisation")
	}
	c.line(at+"name", p.Name, 200)
	p.Name = strings.TrimSpace(p.Name)
	c.line(at+"contact_name", p.ContactName, 200)
	c.line(at+"salutation", p.Salutation, 40)
	c.address(at, p.Address)
	c.line(at+"phone", p.Phone, 40)
	c.line(at+"member_number", p.MemberNumber, 40)
	if p.NISS != "" {
		digits, err := complaint.ParseNISS(p.NISS, c.today)
		if err != nil {
			c.wrong(at+"niss", "is not a valid identification number")
		}
		p.NISS = digits
	}
	c.placeNumbers(p)
}

func (c *checker) address(at string, a complaint.Address) {
	c.line(at+"street", a.Street, 200)
	c.line(at+"postcode", a.Postcode, 20)
	c.line(at+"city", a.City, 100)
	c.line(at+"country", a.Country, 60)
	c.email(at+"email", a.Email)
}

func (c *checker) representative(r *complaint.Representative) {
	if r == nil {
		return
	}
	const at = "representative."
	c.required(at+"name", r.Name, 200)
	c.line(at+"name", r.Name, 200)
	c.line(at+"salutation", r.Salutation, 40)
	c.line(at+"relation", r.Relation, 100)
	c.address(at, r.Address)
	c.line(at+"phone", r.Phone, 40)
	switch r.Mandate {
	case complaint.MandateNone, complaint.MandateAttached, complaint.MandateLegal:
	default:
		c.wrong(at+"mandate", "is not one of none, attached, legal")
	}
	c.line(at+"scope", r.Scope, 500)
	c.past(at+"given_on", r.GivenOn)
	c.ends(at, r.GivenOn, r.EndsOn)
}

// believed is the representative as the public is believed: a mandate that is
// said to be attached, with no document at all, is none, and is asked for. Staff
// may have it on paper.
func believed(s complaint.Submission) *complaint.Representative {
	r := s.Representative
	if r == nil || r.Mandate != complaint.MandateAttached || len(s.Attachments) > 0 {
		return r
	}
	without := *r
	without.Mandate = complaint.MandateNone
	return &without
}

// matter checks what the complaint is about.
func (c *checker) matter(s complaint.Submission) {
	c.facts(s.FactsOn, s.FactsUntil)
	c.initiatives(s.Initiatives)
	if p := s.PriorContact; p != nil {
		c.past("prior_contact.on", p.On)
		c.text("prior_contact.how", p.How, 100)
		c.text("prior_contact.result", p.Result, 2000)
	}
	if d := s.ContestedDecision; d != nil {
		c.past("contested_decision.on", d.On)
		c.line("contested_decision.reference", d.Reference, 200)
	}
	if s.Department != "" {
		c.department("department", s.Department)
	}
	c.line("topic", s.Topic, 200)
	c.required("text", s.Text, 50_000)
	if s.ReplyBy != "" && s.ReplyBy != complaint.ByEmail && s.ReplyBy != complaint.ByPost {
		c.wrong("reply_by", "is not one of email, post")
	}
}

// answerable: who lodges without help must say who they are and how they can be
// answered. Staff register an anonymous letter as it came.
func (c *checker) answerable(s complaint.Submission) {
	if s.Complainant.Name == "" {
		c.wrong("complainant.name", "is required")
	}
	if s.FirstContact().Channel == "" {
		c.wrong("complainant.email", "is required, or street and city: there must be a way to answer")
	}
}
