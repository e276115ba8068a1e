package activities

import (
	"context"

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
