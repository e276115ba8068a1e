package wiring

import (
	"context"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// sealPause is how long what was written last may wait for its seal.
const sealPause = time.Minute

// sealHistory seals history and audit until ctx ends: every minute what was
// written in it, and shortly after the end of each day the day, at the start those
// that were missed. Of several API processes one makes the seal.
func (p *Program) sealHistory(ctx context.Context, desk *casework.Desk) error {
	look := time.NewTicker(sealPause)
	defer look.Stop()
	for {
		seal, err := desk.SealHistory(ctx)
		if seal != nil {
			p.Log.Info("history and audit are sealed", "until", seal.Day.String(), "chains", seal.Chains)
		}
		if err == nil {
			err = desk.SealLatest(ctx)
		}
		if err != nil && ctx.Err() == nil && complaint.CategoryOf(err) != complaint.Unavailable {
			p.Log.Error("history and audit are not sealed yet", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}
