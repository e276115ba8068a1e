package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// longestAbsence is in days; more can only be a slip of the keyboard.
const longestAbsence = 366

// NoteAbsence keeps that an officer is away from one day to another and who
// stands in, who is there on all those days. Two absences of one officer do not
// overlap.
func (d *Desk) NoteAbsence(ctx context.Context, actor Actor, once Once, away complaint.Absence) (complaint.Absence, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor); err != nil {
		return complaint.Absence{}, err
	}
	check := d.checkAbsence(away)
	if err := check.result(); err != nil {
		return complaint.Absence{}, err
	}
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (complaint.Absence, error) {
		var none complaint.Absence
		if err := mayBeAway(ctx, tx, check, away); err != nil {
			return none, err
		}
		var err error
		if away.ID, err = d.store.AddAbsence(ctx, tx, away, actor.Login); err != nil {
			return none, err
		}
		return away, d.auditOfficer(ctx, tx, actor, "absence_noted", "from", "until", "stand_in")
	})
}

func (d *Desk) checkAbsence(away complaint.Absence) *checker {
	check := d.checker()
	check.required("stand_in", away.StandIn, 100)
	if away.StandIn == away.Officer {
		check.wrong("stand_in", "is the officer who is away")
	}
	if away.From.IsZero() {
		check.wrong("from", "is required")
	}
	check.sensible("from", away.From)
	switch {
	case away.Until.Before(away.From):
		check.wrong("until", "is before from")
	case away.Until.Before(d.today()):
		check.wrong("until", "is in the past")
	case away.From.DaysUntil(away.Until) >= longestAbsence:
		check.wrong("until", "is more than a year after from")
	}
	return check
}

// mayBeAway checks both officers and that the absence overlaps no other.
func mayBeAway(ctx context.Context, tx *sqlx.Tx, check *checker, away complaint.Absence) error {
	if err := knownOfficer(ctx, tx, away.Officer); err != nil {
		return err
	}
	stands, err := register.IsOfficer(ctx, tx, away.StandIn)
	if err != nil {
		return err
	}
	if !stands {
		check.wrong("stand_in", "is not the login of an ombuds officer")
		return check.result()
	}
	if err := register.LockAbsences(ctx, tx); err != nil {
		return err
	}
	others, err := register.Absences(ctx, tx, away.Officer, away.From)
	if err != nil {
		return err
	}
	for _, other := range others {
		if !other.From.After(away.Until) {
			return complaint.Conflict("absence_overlaps", "An absence from %s to %s is noted already.", other.From, other.Until)
		}
	}
	return mayStandIn(ctx, tx, away)
}

// mayStandIn checks that who stands in is there on every day of an absence. An
// officer who stands in for others may so be away where somebody stands in who
// is there, and no row of absences comes back to where it began.
func mayStandIn(ctx context.Context, tx *sqlx.Tx, away complaint.Absence) error {
	others, err := register.Absences(ctx, tx, away.StandIn, away.From)
	if err != nil {
		return err
	}
	for _, other := range others {
		switch {
		case other.From.After(away.Until):
		case other.StandIn == away.Officer:
			return complaint.Conflict("stand_in_circle", "%s stands in for %s from %s to %s: somebody else has to stand in for both.",
				away.Officer, away.StandIn, other.From, other.Until)
		default:
			return complaint.Conflict("stand_in_away", "%s is away from %s to %s and cannot stand in.", away.StandIn, other.From, other.Until)
		}
	}
	return nil
}

func knownOfficer(ctx context.Context, tx *sqlx.Tx, login string) error {
	known, err := register.IsOfficer(ctx, tx, login)
	if err == nil && !known {
		err = complaint.Missing("officer")
	}
	return err
}

// Return says from which day on an officer is back; the zero day is today.
type Return struct {
	On complaint.Day
}

// NoteReturn ends an officer's absences with the day before the return, also
// those that have not begun. It answers with what is left: nothing.
func (d *Desk) NoteReturn(ctx context.Context, actor Actor, once Once, officer string, r Return) ([]complaint.Absence, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor); err != nil {
		return nil, err
	}
	if r.On.IsZero() {
		r.On = d.today()
	}
	check := d.checker()
	check.notPast("on", r.On)
	if err := check.result(); err != nil {
		return nil, err
	}
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) ([]complaint.Absence, error) {
		if err := knownOfficer(ctx, tx, officer); err != nil {
			return nil, err
		}
		ended, err := register.EndAbsences(ctx, tx, officer, r.On)
		if err != nil {
			return nil, err
		}
		if ended == 0 {
			return nil, complaint.Conflict("not_absent", "No absence is noted on or after %s.", r.On)
		}
		if err := d.auditOfficer(ctx, tx, actor, "return_noted", "until"); err != nil {
			return nil, err
		}
		return register.Absences(ctx, tx, officer, d.today())
	})
}

// Absences lists an officer's absences that are not over.
func (d *Desk) Absences(ctx context.Context, actor Actor, officer string) ([]complaint.Absence, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor); err != nil {
		return nil, err
	}
	var found []complaint.Absence
	err := register.Tx(ctx, d.DB, func(tx *sqlx.Tx) error {
		err := knownOfficer(ctx, tx, officer)
		if err == nil {
			found, err = register.Absences(ctx, tx, officer, d.today())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, d.seen(ctx, actor, "absences", "")
}

// auditOfficer records a change of who stands in; it is about no one complaint.
func (d *Desk) auditOfficer(ctx context.Context, tx *sqlx.Tx, actor Actor, action string, fields ...string) error {
	return d.store.AddAudit(ctx, tx, register.Audit{
		Actor: actor.name(), Role: actor.role(), Action: action, Address: actor.Address, Fields: fields,
	})
}
