package api

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

type accountsInput struct{ Paging }

// accountView is an account as it is shown: without a department it has none.
type accountView struct {
	casework.AccountEntry
	Department *string `json:"department" nullable:"true" doc:"code; null: not a handler"`
}

func viewOf(entry casework.AccountEntry) accountView {
	view := accountView{AccountEntry: entry}
	if entry.Department != "" {
		view.Department = &entry.Department
	}
	return view
}

type accountsOutput struct{ Body register.Page[accountView] }

func (c *counter) accounts(ctx context.Context, in *accountsInput) (*accountsOutput, error) {
	page, err := c.Entrance.Accounts(ctx, actorOf(ctx), in.part())
	views := register.Page[accountView]{Items: []accountView{}, NextCursor: page.NextCursor}
	for _, entry := range page.Items {
		views.Items = append(views.Items, viewOf(entry))
	}
	return &accountsOutput{views}, err
}

type accountPath struct {
	Login string `path:"login" maxLength:"63"`
}

type accountOutput struct{ Body accountView }

func (c *counter) account(ctx context.Context, in *accountPath) (*accountOutput, error) {
	found, err := c.Entrance.Account(ctx, actorOf(ctx), in.Login)
	return &accountOutput{viewOf(found)}, err
}

type newAccount struct {
	Login      string     `json:"login" maxLength:"63" doc:"small letters, digits, dots and dashes; it stands in the history and never changes"`
	Name       string     `json:"name" maxLength:"200"`
	Role       staff.Role `json:"role" enum:"intake,handler,ombuds,supervisor,dpo,auditor,admin"`
	Department string     `json:"department,omitempty" nullable:"true" maxLength:"100" doc:"code; of a handler, and of nobody else"`
}

type newAccountInput struct {
	Command
	Body newAccount
}

type oneTimeOutput struct{ Body casework.OneTimePassword }

func (c *counter) addAccount(ctx context.Context, in *newAccountInput) (*oneTimeOutput, error) {
	made, err := c.Entrance.AddAccount(ctx, actorOf(ctx), in.once, casework.NewPerson(in.Body))
	return &oneTimeOutput{made}, err
}

type accountChange struct {
	Name       *string     `json:"name,omitempty" maxLength:"200"`
	Role       *staff.Role `json:"role,omitempty" enum:"intake,handler,ombuds,supervisor,dpo,auditor,admin"`
	Department *string     `json:"department,omitempty" maxLength:"100" doc:"code; of a handler. Another role takes it away"`
	Disabled   *bool       `json:"disabled,omitempty" doc:"true revokes the tokens too, and false gives none back"`
}

type accountChangeInput struct {
	Command
	Login string `path:"login" maxLength:"63"`
	Body  accountChange
}

func (c *counter) changeAccount(ctx context.Context, in *accountChangeInput) (*accountOutput, error) {
	changed, err := c.Entrance.ChangeAccount(ctx, actorOf(ctx), in.once, in.Login, casework.PersonChange(in.Body))
	return &accountOutput{viewOf(changed)}, err
}

// accountInput is a command on an account that needs no more words.
type accountInput struct {
	Command
	Login string `path:"login" maxLength:"63"`
	Body  struct{}
}

func (c *counter) resetPassword(ctx context.Context, in *accountInput) (*oneTimeOutput, error) {
	made, err := c.Entrance.ResetPassword(ctx, actorOf(ctx), in.once, in.Login)
	return &oneTimeOutput{made}, err
}

type endedOutput struct{ Body casework.Ended }

func (c *counter) endSessions(ctx context.Context, in *accountInput) (*endedOutput, error) {
	ended, err := c.Entrance.EndSessions(ctx, actorOf(ctx), in.once, in.Login)
	return &endedOutput{ended}, err
}

type tokensInput struct {
	Login string `path:"login" maxLength:"63"`
	Paging
}

type tokensOutput struct{ Body casework.TokenPage }

func (c *counter) tokens(ctx context.Context, in *tokensInput) (*tokensOutput, error) {
	page, err := c.Entrance.Tokens(ctx, actorOf(ctx), in.Login, in.part())
	return &tokensOutput{page}, err
}

type newToken struct {
	Label string `json:"label" maxLength:"100" doc:"what it is for; it stands in the list"`
	Days  int    `json:"days,omitempty" minimum:"1" maximum:"366" nullable:"true" doc:"how long it lasts; left out: 90"`
}

type tokenInput struct {
	Command
	Login string `path:"login" maxLength:"63"`
	Body  newToken
}

type issuedOutput struct{ Body casework.IssuedToken }

func (c *counter) issueToken(ctx context.Context, in *tokenInput) (*issuedOutput, error) {
	issued, err := c.Entrance.IssueToken(ctx, actorOf(ctx), in.once, in.Login, casework.NewToken(in.Body))
	return &issuedOutput{issued}, err
}

type revocationInput struct {
	Command
	Login string `path:"login" maxLength:"63"`
	ID    int64  `path:"id" minimum:"1"`
	Body  struct{}
}

type tokenOutput struct{ Body staff.TokenEntry }

func (c *counter) revokeToken(ctx context.Context, in *revocationInput) (*tokenOutput, error) {
	revoked, err := c.Entrance.RevokeToken(ctx, actorOf(ctx), in.once, in.Login, in.ID)
	return &tokenOutput{revoked}, err
}
