package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// Desk (balie) carries out what callers ask. It checks who may and what is
// allowed now; its refusals are complaint.Error.
type Desk interface {
	Lodge(context.Context, casework.Actor, casework.Once, []complaint.Submission) ([]casework.LodgeResult, error)
	Assign(context.Context, casework.Actor, casework.Once, complaint.Number, casework.Assignment) (casework.Standing, error)
	DecideAdmissibility(context.Context, casework.Actor, casework.Once, complaint.Number, casework.AdmissibilityDecision) (casework.Standing, error)
	Reply(context.Context, casework.Actor, casework.Once, complaint.Number, casework.ComplainantReply) (casework.Standing, error)
	Represent(context.Context, casework.Actor, casework.Once, complaint.Number, casework.RepresentationChange) (casework.Standing, error)
	Warn(context.Context, casework.Actor, casework.Once, complaint.Number, casework.AdmissibilityWarning) (casework.Standing, error)
	Ask(context.Context, casework.Actor, casework.Once, complaint.Number, casework.Question) (complaint.Consultation, error)
	Answer(context.Context, casework.Actor, casework.Once, int64, casework.Answer) (casework.Standing, error)
	HandOverQuestion(context.Context, casework.Actor, casework.Once, int64, casework.HandOver) (complaint.Consultation, error)
	HandToService(context.Context, casework.Actor, casework.Once, complaint.Number, casework.ServiceFirst) (casework.Standing, error)
	ReportService(context.Context, casework.Actor, casework.Once, complaint.Number, casework.ServiceReport) (casework.Standing, error)
	Correct(context.Context, casework.Actor, casework.Once, complaint.Number, casework.Correction) (casework.Standing, error)
	NameInvolved(context.Context, casework.Actor, casework.Once, complaint.Number, casework.Naming) (casework.Standing, error)
	NoteAbsence(context.Context, casework.Actor, casework.Once, complaint.Absence) (complaint.Absence, error)
	NoteReturn(context.Context, casework.Actor, casework.Once, string, casework.Return) ([]complaint.Absence, error)
	DecideOutcome(context.Context, casework.Actor, casework.Once, complaint.Number, casework.OutcomeDecision) (casework.Standing, error)
	CorrectReceipt(context.Context, casework.Actor, casework.Once, complaint.Number, casework.ReceiptCorrection) (casework.Standing, error)
	GiveDelayNotice(context.Context, casework.Actor, casework.Once, complaint.Number, casework.DelayNotice) (casework.Standing, error)
	Withdraw(context.Context, casework.Actor, casework.Once, complaint.Number, casework.WithdrawalNote) (casework.Standing, error)
	DispatchLetter(context.Context, casework.Actor, casework.Once, int64, casework.Posting) (casework.Standing, error)
	Void(context.Context, casework.Actor, casework.Once, complaint.Number, casework.VoidNote) (casework.Standing, error)
	Reopen(context.Context, casework.Actor, casework.Once, complaint.Number, casework.ReopeningNote) (casework.Standing, error)
	SendDocuments(context.Context, casework.Actor, casework.Once, string, casework.Addition) (casework.Status, error)
	AddDocuments(context.Context, casework.Actor, casework.Once, complaint.Number, casework.Addition) (casework.Standing, error)
	AddNote(context.Context, casework.Actor, casework.Once, complaint.Number, casework.Remark) (casework.Standing, error)
	Link(context.Context, casework.Actor, casework.Once, complaint.Number, casework.SameMatter) (casework.Standing, error)
	ReferPrivacy(context.Context, casework.Actor, casework.Once, complaint.Number, casework.PrivacyReferral) (casework.Standing, error)
	SplitPrivacy(context.Context, casework.Actor, casework.Once, complaint.Number, casework.PrivacyReferral) (casework.Standing, error)
	ExtendPrivacy(context.Context, casework.Actor, casework.Once, complaint.Number, string) (casework.Standing, error)
	AnswerPrivacy(context.Context, casework.Actor, casework.Once, complaint.Number, casework.PrivacyAnswer) (casework.Standing, error)
	ResolveLetter(context.Context, casework.Actor, casework.Once, int64, casework.LetterResolution) (casework.Standing, error)
	BounceLetter(context.Context, casework.Actor, casework.Once, int64, casework.Bounce) (casework.Standing, error)
	SettleBlocked(context.Context, casework.Actor, casework.Once, string, casework.BlockedSettlement) (casework.Standing, error)

	File(context.Context, casework.Actor, complaint.Number) (casework.File, error)
	Absences(context.Context, casework.Actor, string) ([]complaint.Absence, error)
	SuspectBreach(context.Context, casework.Actor, casework.Once, complaint.Number, casework.BreachSuspicion) (casework.Standing, error)
	NotifyBreach(context.Context, casework.Actor, casework.Once, complaint.Number, casework.BreachNotification) (casework.Standing, error)
	PrivacyFiles(context.Context, casework.Actor, register.PrivacyFilter) (register.PrivacyPage, error)
	PrivacyFile(context.Context, casework.Actor, complaint.Number) (register.PrivacyFile, error)
	Complaints(context.Context, casework.Actor, register.ComplaintFilter) (register.ComplaintPage, error)
	Search(context.Context, casework.Actor, register.ComplaintFilter) (register.ComplaintPage, error)
	Submission(context.Context, casework.Actor, complaint.Number) (register.SubmissionFile, error)
	ServiceTasks(context.Context, casework.Actor, register.ServiceTaskFilter) (register.ServiceTaskPage, error)
	ServiceTask(context.Context, casework.Actor, complaint.Number) (register.ServiceTask, error)
	Consultations(context.Context, casework.Actor, register.ConsultationFilter) (register.ConsultationPage, error)
	Consultation(context.Context, casework.Actor, int64) (casework.ConsultationView, error)
	Letters(context.Context, casework.Actor, register.LetterFilter) (register.LetterPage, error)
	Letter(context.Context, casework.Actor, int64) (casework.LetterView, error)
	Blocked(context.Context, casework.Actor, register.Paging) (register.BlockedPage, error)
	LetterPDF(context.Context, casework.Actor, int64) ([]byte, error)
	Attachment(context.Context, casework.Actor, int64) (complaint.Attachment, error)
	Status(context.Context, casework.Actor, string) (casework.Status, error)
	AuditTrail(context.Context, casework.Actor, register.AuditFilter) (register.AuditPage, error)
	CheckHistory(context.Context, casework.Actor, string) (register.Integrity, error)
	Findings(context.Context, casework.Actor, register.FindingFilter, complaint.Language) (register.FindingPage, error)
	SettleFinding(context.Context, casework.Actor, casework.Once, int64, string, complaint.Language) (register.FindingRow, error)
	AskVerification(context.Context, casework.Actor, casework.Once) (register.Verification, error)
	Verification(context.Context, casework.Actor, int64) (register.Verification, error)
}

// Command is what every command may carry: a key under which sending it again
// changes nothing and gives the first answer.
type Command struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"per caller and route, kept for 24 hours: with the same body the first answer comes again, with another body 422"`
	once casework.Once
}

// Resolve notes what the key stands for: this caller, this route and this body
// at this path.
func (c *Command) Resolve(ctx huma.Context) []error {
	given := humagin.Unwrap(ctx).Request.Header.Values("Idempotency-Key")
	if len(given) == 0 {
		return nil
	}
	if len(given) > 1 || c.Key == "" { // an empty one is a program's mistake, and would protect nothing
		return []error{&huma.ErrorDetail{Location: "header.Idempotency-Key", Message: "expected one value"}}
	}
	op, actor := ctx.Operation(), actorOf(ctx.Context())
	c.once = casework.Once{Caller: actor.Login, Route: op.Method + " " + op.Path, Key: c.Key, BodyHash: bodyOf(ctx).hash()}
	if actor.Login == "" {
		c.once.Caller = "public"
	}
	return nil
}

// standing is what a command is answered with: where the case stood when it was
// accepted. The procedure moves on within moments.
type standing struct {
	Number     complaint.Number     `json:"number"`
	Stage      complaint.Stage      `json:"stage"`
	WaitingFor complaint.WaitingFor `json:"waiting_for" doc:"who has to act: ombuds, department:CODE, complainant, mail_room or none; of a privacy file: dpo, mail_room or none"`
}

type standingOutput struct{ Body standing }

func accepted(s casework.Standing, err error) (*standingOutput, error) {
	return &standingOutput{standing(s)}, err
}
