package casework

import (
	"context"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// Actor is who gives a command or looks. The role staff.Public is anyone without
// an account; the address goes to the audit.
type Actor struct {
	Login, Name string
	Role        staff.Role
	Department  string // of a handler
	Address     string
}

// name is how history and audit name the actor.
func (a Actor) name() string {
	if a.Role == staff.Public {
		return "public"
	}
	return a.Login
}

func (a Actor) role() string {
	if a.Role == staff.Public {
		return "public"
	}
	return string(a.Role)
}

// must refuses an actor of another role.
func (a Actor) must(roles ...staff.Role) error {
	if slices.Contains(roles, a.Role) {
		return nil
	}
	return complaint.Refuse(complaint.Forbidden, "forbidden", "This is not for your role.")
}

// Config is what a desk works with.
type Config struct {
	DB           *sqlx.DB
	Organisation *organisation.Organisation
	Calendar     *complaint.Calendar
	Keys         *register.Keys
	Now          func() time.Time
}

// Desk (balie) is where commands and looks arrive.
type Desk struct {
	Config
	store    *register.Store
	gatherer *gatherer // of what is lodged
}

// New makes a desk over a migrated register.
func New(config Config) *Desk {
	// The register keeps moments to the microsecond; no answer shows more.
	clock := config.Now
	config.Now = func() time.Time { return clock().Truncate(time.Microsecond) }
	d := &Desk{Config: config, store: register.New(config.DB, config.Keys, config.Now)}
	d.gatherer = newGatherer(config.DB, d.storeTogether)
	return d
}

// Finish waits until what is being lodged is stored. It is called when nobody
// lodges any more, before the register's handle is closed.
func (d *Desk) Finish() { d.gatherer.finish() }

func (d *Desk) today() complaint.Day { return complaint.DayOf(d.Now()) }

// Standing is where a complaint stands when a command is accepted; the procedure
// moves it on within moments.
type Standing struct {
	Number     complaint.Number     `json:"number"`
	Stage      complaint.Stage      `json:"stage"`
	WaitingFor complaint.WaitingFor `json:"waiting_for"`
}

// act is one command under way: its transaction and the complaint it has locked.
type act struct {
	*Desk
	tx    *sqlx.Tx
	actor Actor
	c     register.Case
}

// command carries out work on a locked complaint, once for each key.
func command[T any](ctx context.Context, d *Desk, actor Actor, once Once, number complaint.Number, work func(*act) (T, error)) (T, error) {
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (T, error) {
		var none T
		c, err := register.LockCase(ctx, tx, number)
		if err != nil {
			return none, err
		}
		return work(&act{Desk: d, tx: tx, actor: actor, c: c})
	})
}

func (a *act) standing() Standing {
	return Standing{Number: a.c.Number, Stage: a.c.Stage, WaitingFor: a.c.WaitingFor}
}

// note writes the history and the audit of what was done. The details are codes,
// numbers and days; the fields are names.
func (a *act) note(ctx context.Context, kind string, details register.Details, fields ...string) error {
	if err := a.store.AddEvent(ctx, a.tx, a.c.Number, kind, a.actor.name(), details); err != nil {
		return err
	}
	return a.store.AddAudit(ctx, a.tx, register.Audit{
		Actor: a.actor.name(), Role: a.actor.role(), Action: kind,
		Number: a.c.Number, Address: a.actor.Address, Fields: fields,
	})
}

// tell leaves a message for the procedure.
func (a *act) tell(ctx context.Context, kind complaint.CommandKind, body any) error {
	_, err := a.store.AppendOutbox(ctx, a.tx, a.c.Number, kind, body)
	return err
}

// oweComplainant owes a letter to the complainant, or to the representative with
// a mandate, unless nobody can be answered. A kind leaves once in each term.
func (a *act) oweComplainant(ctx context.Context, kind complaint.LetterKind) ([]int64, error) {
	return a.store.OweComplainant(ctx, a.tx, a.c, kind, int64(max(1, a.c.Term)))
}

// undecided refuses a command on a case that is decided; a decision that the
// procedure has not recorded yet counts as given.
func (a *act) undecided() error {
	switch {
	case a.c.Stage == complaint.Closed:
		return complaint.Conflict("closed", "Complaint %s is closed.", a.c.Number)
	case a.c.Voided:
		return complaint.Conflict("voided", "Complaint %s was entered in error and has been voided.", a.c.Number)
	case a.c.Withdrawn:
		return complaint.Conflict("withdrawn", "Complaint %s has been withdrawn.", a.c.Number)
	case a.c.Answered:
		return complaint.Conflict("outcome_given", "The outcome of complaint %s has been given.", a.c.Number)
	case a.c.Referred:
		return complaint.Conflict("referred_privacy", "Complaint %s has been referred to the DPO, who answers it.", a.c.Number)
	case a.c.Judged == complaint.FindInadmissible:
		return complaint.Conflict("inadmissible", "Complaint %s has been found inadmissible.", a.c.Number)
	case a.c.Judged == complaint.FindReclassified:
		return complaint.Conflict("reclassified", "Complaint %s has been handed to a department as a question.", a.c.Number)
	}
	return nil
}

// investigable refuses a command that needs an open, admissible case.
func (a *act) investigable() error {
	if err := a.undecided(); err != nil {
		return err
	}
	if !a.c.Admissible() {
		return complaint.Conflict("not_admissible", "It has not been decided that complaint %s is admissible.", a.c.Number)
	}
	return nil
}
