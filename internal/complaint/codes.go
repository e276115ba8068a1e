package complaint

import "slices"

// Language is a language in which people are written to; nl comes first.
type Language string

// Languages lists them all, nl first.
var Languages = []Language{"nl", "fr", "de", "en"}

// Valid tells whether the language is one of the four.
func (l Language) Valid() bool { return slices.Contains(Languages, l) }

// Intake (kanaal) is how a submission came in.
type Intake string

// The intakes. A phone note is not a complaint in writing yet.
const (
	WebForm    Intake = "web_form"
	Post       Intake = "post"
	OfficeForm Intake = "office_form"
	Email      Intake = "email"
	PhoneNote  Intake = "phone_note"
)

// Valid tells whether the intake is known.
func (i Intake) Valid() bool {
	return slices.Contains([]Intake{WebForm, Post, OfficeForm, Email, PhoneNote}, i)
}

// Channel is the way a letter leaves the house.
type Channel string

// The channels.
const (
	ByEmail Channel = "email"
	ByPost  Channel = "post"
)

// Stage is where a complaint stands.
type Stage string

// The stages, in order.
const (
	Received      Stage = "received"      // stored and numbered, the procedure has not entered it yet
	Registered    Stage = "registered"    // entered in the register by the procedure
	Assessing     Stage = "assessing"     // a person judges admissibility
	Investigating Stage = "investigating" // with the department
	Answering     Stage = "answering"     // decided; a letter is on its way out
	Closed        Stage = "closed"
)

// Result is how a closed complaint ended; empty while it is open.
type Result string

// The results. The others of the contract come with their procedures.
const (
	Answered        Result = "answered"
	Inadmissible    Result = "inadmissible"
	Withdrawn       Result = "withdrawn"
	ReferredPrivacy Result = "referred_privacy" // the DPO answers it; counted apart, not as inadmissible
	Reclassified    Result = "reclassified"     // a question for information, handed to the department
	Voided          Result = "voided"           // an entry made in error; counted apart
)

// WaitingFor names who has to act: ombuds, department:<CODE>, complainant,
// mail_room or none.
type WaitingFor string

// The fixed values.
const (
	WaitOmbuds      WaitingFor = "ombuds"
	WaitComplainant WaitingFor = "complainant"
	WaitMailRoom    WaitingFor = "mail_room"
	WaitNone        WaitingFor = "none"
	WaitDPO         WaitingFor = "dpo" // of a privacy file only
)

// WaitDepartment says that a department has to answer.
func WaitDepartment(code string) WaitingFor { return WaitingFor("department:" + code) }

// Verdict (oordeel) is what the ombuds officer found.
type Verdict string

// The verdicts.
const (
	Founded       Verdict = "founded"
	PartlyFounded Verdict = "partly_founded"
	Unfounded     Verdict = "unfounded"
	NoFinding     Verdict = "no_finding"
)

// Valid tells whether the verdict is known.
func (v Verdict) Valid() bool {
	return slices.Contains([]Verdict{Founded, PartlyFounded, Unfounded, NoFinding}, v)
}

// Resolution (oplossing) tells whether the complainant was helped.
type Resolution string

// The resolutions.
const (
	Resolved       Resolution = "resolved"
	PartlyResolved Resolution = "partly_resolved"
	Unresolved     Resolution = "unresolved"
)

// Valid tells whether the resolution is known.
func (r Resolution) Valid() bool {
	return slices.Contains([]Resolution{Resolved, PartlyResolved, Unresolved}, r)
}

// Norm is an ombuds norm that a decision may name as not respected.
type Norm string

// Norms are the fifteen ombuds norms of the Belgian ombuds services.
var Norms = []Norm{
	"lawfulness", "sufficient_reasons", "equality_impartiality", "legal_certainty_trust",
	"reasonableness_proportionality", "correct_treatment", "active_service", "sound_correspondence",
	"easy_reach", "effective_information", "administrative_accuracy", "careful_complaint_handling",
	"reasonable_time", "efficient_coordination", "privacy",
}

// Valid tells whether the norm is one of the fifteen.
func (n Norm) Valid() bool { return slices.Contains(Norms, n) }
