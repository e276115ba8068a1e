package relay

import (
	"context"

	"ombudsdienst/internal/register"
)

// carry hands out everything that may leave now to deliveries beside it. It
// returns when nothing is left to claim, or with the trouble that keeps it from
// going on; deliveries may still be under way then.
func (r *Relay) carry(ctx context.Context) error {
	for {
		if err := r.trouble.reported(); err != nil {
			return err
		}
		rows, err := r.claim(ctx)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			r.trouble.over()
			return nil
		}
		for _, row := range rows {
			r.deliveries.Go(func() {
				defer r.slots.Release(1)
				r.deliver(ctx, row)
			})
		}
	}
}

// claim takes a slot for each row that it returns. A claim lasts longer than
// its delivery can, so that no other relay delivers the same row meanwhile.
func (r *Relay) claim(ctx context.Context) ([]register.OutboxRow, error) {
	if err := r.slots.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	free := 1
	for free < r.Parallel && r.slots.TryAcquire(1) {
		free++
	}
	rows, err := r.claimUpTo(ctx, free)
	r.slots.Release(int64(free - len(rows)))
	return rows, err
}

func (r *Relay) claimUpTo(ctx context.Context, limit int) ([]register.OutboxRow, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	healing, err := r.store.OpenHealing(ctx)
	if err != nil || healing != nil && healing.Lost == register.LostRegister {
		return nil, err // what Temporal has is not what these rows are for
	}
	polled, err := r.workerPolls(ctx)
	if err != nil {
		return nil, err
	}
	return r.store.ClaimOutbox(ctx, register.OutboxClaim{
		For: 4 * r.Timeout, Limit: limit, Starts: r.StartsInFlight, Again: polled,
	})
}
