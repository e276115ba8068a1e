package activities

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
)

// setBack notes that a letter did not leave, and does what follows from that.
func (a *Activities) setBack(ctx context.Context, file complaint.LetterFile, failure complaint.SendError) (state complaint.LetterState, err error) {
	setback := complaint.Setback{SendError: failure, Channel: file.Channel, GiveUp: a.Organisation.Letters.GiveUpAfter()}
	if department, ok := a.Organisation.Department(file.Department); ok {
		setback.Postal = department.Address != nil
	}
	by := file.Channel
	err = a.note(ctx, func(ctx context.Context) error {
		state, by, err = a.Books.LetterRefused(ctx, file.ID, setback)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case state != complaint.LetterRendered:
		return state, nil
	case by == file.Channel:
		return "", &failure // for now
	}
	file.Channel = by
	return a.send(ctx, file)
}

func leftState(channel complaint.Channel) complaint.LetterState {
	if channel == complaint.ByPost {
		return complaint.LetterPrinted
	}
	return complaint.LetterSent
}

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
