package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// askComplainant asks the complainant for what a ground lacks: a term of thirty days from
// today with one reminder, after which a person decides. It answers with the
// letters that say so; there are none when nobody can be written to.
func (a *act) askComplainant(ctx context.Context, ground complaint.Ground, sub complaint.Submission) (*complaint.Asked, []int64, error) {
	today := a.today()
	asked := complaint.Asked{Reason: ground, Until: today.AddDays(complaint.PendingDays)}
	asked.EndsAt = a.Calendar.WorkingDayAfter(asked.Until).At(9, 0)
	round, err := register.SetPending(ctx, a.tx, a.c.Number, register.Pending{Reason: ground, Until: asked.Until})
	if err != nil {
		return nil, nil, err
	}
	asked.Round = round
	if ground == complaint.MandateMissing {
		if sub, err = a.mandateAsked(ctx, sub); err != nil {
			return nil, nil, err
		}
	}
	letters, err := a.store.OweTo(ctx, a.tx, a.c.Number, sub, complaint.LetterMissing, int64(round))
	if err != nil {
		return nil, nil, err
	}
	if len(letters) > 0 {
		asked.RemindAt = a.Calendar.OfficeMoment(today.AddDays(complaint.PendingReminderDay))
	}
	return &asked, letters, a.store.AddEvent(ctx, a.tx, a.c.Number, "asked_complainant", a.actor.name(),
		register.Details{"ground": ground, "until": asked.Until, "round": round})
}

// mandateAsked keeps that the mandate is asked for: until it comes, nothing of
// the file goes to the representative.
func (a *act) mandateAsked(ctx context.Context, sub complaint.Submission) (complaint.Submission, error) {
	if sub.Representative == nil {
		return sub, nil
	}
	r := complaint.Representation{
		Mandate: complaint.MandateAsked, Scope: sub.Representative.Scope, GivenOn: sub.Representative.GivenOn,
		EndsOn: sub.Representative.EndsOn, Copy: sub.Representative.Copy,
	}
	return a.represent(ctx, sub, r, "")
}

// represent brings a new representation into force: who is written to follows
// from it at once, also for letters that are written and have not left.
func (a *act) represent(ctx context.Context, sub complaint.Submission, r complaint.Representation, reasons string) (complaint.Submission, error) {
	if err := a.store.AddRepresentation(ctx, a.tx, a.c.Number, r, reasons, a.actor.Login); err != nil {
		return sub, err
	}
	sub = sub.Represented(r.On(a.today()))
	a.c.ReplyChannel = sub.Correspondent().Channel
	if err := register.SetReplyChannel(ctx, a.tx, a.c.Number, a.c.ReplyChannel); err != nil {
		return sub, err
	}
	return sub, register.WriteAnew(ctx, a.tx, a.c.Number)
}

// acknowledgements are the acknowledgement that is owed for what came in writing,
// and the copy of one that goes to a representative. Their number and IDs follow.
func acknowledgements(sub complaint.Submission) []register.NumberedLetter {
	letter, reachable := register.LetterTo("", sub, complaint.LetterAcknowledgement, 1)
	if !reachable || !sub.InWriting() {
		return nil
	}
	owed := []register.NumberedLetter{{OwedLetter: letter}}
	if second, wanted := register.CopyOf(sub, letter, 0); wanted {
		owed = append(owed, register.NumberedLetter{OwedLetter: second})
	}
	return owed
}

// asksMore tells whether a form defect is found that somebody can be asked about.
func (l *lodging) asksMore() bool {
	return l.Finding.Judgement == complaint.FindPending && l.Submission.FirstContact().Channel != ""
}

// firstRequest owes the letter that asks for what is missing.
func (a *act) firstRequest(ctx context.Context, l *lodging) error {
	asked, letters, err := a.askComplainant(ctx, l.Finding.Ground, l.Submission)
	if err != nil {
		return err
	}
	l.start.Asked, l.start.Requests, l.start.WaitingFor = asked, letters, complaint.WaitComplainant
	return nil
}
