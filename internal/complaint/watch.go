package complaint

import "time"

// WatchKind is something that the passing of time brings about.
type WatchKind string

// What the watch does.
const (
	WatchWarned               WatchKind = "warned"
	WatchOverdue              WatchKind = "overdue"
	WatchOverdueConfirmed     WatchKind = "overdue_confirmed" // no answer that lay printed was posted in time
	WatchStillOverdue         WatchKind = "still_overdue"     // a week on
	WatchAcknowledgementLate  WatchKind = "acknowledgement_late"
	WatchAcknowledgementAlarm WatchKind = "acknowledgement_alarm" // and on the day of alarm
	WatchReminded             WatchKind = "department_reminded"
	WatchEscalated            WatchKind = "department_escalated"
	WatchMissingReminded      WatchKind = "missing_reminded" // the complainant, of what is missing
	WatchMissingEnded         WatchKind = "missing_ended"    // the term for it: a person decides
	WatchRefusalLate          WatchKind = "refusal_late"     // found, and not gone out within ten days
	WatchServiceReturned      WatchKind = "service_returned" // the service has had its time
	WatchLetterFailed         WatchKind = "letter_failed"    // a letter cannot leave: a person decides how
	WatchLettersHeld          WatchKind = "letters_held"     // too many to one address on one day
	WatchServiceReported      WatchKind = "service_reported" // it said before that what it did
	WatchAttachmentInfected   WatchKind = "attachment_infected"
	WatchBreachWarned         WatchKind = "breach_warned"  // the 72 hours of a suspected breach end soon
	WatchBreachOverdue        WatchKind = "breach_overdue" // they have ended
)

// WatchEvent tells the register what the watch saw, at most once per kind and key.
type WatchEvent struct {
	Number       Number    `json:"number"`
	File         FileKind  `json:"file,omitempty"`
	Kind         WatchKind `json:"kind"`
	Version      int       `json:"version"`                // of the deadline
	DaysLeft     int       `json:"days_left"`              // for warnings; 0 at the end
	Consultation int64     `json:"consultation,omitempty"` // for reminders and escalations
	Round        int       `json:"round,omitempty"`        // of asking the complainant
	Letter       int64     `json:"letter,omitempty"`       // that cannot leave, or is held
	Last         bool      `json:"last,omitempty"`         // no warning comes after this one
}

// WatchRecorded names the letters that the event owes, and what the watch does
// after it.
type WatchRecorded struct {
	Letters     []int64   `json:"letters,omitempty"`
	Notices     []int64   `json:"notices,omitempty"`     // to staff; nothing waits for them
	Provisional bool      `json:"provisional,omitempty"` // overdue, unless the mail room says that the answer was posted in time
	GoesOn      bool      `json:"goes_on,omitempty"`     // the answer has not left: the watch reminds again
	AgainAt     time.Time `json:"again_at,omitzero"`     // when
	Superseded  bool      `json:"superseded,omitempty"`  // not kept: it is of a deadline that a newer one has replaced
}

// Tells says whom an event of the watch concerns within the ombuds service: who
// is in charge of the case, the supervisors, or both. Warnings go to the officer
// first, the last one to the supervisors too.
func (e WatchEvent) Tells() (officer, supervisors bool) {
	switch e.Kind {
	case WatchWarned:
		return true, e.Last
	case WatchOverdue, WatchStillOverdue, WatchRefusalLate, WatchAcknowledgementAlarm:
		return true, true
	case WatchLetterFailed:
		return true, true
	case WatchAcknowledgementLate, WatchLettersHeld:
		return false, true
	case WatchMissingEnded, WatchServiceReturned, WatchServiceReported, WatchAttachmentInfected:
		return true, false
	}
	return false, false
}
