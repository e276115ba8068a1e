// Package organisation holds what belongs to one health-insurance fund: names,
// addresses, departments, terms, the data protection officer, where to go next
// and the appeal warning. It is read from one YAML file; the file of Solidaris
// Brabant is embedded, so another fund runs the same program with its own file.
//
// The package knows no complaint, no letter, no database and no clock.
package organisation

import (
	"slices"

	"ombudsdienst/internal/complaint"
)

// Organisation is the content of an organisation file. A loaded one is valid
// and is not changed any more, so it may be shared.
type Organisation struct {
	Fund          Text               `yaml:"fund"`    // name of the fund (ziekenfonds)
	Service       Text               `yaml:"service"` // official name of the ombuds service
	Address       Addresses          `yaml:"address"` // of the service; its city is the place above a letter
	Reach         Reach              `yaml:"reach"`
	SenderMail    string             `yaml:"sender_mail"` // from which letters leave by e-mail
	Infomut       Link               `yaml:"infomut"`
	DataCharter   Link               `yaml:"data_charter"` // handvest over de persoonsgegevensbescherming
	DPOMail       string             `yaml:"dpo_mail"`     // data protection officer (DPO)
	DPOLanguage   complaint.Language `yaml:"dpo_language"` // of letters to the DPO: nl or fr
	DataAuthority Authority          `yaml:"data_protection_authority"`
	Terms         Terms              `yaml:"terms"`
	Offices       Offices            `yaml:"offices"`
	Watch         Watch              `yaml:"watch"`
	Letters       Letters            `yaml:"letters"`
	Departments   []Department       `yaml:"departments"`
	Bodies        []Body             `yaml:"next_bodies"`
	AppealWarning Text               `yaml:"appeal_warning"` // stands in every letter to a complainant
}

// Text is one thing said in each of the four languages.
type Text map[complaint.Language]string

// In is the text in a language, or in Dutch when it does not say it in that one.
func (t Text) In(l complaint.Language) string {
	if said := t[l]; said != "" {
		return said
	}
	return t["nl"]
}

// Authority is the public body that watches over personal data.
type Authority struct {
	Name    Text `yaml:"name"`
	Contact Text `yaml:"contact"`
}

// Addresses is one postal address as each language writes it.
type Addresses map[complaint.Language]Address

// In is the address in a language, or in Dutch when that one is not known.
func (a Addresses) In(l complaint.Language) Address {
	if known, ok := a[l]; ok {
		return known
	}
	return a["nl"]
}

// Address is a postal address inside Belgium.
type Address struct {
	Street   string `yaml:"street"` // with number and box
	Postcode string `yaml:"postcode"`
	City     string `yaml:"city"`
}

// Reach says how to reach the departments before complaining: the four ways of
// the procedure text. The post goes to the organisation's address.
type Reach struct {
	ContactForm Link   `yaml:"contact_form"`
	Telephone   string `yaml:"telephone"`
	Offices     Text   `yaml:"offices"`
}

// Link is a page on the web and what it is called there.
type Link struct {
	Name Text `yaml:"name"`
	URL  Text `yaml:"url"`
}

// Terms are the terms of the procedure in calendar days.
type Terms struct {
	AcknowledgeTarget int   `yaml:"acknowledge_target_days"` // wanted: the acknowledgement has left by this day
	AcknowledgeAlarm  int   `yaml:"acknowledge_alarm_days"`  // an acknowledgement still owed on this day is late
	Answer            int   `yaml:"answer_days"`             // at most the promise of the procedure text
	Warnings          []int `yaml:"warning_days"`            // days of the answer term, ascending
	Consultation      int   `yaml:"consultation_days"`       // for a department to answer
	Reminder          int   `yaml:"reminder_days_before"`    // before a consultation is due; 0: no reminder
}

// AnswerTerm is the term from which deadlines are derived.
func (t Terms) AnswerTerm() complaint.Term {
	return complaint.Term{Days: t.Answer, Warnings: slices.Clone(t.Warnings)}
}

// Department (dienst) is a part of the fund that complaints may be about.
type Department struct {
	Code     string             `yaml:"code"` // stable, in capitals; register and procedure know only this
	Name     Text               `yaml:"name"`
	Language complaint.Language `yaml:"language"` // of letters to it: nl or fr
	Mail     string             `yaml:"mail"`
	Head     Head               `yaml:"head"`
	Address  *Address           `yaml:"address"` // where its letters are posted when e-mail fails. Left out: a person decides
}

// Head is who hears of a consultation that stays without an answer.
type Head struct {
	Function string `yaml:"function"` // in the department's language, never a person's name
	Mail     string `yaml:"mail"`
}

// Body is where a complainant who is not content may go next.
type Body struct {
	Code              string   `yaml:"code"`
	Departments       []string `yaml:"departments"`        // empty: whatever the department
	ContestedDecision bool     `yaml:"contested_decision"` // only when a decision of the fund is contested
	Name              Text     `yaml:"name"`
	Purpose           Text     `yaml:"purpose"` // for what one goes there, as a sentence
	Contact           Text     `yaml:"contact"` // may be empty
}

// Department finds a department by its code.
func (o *Organisation) Department(code string) (Department, bool) {
	i := slices.IndexFunc(o.Departments, func(d Department) bool { return d.Code == code })
	if i < 0 {
		return Department{}, false
	}
	return o.Departments[i], true
}

// Codes lists the codes of the departments in the order of the file.
func (o *Organisation) Codes() []string {
	codes := make([]string, 0, len(o.Departments))
	for _, d := range o.Departments {
		codes = append(codes, d.Code)
	}
	return codes
}

// NextBodies lists the bodies that fit a complaint about a department; the code
// is empty when the department is not known.
func (o *Organisation) NextBodies(department string, contestedDecision bool) []Body {
	var fitting []Body
	for _, b := range o.Bodies {
		anywhere := len(b.Departments) == 0
		if (anywhere || slices.Contains(b.Departments, department)) && (contestedDecision || !b.ContestedDecision) {
			fitting = append(fitting, b)
		}
	}
	return fitting
}
