package letters

import (
	"strings"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// dpoData is all that a letter to the data protection officer (DPO) may be
// written from. The DPO answers the complainant, so it holds who wrote and what;
// the identification number is in the register only.
type dpoData struct {
	Number, ReceivedAt, ReferredAt, LastDay, NotifyBy string
	Mixed, Unconfirmed, Breach, BreachOver, Overdue   bool
	Reasons, Topic, Text                              string
	Writer                                            []string
}

func toDPO(org *organisation.Organisation, file complaint.LetterFile, today complaint.Day) (letter, error) {
	s, ok := speakers[org.DPOLanguage]
	if !ok {
		return letter{}, refuse(file, "is in a language that is not spoken")
	}
	data := aboutPrivacy(s, file, today)
	own := org.Address.In(s.language)
	l := letter{language: s.language, day: today, sender: senderOf(org, s.language)}
	l.address = []string{"DPO", org.Fund.In(s.language), own.Street, strings.ToUpper(own.Postcode + " " + own.City)}
	if file.Channel != complaint.ByPost {
		l.recipient = org.DPOMail
	}
	w := &writer{speaker: s}
	w.frame(&l, own.City, data.Number, file.Kind, data)
	l.salutation = w.say("colleague-salutation", nil)
	l.closing = w.say("colleague-closing", nil)
	l.blocks = blocksOf(w.say(string(file.Kind), data))
	return l, w.err
}

func aboutPrivacy(s *speaker, file complaint.LetterFile, today complaint.Day) dpoData {
	p, sub := file.Privacy, file.Submission
	received, notifyBy := p.ReceivedAt, p.NotifyBy
	if received.IsZero() {
		received = sub.ReceivedAt
	}
	if notifyBy.IsZero() {
		notifyBy = complaint.NotifyBreachBy(received)
	}
	return dpoData{
		Number: string(file.Number), ReceivedAt: s.moment(received), ReferredAt: s.moment(p.ReferredAt),
		LastDay: s.date(p.Deadline.LastDay), NotifyBy: s.moment(notifyBy), BreachOver: p.BreachOver,
		Mixed: p.Split == complaint.SplitMixed, Unconfirmed: p.Split == complaint.SplitUnconfirmed, Breach: p.SuspectedBreach,
		Overdue: !p.Deadline.LastDay.IsZero() && today.After(p.Deadline.LastDay),
		Reasons: prose(p.Reasons), Topic: line(sub.Topic), Text: prose(sub.Text), Writer: writerOf(sub),
	}
}

// writerOf lists who wrote and how to answer, as far as it is known.
func writerOf(sub complaint.Submission) []string {
	c := sub.Complainant
	known := []string{c.Name, c.ContactName, c.MemberNumber, c.Street, strings.TrimSpace(c.Postcode + " " + c.City), c.Email, c.Phone}
	if r := sub.Representative; r != nil {
		known = append(known, r.Name, r.Street, strings.TrimSpace(r.Postcode+" "+r.City), r.Email, r.Phone)
	}
	lines := []string{}
	for _, text := range known {
		if text = line(text); text != "" {
			lines = append(lines, text)
		}
	}
	return lines
}

// moment writes a moment in Brussels as a day and a clock time.
func (s *speaker) moment(at time.Time) string {
	return s.date(complaint.DayOf(at)) + ", " + at.In(complaint.Brussels).Format("15:04")
}

// privacyData is what letters to the complainant say of a referral to the DPO.
type privacyData struct {
	ReferredOn, LastDay         string
	Mixed, Unconfirmed          bool
	Corrected, Answered         bool // another split was told before; the DPO has answered
	ExtensionReasons            string
	Answer, Result              string
	Authority, AuthorityContact string
}

func privacyOf(org *organisation.Organisation, s *speaker, p *complaint.PrivacyMatter) *privacyData {
	if p == nil {
		return nil
	}
	return &privacyData{
		ReferredOn: s.date(complaint.DayOf(p.ReferredAt)), LastDay: s.date(p.Deadline.LastDay), Mixed: p.Split == complaint.SplitMixed,
		Unconfirmed: p.Split == complaint.SplitUnconfirmed, Corrected: p.SplitCorrected, Answered: p.Result != "",
		ExtensionReasons: prose(p.ExtensionReasons), Answer: prose(p.Answer), Result: string(p.Result),
		Authority: org.DataAuthority.Name.In(s.language), AuthorityContact: org.DataAuthority.Contact.In(s.language),
	}
}
