package workflows

import (
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// voidEntry takes the voiding of an entry made in error. Nothing is owed any more
// but the letter that says so to who had heard of the entry.
func (p *procedure) voidEntry(ctx workflow.Context, m complaint.Message[complaint.Voiding]) verdict {
	if p.result != "" {
		return notApplied
	}
	p.end(complaint.Voided, activities.NameConfirmVoiding, "Tell the complainant that the entry was an error", m.Body.Letters)
	p.drop(ctx, m.Body.Dropped)
	return applied
}
