package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// WithdrawalNote notes that the complainant took the complaint back: why, on
// which day (zero: today) and how it was said.
type WithdrawalNote struct {
	Reasons string
	On      complaint.Day
	Way     string
}

// Withdraw (intrekken) ends a complaint that is not decided yet; the complainant
// gets a confirmation.
func (d *Desk) Withdraw(ctx context.Context, actor Actor, once Once, number complaint.Number, w WithdrawalNote) (Standing, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return Standing{}, err
	}
	if w.On.IsZero() {
		w.On = d.today()
	}
	check := d.checker()
	check.required("reasons", w.Reasons, 10_000)
	check.past("on", w.On)
	check.text("way", w.Way, 100)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		if err := a.undecided(); err != nil {
			return Standing{}, err
		}
		if w.On.Before(complaint.DayOf(a.c.ReceivedAt)) {
			check.wrong("on", "is before the complaint was received")
			return Standing{}, check.result()
		}
		return a.standing(), a.withdraw(ctx, w)
	})
}

func (a *act) withdraw(ctx context.Context, w WithdrawalNote) error {
	released, err := a.releaseOpen(ctx)
	if err != nil {
		return err
	}
	_, dropped, err := a.store.AddDecision(ctx, a.tx, a.c.Number, register.DecidedWithdrawal, a.actor.Login, true, register.Withdrawal{
		Reasons: w.Reasons, On: w.On, Way: w.Way, DecidedBy: a.actor.Login, DecidedAt: a.Now(),
	})
	if err != nil {
		return err
	}
	letters, err := a.oweComplainant(ctx, complaint.LetterWithdrawal)
	if err != nil {
		return err
	}
	if err := a.note(ctx, "withdrawn", register.Details{"on": w.On}, "reasons", "on", "way"); err != nil {
		return err
	}
	return a.tell(ctx, complaint.Withdraw, complaint.Withdrawal{Letters: append(letters, released...), Dropped: dropped})
}
