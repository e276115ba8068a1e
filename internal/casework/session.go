package casework

import (
	"context"
	"errors"
	"strings"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// Password is what somebody comes in with: the login, the password, and what
// the cookie of a browser holds that was here before.
type Password struct {
	Login, Password, Device string
}

// Admission is who came in, and what the cookies of the browser hold from now
// on.
type Admission struct {
	staff.Visitor
	Session, Device string `json:"-"` // secrets, kept nowhere
}

// ErrWrongPassword answers every login that lets nobody in, whatever the
// reason.
var ErrWrongPassword = staff.ErrWrongPassword

// LogIn begins a session for whoever gives an account's password. Wrong ones
// are slowed down (staff.Throttle) and stand in the audit, of a login that
// exists with its name and of any other without: people type passwords there.
func (e *Entrance) LogIn(ctx context.Context, actor Actor, p Password) (Admission, error) {
	p.Login = strings.ToLower(strings.TrimSpace(p.Login))
	if !loginForm.MatchString(p.Login) {
		p.Login = "" // as wrong as any other, and counted as one
	}
	try, err := e.try(ctx, actor, p)
	if err != nil {
		return Admission{}, unreachable(err)
	}
	if wait := e.throttle.Begin(try); wait > 0 {
		return Admission{}, &SlowDown{wait}
	}
	checked, known, err := e.people.Check(ctx, p.Login, p.Password)
	switch {
	case errors.Is(err, staff.ErrWrongPassword):
		return Admission{}, e.refused(ctx, actor, p.Login, known)
	case err != nil:
		return Admission{}, unreachable(doorRefusal(err))
	}
	admitted, err := e.begin(ctx, actor, checked, p.Device)
	if err == nil {
		e.throttle.Succeeded(try)
	}
	return admitted, err
}

// try says under which names a login counts. A browser counts by itself only
// for those who came in from it before.
func (e *Entrance) try(ctx context.Context, actor Actor, p Password) (staff.Try, error) {
	try := staff.Try{Login: p.Login, Address: actor.Address}
	known, err := e.people.KnowsDevice(ctx, p.Device, p.Login)
	if known {
		try.Device = p.Device
	}
	return try, err
}

func (e *Entrance) refused(ctx context.Context, actor Actor, login string, known bool) error {
	var fields []string
	if known {
		fields = []string{accountField(login)}
	}
	err := e.desk.store.AddAudit(ctx, e.desk.DB, register.Audit{
		Actor: actor.name(), Role: actor.role(), Action: "login_failed", Address: actor.Address, Fields: fields,
	})
	if err != nil {
		return unreachable(err)
	}
	return ErrWrongPassword
}

func (e *Entrance) begin(ctx context.Context, actor Actor, checked staff.Checked, device string) (in Admission, err error) {
	in.Visitor = checked.Visitor
	err = register.Tx(ctx, e.desk.DB, func(tx *sqlx.Tx) (err error) {
		if in.Session, err = e.people.Begin(ctx, tx, checked, actor.Address); err != nil {
			return err
		}
		if in.Device, err = e.people.RememberDevice(ctx, tx, device, checked.Login); err != nil {
			return err
		}
		actor.Login, actor.Role = checked.Login, checked.Role
		return e.audit(ctx, tx, actor, "login", checked.Login)
	})
	if err != nil {
		return Admission{}, err
	}
	return in, nil
}

// LogOut ends the session that the caller came with, or with everywhere all of
// that person.
func (e *Entrance) LogOut(ctx context.Context, actor Actor, session string, everywhere bool) error {
	if actor.Role == staff.Public {
		return nil // nobody is in
	}
	return register.Tx(ctx, e.desk.DB, func(tx *sqlx.Tx) error {
		if !everywhere {
			if err := e.people.End(ctx, tx, session); err != nil {
				return err
			}
			return e.audit(ctx, tx, actor, "logout", actor.Login)
		}
		if _, err := e.people.EndSessions(ctx, tx, actor.Login); err != nil {
			return err
		}
		return e.audit(ctx, tx, actor, "logout_everywhere", actor.Login, "sessions")
	})
}

// PasswordChange is a person's own.
type PasswordChange struct {
	Current, New string
}

// ChangePassword replaces the caller's password, who gives the current one. It
// ends all the person's sessions; whoever came with one gets a new one.
func (e *Entrance) ChangePassword(ctx context.Context, actor Actor, once Once, inSession bool, p PasswordChange) (Admission, error) {
	if actor.Role == staff.Public {
		return Admission{}, actor.must(staff.Roles...)
	}
	check := e.desk.checker()
	wrong := staff.Weak(p.New, staff.Account{Login: actor.Login, Name: actor.Name})
	if wrong == "" && p.New == p.Current {
		wrong = "is the current one"
	}
	if wrong != "" {
		check.wrong("new_password", "%s", wrong)
		return Admission{}, check.result()
	}
	key := once.key(false)
	if key.Key != "" { // what is sent again has a password that is no longer the current one
		var first Admission
		if kept, err := e.desk.store.KeptAnswer(ctx, e.desk.DB, key, &first); err != nil || kept {
			return first, err
		}
	}
	// Looking at a password takes its time and a connection: no transaction waits for it.
	checked, err := e.confirm(ctx, actor, "current_password", p.Current)
	if err != nil {
		return Admission{}, err
	}
	return exactlyOnce(ctx, e.desk, key, func(tx *sqlx.Tx) (Admission, error) {
		return e.replacePassword(ctx, tx, actor, checked, p.New, inSession)
	})
}

func (e *Entrance) replacePassword(ctx context.Context, tx *sqlx.Tx, actor Actor, checked staff.Checked, password string, inSession bool) (in Admission, err error) {
	checked, err = e.people.ReplacePassword(ctx, tx, checked, password)
	switch {
	case errors.Is(err, staff.ErrWrongPassword):
		return in, complaint.Conflict("password_changed", "The password was changed meanwhile.")
	case err != nil:
		return in, doorRefusal(err)
	}
	in.Visitor = checked.Visitor
	if inSession {
		if in.Session, err = e.people.Begin(ctx, tx, checked, actor.Address); err != nil {
			return in, err
		}
	}
	return in, e.audit(ctx, tx, actor, "password_changed", actor.Login, "password", "sessions")
}
