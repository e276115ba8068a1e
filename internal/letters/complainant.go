package letters

import (
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// complainantData is all that a letter to a complainant may be written from:
// clean text and dates in words. What is not known is empty.
type complainantData struct {
	Number                                                 string
	Fund, Service, Telephone, Street, Postcode, City       string
	ContactForm, Offices, DPOMail, CharterName, CharterURL string
	ReceivedOn, LastDay                                    string
	AnswerDays                                             int
	Spoken                                                 bool   // a phone note: not a complaint in writing yet
	OnBehalfOf                                             string // the complainant, in a letter to the representative
	WithoutMandate                                         string // who wrote in the complainant's name, in a letter to the complainant
	Topic, Department, ReceiptCode                         string
	Ground, Reasons, FactsOn, ReferTo, HandedTo            string
	Late                                                   bool // the last day is over
	YearOver                                               bool // the facts are more than one year old
	Consulted                                              string
	Findings                                               []findingData
	Verdict, Resolution, Remedy                            string
	Recommendations                                        []recommendationData
	Bodies                                                 []bodyData
	WithdrawnOn                                            string
	Missing, Until, AskedOn, Representative                string       // what is asked of the complainant: a ground, days, who writes for them
	TermLastDay, DelayReasons, CorrectedDay                string       // of a last day that changed
	HelpingService, ReturnOn                               string       // the service that helps first, and until when
	Privacy                                                *privacyData // of a referral to the DPO; nil: there is none
	Referred                                               bool         // an acknowledgement of what the DPO answers
	ReopenedOn                                             string       // of a case that was opened again
}

type findingData struct{ Point, Verdict, Reasons string }

type recommendationData struct{ Department, Text, DueOn string }

type bodyData struct{ Name, Purpose, Contact string }

func toComplainant(org *organisation.Organisation, file complaint.LetterFile, today complaint.Day) (letter, error) {
	s, ok := speakers[file.Language]
	if !ok {
		return letter{}, refuse(file, "is in a language that is not spoken")
	}
	to := file.Addressee()
	if file.Channel == complaint.ByEmail && !plainMail(to.Email) || file.Channel != complaint.ByEmail && !to.HasPost() {
		return letter{}, refuse(file, "has no address to go to")
	}
	data := aboutComplaint(org, s, file, today)
	data.addOutcome(org, s, file)
	data.addMissing(s, file)
	if !to.Mandated {
		data.withhold()
	}
	l := letter{language: s.language, day: today, sender: senderOf(org, s.language)}
	if file.Channel == complaint.ByEmail {
		l.recipient = to.Email
	}
	w := &writer{speaker: s}
	person := addresseeOf(to)
	l.address, w.err = addressOf(s, to, person)
	w.frame(&l, data.City, data.Number, file.Kind, data)
	if !file.Deadline.Day0.IsZero() {
		l.references = append(l.references, w.say("your-complaint-of", data.ReceivedOn))
	}
	l.salutation = w.say("salutation", person)
	l.closing = w.say("closing", person)
	l.small = w.say("privacy", data)
	l.blocks = withWarning(blocksOf(w.say(string(file.Kind), data)), org.AppealWarning.In(s.language),
		file.Submission.ContestedDecision != nil)
	return l, w.err
}

// withWarning puts the appeal warning into a letter: last, or first on the page
// when a decision of the fund is contested and a term may be running.
func withWarning(body []block, warning string, contested bool) []block {
	if contested {
		return append([]block{{notice, warning}}, body...)
	}
	return append(body, block{notice, warning})
}

func aboutComplaint(org *organisation.Organisation, s *speaker, file complaint.LetterFile, today complaint.Day) complainantData {
	l, sub, address := s.language, file.Submission, org.Address.In(s.language)
	d := complainantData{
		Number: string(file.Number), Fund: org.Fund.In(l), Service: org.Service.In(l),
		Telephone: org.Reach.Telephone, Street: address.Street, Postcode: address.Postcode, City: address.City,
		ContactForm: org.Reach.ContactForm.URL.In(l), Offices: org.Reach.Offices.In(l), DPOMail: org.DPOMail,
		CharterName: org.DataCharter.Name.In(l), CharterURL: org.DataCharter.URL.In(l),
		ReceivedOn: s.date(receivedOn(file)), LastDay: s.date(file.Deadline.LastDay),
		AnswerDays: file.Deadline.Day0.DaysUntil(file.Deadline.LastDay),
		Spoken:     sub.Intake == complaint.PhoneNote && file.Deadline.LastDay.IsZero(),
		OnBehalfOf: onBehalfOf(file), Topic: line(sub.Topic), Department: nameOf(org, sub.Department, l),
		ReceiptCode: line(file.ReceiptCode), WithdrawnOn: s.date(file.WithdrawnOn),
		Late: !file.Deadline.LastDay.IsZero() && today.After(file.Deadline.LastDay),
	}
	d.TermLastDay, d.CorrectedDay = s.date(file.Deadline.TermLastDay), s.date(file.Corrected)
	if file.Delay != nil {
		d.DelayReasons = prose(file.Delay.Reasons)
	}
	if a := file.Admission; a != nil {
		d.Ground, d.Reasons = string(a.Ground), prose(a.Reasons)
		d.FactsOn = s.date(sub.LastFactsDay())
		d.ReferTo, d.HandedTo = referral(org, a.ReferTo, l), handedTo(org, a.ReferTo, sub.Department, l)
	}
	if !file.FirstDay0.IsZero() {
		d.ReopenedOn = s.date(file.Deadline.Day0)
	}
	if f := file.ServiceFirst; f != nil {
		d.HelpingService, d.ReturnOn = nameOf(org, f.Department, l), s.date(f.ReturnOn)
	}
	d.Privacy = privacyOf(org, s, file.Privacy)
	d.Referred = sub.ConcernsPrivacy && d.Privacy != nil && !d.Privacy.Mixed
	if c := file.Consultation; c != nil {
		d.Consulted = nameOf(org, c.Department, l)
	}
	if d.OnBehalfOf == "" {
		d.WithoutMandate = withoutMandate(sub)
	}
	d.YearOver = yearOver(sub, today)
	return d
}

func (d *complainantData) addOutcome(org *organisation.Organisation, s *speaker, file complaint.LetterFile) {
	for _, b := range org.NextBodies(file.Submission.Department, file.Submission.ContestedDecision != nil) {
		d.Bodies = append(d.Bodies, bodyData{b.Name.In(s.language), b.Purpose.In(s.language), b.Contact.In(s.language)})
	}
	o := file.Outcome
	if o == nil {
		return
	}
	d.Verdict, d.Resolution, d.Remedy = string(o.Verdict), string(o.Resolution), prose(o.Remedy)
	for _, f := range o.Findings {
		d.Findings = append(d.Findings, findingData{prose(f.Point), string(f.Verdict), prose(f.Reasons)})
	}
	for _, r := range o.Recommendations {
		d.Recommendations = append(d.Recommendations,
			recommendationData{nameOf(org, r.Department, s.language), prose(r.Text), s.date(r.DueOn)})
	}
}

// receivedOn is the day on which the complaint came in, which is not the day 0 of
// a second term.
func receivedOn(file complaint.LetterFile) complaint.Day {
	if !file.FirstDay0.IsZero() {
		return file.FirstDay0
	}
	if !file.Deadline.Day0.IsZero() {
		return file.Deadline.Day0
	}
	return complaint.DayOf(file.Submission.ReceivedAt)
}

// onBehalfOf names the complainant where somebody else is written to.
func onBehalfOf(file complaint.LetterFile) string {
	if !file.Addressee().Representative {
		return ""
	}
	return line(file.Submission.Complainant.Name)
}

// withoutMandate names a representative who has shown no mandate.
func withoutMandate(sub complaint.Submission) string {
	r := sub.Representative
	if r == nil || r.Mandate == complaint.MandateAttached || r.Mandate == complaint.MandateLegal {
		return ""
	}
	return line(r.Name)
}

// yearOver tells whether the year in which a complaint is never too old has
// passed; it has not for facts of a day not known.
func yearOver(sub complaint.Submission, today complaint.Day) bool {
	facts := sub.FactsOn
	if c := sub.ContestedDecision; facts.IsZero() && c != nil {
		facts = c.On
	}
	return !facts.IsZero() && today.After(facts.OneYearLater())
}

// nameOf names a department; a code that the organisation does not know stays.
func nameOf(org *organisation.Organisation, code string, l complaint.Language) string {
	if d, ok := org.Department(code); ok {
		return d.Name.In(l)
	}
	return line(code)
}

// referral says where else to go: a next body or a department by its code, or
// the officer's own words.
func referral(org *organisation.Organisation, to string, l complaint.Language) string {
	for _, b := range org.Bodies {
		if b.Code != to {
			continue
		}
		if contact := b.Contact.In(l); contact != "" {
			return b.Name.In(l) + ", " + contact
		}
		return b.Name.In(l)
	}
	return nameOf(org, to, l)
}

// handedTo names the department that answers a question for information; empty
// when the decision and the submission name none.
func handedTo(org *organisation.Organisation, referTo, concerned string, l complaint.Language) string {
	for _, code := range []string{referTo, concerned} {
		if d, ok := org.Department(code); ok {
			return d.Name.In(l)
		}
	}
	return ""
}
