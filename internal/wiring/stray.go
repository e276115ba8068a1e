package wiring

import (
	"context"
	"time"

	"ombudsdienst/activities"
)

// strayEvery is how often the worker looks for letters that no procedure answers
// for, and for those that were held until another day.
const strayEvery = 30 * time.Second

// sendStrays lets such letters leave until ctx ends.
func (p *Program) sendStrays(ctx context.Context, a *activities.Activities) {
	for ctx.Err() == nil {
		if err := a.SendStrays(ctx); err != nil && ctx.Err() == nil {
			p.Log.WarnContext(ctx, "letters outside of a procedure wait: the register could not be reached or refused")
		}
		select {
		case <-ctx.Done():
		case <-time.After(strayEvery):
		}
	}
}
