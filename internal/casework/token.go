package casework

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// TokenPage is a part of a list of tokens.
type TokenPage = register.Page[staff.TokenEntry]

// NewToken is a token to be issued. Zero days are the usual ninety.
type NewToken struct {
	Label string
	Days  int
}

// IssuedToken is a token with its secret, which is shown this once.
type IssuedToken struct {
	staff.TokenEntry
	Token string `json:"token" doc:"shown once: only its hash is kept"`
}

// Tokens lists the tokens of an account: an admin anybody's, all others their
// own.
func (e *Entrance) Tokens(ctx context.Context, actor Actor, login string, p register.Paging) (TokenPage, error) {
	if err := mayHandle(actor, login); err != nil {
		return TokenPage{}, err
	}
	var below int64
	if _, err := p.From(&below); err != nil {
		return TokenPage{}, err
	}
	if _, err := e.people.Entry(ctx, e.desk.DB, login); err != nil {
		return TokenPage{}, doorRefusal(err)
	}
	found, err := e.people.Tokens(ctx, login, below, p.Rows())
	if err != nil {
		return TokenPage{}, err
	}
	page := register.PageOf(found, p, func(t staff.TokenEntry) int64 { return t.ID })
	return page, e.desk.seen(ctx, actor, "tokens", "", accountField(login), "tokens")
}

// mayHandle lets an admin at every account and everybody at the own one.
func mayHandle(actor Actor, login string) error {
	if actor.Role != staff.Public && actor.Login == login {
		return nil
	}
	return actor.must(staff.Admin)
}

// IssueToken issues a token for an account, for an admin.
func (e *Entrance) IssueToken(ctx context.Context, actor Actor, once Once, login string, t NewToken) (IssuedToken, error) {
	if err := actor.must(staff.Admin); err != nil {
		return IssuedToken{}, err
	}
	if err := e.checkToken(&t).result(); err != nil {
		return IssuedToken{}, err
	}
	return e.issue(ctx, actor, once, login, t)
}

// IssueOwnToken issues a token for the caller, who gives the password again: a
// token that was found makes no other.
func (e *Entrance) IssueOwnToken(ctx context.Context, actor Actor, once Once, password string, t NewToken) (IssuedToken, error) {
	if actor.Role == staff.Public {
		return IssuedToken{}, actor.must(staff.Roles...)
	}
	check := e.checkToken(&t)
	if err := check.result(); err != nil {
		return IssuedToken{}, err
	}
	if _, err := e.confirm(ctx, actor, "password", password); err != nil {
		return IssuedToken{}, err
	}
	return e.issue(ctx, actor, once, actor.Login, t)
}

func (e *Entrance) checkToken(t *NewToken) *checker {
	check := e.desk.checker()
	check.required("label", t.Label, 100)
	check.line("label", t.Label, 100)
	if t.Days == 0 {
		t.Days = int(staff.UsualTokenLife.Hours() / 24)
	}
	if most := int(staff.LongestTokenLife.Hours() / 24); t.Days < 1 || t.Days > most {
		check.wrong("days", "is not between 1 and %d", most)
	}
	return check
}

func (e *Entrance) issue(ctx context.Context, actor Actor, once Once, login string, t NewToken) (IssuedToken, error) {
	return exactlyOnce(ctx, e.desk, once.key(false), func(tx *sqlx.Tx) (IssuedToken, error) {
		secret, kept, err := e.people.Issue(ctx, tx, login, t.Label, time.Duration(t.Days)*24*time.Hour, actor.Login)
		if err != nil {
			return IssuedToken{}, doorRefusal(err)
		}
		return IssuedToken{kept, secret}, e.audit(ctx, tx, actor, "token_issued", login, "tokens")
	})
}

// RevokeToken ends a token: an admin anybody's, all others their own.
func (e *Entrance) RevokeToken(ctx context.Context, actor Actor, once Once, login string, id int64) (staff.TokenEntry, error) {
	if err := mayHandle(actor, login); err != nil {
		return staff.TokenEntry{}, err
	}
	return exactlyOnce(ctx, e.desk, once.key(false), func(tx *sqlx.Tx) (staff.TokenEntry, error) {
		revoked, err := e.people.Revoke(ctx, tx, login, id)
		if err != nil {
			return staff.TokenEntry{}, doorRefusal(err)
		}
		return revoked, e.audit(ctx, tx, actor, "token_revoked", login, "tokens")
	})
}

// SlowDown refuses a try to come in that follows too soon on wrong ones.
type SlowDown struct {
	After time.Duration // until the next try is looked at
}

// Error is the sentence for the caller.
func (*SlowDown) Error() string { return "Too many wrong passwords were given; wait a little." }

// confirm looks whether the caller, who is in already, gives the own password.
func (e *Entrance) confirm(ctx context.Context, actor Actor, field, password string) (staff.Checked, error) {
	try := staff.Try{Login: actor.Login, Device: "is in already"}
	if wait := e.throttle.Begin(try); wait > 0 {
		return staff.Checked{}, &SlowDown{wait}
	}
	checked, _, err := e.people.Check(ctx, actor.Login, password)
	switch {
	case err == staff.ErrWrongPassword:
		if err := e.audit(ctx, e.desk.DB, actor, "password_wrong", actor.Login); err != nil {
			return staff.Checked{}, err
		}
		check := e.desk.checker()
		check.wrong(field, "is not your password")
		return staff.Checked{}, check.result()
	case err != nil:
		return staff.Checked{}, doorRefusal(err)
	}
	e.throttle.Succeeded(try)
	return checked, nil
}

// unreachable is for looks at the accounts that failed for no reason of the
// caller's: then the register cannot be reached.
func unreachable(err error) error {
	if complaint.CategoryOf(err) != "" {
		return err
	}
	return complaint.Refuse(complaint.Unavailable, "register_unavailable", "The register cannot be reached at the moment.")
}
