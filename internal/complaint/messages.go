package complaint

import "time"

// The messages of this package travel between the register and the procedure.
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

	Dropped []int64 `json:"dropped,omitempty"` // letters that no longer leave, and that may lie printed
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

// OutcomeDecided says that the outcome stands, which letters follow, and which no
// longer leave.
type OutcomeDecided struct {
	Letters []int64 `json:"letters"`
	Dropped []int64 `json:"dropped,omitempty"`
}

// Withdrawal says that the complainant withdrew, which letters follow, and which
// no longer leave.
type Withdrawal struct {
	Letters []int64 `json:"letters,omitempty"`
	Dropped []int64 `json:"dropped,omitempty"`
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

	CameBack bool `json:"came_back,omitempty"` // it had left, as the procedure may not have heard yet

	Letters []int64 `json:"letters,omitempty"` // that follow: it was posted though it was not to leave any more
}
