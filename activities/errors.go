package activities

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"ombudsdienst/internal/complaint"
)

// TypeRefused marks an error that no retry can mend: the register's own rules
// say no.
const TypeRefused = "refused"

// translate turns an error into what Temporal may keep: a code, never the text
// of another program, which could name a person. Refusals by the register's
// rules are final; everything else is tried again.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if failure, ok := errors.AsType[*complaint.SendError](err); ok {
		return temporal.NewApplicationError("the letter has not left yet: "+failure.Code, "letter")
	}
	refusal, ok := errors.AsType[*complaint.Error](err)
	switch {
	case !ok:
		return temporal.NewApplicationError("the register could not be reached or failed", "register")
	case refusal.Category == complaint.Unavailable:
		return temporal.NewApplicationError("not available: "+refusal.Code, "register")
	default:
		return temporal.NewNonRetryableApplicationError("refused: "+refusal.Code, TypeRefused, nil)
	}
}
