package api

import (
	"context"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

type privacyReferral struct {
	Reasons         string `json:"reasons" minLength:"1" maxLength:"10000" doc:"for the DPO"`
	Mixed           bool   `json:"mixed" doc:"true: only part of it is about personal data, and the rest goes on as a complaint; false: all of it, and the complaint ends"`
	SuspectedBreach bool   `json:"suspected_breach,omitempty" doc:"it reveals a possible leak: the authority is told within 72 hours of receipt"`
}

type privacyReferralInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   privacyReferral
}

func (c *counter) referPrivacy(ctx context.Context, in *privacyReferralInput) (*standingOutput, error) {
	return accepted(c.Desk.ReferPrivacy(ctx, actorOf(ctx), in.once, in.Number, casework.PrivacyReferral(in.Body)))
}

func (c *counter) splitPrivacy(ctx context.Context, in *privacyReferralInput) (*standingOutput, error) {
	return accepted(c.Desk.SplitPrivacy(ctx, actorOf(ctx), in.once, in.Number, casework.PrivacyReferral(in.Body)))
}

type breachSuspicion struct {
	Suspected bool      `json:"suspected" doc:"false takes the suspicion back"`
	AwareAt   time.Time `json:"aware_at,omitzero" doc:"when one became aware of it, from which the 72 hours count; left out: on receipt"`
	Reasons   string    `json:"reasons" minLength:"1" maxLength:"10000"`
}

type breachSuspicionInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   breachSuspicion
}

func (c *counter) suspectBreach(ctx context.Context, in *breachSuspicionInput) (*standingOutput, error) {
	return accepted(c.Desk.SuspectBreach(ctx, actorOf(ctx), in.once, in.Number, casework.BreachSuspicion(in.Body)))
}

type breachNotification struct {
	NotifiedAt time.Time `json:"notified_at" doc:"when the authority was told"`
	Reasons    string    `json:"reasons,omitempty" maxLength:"10000" doc:"required when that was after the 72 hours"`
}

type breachNotificationInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   breachNotification
}

func (c *counter) notifyBreach(ctx context.Context, in *breachNotificationInput) (*standingOutput, error) {
	return accepted(c.Desk.NotifyBreach(ctx, actorOf(ctx), in.once, in.Number, casework.BreachNotification(in.Body)))
}

type privacyExtensionInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   struct {
		Reasons string `json:"reasons" minLength:"1" maxLength:"10000" doc:"the complainant is told them"`
	}
}

func (c *counter) extendPrivacy(ctx context.Context, in *privacyExtensionInput) (*standingOutput, error) {
	return accepted(c.Desk.ExtendPrivacy(ctx, actorOf(ctx), in.once, in.Number, in.Body.Reasons))
}

type privacyAnswer struct {
	Answer string                  `json:"answer" minLength:"1" maxLength:"50000"`
	Result complaint.PrivacyResult `json:"result,omitempty" enum:"answered,refused,withdrawn" doc:"left out: answered"`
}

type privacyAnswerInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   privacyAnswer
}

func (c *counter) answerPrivacy(ctx context.Context, in *privacyAnswerInput) (*standingOutput, error) {
	return accepted(c.Desk.AnswerPrivacy(ctx, actorOf(ctx), in.once, in.Number, casework.PrivacyAnswer(in.Body)))
}

type privacyFilesInput struct {
	Paging
	Open    bool `query:"open" doc:"only those that are not closed"`
	Overdue bool `query:"overdue" doc:"only those open after the end of the term"`
	Breach  bool `query:"suspected_breach" doc:"only those with a suspected breach"`
	Due     bool `query:"breach_due" doc:"only those with a breach of which the authority has still to be told"`
}

type privacyFilesOutput struct{ Body register.PrivacyPage }

func (c *counter) privacyFiles(ctx context.Context, in *privacyFilesInput) (*privacyFilesOutput, error) {
	found, err := c.Desk.PrivacyFiles(ctx, actorOf(ctx), register.PrivacyFilter{
		Open: in.Open, Overdue: in.Overdue, Breach: in.Breach, Due: in.Due, Paging: in.part(),
	})
	return &privacyFilesOutput{found}, err
}

type privacyFile struct {
	register.PrivacyFile
	Temporal procedureLink `json:"temporal" doc:"where the procedure itself can be looked at"`
}

type privacyFileOutput struct{ Body privacyFile }

func (c *counter) privacyFile(ctx context.Context, in *numberInput) (*privacyFileOutput, error) {
	found, err := c.Desk.PrivacyFile(ctx, actorOf(ctx), in.Number)
	return &privacyFileOutput{privacyFile{found, c.procedureOf(complaint.CaseID{Number: in.Number, File: complaint.PrivacyFile})}}, err
}
