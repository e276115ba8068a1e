package organisation

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"ombudsdienst/internal/complaint"
)

var (
	codeForm     = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,39}$`)
	postcodeForm = regexp.MustCompile(`^[1-9][0-9]{3}$`)
)

// checker collects what is wrong with an organisation.
type checker struct{ found []problem }

func (c *checker) wrong(p path, format string, args ...any) {
	c.found = append(c.found, problem{p, fmt.Sprintf(format, args...)})
}

func (o *Organisation) check() []problem {
	c := &checker{}
	c.text(path{"fund"}, o.Fund)
	c.text(path{"service"}, o.Service)
	c.addresses(path{"address"}, o.Address)
	c.link(path{"reach", "contact_form"}, o.Reach.ContactForm)
	c.line(path{"reach", "telephone"}, o.Reach.Telephone)
	c.text(path{"reach", "offices"}, o.Reach.Offices)
	c.mail(path{"sender_mail"}, o.SenderMail)
	c.link(path{"infomut"}, o.Infomut)
	c.link(path{"data_charter"}, o.DataCharter)
	c.mail(path{"dpo_mail"}, o.DPOMail)
	if o.DPOLanguage != "nl" && o.DPOLanguage != "fr" {
		c.wrong(path{"dpo_language"}, "letters to the DPO are in nl or fr")
	}
	c.text(path{"data_protection_authority", "name"}, o.DataAuthority.Name)
	c.text(path{"data_protection_authority", "contact"}, o.DataAuthority.Contact)
	c.text(path{"appeal_warning"}, o.AppealWarning)
	c.terms(path{"terms"}, o.Terms)
	c.offices(path{"offices"}, o.Offices)
	c.watch(path{"watch"}, o.Watch)
	c.letters(path{"letters"}, o.Letters)
	c.departments(path{"departments"}, o.Departments)
	c.bodies(path{"next_bodies"}, o)
	return c.found
}

func (c *checker) text(p path, t Text) {
	for _, l := range complaint.Languages {
		c.line(p.to(string(l)), t[l])
	}
	c.languages(p, t)
}

// optional is a text that may be left out, but not said in some languages only.
func (c *checker) optional(p path, t Text) {
	if len(t) > 0 {
		c.text(p, t)
	}
}

func (c *checker) languages(p path, t Text) {
	for l := range t {
		if !l.Valid() {
			c.wrong(p.to(string(l)), "the languages are nl, fr, de and en")
		}
	}
}

// line wants one line of text: it lands in letter heads and addresses.
func (c *checker) line(p path, s string) {
	switch {
	case strings.TrimSpace(s) == "":
		c.wrong(p, "it is missing or empty")
	case strings.ContainsFunc(s, unicode.IsControl):
		c.wrong(p, "it must be one line of text")
	}
}

func (c *checker) address(p path, a Address) {
	c.line(p.to("street"), a.Street)
	c.line(p.to("city"), a.City)
	if !postcodeForm.MatchString(a.Postcode) {
		c.wrong(p.to("postcode"), "it must be a Belgian postcode of four digits")
	}
}

func (c *checker) addresses(p path, a Addresses) {
	for _, l := range complaint.Languages {
		c.address(p.to(string(l)), a[l])
	}
	for l := range a {
		if !l.Valid() {
			c.wrong(p.to(string(l)), "the languages are nl, fr, de and en")
		}
	}
}

func (c *checker) link(p path, l Link) {
	c.text(p.to("name"), l.Name)
	c.text(p.to("url"), l.URL)
	for _, language := range complaint.Languages {
		u, err := url.Parse(l.URL[language])
		if l.URL[language] != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			c.wrong(p.to("url", string(language)), "it must be an address that starts with https://")
		}
	}
}

func (c *checker) mail(p path, address string) {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		c.wrong(p, "it must be a plain mail address")
	}
}

// terms keeps the promise of the procedure text: an answer within 45 calendar
// days. A fund may be quicker, never slower. The other terms lie within the
// answer's, so a wrong one there says nothing about them.
func (c *checker) terms(p path, t Terms) {
	if !c.between(p.to("answer_days"), t.Answer, 1, complaint.AnswerTermDays) {
		return
	}
	if c.between(p.to("acknowledge_alarm_days"), t.AcknowledgeAlarm, 1, t.Answer) {
		c.between(p.to("acknowledge_target_days"), t.AcknowledgeTarget, 1, t.AcknowledgeAlarm)
	}
	if c.between(p.to("consultation_days"), t.Consultation, 1, t.Answer) {
		c.between(p.to("reminder_days_before"), t.Reminder, 0, t.Consultation-1)
	}
	for i, day := range t.Warnings {
		at := p.to("warning_days", index(i))
		if c.between(at, day, 1, t.Answer-1) && i > 0 && day <= t.Warnings[i-1] {
			c.wrong(at, "the warning days must ascend")
		}
	}
}

func (c *checker) between(p path, n, low, high int) bool {
	within := low <= n && n <= high
	if !within {
		c.wrong(p, "it must be a number from %d to %d", low, high)
	}
	return within
}

func (c *checker) departments(p path, all []Department) {
	if len(all) == 0 {
		c.wrong(p, "there must be at least one department")
	}
	seen := map[string]bool{}
	for i, d := range all {
		at := p.to(index(i))
		c.code(at.to("code"), d.Code, seen)
		c.text(at.to("name"), d.Name)
		if d.Code == complaint.DPO {
			c.wrong(at.to("code"), "this code stands for the data protection officer")
		}
		if d.Language != "nl" && d.Language != "fr" {
			c.wrong(at.to("language"), "letters to departments are in nl or fr")
		}
		c.mail(at.to("mail"), d.Mail)
		c.line(at.to("head", "function"), d.Head.Function)
		c.mail(at.to("head", "mail"), d.Head.Mail)
		if d.Address != nil {
			c.address(at.to("address"), *d.Address)
		}
	}
}

func (c *checker) code(p path, code string, seen map[string]bool) {
	switch {
	case !codeForm.MatchString(code):
		c.wrong(p, "a code is 2 to 40 capitals, digits and underscores")
	case seen[code]:
		c.wrong(p, "this code is used twice")
	}
	seen[code] = true
}

func (c *checker) bodies(p path, o *Organisation) {
	seen := map[string]bool{}
	for i, b := range o.Bodies {
		at := p.to(index(i))
		c.code(at.to("code"), b.Code, seen)
		c.text(at.to("name"), b.Name)
		c.text(at.to("purpose"), b.Purpose)
		c.optional(at.to("contact"), b.Contact)
		for j, code := range b.Departments {
			if !slices.Contains(o.Codes(), code) {
				c.wrong(at.to("departments", index(j)), "there is no department with this code")
			}
		}
	}
}
