package casework

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// BreachSuspicion says that a matter reveals a breach of personal data, or that it
// does not after all. The authority is told within 72 hours of becoming aware.
type BreachSuspicion struct {
	Suspected bool
	AwareAt   time.Time // zero: on receipt
	Reasons   string
}

// SuspectBreach is the DPO's word on whether there is a breach.
func (d *Desk) SuspectBreach(ctx context.Context, actor Actor, once Once, number complaint.Number, s BreachSuspicion) (Standing, error) {
	if err := actor.must(staff.DPO); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", s.Reasons, 10_000)
	if !s.AwareAt.IsZero() {
		check.sensible("aware_at", complaint.DayOf(s.AwareAt))
	}
	switch {
	case s.AwareAt.After(d.Now()):
		check.wrong("aware_at", "is in the future")
	case !s.Suspected && !s.AwareAt.IsZero():
		check.wrong("aware_at", "belongs to a breach that is suspected")
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return privacyCommand(ctx, d, actor, once, number, func(a privacyAct) error {
		if err := a.breachOpen(); err != nil {
			return err
		}
		switch {
		case s.Suspected && a.file.SuspectedBreach && s.AwareAt.IsZero():
			return complaint.Conflict("breach_suspected", "A breach is suspected in privacy file %s already.", number)
		case !s.Suspected && !a.file.SuspectedBreach:
			return complaint.Conflict("no_breach", "No breach is suspected in privacy file %s.", number)
		}
		return a.suspect(ctx, a.file, s)
	})
}

// breachOpen refuses a word on a breach once the authority was told of it, or the
// file is closed.
func (a privacyAct) breachOpen() error {
	switch {
	case a.file.Stage == complaint.Closed:
		return complaint.Conflict("closed", "Privacy file %s is closed.", a.c.Number)
	case a.file.Notified:
		return complaint.Conflict("breach_notified", "The authority has been told of the breach in privacy file %s.", a.c.Number)
	}
	return nil
}

// suspect raises the suspicion or takes it back. What somebody else than the DPO
// raises, the DPO is told at once.
func (a *act) suspect(ctx context.Context, file *register.PrivacyCase, s BreachSuspicion) error {
	if file.Stage == complaint.Closed || file.Notified {
		return nil // said in passing, with a split
	}
	step := register.BreachStep{Kind: register.BreachTakenBack, At: a.Now(), Reasons: s.Reasons, By: a.actor.Login}
	var aware *time.Time
	if s.Suspected {
		step.Kind, step.At = register.BreachSuspected, file.ReceivedAt
		if !s.AwareAt.IsZero() {
			step.At, aware = s.AwareAt, &s.AwareAt
		}
		by := complaint.NotifyBreachBy(step.At)
		step.NotifyBy = &by
	}
	changed, err := a.changeBreach(ctx, step, aware)
	if err != nil {
		return err
	}
	if s.Suspected && a.actor.Role != staff.DPO {
		letter, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
			Number: a.c.Number, Kind: complaint.LetterPrivacyBreach, Department: complaint.DPO, Version: int64(changed.Version)*10 + 2,
		})
		if err != nil {
			return err
		}
		changed.Letters = []int64{letter}
	}
	return a.tellDPO(ctx, complaint.ChangeBreach, changed)
}

// changeBreach keeps a step and says what is due from it on.
func (a *act) changeBreach(ctx context.Context, step register.BreachStep, aware *time.Time) (complaint.BreachChanged, error) {
	version, err := a.store.ChangeBreach(ctx, a.tx, a.c.Number, step, aware)
	if err != nil {
		return complaint.BreachChanged{}, err
	}
	details := register.Details{}
	changed := complaint.BreachChanged{Breach: complaint.Breach{Version: version}}
	if step.NotifyBy != nil {
		changed.Breach = a.breachOf(version, *step.NotifyBy)
		details["notify_by"] = *step.NotifyBy
	}
	return changed, a.note(ctx, "privacy_breach_"+string(step.Kind), details, "reasons", "suspected", "aware_at", "notified_at")
}

// breachOf is a clock of 72 hours with its warning.
func (a *act) breachOf(version int, notifyBy time.Time) complaint.Breach {
	return complaint.Breach{Version: version, NotifyBy: notifyBy, WarnAt: complaint.WarnBreachAt(notifyBy, a.Now(), a.Calendar)}
}

// BreachNotification says when the authority was told of a breach. Told after the
// 72 hours, it has the reasons for that (GDPR art. 33(1)).
type BreachNotification struct {
	NotifiedAt time.Time
	Reasons    string
}

// NotifyBreach keeps that the authority was told, which ends the 72 hours.
func (d *Desk) NotifyBreach(ctx context.Context, actor Actor, once Once, number complaint.Number, n BreachNotification) (Standing, error) {
	if err := actor.must(staff.DPO); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.text("reasons", n.Reasons, 10_000)
	switch {
	case n.NotifiedAt.IsZero():
		check.wrong("notified_at", "is required")
	case n.NotifiedAt.After(d.Now()):
		check.wrong("notified_at", "is in the future")
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return privacyCommand(ctx, d, actor, once, number, func(a privacyAct) error {
		if err := a.breachOpen(); err != nil {
			return err
		}
		if !a.file.SuspectedBreach {
			return complaint.Conflict("no_breach", "No breach is suspected in privacy file %s.", number)
		}
		if n.NotifiedAt.Before(a.file.NotifyBy.Add(-complaint.BreachHours * time.Hour)) {
			check.wrong("notified_at", "is before one became aware of the breach")
		}
		if n.NotifiedAt.After(a.file.NotifyBy) {
			check.required("reasons", n.Reasons, 10_000)
		}
		if err := check.result(); err != nil {
			return err
		}
		changed, err := a.changeBreach(ctx, register.BreachStep{
			Kind: register.BreachNotified, At: n.NotifiedAt, Reasons: n.Reasons, By: actor.Login,
		}, nil)
		if err != nil {
			return err
		}
		changed.NotifiedAt = n.NotifiedAt
		return a.tellDPO(ctx, complaint.ChangeBreach, changed)
	})
}
