package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/staff"
)

// possibleDuplicates shows staff what the same person may have sent before: the
// DPO what was referred, others what is not the DPO's alone. The public is told
// nothing of what the register holds.
func (d *Desk) possibleDuplicates(ctx context.Context, actor Actor, s complaint.Submission) ([]complaint.Number, error) {
	if actor.Role == staff.Public {
		return nil, nil
	}
	return d.store.PossibleDuplicates(ctx, d.DB, s, actor.Role == staff.DPO)
}
