package api

import (
	"context"
	"net/http"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/staff"
)

type me struct {
	Login      string     `json:"login"`
	Name       string     `json:"name"`
	Role       staff.Role `json:"role"`
	Department *string    `json:"department" doc:"code of the department a handler answers for; null for everyone else"`
	MustChange bool       `json:"must_change_password" doc:"the password was made by an admin; nothing else is open before it is changed"`
}

type meOutput struct{ Body me }

// me tells a caller who they are here.
func (c *counter) me(ctx context.Context, _ *struct{}) (*meOutput, error) {
	who := callerOf(ctx)
	return &meOutput{meOf(staff.Account{
		Login: who.Login, Name: who.Name, Role: who.Role, Department: who.Department,
	}, who.mustChange)}, nil
}

func meOf(account staff.Account, mustChange bool) me {
	body := me{Login: account.Login, Name: account.Name, Role: account.Role, MustChange: mustChange}
	if account.Department != "" {
		body.Department = &account.Department
	}
	return body
}

type passwordChange struct {
	Current string `json:"current_password" minLength:"1" maxLength:"200"`
	New     string `json:"new_password" minLength:"1" maxLength:"200" doc:"at least 12 characters, without the login or the name"`
}

type passwordInput struct {
	Command
	Body passwordChange
}

// enteredOutput is who came in, with the cookies for the browser.
type enteredOutput struct {
	Cookies []http.Cookie `header:"Set-Cookie"`
	Body    me
}

// changePassword is a person's own; it ends all sessions, and begins one anew
// for whoever came with one.
func (c *counter) changePassword(ctx context.Context, in *passwordInput) (*enteredOutput, error) {
	who := callerOf(ctx)
	entered, err := c.Entrance.ChangePassword(ctx, who.Actor, in.once, who.session != "", casework.PasswordChange(in.Body))
	if err != nil {
		return nil, err
	}
	out := &enteredOutput{Body: meOf(entered.Account, false)}
	if entered.Session != "" {
		c.wrongSessions.wasRight(entered.Session)
		out.Cookies = []http.Cookie{c.sessions.cookie(entered.Session)}
	}
	return out, nil
}

type ownTokensInput struct{ Paging }

func (c *counter) ownTokens(ctx context.Context, in *ownTokensInput) (*tokensOutput, error) {
	actor := actorOf(ctx)
	page, err := c.Entrance.Tokens(ctx, actor, actor.Login, in.part())
	return &tokensOutput{page}, err
}

type ownToken struct {
	Password string `json:"password" minLength:"1" maxLength:"200" doc:"the caller's own, again: a token that was found makes no other"`
	Label    string `json:"label" maxLength:"100" doc:"what it is for; it stands in the list"`
	Days     int    `json:"days,omitempty" minimum:"1" maximum:"366" nullable:"true" doc:"how long it lasts; left out: 90"`
}

type ownTokenInput struct {
	Command
	Body ownToken
}

func (c *counter) issueOwnToken(ctx context.Context, in *ownTokenInput) (*issuedOutput, error) {
	issued, err := c.Entrance.IssueOwnToken(ctx, actorOf(ctx), in.once, in.Body.Password,
		casework.NewToken{Label: in.Body.Label, Days: in.Body.Days})
	return &issuedOutput{issued}, err
}

type ownRevocationInput struct {
	Command
	ID   int64 `path:"id" minimum:"1"`
	Body struct{}
}

func (c *counter) revokeOwnToken(ctx context.Context, in *ownRevocationInput) (*tokenOutput, error) {
	actor := actorOf(ctx)
	revoked, err := c.Entrance.RevokeToken(ctx, actor, in.once, actor.Login, in.ID)
	return &tokenOutput{revoked}, err
}
