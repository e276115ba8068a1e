package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"ombudsdienst/internal/register"

	"go.temporal.io/api/serviceerror"
)

// deliver brings one claimed row to Temporal and keeps what came of it. When
// that cannot be kept the claim runs out and the row leaves once more, which is
// harmless.
func (r *Relay) deliver(ctx context.Context, row register.OutboxRow) {
	// Whether a try counts is known when the row is found again: the server had
	// answered, and others were recorded since. If none were, the worker or the
	// register is the trouble and not this case.
	if row.OthersRecorded {
		row.Tries++
	}
	work := r.try
	if row.Tries >= r.Tries {
		work = r.block
	}
	if err := work(ctx, row); err != nil {
		r.trouble.report(err)
		r.wakeUp()
	}
}

// try delivers the row and keeps the outcome, also when the relay is being
// stopped meanwhile.
func (r *Relay) try(ctx context.Context, row register.OutboxRow) error {
	sending, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	err := r.send(sending, row)
	came := r.judge(sending, row, err)
	r.metrics.delivered(row, came)
	r.logger(row).Log(ctx, levelOf(row, came), "delivered", "answer", came, "code", codeOf(err))

	keeping, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.Timeout)
	defer cancel()
	switch came {
	case unavailable:
		r.prepared.Store(false)
		// Due again when the relay has waited, and not while it is about to.
		if err := r.store.ReleaseOutbox(keeping, row, r.FirstWait/2); err != nil {
			return err
		}
		return fmt.Errorf("deliver outbox row %d to Temporal: %s", row.ID, codeOf(err))
	case ending:
		return r.store.ReleaseOutbox(keeping, row, r.FirstWait)
	case unprepared:
		r.prepared.Store(false)
		return r.store.ReleaseOutbox(keeping, row, r.FirstWait)
	case gone:
		recorded, err := r.store.RecordAfterClosing(keeping, row)
		if recorded || err != nil {
			return err
		}
		if row.PassedOver { // no procedure is left that could record it
			return r.store.RecordPassedOver(keeping, row)
		}
	}
	r.trouble.over()
	return r.store.NoteDelivery(keeping, row, r.nextPause(row))
}

// nextPause is how long a row has for its recording before it leaves again.
func (r *Relay) nextPause(row register.OutboxRow) time.Duration {
	if !row.DeliveredAt.Valid {
		return r.FirstPause
	}
	last := row.DueAt.Sub(row.DeliveredAt.Time)
	return min(r.LastPause, max(r.FirstPause, 2*last))
}

// block gives a workflow up that nobody records while others are recorded.
func (r *Relay) block(ctx context.Context, row register.OutboxRow) error {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	r.logger(row).ErrorContext(ctx, "the workflow is blocked", "tries", row.Tries)
	return r.store.BlockOutbox(ctx, row)
}

// judge sorts the answer to a row. A start that is refused while Temporal does
// not know all search attributes, or only just heard of them, is no fault of
// that start. A run that a reopening finds at its first delivery is that of the
// term before: the register has closed it, and Temporal will in a moment.
func (r *Relay) judge(ctx context.Context, row register.OutboxRow, err error) answer {
	came := answerTo(err)
	if row.Kind.StartsAgain() && err != nil && came == taken && !row.DeliveredAt.Valid {
		return ending
	}
	if _, invalid := errors.AsType[*serviceerror.InvalidArgument](err); !invalid || !starts(row) {
		return came
	}
	if missing, err := r.missingAttributes(ctx); err != nil || len(missing) > 0 || r.settling() {
		return unprepared
	}
	return came
}

// logger names a row without its body.
func (r *Relay) logger(row register.OutboxRow) *slog.Logger {
	return r.log.With("row", row.ID, "workflow", row.Workflow, "kind", row.Kind)
}

// levelOf is quiet about what goes well the first time.
func levelOf(row register.OutboxRow, came answer) slog.Level {
	switch {
	case came == refused || came == gone:
		return slog.LevelWarn
	case row.DeliveredAt.Valid:
		return slog.LevelInfo
	default:
		return slog.LevelDebug
	}
}
