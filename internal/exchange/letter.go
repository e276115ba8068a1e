package exchange

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"
)

// letter is a letter as a clerk would find it. Complainant and representative
// have the contract's own fields.
type letter struct {
	ID                string                    `json:"id"`        // dropped
	Synthetic         bool                      `json:"synthetic"` // dropped
	Channel           string                    `json:"channel"`
	Language          complaint.Language        `json:"language"`
	Received          time.Time                 `json:"received"`
	Complainant       complaint.Complainant     `json:"complainant"`
	Representative    *complaint.Representative `json:"representative"`
	FactsDate         complaint.Day             `json:"facts_date"`
	Initiatives       []string                  `json:"initiatives"` // "2026-02-02 phone"
	Attachments       []string                  `json:"attachments"` // names only
	DecisionContested *struct {
		Date complaint.Day `json:"date"`
		Kind string        `json:"kind"`
	} `json:"decision_contested"`
	AboutDepartment string          `json:"about_department"`
	Topic           string          `json:"topic"` // the clerk's reading; dropped
	Text            string          `json:"text"`
	Secondary       json.RawMessage `json:"secondary"` // dropped
}

var intakeOf = map[string]complaint.Intake{
	"letter": complaint.Post, "paper_form": complaint.OfficeForm, "web_form": complaint.WebForm,
	"email": complaint.Email, "phone": complaint.PhoneNote,
}

// fromLetter maps a letter to the contract. What was expected of it is dropped
// unread.
func fromLetter(item json.RawMessage) (complaint.Submission, error) {
	var fields map[string]json.RawMessage
	if err := decode(item, &fields); err != nil {
		return complaint.Submission{}, err
	}
	maps.DeleteFunc(fields, func(name string, _ json.RawMessage) bool { return strings.HasPrefix(name, "expected_") })
	rest, err := json.Marshal(fields)
	if err != nil {
		return complaint.Submission{}, err
	}
	var l letter
	if err := decode(rest, &l); err != nil {
		return complaint.Submission{}, err
	}
	return l.submission()
}

func (l letter) submission() (complaint.Submission, error) {
	intake, known := intakeOf[l.Channel]
	if !known {
		return complaint.Submission{}, errors.New("the channel is letter, paper_form, web_form, email or phone")
	}
	s := complaint.Submission{
		Intake: intake, Language: l.Language, ReceivedAt: l.Received, Complainant: l.Complainant,
		Representative: l.representative(), FactsOn: l.FactsDate, Department: l.AboutDepartment,
		Text: l.Text, ConcernsPrivacy: l.concernsPrivacy(),
	}
	if l.Complainant.Type == "unknown" {
		s.Complainant = complaint.Complainant{}
	}
	if d := l.DecisionContested; d != nil {
		s.ContestedDecision = &complaint.ContestedDecision{On: d.Date, Reference: d.Kind}
	}
	var err error
	if s.Initiatives, err = initiatives(l.Initiatives); err != nil {
		return complaint.Submission{}, err
	}
	if s.Attachments, err = attachments(l.Attachments); err != nil {
		return complaint.Submission{}, err
	}
	s.ReplyBy = replyBy(s)
	return s, nil
}

// representative takes a mandate over only where the letter shows it: one that
// the law gives, or one that is said to be attached or named among the
// attachments. Anything else is none, and the procedure asks for it.
func (l letter) representative() *complaint.Representative {
	if l.Representative == nil {
		return nil
	}
	r := *l.Representative
	switch {
	case r.Mandate == complaint.MandateLegal, r.Mandate == complaint.MandateAttached:
	case slices.Contains(l.Attachments, string(r.Mandate)):
		r.Mandate = complaint.MandateAttached
	default:
		r.Mandate = complaint.MandateNone
	}
	return &r
}

// initiatives reads lines of the form "2026-02-02 phone".
func initiatives(lines []string) ([]complaint.Initiative, error) {
	var steps []complaint.Initiative
	for _, line := range lines {
		day, how, _ := strings.Cut(line, " ")
		on, err := complaint.ParseDay(day)
		if how = strings.TrimSpace(how); err != nil || how == "" {
			return nil, errors.New(`an initiative is written as a day and a way: "2026-02-02 phone"`)
		}
		steps = append(steps, complaint.Initiative{On: on, How: how})
	}
	return steps, nil
}

// replyBy answers by e-mail where an address is known, else by post, and not at
// all where there is neither.
func replyBy(s complaint.Submission) complaint.Channel {
	switch to := s.FirstContact(); {
	case to.Email != "":
		return complaint.ByEmail
	case to.HasPost():
		return complaint.ByPost
	default:
		return ""
	}
}
