package activities

import (
	"context"
	"errors"

	"ombudsdienst/internal/complaint"
)

// mostAtOnce bounds one round of SendStrays.
const mostAtOnce = 100

// SendStrays lets letters leave that no running procedure answers for: messages
// to staff about letters, and letters that came back after their case had closed.
// Letters that were held for a day go on. It is no activity: the worker does it
// every now and then, one worker at a time. Safe to repeat as deliveries are; what
// fails is tried again in a later round.
func (a *Activities) SendStrays(ctx context.Context) error {
	return a.Books.Alone(ctx, func(ctx context.Context) error {
		if err := a.Books.ReleaseHeld(ctx, mostAtOnce, a.Organisation.Letters.Share()); err != nil {
			return err
		}
		strays, err := a.Books.StrayLetters(ctx, mostAtOnce)
		var failures []error
		for _, l := range strays {
			if ctx.Err() != nil {
				break
			}
			_, failed := a.leave(ctx, l.Number, l.ID)
			if _, later := errors.AsType[*complaint.SendError](failed); !later {
				failures = append(failures, failed)
			}
		}
		return errors.Join(err, errors.Join(failures...))
	})
}
