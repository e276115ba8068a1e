// Package letters writes the letters of the procedure: to complainants in nl,
// fr, de and en, to departments in nl and fr. What a letter says stands in the
// templates under texts, by language and kind; how it looks is written once,
// for text and for PDF.
//
// Rendering is a pure function: the same file, organisation and day give the
// same bytes. The package knows no database, no Temporal, no clock and no way
// out of the house. Its errors name the letter, never a person.
package letters

import (
	"net/mail"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// Render writes a letter, dated on a Brussels day. It refuses (Invalid) a file
// that lacks what its kind is about, or a way to deliver it.
func Render(org *organisation.Organisation, file complaint.LetterFile, today complaint.Day) (complaint.RenderedLetter, error) {
	l, err := compose(org, file, today)
	if err != nil {
		return complaint.RenderedLetter{}, err
	}
	pdf, err := l.pdf()
	if err != nil {
		return complaint.RenderedLetter{}, refuse(file, "cannot be drawn")
	}
	return complaint.RenderedLetter{Recipient: l.recipient, Channel: file.Channel, Subject: l.subject, Text: l.text(), PDF: pdf}, nil
}

// letter is a finished letter, before it takes the form of text or PDF. All of
// it is clean: single lines hold no control characters, blocks only line ends.
type letter struct {
	language     complaint.Language
	day          complaint.Day
	recipient    string   // e-mail address; empty for post
	sender       []string // letterhead: fund, service, address, telephone
	address      []string // recipient's address block, at most seven lines
	placeAndDate string
	references   []string // "Ons kenmerk: 2026-000123"
	subject      string
	about        string // the subject as it stands in the letter
	salutation   string
	blocks       []block
	closing      string
	signature    []string
	small        string // privacy line; empty to departments
}

func compose(org *organisation.Organisation, file complaint.LetterFile, today complaint.Day) (letter, error) {
	if lacking := lacks(file); lacking != "" {
		return letter{}, refuse(file, lacking)
	}
	if file.Kind.ToStaff() {
		return toStaff(org, file, today)
	}
	if file.Kind.ToDepartment() {
		return toDepartment(org, file, today)
	}
	if file.Kind.ToDPO() {
		return toDPO(org, file, today)
	}
	return toComplainant(org, file, today)
}

// lacks says what a file must hold for its kind and does not.
func lacks(file complaint.LetterFile) string {
	switch file.Kind {
	case complaint.LetterInadmissible, complaint.LetterReclassified, complaint.LetterRequest:
		if file.Admission == nil {
			return "lacks the decision on admissibility"
		}
	case complaint.LetterMissing, complaint.LetterMissingReminder:
		if file.Missing == nil {
			return "lacks what is missing"
		}
	case complaint.LetterReversal:
		if file.Admission == nil {
			return "lacks the decision on admissibility"
		}
	case complaint.LetterOutcome:
		if file.Outcome == nil {
			return "lacks the outcome"
		}
	case complaint.LetterConsultation, complaint.LetterReminder, complaint.LetterEscalation, complaint.LetterNoLongerNeeded:
		if file.Consultation == nil {
			return "lacks the consultation"
		}
	case complaint.LetterServiceFirst, complaint.LetterServiceHandOver:
		if file.ServiceFirst == nil {
			return "lacks the hand-over to the service"
		}
	case complaint.LetterDelayNotice:
		if file.Delay == nil {
			return "lacks the delay notice"
		}
	case complaint.LetterStaffNotice, complaint.LetterSupervisorNotice:
		if file.Watched == nil {
			return "lacks what the watch saw"
		}
	case complaint.LetterPrivacyReferral, complaint.LetterPrivacyExtension, complaint.LetterPrivacyAnswer,
		complaint.LetterPrivacyTransfer, complaint.LetterPrivacyReminder:
		if file.Privacy == nil {
			return "lacks the privacy file"
		}
	case complaint.LetterRecommendation:
		if file.Remark == nil {
			return "lacks the recommendation"
		}
	case complaint.LetterAcknowledgement, complaint.LetterLateNotice, complaint.LetterWithdrawal, complaint.LetterCorrection,
		complaint.LetterVoided, complaint.LetterReopened:
	default:
		return "is of a kind that is not known"
	}
	return ""
}

func refuse(file complaint.LetterFile, why string) error {
	return complaint.Refuse(complaint.Invalid, "letter_not_writable",
		"Letter %d (%s) of complaint %s %s.", file.ID, file.Kind, file.Number, why)
}

// plainMail tells whether an address is one plain mail address, so that it
// cannot smuggle a second recipient or a header into a message.
func plainMail(address string) bool {
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address && parsed.Name == ""
}
