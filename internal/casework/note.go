package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/staff"
)

// Remark is what an officer writes down for colleagues.
type Remark struct {
	Text string
}

// AddNote (nota) keeps an internal note on a complaint, open or closed. No letter
// and no department shows it.
func (d *Desk) AddNote(ctx context.Context, actor Actor, once Once, number complaint.Number, r Remark) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("text", r.Text, 10_000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.store.AddNote(ctx, a.tx, number, r.Text, actor.Login); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.note(ctx, "noted", nil, "text")
	})
}
