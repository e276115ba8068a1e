package letters

import (
	"strings"
	"unicode"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// departmentData is all that a letter to a department may be written from. It
// has no room for an address, an e-mail, a telephone, an identification number
// or the complaint's text, so no template can let them out. Only a question for
// information brings them, in Asker.
type departmentData struct {
	Number, Department, Fund, Service, Telephone string
	Complainant, MemberNumber                    string // to find the person in the department's own files
	Question, AskedOn, DueOn, LastDay            string
	Overdue                                      bool       // the department's own due day is over
	Late                                         bool       // the complainant's last day is over
	FactsOn                                      string     // of the complaint; the last day when they went on
	Contested                                    bool       // a decision of the fund
	ContestedOn, ContestedReference              string     // as far as the complainant gave them
	Asker                                        *askerData // of a question for information, nil elsewhere
	Head                                         string     // the function that hears of a missing answer
	Topic, Summary                               string     // of a question for information
	Recommendation                               string
	ReturnOn                                     string // until when it helps the complainant itself
}

func toDepartment(org *organisation.Organisation, file complaint.LetterFile, today complaint.Day) (letter, error) {
	department, ok := org.Department(file.Department)
	if !ok {
		return letter{}, refuse(file, "is for a department that the organisation does not have")
	}
	s, ok := speakers[department.Language]
	if !ok {
		return letter{}, refuse(file, "is in a language that is not spoken")
	}
	data := aboutConsultation(org, s, file, department, today)
	l := letter{language: s.language, day: today, sender: senderOf(org, s.language)}
	l.address = []string{data.Department, data.Fund}
	mail := department.Mail
	if file.Kind == complaint.LetterEscalation {
		l.address = append([]string{data.Head}, l.address...)
		mail = department.Head.Mail
	}
	if file.Channel != complaint.ByPost {
		l.recipient = mail
	}
	own := org.Address.In(s.language)
	at := own
	if department.Address != nil {
		at = *department.Address
	}
	l.address = append(l.address, at.Street, strings.ToUpper(at.Postcode+" "+at.City))
	w := &writer{speaker: s}
	w.frame(&l, own.City, data.Number, file.Kind, data)
	l.salutation = w.say("colleague-salutation", nil)
	l.closing = w.say("colleague-closing", nil)
	l.blocks = blocksOf(w.say(string(file.Kind), data))
	return l, w.err
}

func aboutConsultation(org *organisation.Organisation, s *speaker, file complaint.LetterFile, department organisation.Department, today complaint.Day) departmentData {
	d := departmentData{
		Number: string(file.Number), Department: department.Name.In(s.language), Fund: org.Fund.In(s.language),
		Service: org.Service.In(s.language), Telephone: org.Reach.Telephone,
		Complainant: complaint.WithoutNISS(line(file.Submission.Complainant.Name), today), MemberNumber: memberNumber(file.Submission.Complainant, today),
		LastDay: s.date(file.Deadline.LastDay), Head: line(department.Head.Function),
		Late: !file.Deadline.LastDay.IsZero() && today.After(file.Deadline.LastDay),
	}
	if c := file.Consultation; c != nil {
		d.Question, d.AskedOn, d.DueOn = prose(c.Question), s.date(complaint.DayOf(c.AskedAt)), s.date(c.DueOn)
		d.Overdue = today.After(c.DueOn)
		d.addFacts(s, file.Submission, today)
	}
	if a := file.Admission; a != nil && file.Kind == complaint.LetterRequest {
		d.Topic, d.Summary = complaint.WithoutNISS(line(file.Submission.Topic), today), prose(a.Reasons)
		d.Asker = askerOf(file.Submission, today)
	}
	if f := file.ServiceFirst; f != nil && file.Kind == complaint.LetterServiceHandOver {
		d.Topic, d.Summary, d.ReturnOn = line(file.Submission.Topic), prose(f.Reasons), s.date(f.ReturnOn)
	}
	if r := file.Remark; r != nil && file.Kind == complaint.LetterRecommendation {
		d.Recommendation, d.DueOn = prose(r.Text), s.date(r.DueOn)
	}
	return d
}

// memberNumber leaves out a member number that is an identification number.
func memberNumber(c complaint.Complainant, today complaint.Day) string {
	if d := digits(c.MemberNumber); d != "" && d == digits(c.NISS) {
		return ""
	}
	if _, err := complaint.ParseNISS(c.MemberNumber, today); err == nil {
		return "" // a file for letters seldom holds the identification number itself
	}
	return line(c.MemberNumber)
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
