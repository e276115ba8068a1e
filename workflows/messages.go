package workflows

import (
	"go.temporal.io/sdk/temporal"

	"ombudsdienst/internal/complaint"
)

// TaskQueue is where the procedure and its activities are worked off.
const TaskQueue = "complaints"

// ComplaintProcedureName is the workflow type of the procedure, as it stands in
// Temporal and its Web UI.
const ComplaintProcedureName = "ComplaintProcedure"

// PrivacyProcedureName is the workflow type of a privacy file's procedure.
const PrivacyProcedureName = "PrivacyProcedure"

// VerificationName is the workflow type of the nightly verification.
const VerificationName = "NightlyVerification"

// VerificationSchedule is the ID of its schedule, and what the IDs of its runs
// begin with.
const VerificationSchedule = "nightly-verification"

// VerificationHour is when it runs, in Brussels: when nobody works and the day is
// sealed.
const VerificationHour = 3

// ComplaintID is the workflow ID of a complaint's procedure.
func ComplaintID(n complaint.Number) string { return complaint.CaseID{Number: n}.WorkflowID() }

// The signals are the commands of a complaint or a privacy file: each carries a
// complaint.Message with the body named here.
const (
	SignalDecideAdmissibility = string(complaint.DecideAdmissibility) // complaint.AdmissibilityDecided
	SignalReceiveReply        = string(complaint.ReceiveReply)        // complaint.ReplyReceived
	SignalCorrectSubmission   = string(complaint.CorrectSubmission)   // complaint.SubmissionCorrected
	SignalAskDepartment       = string(complaint.AskDepartment)       // complaint.DepartmentAsked
	SignalReceiveAnswer       = string(complaint.ReceiveAnswer)       // complaint.AnswerReceived
	SignalHandOverQuestion    = string(complaint.HandOverQuestion)    // complaint.QuestionHandedOver
	SignalHandToService       = string(complaint.HandToService)       // complaint.HandedToService
	SignalReportService       = string(complaint.ReportService)       // complaint.ServiceReported
	SignalEndQuestions        = string(complaint.EndQuestions)        // complaint.QuestionsEnded
	SignalDecideOutcome       = string(complaint.DecideOutcome)       // complaint.OutcomeDecided
	SignalWithdraw            = string(complaint.Withdraw)            // complaint.Withdrawal
	SignalSettleLetter        = string(complaint.SettleLetter)        // complaint.LetterSettled
	SignalPassOver            = string(complaint.PassOver)            // complaint.PassedOver
	SignalChangeDeadline      = string(complaint.ChangeDeadline)      // complaint.DeadlineChanged
	SignalVoid                = string(complaint.Void)                // complaint.Voiding
	SignalReferPrivacy        = string(complaint.ReferPrivacy)        // complaint.PrivacyReferred
	SignalExtendPrivacy       = string(complaint.ExtendPrivacy)       // complaint.PrivacyExtended
	SignalAnswerPrivacy       = string(complaint.AnswerPrivacy)       // complaint.PrivacyClosed
	SignalChangeBreach        = string(complaint.ChangeBreach)        // complaint.BreachChanged
)

// The search attributes by which supervisors filter in the Temporal Web UI.
var (
	AttributeNumber     = temporal.NewSearchAttributeKeyKeyword("Number")     // 2026-000123
	AttributeStage      = temporal.NewSearchAttributeKeyKeyword("Stage")      // complaint.Stage
	AttributeDepartment = temporal.NewSearchAttributeKeyKeyword("Department") // the department complained about
	AttributeWaitingFor = temporal.NewSearchAttributeKeyKeyword("WaitingFor") // complaint.WaitingFor
	AttributeDeadline   = temporal.NewSearchAttributeKeyTime("Deadline")      // end of the term
	AttributeWarned     = temporal.NewSearchAttributeKeyInt64("Warned")       // days left at the last warning; 0: overdue
)

// SearchAttributes lists them by name and type, for those who prepare a namespace.
func SearchAttributes() []temporal.SearchAttributeKey {
	return []temporal.SearchAttributeKey{AttributeNumber, AttributeStage, AttributeDepartment,
		AttributeWaitingFor, AttributeDeadline, AttributeWarned}
}

// StartAttributes are the attributes known when a procedure starts.
func StartAttributes(s complaint.Start) temporal.SearchAttributes {
	updates := []temporal.SearchAttributeUpdate{
		AttributeNumber.ValueSet(string(s.Number)),
		AttributeStage.ValueSet(string(s.Stage)),
		AttributeWaitingFor.ValueSet(string(s.WaitingFor)),
	}
	if s.Department != "" {
		updates = append(updates, AttributeDepartment.ValueSet(s.Department))
	}
	if !s.Moments.EndsAt.IsZero() {
		updates = append(updates, AttributeDeadline.ValueSet(s.Moments.EndsAt))
	}
	return temporal.NewSearchAttributes(updates...)
}

// StartSummary is the line that stands above a procedure in the Web UI.
func StartSummary(s complaint.Start) string {
	if s.Moments.LastDay.IsZero() {
		return "Complaint " + string(s.Number) + ": no term runs yet"
	}
	return "Complaint " + string(s.Number) + ": answer due " + s.Moments.LastDay.String()
}
