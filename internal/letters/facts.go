package letters

import (
	"ombudsdienst/internal/complaint"
)

// addFacts tells a department which matter it is asked about: enough to find it
// in its own files, in the complainant's one sentence and never in the whole text.
func (d *departmentData) addFacts(s *speaker, sub complaint.Submission, today complaint.Day) {
	d.Topic, d.FactsOn = complaint.WithoutNISS(line(sub.Topic), today), s.date(sub.FactsOn)
	if c := sub.ContestedDecision; c != nil {
		d.Contested = true
		d.ContestedOn, d.ContestedReference = s.date(c.On), complaint.WithoutNISS(line(c.Reference), today)
	}
}

// askerData is who asks a department for information, and what. The question is
// no complaint about the department but its own correspondence that came to the
// wrong desk: it has to answer the person, so it gets what the person wrote and
// the one way to answer. Nothing else of the person is in it.
type askerData struct {
	Text     string
	Language complaint.Language
	Contact  []string // name, address or e-mail, telephone
}

func askerOf(sub complaint.Submission, today complaint.Day) *askerData {
	to, phone := sub.Correspondent(), sub.Complainant.Phone
	if r := sub.Representative; r != nil && to.Name == r.Name {
		phone = r.Phone
	}
	contact := []string{to.ContactName, to.Name}
	switch to.Channel {
	case complaint.ByEmail:
		contact = append(contact, to.Email)
	case complaint.ByPost:
		contact = append(contact, to.Street, to.Postcode+" "+to.City, to.Country)
	}
	asker := &askerData{Text: complaint.WithoutNISS(prose(sub.Text), today), Language: sub.Language}
	for _, known := range append(contact, phone) {
		if known = line(known); known != "" {
			asker.Contact = append(asker.Contact, known)
		}
	}
	return asker
}
