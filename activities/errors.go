package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"ombudsdienst/internal/complaint"
)

// TypeRefused marks an error that no retry can mend: the register's own rules
// say no.
const TypeRefused = "refused"

// final tells whether the register's own rules refuse something, so that no
// retry can mend it.
func final(err error) bool {
	category := complaint.CategoryOf(err)
	return category != "" && category != complaint.Unavailable
}

// translate turns an error into what Temporal may keep: a code, never the text
// of another program, which could name a person. Refusals by the register's
// rules are final; everything else is tried again. What the register could not
// take is tried again within a minute, however long its letters have to wait.
func translate(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if failure, ok := errors.AsType[*complaint.SendError](err); ok {
		return temporal.NewApplicationError("the letter has not left yet: "+failure.Code, "letter")
	}
	refusal, ok := errors.AsType[*complaint.Error](err)
	switch {
	case !ok:
		return soon(ctx, "the register could not be reached or failed")
	case !final(err):
		return soon(ctx, "not available: "+refusal.Code)
	default:
		return temporal.NewNonRetryableApplicationError("refused: "+refusal.Code, TypeRefused, nil)
	}
}

// again is for letters: they are owed, so even what the register refuses is
// tried again, for all to see, until somebody has mended it.
func again(ctx context.Context, err error) error {
	if final(err) {
		return soon(ctx, "the register refuses what became of the letter")
	}
	return translate(ctx, err)
}

// soon is a failure after which the next attempt is at most a minute away.
func soon(ctx context.Context, message string) error {
	options := temporal.ApplicationErrorOptions{}
	if activity.IsActivity(ctx) && !activity.GetInfo(ctx).IsLocalActivity {
		attempt := activity.GetInfo(ctx).Attempt
		options.NextRetryDelay = min(time.Second<<min(attempt-1, 6), time.Minute)
	}
	return temporal.NewApplicationErrorWithOptions(message, "register", options)
}
