package wiring

import (
	"context"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// sealPause is how often the API looks whether a day is over and not sealed.
const sealPause = 10 * time.Minute

// sealHistory seals history and audit, day after day, until ctx ends: at the
// start what was missed, then each day shortly after its end. Of several API
// processes one makes the seal.
func (p *Program) sealHistory(ctx context.Context, desk *casework.Desk) error {
	look := time.NewTicker(sealPause)
	defer look.Stop()
	for {
		seal, err := desk.SealHistory(ctx)
		switch {
		case seal != nil:
			p.Log.Info("history and audit are sealed", "until", seal.Day.String(), "chains", seal.Chains)
		case err != nil && ctx.Err() == nil && complaint.CategoryOf(err) != complaint.Unavailable:
			p.Log.Error("history and audit are not sealed yet", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}
