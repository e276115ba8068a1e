package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// Entrance (ingang) is where people come in and accounts are kept. Its refusals
// are complaint.Error, casework.SlowDown and casework.ErrWrongPassword.
type Entrance interface {
	LogIn(context.Context, casework.Actor, casework.Password) (casework.Admission, error)
	LogOut(ctx context.Context, actor casework.Actor, session string, everywhere bool) error
	ChangePassword(ctx context.Context, actor casework.Actor, once casework.Once, inSession bool, to casework.PasswordChange) (casework.Admission, error)

	Accounts(context.Context, casework.Actor, register.Paging) (casework.AccountPage, error)
	Account(ctx context.Context, actor casework.Actor, login string) (casework.AccountEntry, error)
	AddAccount(context.Context, casework.Actor, casework.Once, casework.NewPerson) (casework.OneTimePassword, error)
	ChangeAccount(ctx context.Context, actor casework.Actor, once casework.Once, login string, to casework.PersonChange) (casework.AccountEntry, error)
	ResetPassword(ctx context.Context, actor casework.Actor, once casework.Once, login string) (casework.OneTimePassword, error)
	EndSessions(ctx context.Context, actor casework.Actor, once casework.Once, login string) (casework.Ended, error)

	Tokens(ctx context.Context, actor casework.Actor, login string, of register.Paging) (casework.TokenPage, error)
	IssueToken(ctx context.Context, actor casework.Actor, once casework.Once, login string, t casework.NewToken) (casework.IssuedToken, error)
	IssueOwnToken(ctx context.Context, actor casework.Actor, once casework.Once, password string, t casework.NewToken) (casework.IssuedToken, error)
	RevokeToken(ctx context.Context, actor casework.Actor, once casework.Once, login string, id int64) (staff.TokenEntry, error)
}

// noSignal says why what happens at the entrance tells no procedure.
const noSignal = "Who may come in changes no complaint."

// admins keep the accounts.
var admins = []staff.Role{staff.Admin}

// entrance is the routes by which people come in, and those of the accounts.
func (c *counter) entrance() []group {
	return []group{
		// A page elsewhere must not put somebody into a stranger's session.
		{who: everyone, unsettled: true, ownPages: true, routes: []route{
			post("/api/v1/session", "logIn", "Begins a session for a browser; programs use tokens", c.logIn).
				done().signalsNothing(noSignal),
			remove("/api/v1/session", "logOut", "Ends the session, with everywhere=true every one of the person", c.logOut),
		}},
		{who: staff.Roles, unsettled: true, routes: []route{
			get("/api/v1/me", "me", "Tells a caller who they are here", c.me),
			post("/api/v1/me/password", "changePassword", "Changes the own password; every session ends", c.changePassword).
				done().signalsNothing(noSignal),
		}},
		{who: staff.Roles, routes: []route{
			get("/api/v1/me/tokens", "listOwnTokens", "Lists the own tokens, without their secrets", c.ownTokens),
			post("/api/v1/me/tokens", "issueOwnToken", "Issues a token for oneself; it is shown once", c.issueOwnToken).
				creates().signalsNothing(noSignal),
			post("/api/v1/me/tokens/{id}/revocation", "revokeOwnToken", "Ends one of the own tokens", c.revokeOwnToken).
				done().signalsNothing(noSignal),
		}},
		{who: admins, routes: []route{
			get("/api/v1/accounts", "listAccounts", "Lists the accounts", c.accounts),
			post("/api/v1/accounts", "addAccount", "Makes an account; its one-time password is shown once", c.addAccount).
				creates().signalsNothing(noSignal),
			get("/api/v1/accounts/{login}", "openAccount", "Opens an account", c.account),
			post("/api/v1/accounts/{login}", "changeAccount", "Changes an account, disables it or lets it in again; its sessions end", c.changeAccount).
				done().signalsNothing(noSignal),
			post("/api/v1/accounts/{login}/password", "resetPassword", "Replaces a password by a one-time password, shown once", c.resetPassword).
				creates().signalsNothing(noSignal),
			post("/api/v1/accounts/{login}/logout", "endSessions", "Ends every session of an account", c.endSessions).
				done().signalsNothing(noSignal),
			get("/api/v1/accounts/{login}/tokens", "listTokens", "Lists the tokens of an account, without their secrets", c.tokens),
			post("/api/v1/accounts/{login}/tokens", "issueToken", "Issues a token for an account; it is shown once", c.issueToken).
				creates().signalsNothing(noSignal),
			post("/api/v1/accounts/{login}/tokens/{id}/revocation", "revokeToken", "Ends a token", c.revokeToken).
				done().signalsNothing(noSignal),
		}},
	}
}
