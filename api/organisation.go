package api

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/register"
)

type text map[complaint.Language]string

type webLink struct {
	Name text `json:"name"`
	URL  text `json:"url"`
}

type postalAddress struct {
	Street   string `json:"street"`
	Postcode string `json:"postcode"`
	City     string `json:"city"`
}

type nextBody struct {
	Code              string   `json:"code"`
	Departments       []string `json:"departments" doc:"codes of the departments for which it is fit; empty: all"`
	ContestedDecision bool     `json:"contested_decision" doc:"only where a decision of the fund is contested"`
	Name              text     `json:"name"`
	Purpose           text     `json:"purpose"`
	Contact           text     `json:"contact"`
}

type organisationBody struct {
	Fund          text                                 `json:"fund"`
	Service       text                                 `json:"service" doc:"official name of the ombuds service"`
	Address       map[complaint.Language]postalAddress `json:"address"`
	ContactForm   webLink                              `json:"contact_form" doc:"how to reach the departments before complaining"`
	Telephone     string                               `json:"telephone"`
	Offices       text                                 `json:"offices"`
	Infomut       webLink                              `json:"infomut"`
	DataCharter   webLink                              `json:"data_charter"`
	DPOMail       string                               `json:"dpo_mail" doc:"for complaints about personal data"`
	AnswerDays    int                                  `json:"answer_days" doc:"calendar days within which a complaint is answered"`
	NextBodies    []nextBody                           `json:"next_bodies" doc:"where to go when the answer does not satisfy"`
	AppealWarning text                                 `json:"appeal_warning"`
}

type organisationOutput struct{ Body organisationBody }

// organisation tells the public facts of the organisation file; mail addresses
// of departments and their heads are none.
func (c *counter) organisation(context.Context, *struct{}) (*organisationOutput, error) {
	o := c.Organisation
	body := organisationBody{
		Fund: text(o.Fund), Service: text(o.Service), Address: map[complaint.Language]postalAddress{},
		ContactForm: linkOf(o.Reach.ContactForm), Telephone: o.Reach.Telephone, Offices: text(o.Reach.Offices),
		Infomut: linkOf(o.Infomut), DataCharter: linkOf(o.DataCharter), DPOMail: o.DPOMail,
		AnswerDays: o.Terms.Answer, AppealWarning: text(o.AppealWarning),
	}
	for language, address := range o.Address {
		body.Address[language] = postalAddress(address)
	}
	for _, b := range o.Bodies {
		body.NextBodies = append(body.NextBodies, nextBody{
			b.Code, b.Departments, b.ContestedDecision, text(b.Name), text(b.Purpose), text(b.Contact),
		})
	}
	return &organisationOutput{body}, nil
}

func linkOf(l organisation.Link) webLink { return webLink{text(l.Name), text(l.URL)} }

type department struct {
	Code string `json:"code"`
	Name text   `json:"name"`
}

type departmentsOutput struct{ Body register.Page[department] }

// departments lists the departments in the order of the organisation file; they
// are few, so the list is always whole.
func (c *counter) departments(context.Context, *struct{}) (*departmentsOutput, error) {
	var items []department
	for _, d := range c.Organisation.Departments {
		items = append(items, department{d.Code, text(d.Name)})
	}
	return &departmentsOutput{register.Page[department]{Items: items}}, nil
}
