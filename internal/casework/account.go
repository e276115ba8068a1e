package casework

import (
	"context"
	"crypto/rand"
	"errors"
	"regexp"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// Entrance (ingang) is where accounts are kept and people come in. What it
// changes stands in the audit like everything else; an account is named there
// as a field, accounts/<login>.
type Entrance struct {
	desk     *Desk
	people   *staff.Store
	throttle *staff.Throttle
}

// NewEntrance makes the entrance of a desk's register.
func NewEntrance(d *Desk) *Entrance {
	return &Entrance{
		desk:     d,
		people:   &staff.Store{DB: d.DB, Now: d.Now},
		throttle: &staff.Throttle{Now: d.Now},
	}
}

// What is shown of accounts. See staff for the fields.
type (
	AccountEntry = staff.Entry
	AccountPage  = register.Page[staff.Entry]
)

// NewPerson is an account to be made.
type NewPerson struct {
	Login, Name string
	Role        staff.Role
	Department  string // of a handler
}

// PersonChange is what changes of an account; nil stays as it is. A role that is
// no handler's takes the department away.
type PersonChange struct {
	Name       *string
	Role       *staff.Role
	Department *string
	Disabled   *bool
}

// OneTimePassword is shown once, to be handed to the person, who changes it at
// the first login.
type OneTimePassword struct {
	Login    string    `json:"login"`
	Password string    `json:"one_time_password" doc:"shown once; it must be changed at the first login"`
	Until    time.Time `json:"until" doc:"it lets nobody in after this moment"`
}

// Accounts lists the accounts by login.
func (e *Entrance) Accounts(ctx context.Context, actor Actor, p register.Paging) (AccountPage, error) {
	if err := actor.must(staff.Admin); err != nil {
		return AccountPage{}, err
	}
	var after string
	if begun, err := p.From(&after); err != nil {
		return AccountPage{}, err
	} else if begun && !loginForm.MatchString(after) {
		return AccountPage{}, complaint.InvalidFields([]complaint.FieldError{{Location: "query.cursor", Message: "not a cursor of this list"}})
	}
	found, err := e.people.Entries(ctx, after, p.Rows())
	if err != nil {
		return AccountPage{}, err
	}
	page := register.PageOf(found, p, func(a staff.Entry) string { return a.Login })
	return page, e.desk.seen(ctx, actor, "accounts", "", "accounts")
}

// Account opens one account.
func (e *Entrance) Account(ctx context.Context, actor Actor, login string) (AccountEntry, error) {
	if err := actor.must(staff.Admin); err != nil {
		return AccountEntry{}, err
	}
	found, err := e.people.Entry(ctx, e.desk.DB, login)
	if err != nil {
		return AccountEntry{}, doorRefusal(err)
	}
	return found, e.desk.seen(ctx, actor, "account", "", accountField(login))
}

// AddAccount makes an account with a one-time password.
func (e *Entrance) AddAccount(ctx context.Context, actor Actor, once Once, p NewPerson) (OneTimePassword, error) {
	if err := actor.must(staff.Admin); err != nil {
		return OneTimePassword{}, err
	}
	account := staff.Account{Login: p.Login, Name: p.Name, Role: p.Role, Department: p.Department}
	if err := e.checkAccount(account); err != nil {
		return OneTimePassword{}, err
	}
	return exactlyOnce(ctx, e.desk, once.key(false), func(tx *sqlx.Tx) (OneTimePassword, error) {
		fresh := e.oneTime(p.Login)
		err := e.people.CreateIn(ctx, tx, staff.NewAccount{Account: account, Password: fresh.Password, OneTimeUntil: &fresh.Until})
		if err != nil {
			return OneTimePassword{}, doorRefusal(err)
		}
		return fresh, e.audit(ctx, tx, actor, "account_made", p.Login, "name", "role", "department", "password")
	})
}

// ChangeAccount changes an account. Another role or department, or disabling
// it, ends its sessions at once; disabling revokes its tokens too. The last
// admin who can come in stays one.
func (e *Entrance) ChangeAccount(ctx context.Context, actor Actor, once Once, login string, c PersonChange) (AccountEntry, error) {
	if err := actor.must(staff.Admin); err != nil {
		return AccountEntry{}, err
	}
	return exactlyOnce(ctx, e.desk, once.key(false), func(tx *sqlx.Tx) (AccountEntry, error) {
		before, err := e.people.Lock(ctx, tx, login)
		if err != nil {
			return AccountEntry{}, doorRefusal(err)
		}
		to, fields := c.apply(before)
		if err := e.checkAccount(to.Account); err != nil {
			return AccountEntry{}, err
		}
		if err := e.people.Apply(ctx, tx, before, to); err != nil {
			return AccountEntry{}, doorRefusal(err)
		}
		if err := e.audit(ctx, tx, actor, "account_changed", login, fields...); err != nil {
			return AccountEntry{}, err
		}
		return e.people.Entry(ctx, tx, login)
	})
}

// apply is what an account becomes, and the names of what was said of it.
func (c PersonChange) apply(before staff.Entry) (to staff.Change, fields []string) {
	to = staff.Change{Account: before.Account, Disabled: before.DisabledAt != nil}
	if c.Name != nil {
		to.Name, fields = *c.Name, append(fields, "name")
	}
	if c.Role != nil {
		to.Role, fields = *c.Role, append(fields, "role")
		if to.Role != staff.Handler {
			to.Department = ""
		}
	}
	if c.Department != nil {
		to.Department, fields = *c.Department, append(fields, "department")
	}
	if c.Disabled != nil {
		to.Disabled, fields = *c.Disabled, append(fields, "disabled")
	}
	return to, fields
}

// loginForm is what a login looks like; the database holds it too.
var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// taken are the names under which history knows those who are no account.
var taken = map[string]bool{"public": true, "procedure": true, "unknown": true, "system": true}

func (e *Entrance) checkAccount(a staff.Account) error {
	check := e.desk.checker()
	if !loginForm.MatchString(a.Login) || taken[a.Login] {
		check.wrong("login", "is not of the form of a login: small letters, digits, dots and dashes, at most 63")
	}
	check.required("name", a.Name, 200)
	check.line("name", a.Name, 200)
	if !a.Role.Valid() {
		check.wrong("role", "is not one of the roles")
	}
	switch {
	case a.Role == staff.Handler:
		check.department("department", a.Department)
	case a.Department != "":
		check.wrong("department", "is a handler's only")
	}
	return check.result()
}

func (e *Entrance) oneTime(login string) OneTimePassword {
	return OneTimePassword{Login: login, Password: rand.Text(), Until: e.desk.Now().Add(staff.OneTimeLife)}
}

// ResetPassword replaces a password by a one-time password, and ends every
// session of the account. Its tokens stay.
func (e *Entrance) ResetPassword(ctx context.Context, actor Actor, once Once, login string) (OneTimePassword, error) {
	if err := actor.must(staff.Admin); err != nil {
		return OneTimePassword{}, err
	}
	return exactlyOnce(ctx, e.desk, once.key(false), func(tx *sqlx.Tx) (OneTimePassword, error) {
		fresh := e.oneTime(login)
		if err := e.people.SetPassword(ctx, tx, login, fresh.Password, &fresh.Until); err != nil {
			return OneTimePassword{}, doorRefusal(err)
		}
		return fresh, e.audit(ctx, tx, actor, "password_reset", login, "password", "sessions")
	})
}

// Ended says how many sessions were ended.
type Ended struct {
	Sessions int `json:"sessions" doc:"how many were ended"`
}

// EndSessions ends every session of an account.
func (e *Entrance) EndSessions(ctx context.Context, actor Actor, once Once, login string) (Ended, error) {
	if err := actor.must(staff.Admin); err != nil {
		return Ended{}, err
	}
	return exactlyOnce(ctx, e.desk, once.key(false), func(tx *sqlx.Tx) (Ended, error) {
		if _, err := e.people.Entry(ctx, tx, login); err != nil {
			return Ended{}, doorRefusal(err)
		}
		n, err := e.people.EndSessions(ctx, tx, login)
		if err != nil {
			return Ended{}, err
		}
		return Ended{n}, e.audit(ctx, tx, actor, "sessions_ended", login, "sessions")
	})
}

// audit records a change of an account, with the names of what changed.
func (e *Entrance) audit(ctx context.Context, db sqlx.ExtContext, actor Actor, action, login string, fields ...string) error {
	return e.desk.store.AddAudit(ctx, db, register.Audit{
		Actor: actor.name(), Role: actor.role(), Action: action, Address: actor.Address,
		Fields: append([]string{accountField(login)}, fields...),
	})
}

func accountField(login string) string { return "accounts/" + login }

// doorRefusal puts what the accounts refuse in words for the caller.
func doorRefusal(err error) error {
	switch {
	case errors.Is(err, staff.ErrNoAccount):
		return complaint.Missing("account")
	case errors.Is(err, staff.ErrUnknownToken):
		return complaint.Missing("token")
	case errors.Is(err, staff.ErrLoginTaken):
		return complaint.Conflict("login_taken", "There is an account with this login already.")
	case errors.Is(err, staff.ErrLastAdmin):
		return complaint.Conflict("last_admin", "This is the last admin who can come in: make another one first.")
	case errors.Is(err, staff.ErrBusy):
		return complaint.Refuse(complaint.Unavailable, "busy", "Too many passwords are being looked at just now.")
	}
	return err
}
