package letters

import (
	"strings"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// staffData is all that a message within the ombuds service may be written
// from: a number, dates and what the watch saw. It has no room for a person.
type staffData struct {
	Number, LastDay, Event string
	DaysLeft, DaysOver     int
	Letter                 int64 // the letter that it is about; 0: none
	New, Standing          int   // findings
}

func staffDataOf(s *speaker, file complaint.LetterFile, today complaint.Day) staffData {
	if f := file.Findings; f != nil {
		return staffData{New: f.New, Standing: f.Standing}
	}
	data := staffData{
		Number: string(file.Number), LastDay: s.date(file.Deadline.LastDay),
		Event: string(file.Watched.Kind), Letter: file.Watched.Letter,
	}
	if last := file.Deadline.LastDay; !last.IsZero() { // counted from today: a warning may come late, or earlier for a day off
		data.DaysLeft, data.DaysOver = max(0, today.DaysUntil(last)), max(0, last.DaysUntil(today))
	}
	return data
}

// toStaff writes to who is in charge of a case, or to the supervisors.
func toStaff(org *organisation.Organisation, file complaint.LetterFile, today complaint.Day) (letter, error) {
	s, ok := speakers[org.Watch.Language]
	if !ok {
		return letter{}, refuse(file, "is in a language that is not spoken")
	}
	l := letter{language: s.language, day: today, sender: senderOf(org, s.language)}
	l.recipient = org.Watch.Officer(file.Staff)
	if file.Kind != complaint.LetterStaffNotice {
		l.recipient = org.Watch.Supervisors
	}
	own := org.Address.In(s.language)
	l.address = []string{l.sender[1], l.sender[0], own.Street, strings.ToUpper(own.Postcode + " " + own.City)}
	data := staffDataOf(s, file, today)
	w := &writer{speaker: s}
	w.frame(&l, own.City, data.Number, file.Kind, data)
	if data.Number == "" {
		l.references = nil
	}
	l.salutation = w.say("colleague-salutation", nil)
	l.closing = w.say("colleague-closing", nil)
	l.blocks = blocksOf(w.say(string(file.Kind), data))
	return l, w.err
}
