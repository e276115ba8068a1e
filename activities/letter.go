package activities

import (
	"context"
	"errors"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/letters"
)

// Acknowledge sends the acknowledgement of receipt (step 2 of the procedure).
func (a *Activities) Acknowledge(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// AskComplainant sends what asks for a mandate, the writing or a date, and the
// reminder of it.
func (a *Activities) AskComplainant(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// AskDepartment records that a department is consulted and sends it the
// question (step 3, investigation with the department).
func (a *Activities) AskDepartment(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// HandToService records that the service is asked to help first, and tells the
// department and the complainant.
func (a *Activities) HandToService(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// RemindDepartment sends a reminder to a department or to its head.
func (a *Activities) RemindDepartment(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// NotifyDecision sends what follows from a decision on admissibility.
func (a *Activities) NotifyDecision(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// NotifyOutcome communicates the result (step 3) with the recommendations.
func (a *Activities) NotifyOutcome(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// ConfirmWithdrawal confirms to the complainant that the complaint is withdrawn.
func (a *Activities) ConfirmWithdrawal(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// ConfirmVoiding tells a complainant that an entry was made in error.
func (a *Activities) ConfirmVoiding(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// ConfirmReopening tells the complainant that the case is open again, and until
// when it will be answered.
func (a *Activities) ConfirmReopening(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// SendLateNotice tells the complainant that the term has passed without an answer.
func (a *Activities) SendLateNotice(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// TellLastDay tells the complainant of another last day: a delay notice, or the
// correction of what an earlier letter said.
func (a *Activities) TellLastDay(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// WarnStaff writes to who is in charge of a case, and to the supervisors.
func (a *Activities) WarnStaff(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// SendLetter sends a letter again after a person has said so.
func (a *Activities) SendLetter(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	return a.deliver(ctx, d)
}

// deliver records the command first, so that an unreachable mail server delays
// no recording; then it lets each letter leave, and closes the case when asked
// and nothing is owed. Safe to repeat: recording, leaving and closing each are,
// and a letter that has left is not touched again.
func (a *Activities) deliver(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	if d.Recording != nil {
		if err := a.Books.Record(ctx, *d.Recording); err != nil {
			return complaint.Delivered{}, translate(err)
		}
	}
	var delivered complaint.Delivered
	var failure error
	allLeft := true
	for _, id := range d.Letters {
		state, err := a.leave(ctx, id)
		if err != nil {
			failure = err // the other letters do not wait for this one
			continue
		}
		delivered.Letters = append(delivered.Letters, complaint.LetterSettled{Letter: id, State: state})
		allLeft = allLeft && state.HasLeft()
	}
	if failure != nil {
		return complaint.Delivered{}, translate(failure)
	}
	if d.Closing != nil && allLeft {
		closed, err := a.Books.Close(ctx, *d.Closing)
		if err != nil {
			return complaint.Delivered{}, translate(err)
		}
		delivered.Closed = closed
	}
	return delivered, nil
}

// leave brings one letter from owed to out of the house, and answers with the
// state it has then. An error means: not now, try again.
func (a *Activities) leave(ctx context.Context, id int64) (complaint.LetterState, error) {
	file, err := a.Books.LetterFile(ctx, id)
	if err != nil {
		return "", err
	}
	if file.State.HasLeft() || file.State.NeedsPerson() {
		return file.State, nil
	}
	if file.State == complaint.LetterOwed && file.Channel == "" {
		return complaint.LetterFailed, a.Books.LetterBack(ctx, id, complaint.LetterFailed, "nobody_to_write_to")
	}
	if file.State == complaint.LetterOwed {
		if err := a.render(ctx, &file); err != nil {
			return "", err
		}
	}
	if !a.Post.Repeatable(file.Channel) {
		state, err := a.Books.ClaimLetter(ctx, id)
		if err != nil || state != complaint.LetterSending {
			return state, err
		}
	}
	return a.send(ctx, file)
}

// render writes the letter once; what is kept is what leaves.
func (a *Activities) render(ctx context.Context, file *complaint.LetterFile) error {
	rendered, err := letters.Render(a.Organisation, *file, complaint.DayOf(a.Now()))
	if err != nil {
		return complaint.Refuse(complaint.Unavailable, "letter_not_rendered", "The letter could not be written.")
	}
	file.Rendered = &rendered
	return a.Books.SaveRendered(ctx, file.ID, rendered)
}

// send hands the letter over and notes what became of it.
func (a *Activities) send(ctx context.Context, file complaint.LetterFile) (complaint.LetterState, error) {
	provider, err := a.Post.Send(ctx, file)
	if err == nil {
		state := leftState(file.Channel)
		return state, a.Books.LetterLeft(ctx, file.ID, state, provider)
	}
	failure, ok := errors.AsType[*complaint.SendError](err)
	if !ok {
		failure = &complaint.SendError{Certainty: complaint.Temporary, Code: "post_unavailable"}
	}
	state := stateAfter(failure.Certainty)
	if err := a.Books.LetterBack(ctx, file.ID, state, failure.Code); err != nil {
		return "", err
	}
	if state == complaint.LetterRendered {
		return "", failure
	}
	return state, nil
}

func leftState(channel complaint.Channel) complaint.LetterState {
	if channel == complaint.ByPost {
		return complaint.LetterPrinted
	}
	return complaint.LetterSent
}

func stateAfter(certainty complaint.Certainty) complaint.LetterState {
	switch certainty {
	case complaint.Permanent:
		return complaint.LetterFailed
	case complaint.Unclear:
		return complaint.LetterInDoubt
	default:
		return complaint.LetterRendered
	}
}
