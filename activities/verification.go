package activities

import (
	"context"

	"ombudsdienst/internal/complaint"
)

// Verify compares the register with itself and with Temporal. What it finds is
// kept in the register; Temporal hears counts and kinds. It is safe to repeat: a
// finding that stands is kept once.
func (a *Activities) Verify(ctx context.Context) (complaint.Verified, error) {
	verified, err := a.Verifier.Verify(ctx)
	return verified, translate(ctx, err)
}
