package api_test

import (
	"context"
	"sync"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// noon is when these tests happen.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, complaint.Brussels)

// desk answers like a desk where everything is allowed, and remembers what it
// was asked. Its refusal, when set, answers everything.
type desk struct {
	refusal error
	panics  any

	mu    sync.Mutex
	actor casework.Actor
	once  casework.Once
	got   any
}

func (d *desk) asked(actor casework.Actor, once casework.Once, got any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.actor, d.once, d.got = actor, once, got
	if d.panics != nil {
		panic(d.panics)
	}
	return d.refusal
}

const known = complaint.Number("2026-000123")

func (d *desk) command(actor casework.Actor, once casework.Once, got any) (casework.Standing, error) {
	return casework.Standing{Number: known, Stage: complaint.Investigating, WaitingFor: complaint.WaitOmbuds}, d.asked(actor, once, got)
}

func (d *desk) Lodge(_ context.Context, actor casework.Actor, once casework.Once, subs []complaint.Submission) ([]casework.LodgeResult, error) {
	receipt := casework.Receipt{Number: known, ReceiptCode: "SECRETCODE", ReceivedAt: noon.UTC(), LastDay: complaint.NewDay(2026, 4, 16)}
	if subs[0].Intake == complaint.PhoneNote {
		receipt.LastDay = complaint.Day{}
	}
	return []casework.LodgeResult{{Receipt: receipt}}, d.asked(actor, once, subs[0])
}

func (d *desk) Assign(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Assignment) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) DecideAdmissibility(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.AdmissibilityDecision) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Reply(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ComplainantReply) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Represent(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.RepresentationChange) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Warn(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.AdmissibilityWarning) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Ask(_ context.Context, a casework.Actor, o casework.Once, n complaint.Number, got casework.Question) (complaint.Consultation, error) {
	return complaint.Consultation{ID: 7, Number: n, Department: got.Department, AskedAt: noon.UTC()}, d.asked(a, o, got)
}

func (d *desk) Answer(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.Answer) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) HandOverQuestion(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.HandOver) (complaint.Consultation, error) {
	return complaint.Consultation{ID: 8, Number: known, Department: got.Department, HandedOverFrom: 7}, d.asked(a, o, got)
}

func (d *desk) HandToService(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ServiceFirst) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) NameInvolved(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Naming) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) NoteAbsence(_ context.Context, a casework.Actor, o casework.Once, got complaint.Absence) (complaint.Absence, error) {
	return got, d.asked(a, o, got)
}

func (d *desk) NoteReturn(_ context.Context, a casework.Actor, o casework.Once, login string, got casework.Return) ([]complaint.Absence, error) {
	return nil, d.asked(a, o, got)
}

func (d *desk) Absences(_ context.Context, a casework.Actor, login string) ([]complaint.Absence, error) {
	return []complaint.Absence{{Officer: login, From: complaint.DayOf(noon), Until: complaint.DayOf(noon), StandIn: "ombuds-2"}}, d.asked(a, casework.Once{}, login)
}

func (d *desk) DecideOutcome(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.OutcomeDecision) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) CorrectReceipt(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ReceiptCorrection) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) GiveDelayNotice(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.DelayNotice) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Withdraw(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.WithdrawalNote) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) DispatchLetter(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.Posting) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Void(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.VoidNote) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Reopen(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ReopeningNote) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) SendDocuments(_ context.Context, a casework.Actor, o casework.Once, _ string, got casework.Addition) (casework.Status, error) {
	return casework.Status{Number: known}, d.asked(a, o, got)
}

func (d *desk) AddDocuments(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Addition) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) AddNote(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Remark) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Link(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.SameMatter) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) ReferPrivacy(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.PrivacyReferral) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) SplitPrivacy(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.PrivacyReferral) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) ExtendPrivacy(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got string) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) AnswerPrivacy(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.PrivacyAnswer) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) SuspectBreach(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.BreachSuspicion) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) NotifyBreach(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.BreachNotification) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) PrivacyFiles(_ context.Context, a casework.Actor, f register.PrivacyFilter) (register.PrivacyPage, error) {
	return register.PrivacyPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) PrivacyFile(_ context.Context, a casework.Actor, n complaint.Number) (register.PrivacyFile, error) {
	return register.PrivacyFile{}, d.asked(a, casework.Once{}, n)
}

func (d *desk) ResolveLetter(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.LetterResolution) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) BounceLetter(_ context.Context, a casework.Actor, o casework.Once, _ int64, got casework.Bounce) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) SettleBlocked(_ context.Context, a casework.Actor, o casework.Once, _ string, got casework.BlockedSettlement) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) AuditTrail(_ context.Context, a casework.Actor, f register.AuditFilter) (register.AuditPage, error) {
	return register.AuditPage{Items: []register.AuditRow{}}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Findings(_ context.Context, a casework.Actor, f register.FindingFilter, _ complaint.Language) (register.FindingPage, error) {
	return register.FindingPage{Items: []register.FindingRow{}}, d.asked(a, casework.Once{}, f)
}

func (d *desk) SettleFinding(_ context.Context, a casework.Actor, o casework.Once, _ int64, reasons string, _ complaint.Language) (register.FindingRow, error) {
	return register.FindingRow{}, d.asked(a, o, reasons)
}

func (d *desk) AskVerification(_ context.Context, a casework.Actor, o casework.Once) (register.Verification, error) {
	return register.Verification{}, d.asked(a, o, nil)
}

func (d *desk) Verification(_ context.Context, a casework.Actor, id int64) (register.Verification, error) {
	return register.Verification{}, d.asked(a, casework.Once{}, id)
}

func (d *desk) CheckHistory(_ context.Context, a casework.Actor, cursor string) (register.Integrity, error) {
	return register.Integrity{Flaws: []register.Flaw{}}, d.asked(a, casework.Once{}, cursor)
}

func (d *desk) Blocked(_ context.Context, a casework.Actor, p register.Paging) (register.BlockedPage, error) {
	return register.BlockedPage{}, d.asked(a, casework.Once{}, p)
}

func (d *desk) ReportService(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.ServiceReport) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Correct(_ context.Context, a casework.Actor, o casework.Once, _ complaint.Number, got casework.Correction) (casework.Standing, error) {
	return d.command(a, o, got)
}

func (d *desk) Search(_ context.Context, a casework.Actor, f register.ComplaintFilter) (register.ComplaintPage, error) {
	return register.ComplaintPage{Items: []register.ComplaintRow{}}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Submission(_ context.Context, a casework.Actor, n complaint.Number) (register.SubmissionFile, error) {
	return register.SubmissionFile{Number: n}, d.asked(a, casework.Once{}, n)
}

func (d *desk) ServiceTasks(_ context.Context, a casework.Actor, f register.ServiceTaskFilter) (register.ServiceTaskPage, error) {
	return register.ServiceTaskPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) ServiceTask(_ context.Context, a casework.Actor, n complaint.Number) (register.ServiceTask, error) {
	return register.ServiceTask{}, d.asked(a, casework.Once{}, n)
}

func (d *desk) File(_ context.Context, a casework.Actor, n complaint.Number) (casework.File, error) {
	return casework.File{}, d.asked(a, casework.Once{}, n)
}

func (d *desk) Complaints(_ context.Context, a casework.Actor, f register.ComplaintFilter) (register.ComplaintPage, error) {
	return register.ComplaintPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Consultations(_ context.Context, a casework.Actor, f register.ConsultationFilter) (register.ConsultationPage, error) {
	return register.ConsultationPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Consultation(_ context.Context, a casework.Actor, id int64) (casework.ConsultationView, error) {
	return casework.ConsultationView{}, d.asked(a, casework.Once{}, id)
}

func (d *desk) Letters(_ context.Context, a casework.Actor, f register.LetterFilter) (register.LetterPage, error) {
	return register.LetterPage{}, d.asked(a, casework.Once{}, f)
}

func (d *desk) Letter(_ context.Context, a casework.Actor, id int64) (casework.LetterView, error) {
	return casework.LetterView{Text: "Geachte,"}, d.asked(a, casework.Once{}, id)
}

func (d *desk) LetterPDF(_ context.Context, a casework.Actor, id int64) ([]byte, error) {
	return []byte("%PDF-1.4"), d.asked(a, casework.Once{}, id)
}

func (d *desk) Attachment(_ context.Context, a casework.Actor, id int64) (complaint.Attachment, error) {
	return complaint.Attachment{Name: "brief één.html", MediaType: "text/html", Content: []byte("<script>")}, d.asked(a, casework.Once{}, id)
}

func (d *desk) Status(_ context.Context, _ casework.Actor, code string) (casework.Status, error) {
	return casework.Status{}, d.asked(casework.Actor{}, casework.Once{}, code)
}
