// Package activities is what the procedure does in the world: it enters and
// records in the register, and lets letters leave. Every activity is safe to
// repeat, and says why.
//
// It knows neither the database nor the mail server: both are handed in as small
// interfaces. What it returns to Temporal, errors included, carries numbers and
// codes only.
package activities

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// Books is the register (klachtenregister) as the procedure needs it. Every
// method may be called again with the same arguments and then changes nothing.
type Books interface {
	Enter(ctx context.Context, entry complaint.Entry) (complaint.Entered, error)
	Record(ctx context.Context, recording complaint.Recording) error
	RecordWatch(ctx context.Context, event complaint.WatchEvent) (complaint.WatchRecorded, error)
	Close(ctx context.Context, closing complaint.Closing) (bool, error)

	LetterFile(ctx context.Context, id int64) (complaint.LetterFile, error)
	SaveRendered(ctx context.Context, id int64, letter complaint.RenderedLetter) error
	ClaimLetter(ctx context.Context, id int64) (complaint.LetterState, error)
	LetterLeft(ctx context.Context, id int64, state complaint.LetterState, providerID string) error
	LetterBack(ctx context.Context, id int64, state complaint.LetterState, code string) error

	// AdmitLetter holds an e-mail whose address has had its share of the day.
	AdmitLetter(ctx context.Context, id int64, admission complaint.Admission) (complaint.LetterState, error)
	// LetterRefused says what becomes of a letter that did not leave: rendered by
	// post means that it falls back to paper.
	LetterRefused(ctx context.Context, id int64, setback complaint.Setback) (complaint.LetterState, complaint.Channel, error)

	// What follows is for the letters that no procedure answers for.
	ReleaseHeld(ctx context.Context, most int, share complaint.MailShare) error
	StrayLetters(ctx context.Context, most int) ([]complaint.StrayLetter, error)
	Alone(ctx context.Context, work func(context.Context) error) error

	// ClaimFindings takes what verification found new to tell it, once a day; nil
	// when there is nothing to tell. FindingsUntold gives that back.
	ClaimFindings(ctx context.Context) (*complaint.FindingsNotice, error)
	FindingsUntold(ctx context.Context, notice complaint.FindingsNotice) error
}

// Post carries letters out of the house. Send returns the provider's ID or a
// *complaint.SendError.
type Post interface {
	// Repeatable tells whether sending the same letter again does no harm, as
	// for a file that is written under the letter's own name.
	Repeatable(channel complaint.Channel) bool
	Send(ctx context.Context, letter complaint.LetterFile) (providerID string, err error)
	// MessageID is the name by which mail servers know the letter, at every try.
	MessageID(letter complaint.LetterFile) string

	// Withdraw takes a letter that no longer leaves away from where it waits to be
	// posted. One that is not there is no error.
	Withdraw(ctx context.Context, letter complaint.LetterFile) error
}

// Verifier compares the register with itself and with Temporal, and keeps what it
// finds in the register.
type Verifier interface {
	Verify(ctx context.Context) (complaint.Verified, error)
}

// Activities holds what the activities work with. Its exported methods with a
// context are the activities, under their own names.
type Activities struct {
	Books        Books
	Post         Post
	Verifier     Verifier
	Organisation *organisation.Organisation
	Now          func() time.Time
}

// The names of the activities, as supervisors see them in the Web UI.
const (
	NameRegister          = "Register"
	NameAcknowledge       = "Acknowledge"
	NameAskComplainant    = "AskComplainant"
	NameAskDepartment     = "AskDepartment"
	NameRemindDepartment  = "RemindDepartment"
	NameHandToService     = "HandToService"
	NameNotifyDecision    = "NotifyDecision"
	NameNotifyOutcome     = "NotifyOutcome"
	NameConfirmWithdrawal = "ConfirmWithdrawal"
	NameConfirmVoiding    = "ConfirmVoiding"
	NameConfirmReopening  = "ConfirmReopening"
	NameSendLateNotice    = "SendLateNotice"
	NameSendLetter        = "SendLetter"
	NameTellLastDay       = "TellLastDay"
	NameWithdrawLetters   = "WithdrawLetters"
	NameWarnStaff         = "WarnStaff"
	NameReferPrivacy      = "ReferPrivacy"
	NameTransferPrivacy   = "TransferPrivacy"
	NameExtendPrivacy     = "ExtendPrivacy"
	NameAnswerPrivacy     = "AnswerPrivacy"
	NameRemindDPO         = "RemindDPO"
	NameRecord            = "Record"
	NameRecordWatch       = "RecordWatch"
	NameClose             = "Close"
	NameVerify            = "Verify"
)
