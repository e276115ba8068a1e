package api

import (
	"context"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

type receiptCorrection struct {
	ReceivedAt time.Time `json:"received_at" doc:"when the complaint had come in, anywhere in the organisation"`
	Reasons    string    `json:"reasons" minLength:"1" maxLength:"2000"`
}

type receiptCorrectionInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   receiptCorrection
}

func (c *counter) correctReceipt(ctx context.Context, in *receiptCorrectionInput) (*standingOutput, error) {
	return accepted(c.Desk.CorrectReceipt(ctx, actorOf(ctx), in.once, in.Number, casework.ReceiptCorrection(in.Body)))
}

type delayNotice struct {
	Reasons string        `json:"reasons" minLength:"1" maxLength:"10000" doc:"for the complainant, in their language"`
	NewDate complaint.Day `json:"new_date" doc:"the new last day, at most day 90"`
}

type delayNoticeInput struct {
	Command
	Number complaint.Number `path:"number" maxLength:"20"`
	Body   delayNotice
}

func (c *counter) giveDelayNotice(ctx context.Context, in *delayNoticeInput) (*standingOutput, error) {
	return accepted(c.Desk.GiveDelayNotice(ctx, actorOf(ctx), in.once, in.Number, casework.DelayNotice(in.Body)))
}
