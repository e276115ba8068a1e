package activities

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

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

// WithdrawLetters takes letters that no longer leave out of the print folder, so
// that the mail room does not post them. Safe to repeat: what is gone is gone, and
// a letter that was posted all the same is not touched.
func (a *Activities) WithdrawLetters(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	var delivered complaint.Delivered
	for _, id := range d.Letters {
		file, err := a.Books.LetterFile(ctx, id)
		if err == nil && file.Number == d.Number && file.State == complaint.LetterDropped {
			err = a.Post.Withdraw(ctx, file)
		}
		if err != nil {
			return complaint.Delivered{}, translate(ctx, err)
		}
		delivered.Letters = append(delivered.Letters, complaint.LetterSettled{Letter: id, State: file.State})
	}
	return delivered, nil
}

// deliver records the command first, so that an unreachable mail server delays
// no recording; then it lets each letter leave, and closes the case when asked
// and nothing is owed. Safe to repeat: recording, leaving and closing each are,
// and a letter that has left is not touched again.
func (a *Activities) deliver(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	if d.Recording != nil {
		if err := a.record(ctx, *d.Recording); err != nil {
			return complaint.Delivered{}, translate(ctx, err)
		}
	}
	var delivered complaint.Delivered
	var failure error
	allLeft := true
	for _, id := range d.Letters {
		state, err := a.leave(ctx, d.Number, id)
		if err != nil {
			failure = err // the other letters do not wait for this one
			continue
		}
		delivered.Letters = append(delivered.Letters, complaint.LetterSettled{Letter: id, State: state})
		allLeft = allLeft && state.HasLeft()
	}
	if failure != nil {
		return complaint.Delivered{}, again(ctx, failure)
	}
	if d.Closing != nil && allLeft {
		closed, err := a.Books.Close(ctx, *d.Closing)
		if err != nil {
			return complaint.Delivered{}, translate(ctx, err)
		}
		delivered.Closed = closed
	}
	return delivered, nil
}

// mostWritings is how often a letter is written within one attempt.
const mostWritings = 5

// leave brings one letter from owed to out of the house, and answers with the
// state it has then. An error means: not now, try again. A command may take back
// what was written before it leaves: then it is written anew and tried again.
func (a *Activities) leave(ctx context.Context, number complaint.Number, id int64) (complaint.LetterState, error) {
	for range mostWritings {
		state, err := a.leaveAsWritten(ctx, number, id)
		if err != nil || state != complaint.LetterOwed {
			return state, err
		}
	}
	return "", &complaint.SendError{Certainty: complaint.Temporary, Code: "letter_written_anew"}
}

// leaveAsWritten writes a letter that is owed and lets it leave. A letter of
// another complaint, as after a register was put back to an older state, is not
// touched. An earlier try may have printed a letter that was dropped since, before
// the register heard of it: it is taken out of the print folder.
func (a *Activities) leaveAsWritten(ctx context.Context, number complaint.Number, id int64) (complaint.LetterState, error) {
	file, err := a.Books.LetterFile(ctx, id)
	if err != nil {
		return "", err
	}
	if file.Number != number {
		return "", complaint.Conflict("letter_of_another_complaint", "Letter %d is not of complaint %s.", id, number)
	}
	if file.State == complaint.LetterDropped {
		return file.State, a.Post.Withdraw(ctx, file)
	}
	if file.State.HasLeft() || file.State.NeedsPerson() {
		return file.State, nil
	}
	if file.State == complaint.LetterOwed && file.Channel == "" {
		return complaint.LetterFailed, a.Books.LetterBack(ctx, id, complaint.LetterFailed, "nobody_to_write_to")
	}
	if file.State == complaint.LetterOwed {
		if writable, err := a.render(ctx, &file); err != nil || !writable {
			return complaint.LetterFailed, err
		}
	}
	return a.sendOut(ctx, file)
}

// sendOut lets a written letter leave by e-mail or post. One that e-mail cannot
// bring, and that has a postal address, leaves as paper at once. One that an earlier
// try printed, and that goes by e-mail since, would leave twice: the file goes first.
func (a *Activities) sendOut(ctx context.Context, file complaint.LetterFile) (complaint.LetterState, error) {
	if file.Channel != complaint.ByEmail {
		return a.send(ctx, file)
	}
	if err := a.Post.Withdraw(ctx, file); err != nil {
		return "", err
	}
	if code := unfit(file); code != "" {
		return a.setBack(ctx, file, complaint.SendError{Certainty: complaint.Permanent, Code: code})
	}
	state, err := a.Books.AdmitLetter(ctx, file.ID, complaint.Admission{
		MessageID: a.Post.MessageID(file), PerDay: a.Organisation.Letters.PerDay(file.Kind),
	})
	if err != nil || state != complaint.LetterRendered && state != complaint.LetterSending {
		return state, err
	}
	if !a.Post.Repeatable(file.Channel) {
		state, err := a.Books.ClaimLetter(ctx, file.ID)
		if err != nil || state != complaint.LetterSending {
			return state, err
		}
	}
	return a.send(ctx, file)
}

// unfit says with a code why an e-mail would not arrive where it is addressed;
// empty: it may be tried. One that is on its way already is followed there.
func unfit(file complaint.LetterFile) string {
	to := file.Rendered.Recipient
	switch {
	case !toAnybody(file.Kind):
		return ""
	case complaint.MachineAddress(to):
		return complaint.CodeMachineAddress
	case file.State != complaint.LetterSending &&
		slices.ContainsFunc(file.Unreachable, func(address string) bool { return strings.EqualFold(address, to) }):
		return complaint.CodeUnreachable
	}
	return ""
}

// toAnybody tells whether a letter goes to an address that the house did not
// choose itself.
func toAnybody(kind complaint.LetterKind) bool {
	return !kind.ToDepartment() && !kind.ToDPO() && !kind.ToStaff()
}

// render writes the letter once; what is kept is what leaves. A letter that
// cannot be written, as to a department that the organisation file has lost,
// waits for a person.
func (a *Activities) render(ctx context.Context, file *complaint.LetterFile) (writable bool, err error) {
	rendered, err := letters.Render(a.Organisation, *file, complaint.DayOf(a.Now()))
	if err != nil {
		return false, a.Books.LetterBack(ctx, file.ID, complaint.LetterFailed, "letter_not_writable")
	}
	file.Rendered = &rendered
	return true, a.Books.SaveRendered(ctx, file.ID, rendered)
}

// send hands the letter over and notes what became of it.
func (a *Activities) send(ctx context.Context, file complaint.LetterFile) (complaint.LetterState, error) {
	provider, err := a.Post.Send(ctx, file)
	if err == nil {
		state := leftState(file.Channel)
		return state, a.note(ctx, func(ctx context.Context) error {
			return a.Books.LetterLeft(ctx, file.ID, state, provider)
		})
	}
	failure, ok := errors.AsType[*complaint.SendError](err)
	if !ok {
		failure = &complaint.SendError{Certainty: complaint.Temporary, Code: "post_unavailable"}
	}
	return a.setBack(ctx, file, *failure)
}

func leftState(channel complaint.Channel) complaint.LetterState {
	if channel == complaint.ByPost {
		return complaint.LetterPrinted
	}
	return complaint.LetterSent
}

// noting is how long the register is given to hear what became of a letter.
const noting = 30 * time.Second

// note tells the register what became of a letter, also when the activity's time
// is over meanwhile: what is known must not become a doubt.
func (a *Activities) note(ctx context.Context, tell func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		err := tell(ctx)
		if err == nil || final(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}
