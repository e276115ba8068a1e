package casework

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// VoidNote says why an entry was made in error.
type VoidNote struct {
	Reasons string
}

// Void ends the case of an entry made in error, unless it is decided already. The
// number stays, with the reason, and is counted apart. What has not left no
// longer leaves; who had heard of the entry is told.
func (d *Desk) Void(ctx context.Context, actor Actor, once Once, number complaint.Number, v VoidNote) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", v.Reasons, 10_000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.undecided(); err != nil {
			return Standing{}, err
		}
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.void(ctx, v)
	})
}

func (a *act) void(ctx context.Context, v VoidNote) error {
	open, err := a.owing(ctx)
	if err != nil {
		return err
	}
	dropped, err := a.store.DropLetters(ctx, a.tx, a.c.Number, a.actor.Login)
	if err != nil {
		return err
	}
	letters, err := a.releaseAsked(ctx, open, dropped)
	if err != nil {
		return err
	}
	if dropped.Told {
		told, err := a.oweComplainant(ctx, complaint.LetterVoided)
		if err != nil {
			return err
		}
		letters = append(told, letters...)
	}
	if err := a.store.Void(ctx, a.tx, a.c.Number, v.Reasons, a.actor.Login); err != nil {
		return err
	}
	if err := a.note(ctx, "voided", register.Details{"letters_dropped": len(dropped.Letters)}, "reasons"); err != nil {
		return err
	}
	if err := a.tellDPOOfVoiding(ctx); err != nil {
		return err
	}
	return a.tell(ctx, complaint.Void, complaint.Voiding{Letters: letters, Dropped: dropped.Letters})
}

// tellDPOOfVoiding writes into a privacy file that is open that the entry was an
// error: what becomes of the file is the DPO's to say.
func (a *act) tellDPOOfVoiding(ctx context.Context) error {
	file, err := a.store.PrivacyCase(ctx, a.tx, a.c.Number)
	if err != nil || file == nil || file.Stage == complaint.Closed {
		return err
	}
	return a.store.AddEvent(ctx, a.tx, a.c.Number, register.PrivacyEntryVoided, a.actor.Login, nil)
}

// releaseAsked owes the letters that tell who was asked that no answer and no help
// are needed any more. Who was not asked yet, because the letter has not left,
// hears nothing.
func (a *act) releaseAsked(ctx context.Context, open []complaint.Consultation, dropped register.DroppedLetters) ([]int64, error) {
	open = slices.DeleteFunc(open, func(c complaint.Consultation) bool { return slices.Contains(dropped.Unasked, c.ID) })
	letters, err := a.releaseDepartments(ctx, open)
	if err != nil || dropped.ServiceUnasked {
		return letters, err
	}
	first, err := register.FindServiceFirst(ctx, a.tx, a.c.Number)
	if err != nil {
		return nil, err
	}
	return a.releaseService(ctx, first, letters)
}
