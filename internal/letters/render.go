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
	need, known := needs[file.Kind]
	switch {
	case !known:
		return "is of a kind that is not known"
	case need.there != nil && !need.there(file):
		return "lacks " + need.what
	}
	return ""
}

// need is what a letter cannot be written without.
type need struct {
	what  string
	there func(complaint.LetterFile) bool
}

var (
	nothing      = need{}
	admission    = need{"the decision on admissibility", func(f complaint.LetterFile) bool { return f.Admission != nil }}
	missing      = need{"what is missing", func(f complaint.LetterFile) bool { return f.Missing != nil }}
	outcome      = need{"the outcome", func(f complaint.LetterFile) bool { return f.Outcome != nil }}
	consultation = need{"the consultation", func(f complaint.LetterFile) bool { return f.Consultation != nil }}
	service      = need{"the hand-over to the service", func(f complaint.LetterFile) bool { return f.ServiceFirst != nil }}
	delay        = need{"the delay notice", func(f complaint.LetterFile) bool { return f.Delay != nil }}
	watched      = need{"what the watch saw", func(f complaint.LetterFile) bool { return f.Watched != nil }}
	privacy      = need{"the privacy file", func(f complaint.LetterFile) bool { return f.Privacy != nil }}
	findings     = need{"the findings", func(f complaint.LetterFile) bool { return f.Findings != nil }}
	remark       = need{"the recommendation", func(f complaint.LetterFile) bool { return f.Remark != nil }}
)

// needs lists every kind of letter that can be written.
var needs = map[complaint.LetterKind]need{
	complaint.LetterAcknowledgement:   nothing,
	complaint.LetterLateNotice:        nothing,
	complaint.LetterWithdrawal:        nothing,
	complaint.LetterCorrection:        nothing,
	complaint.LetterVoided:            nothing,
	complaint.LetterReopened:          nothing,
	complaint.LetterInadmissible:      admission,
	complaint.LetterReclassified:      admission,
	complaint.LetterRequest:           admission,
	complaint.LetterReversal:          admission,
	complaint.LetterMissing:           missing,
	complaint.LetterMissingReminder:   missing,
	complaint.LetterOutcome:           outcome,
	complaint.LetterConsultation:      consultation,
	complaint.LetterReminder:          consultation,
	complaint.LetterEscalation:        consultation,
	complaint.LetterNoLongerNeeded:    consultation,
	complaint.LetterServiceFirst:      service,
	complaint.LetterServiceHandOver:   service,
	complaint.LetterServiceTakenBack:  service,
	complaint.LetterDelayNotice:       delay,
	complaint.LetterStaffNotice:       watched,
	complaint.LetterSupervisorNotice:  watched,
	complaint.LetterFindingsNotice:    findings,
	complaint.LetterPrivacyReferral:   privacy,
	complaint.LetterPrivacyExtension:  privacy,
	complaint.LetterPrivacyAnswer:     privacy,
	complaint.LetterPrivacyTransfer:   privacy,
	complaint.LetterPrivacyReminder:   privacy,
	complaint.LetterPrivacySplit:      privacy,
	complaint.LetterPrivacyBreach:     privacy,
	complaint.LetterPrivacyMoved:      privacy,
	complaint.LetterPrivacyCorrection: privacy,
	complaint.LetterRecommendation:    remark,
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
