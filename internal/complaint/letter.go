package complaint

import (
	"slices"
	"strconv"
	"time"
)

// LetterKind is what a letter is for.
type LetterKind string

// The letters to complainants, then those to departments.
const (
	LetterAcknowledgement LetterKind = "acknowledgement"
	LetterInadmissible    LetterKind = "inadmissible"
	LetterReclassified    LetterKind = "reclassified" // a question, handed to the department
	LetterOutcome         LetterKind = "outcome"
	LetterLateNotice      LetterKind = "late-notice"
	LetterWithdrawal      LetterKind = "withdrawal"
	LetterDelayNotice     LetterKind = "delay-notice" // reasons and a later day, before the last one has ended
	LetterCorrection      LetterKind = "correction"   // of the last day that an earlier letter named
	LetterVoided          LetterKind = "voided"
	LetterReopened        LetterKind = "reopened"
	LetterMissing         LetterKind = "missing" // asks the complainant for what is missing
	LetterMissingReminder LetterKind = "missing-reminder"
	LetterReversal        LetterKind = "reversal" // a refusal is taken back

	LetterPrivacyReferral   LetterKind = "privacy-referral" // to the complainant: the DPO answers
	LetterPrivacySplit      LetterKind = "privacy-split"    // to the complainant: which part the DPO answers, confirmed or corrected
	LetterPrivacyExtension  LetterKind = "privacy-extension"
	LetterPrivacyAnswer     LetterKind = "privacy-answer"
	LetterPrivacyTransfer   LetterKind = "privacy-transfer"   // to the DPO
	LetterPrivacyReminder   LetterKind = "privacy-reminder"   // to the DPO
	LetterPrivacyBreach     LetterKind = "privacy-breach"     // to the DPO: the 72 hours of a suspected breach
	LetterPrivacyMoved      LetterKind = "privacy-moved"      // to the DPO: the receipt was corrected
	LetterPrivacyCorrection LetterKind = "privacy-correction" // to the complainant: of the DPO's last day

	LetterServiceFirst LetterKind = "service-first" // to the complainant: the service helps first

	LetterConsultation   LetterKind = "consultation"
	LetterReminder       LetterKind = "reminder"
	LetterEscalation     LetterKind = "escalation" // to the head of the department
	LetterRequest        LetterKind = "request"    // a reclassified question for the department
	LetterRecommendation LetterKind = "recommendation"

	LetterNoLongerNeeded  LetterKind = "no-longer-needed" // a question that needs no answer any more
	LetterServiceHandOver LetterKind = "service-hand-over"

	LetterServiceTakenBack LetterKind = "service-taken-back" // it need not help any more
)

// Messages to staff about the watch: to who is in charge, and to the supervisors.
const (
	LetterStaffNotice      LetterKind = "staff-notice"
	LetterSupervisorNotice LetterKind = "supervisor-notice"
	LetterFindingsNotice   LetterKind = "findings-notice" // of no complaint; no row of its own
)

// ToStaff tells whether it is a message within the ombuds service. It holds codes
// and dates only, and no case waits for it.
func (k LetterKind) ToStaff() bool {
	return k == LetterStaffNotice || k == LetterSupervisorNotice || k == LetterFindingsNotice
}

// ToDepartment tells whether the letter goes to a department of the organisation.
func (k LetterKind) ToDepartment() bool {
	return slices.Contains([]LetterKind{LetterConsultation, LetterReminder, LetterEscalation,
		LetterRequest, LetterRecommendation, LetterNoLongerNeeded, LetterServiceHandOver, LetterServiceTakenBack}, k)
}

// DPO stands in a letter where a department's code would: it goes to the data
// protection officer. No department has this code.
const DPO = "DPO"

// ToDPO tells whether the letter goes to the data protection officer.
func (k LetterKind) ToDPO() bool {
	return slices.Contains([]LetterKind{LetterPrivacyTransfer, LetterPrivacyReminder, LetterPrivacyBreach, LetterPrivacyMoved}, k)
}

// EndsWithVoiding tells whether a letter leaves no more once the entry was voided:
// all of the complaint's own but those that say so, or what follows from it.
func (k LetterKind) EndsWithVoiding() bool {
	return k.File() == ComplaintFile && k != LetterVoided && k != LetterNoLongerNeeded && k != LetterServiceTakenBack
}

// ToComplainant tells whether a letter goes to who complained, or to who speaks
// for them.
func (k LetterKind) ToComplainant() bool { return !k.ToDepartment() && !k.ToDPO() && !k.ToStaff() }

// File tells to which file of a complaint the letter belongs.
func (k LetterKind) File() FileKind {
	switch k {
	case LetterPrivacyTransfer, LetterPrivacyReminder, LetterPrivacyExtension, LetterPrivacyAnswer,
		LetterPrivacyBreach, LetterPrivacyMoved, LetterPrivacyCorrection:
		return PrivacyFile
	}
	return ComplaintFile
}

// LetterState is how far a letter is on its way out.
type LetterState string

// The states. Sent and posted are the ends; failed and in doubt wait for a person.
const (
	LetterOwed     LetterState = "owed"
	LetterRendered LetterState = "rendered"
	LetterSending  LetterState = "sending" // handed to the mail server; found after a crash it becomes in doubt
	LetterSent     LetterState = "sent"
	LetterPrinted  LetterState = "printed" // in the print queue of the mail room
	LetterPosted   LetterState = "posted"
	LetterFailed   LetterState = "failed"   // refused for good
	LetterInDoubt  LetterState = "in_doubt" // it cannot be known whether it left
	LetterDropped  LetterState = "dropped"  // a person decided that it need not leave
	LetterHeld     LetterState = "held"     // too many to one address today: it goes tomorrow, or when a person says so
)

// HasLeft tells whether nothing is owed any more.
func (s LetterState) HasLeft() bool {
	return slices.Contains([]LetterState{LetterSent, LetterPosted, LetterDropped}, s)
}

// NeedsPerson tells whether the letter waits for the mail room or an officer; one
// that is held goes on by itself the next day.
func (s LetterState) NeedsPerson() bool {
	return slices.Contains([]LetterState{LetterPrinted, LetterFailed, LetterInDoubt, LetterHeld}, s)
}

// LetterFile is all that a letter may be written from. It holds personal data
// and never leaves the register's and the letters' hands.
type LetterFile struct {
	ID           int64
	Number       Number
	Kind         LetterKind
	State        LetterState
	Language     Language // for letters to complainants; departments have their own
	Channel      Channel
	Department   string // for letters to a department
	OwedAt       time.Time
	ReceiptCode  string
	Submission   Submission
	Deadline     Deadline // zero LastDay: no term runs
	Consultation *Consultation
	Admission    *AdmissionDecision
	Outcome      *Outcome
	ServiceFirst *ServiceFirst
	WithdrawnOn  Day
	FirstDay0    Day             // of the first term of a case that was opened again; zero: it was not
	Privacy      *PrivacyMatter  // for the letters of a referral to the DPO
	Remark       *Recommendation // for a recommendation letter
	Missing      *Missed         // for the letters that ask for what is missing
	Copy         bool            // the complainant's copy of a letter to the representative
	Delay        *DelayNotice    // for a delay notice
	Corrected    Day             // for a correction: the last day that was named before
	Staff        string          // for a message to staff: the officer's login; empty: the list or the supervisors
	Watched      *WatchEvent     // for a message to staff: what it is about
	Findings     *FindingsNotice // for a message about findings, which is of no complaint
	Unreachable  []string        // e-mail addresses at which earlier letters of the complaint did not arrive
	Rendered     *RenderedLetter // what was made before, never made twice
}

// Addressee is who gets the letter, where it goes to the complainant or to who
// speaks for them.
func (f LetterFile) Addressee() Correspondent {
	if f.Copy {
		return f.Submission.Self()
	}
	return f.Submission.Addressee(f.Kind)
}

// Missed is what is missing and asked of the complainant.
type Missed struct {
	Ground  Ground
	Until   Day    // last day
	Reasons string // an officer's words; may be empty
}

// DelayNotice (uitstelbericht) is why an answer comes later, and by when.
type DelayNotice struct {
	Reasons string
	NewDate Day
}

// RenderedLetter is a letter ready to leave: what is sent is what is kept.
type RenderedLetter struct {
	Recipient string  // an e-mail address, or empty for post
	Channel   Channel // by which it was written to leave; empty: as it was owed
	Subject   string  // no personal data
	Text      string
	PDF       []byte
}

// FindingsNotice is what the supervisors hear of what verification found.
type FindingsNotice struct {
	At       time.Time // names the message
	New      int       // since the one before
	Standing int
}

// FileName is how the letter is named outside the register: number, kind, id; of
// no complaint: kind and id.
func (f LetterFile) FileName() string {
	if f.Number == "" {
		return string(f.Kind) + "-" + strconv.FormatInt(f.ID, 10)
	}
	return string(f.Number) + "-" + string(f.Kind) + "-" + strconv.FormatInt(f.ID, 10)
}
