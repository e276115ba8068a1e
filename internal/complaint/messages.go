package complaint

import (
	"strings"
	"time"
)

// The messages of this file travel between the register and the procedure.
// They carry numbers, codes and moments only: whatever a person wrote stays in
// the register. A message only ever gains fields.

// CommandKind names a message to a running procedure; it is the signal's name.
type CommandKind string

// The commands of a complaint's procedure.
const (
	CommandStart        CommandKind = "Start"
	DecideAdmissibility CommandKind = "DecideAdmissibility"
	AskDepartment       CommandKind = "AskDepartment"
	ReceiveAnswer       CommandKind = "ReceiveAnswer"
	HandOverQuestion    CommandKind = "HandOverQuestion"
	HandToService       CommandKind = "HandToService"
	ReportService       CommandKind = "ReportService"
	EndQuestions        CommandKind = "EndQuestions"
	DecideOutcome       CommandKind = "DecideOutcome"
	Withdraw            CommandKind = "Withdraw"
	SettleLetter        CommandKind = "SettleLetter"
	PassOver            CommandKind = "PassOver" // takes the place of a command that a person gave up
	Void                CommandKind = "Void"
	Reopen              CommandKind = "Reopen" // no signal: it starts a new run with complaint.Start
	GoOn                CommandKind = "GoOn"   // as Reopen, in the term that the case had
	ReceiveReply        CommandKind = "ReceiveReply"
	CorrectSubmission   CommandKind = "CorrectSubmission"
	ReferPrivacy        CommandKind = "ReferPrivacy"
	ChangeDeadline      CommandKind = "ChangeDeadline"
)

// StartsAgain tells whether the message starts a further run of a workflow: of a
// case that had closed.
func (k CommandKind) StartsAgain() bool { return k == Reopen || k == GoOn }

// Message is what leaves through the outbox: the row it came from, its place in
// the order of its workflow (1 is the start) and a body of its kind.
type Message[T any] struct {
	Row  int64 `json:"row"`
	Seq  int   `json:"seq"`
	Body T     `json:"body"`

	TakesOver bool `json:"takes_over,omitempty"` // of a start: the run takes the place of one that was lost
}

// PassedOver is the body of a message that takes the place of another: the
// procedure counts that one as taken and does nothing.
type PassedOver struct{}

// Moments are the dates of a deadline that the procedure acts on. The zero
// EndsAt means that no term runs yet (a phone note).
type Moments struct {
	Version       int       `json:"version"`
	Days          int       `json:"days"` // of the term, so that its last day can be named
	LastDay       Day       `json:"last_day"`
	EndsAt        time.Time `json:"ends_at"`
	Warnings      []Warning `json:"warnings"`
	AcknowledgeBy time.Time `json:"acknowledge_by"` // an acknowledgement still owed then is late

	AcknowledgeAlarm time.Time `json:"acknowledge_alarm"` // one still owed then needs somebody at once
	ConfirmAt        time.Time `json:"confirm_at"`        // until then the mail room may still say that the answer was posted in time
}

// DeadlineChanged carries a new version of the deadline, and the letters that
// tell of it. An older version than the one in force changes nothing.
type DeadlineChanged struct {
	Moments Moments `json:"moments"`
	Letters []int64 `json:"letters,omitempty"`
}

// Start is the input of a new procedure.
type Start struct {
	Number          Number     `json:"number"`
	Department      string     `json:"department,omitempty"`
	Stage           Stage      `json:"stage"`       // where the case stands once it is registered
	WaitingFor      WaitingFor `json:"waiting_for"` // who acts then
	Ground          Ground     `json:"ground"`
	Moments         Moments    `json:"moments"`
	Acknowledgement int64      `json:"acknowledgement,omitempty"` // the letter owed; 0 when nobody can be answered

	Copies   []int64   `json:"copies,omitempty"`   // of the acknowledgement
	Letters  []int64   `json:"letters,omitempty"`  // of a case that had closed: that say that it is open again
	Requests []int64   `json:"requests,omitempty"` // letters that ask for what is missing
	Asked    *Asked    `json:"asked,omitempty"`    // pending from the first day
	RefuseBy time.Time `json:"refuse_by,omitzero"` // a refusal found must have gone out by then

	Referred *PrivacyReferred `json:"referred,omitempty"` // it is about personal data: the DPO answers it

	// Of a case that had closed and is open again. Nothing else comes over from the terms
	// before: a closed case has no open question and no letter that is owed.
	Term     int `json:"term,omitempty"`     // 2, 3, ...; 0 is the first
	Revision int `json:"revision,omitempty"` // from which its positions go on

	GoesOn bool `json:"goes_on,omitempty"` // no further term begins: its day 0, warnings and end are those it had
}

// AdmissibilityDecided says what a person decided and which letters follow.
type AdmissibilityDecided struct {
	Judgement Judgement `json:"judgement"`
	Ground    Ground    `json:"ground"`
	Letters   []int64   `json:"letters,omitempty"`

	Asked   *Asked  `json:"asked,omitempty"`   // with pending
	Dropped []int64 `json:"dropped,omitempty"` // letters that no longer leave

	Reversed bool `json:"reversed,omitempty"` // with admissible: a refusal is taken back
}

// DepartmentAsked opens a consultation (raadpleging van de dienst).
type DepartmentAsked struct {
	Consultation int64     `json:"consultation"`
	Department   string    `json:"department"`
	DueOn        Day       `json:"due_on"`
	RemindAt     time.Time `json:"remind_at"`   // zero: no reminder before the due day
	EscalateAt   time.Time `json:"escalate_at"` // the head of the department hears of it
	Letter       int64     `json:"letter"`
}

// QuestionHandedOver ends one consultation and opens the one that continues it
// in another department. Letters tell the first that it need not answer.
type QuestionHandedOver struct {
	From int64 `json:"from"`
	DepartmentAsked
	Letters []int64 `json:"letters,omitempty"`
}

// HandedToService says that the service is asked to help first, and until when.
type HandedToService struct {
	Department string    `json:"department"`
	ReturnOn   Day       `json:"return_on"`
	ReturnAt   time.Time `json:"return_at"` // then the officer has the case again
	Letters    []int64   `json:"letters"`
}

// AnswerReceived says that a department answered.
type AnswerReceived struct {
	Consultation int64 `json:"consultation"`
}

// OutcomeDecided says that the outcome stands and which letters follow.
type OutcomeDecided struct {
	Letters []int64 `json:"letters"`
}

// Withdrawal says that the complainant withdrew and which letters follow.
type Withdrawal struct {
	Letters []int64 `json:"letters,omitempty"`
}

// Voiding says that the entry was made in error, which letters tell so, and which
// no longer leave.
type Voiding struct {
	Letters []int64 `json:"letters,omitempty"`
	Dropped []int64 `json:"dropped,omitempty"`
}

// LetterSettled says that a person posted or settled a letter.
type LetterSettled struct {
	Letter int64       `json:"letter"`
	State  LetterState `json:"state"`
	InTime bool        `json:"in_time,omitempty"` // the answer had left before the end: the case was not overdue

	Letters []int64 `json:"letters,omitempty"` // that follow: it was posted though it was not to leave any more
}

// FileKind tells the two files that a complaint may have apart; each has a
// procedure, a row order and a term of its own.
type FileKind string

// The files. The zero kind is the complaint's own file.
const (
	ComplaintFile FileKind = ""
	PrivacyFile   FileKind = "privacy" // the DPO's
)

// CaseOf finds the file of a workflow ID; false for another kind of workflow.
func CaseOf(workflowID string) (CaseID, bool) {
	kind, number, _ := strings.Cut(workflowID, "-")
	id := CaseID{Number: Number(number)}
	switch kind {
	case "complaint":
	case "privacy":
		id.File = PrivacyFile
	default:
		return CaseID{}, false
	}
	return id, id.Number.Valid()
}

// CaseID names one file.
type CaseID struct {
	Number Number   `json:"number"`
	File   FileKind `json:"file,omitempty"`
}

// WorkflowID is the file's procedure in Temporal: complaint-2026-000123 or
// privacy-2026-000123.
func (c CaseID) WorkflowID() string {
	if c.File == PrivacyFile {
		return "privacy-" + string(c.Number)
	}
	return "complaint-" + string(c.Number)
}

// Entry asks the register to enter a complaint for a run of the procedure.
type Entry struct {
	Number Number   `json:"number"`
	File   FileKind `json:"file,omitempty"`
	Row    int64    `json:"row"`
	RunID  string   `json:"run_id"`
	Position

	TakesOver bool `json:"takes_over,omitempty"` // the run takes the place of one that was lost
}

// Entered answers an Entry. Ours is false when another run has entered this row
// before: this run then ends and changes nothing.
type Entered struct {
	Ours bool  `json:"ours"`
	Told *Told `json:"told,omitempty"` // for a run that takes over
}

// Position is where a case stands, with a revision that grows with each change,
// so that a late recording never overwrites a newer one.
type Position struct {
	Revision   int        `json:"revision"`
	Stage      Stage      `json:"stage"`
	WaitingFor WaitingFor `json:"waiting_for"`
}

// Effect is what became of a command in the procedure.
type Effect string

// The effects.
const (
	Applied      Effect = "applied"
	NotApplied   Effect = "not_applied"   // it no longer fitted when it arrived
	AfterClosing Effect = "after_closing" // the procedure had ended
)

// Recording tells the register that the procedure has taken a command. Row 0
// records only a new position.
type Recording struct {
	Number Number   `json:"number"`
	File   FileKind `json:"file,omitempty"`
	Row    int64    `json:"row"`
	Effect Effect   `json:"effect"`
	Position
}

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
}

// Closing asks the register to close a case. Taken is the highest sequence the
// procedure has taken; a command given later keeps the case open.
type Closing struct {
	Number   Number   `json:"number"`
	File     FileKind `json:"file,omitempty"`
	Result   Result   `json:"result"`
	Taken    int      `json:"taken"`
	Revision int      `json:"revision"`
}

// Delivery asks for letters to leave. With a row its command is recorded first,
// whatever becomes of the letters; with Closing the case is closed when all
// letters have left.
type Delivery struct {
	Number    Number     `json:"number"`
	File      FileKind   `json:"file,omitempty"`
	Recording *Recording `json:"recording,omitempty"`
	Letters   []int64    `json:"letters"`
	Closing   *Closing   `json:"closing,omitempty"`
}

// Delivered says where each letter stands, and whether the case was closed.
type Delivered struct {
	Letters []LetterSettled `json:"letters"`
	Closed  bool            `json:"closed"`
}
