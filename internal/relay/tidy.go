package relay

import (
	"context"
	"time"
)

// tidyUp removes rows of closed cases that were done long ago, at once and then
// every now and then, a bounded number at a time: nobody needs them any more, and
// without it they would be millions.
func (r *Relay) tidyUp(ctx context.Context) {
	tick := time.NewTicker(r.TidyEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := r.tidy(ctx); err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "the relay could not remove rows that are done", "reason", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

func (r *Relay) tidy(ctx context.Context) error {
	for ctx.Err() == nil {
		removed, err := r.store.RemoveDone(ctx, r.now().Add(-r.KeepDone), r.TidyAtOnce)
		if err != nil || removed < r.TidyAtOnce {
			return err
		}
	}
	return nil
}
