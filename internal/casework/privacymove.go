package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// correctReferred corrects the receipt of a complaint that closed because the DPO
// answers all of it: what moves is the DPO's term.
func (a *act) correctReferred(ctx context.Context, r ReceiptCorrection) error {
	file, err := a.store.PrivacyCase(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	if file == nil || file.Stage == complaint.Closed {
		return complaint.Conflict("closed", "Complaint %s is closed.", a.c.Number)
	}
	event := complaint.TermEvent{Kind: complaint.TermReceiptCorrected, At: r.ReceivedAt}
	_, err = a.store.AddTermEvent(ctx, a.tx, a.c.Number, register.TermNote{TermEvent: event, Reasons: r.Reasons, By: a.actor.Login})
	if err != nil {
		return err
	}
	if err := a.movePrivacy(ctx, r); err != nil {
		return err
	}
	return a.note(ctx, "receipt_corrected", register.Details{"day_0": complaint.DayOf(r.ReceivedAt)}, "received_at", "reasons")
}

// movePrivacy lets an open privacy file follow a corrected receipt: its term, and
// the 72 hours of a suspected breach where those count from the receipt.
func (a *act) movePrivacy(ctx context.Context, r ReceiptCorrection) error {
	file, err := a.store.PrivacyCase(ctx, a.tx, a.c.Number)
	if err != nil || file == nil || file.Stage == complaint.Closed {
		return err
	}
	if !file.Answered {
		if err := a.movePrivacyTerm(ctx, file, r); err != nil {
			return err
		}
	}
	if !file.SuspectedBreach || file.Notified || file.BreachAwareAt != nil {
		return nil
	}
	by := complaint.NotifyBreachBy(r.ReceivedAt)
	changed, err := a.changeBreach(ctx, register.BreachStep{
		Kind: register.BreachMoved, At: r.ReceivedAt, NotifyBy: &by, Reasons: r.Reasons, By: a.actor.Login,
	}, nil)
	if err != nil {
		return err
	}
	return a.tellDPO(ctx, complaint.ChangeBreach, changed)
}

// movePrivacyTerm derives the DPO's term again. The DPO is told, and the
// complainant where a letter named the day before.
func (a *act) movePrivacyTerm(ctx context.Context, file *register.PrivacyCase, r ReceiptCorrection) error {
	deadline := complaint.PrivacyDeadline(r.ReceivedAt, file.Extended, a.Calendar)
	if deadline.EndsAt.Equal(file.EndsAt) {
		return nil
	}
	deadline.Version = file.Version + 1
	if err := a.store.MovePrivacyTerm(ctx, a.tx, a.c.Number, deadline); err != nil {
		return err
	}
	letter, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
		Number: a.c.Number, Kind: complaint.LetterPrivacyMoved, Department: complaint.DPO, Version: int64(deadline.Version),
	})
	if err != nil {
		return err
	}
	letters := []int64{letter}
	named, err := register.NamedPrivacyDay(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	if named {
		told, err := a.store.OweComplainant(ctx, a.tx, a.c, complaint.LetterPrivacyCorrection, int64(deadline.Version))
		if err != nil {
			return err
		}
		letters = append(letters, told...)
	}
	if err := a.note(ctx, "privacy_moved", register.Details{"last_day": deadline.LastDay}, "received_at", "reasons"); err != nil {
		return err
	}
	return a.tellDPO(ctx, complaint.ChangeDeadline, complaint.DeadlineChanged{Moments: privacyMoments(deadline), Letters: letters})
}
