package api_test

import (
	"context"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// entrance lets in and allows everything, as the fake desk does.
type entrance struct{ *desk }

func (e entrance) admitted(a casework.Actor) casework.Admission {
	return casework.Admission{Visitor: staff.Visitor{Account: people["ombuds"]}, Session: "ombuds", Device: "D"}
}

func (e entrance) LogIn(_ context.Context, a casework.Actor, p casework.Password) (casework.Admission, error) {
	return e.admitted(a), e.asked(a, casework.Once{}, p)
}

func (e entrance) LogOut(_ context.Context, a casework.Actor, session string, everywhere bool) error {
	return e.asked(a, casework.Once{}, session)
}

func (e entrance) ChangePassword(_ context.Context, a casework.Actor, o casework.Once, _ bool, p casework.PasswordChange) (casework.Admission, error) {
	return e.admitted(a), e.asked(a, o, p)
}

func (e entrance) Accounts(_ context.Context, a casework.Actor, p register.Paging) (casework.AccountPage, error) {
	return casework.AccountPage{}, e.asked(a, casework.Once{}, p)
}

func (e entrance) Account(_ context.Context, a casework.Actor, login string) (casework.AccountEntry, error) {
	return casework.AccountEntry{}, e.asked(a, casework.Once{}, login)
}

func (e entrance) AddAccount(_ context.Context, a casework.Actor, o casework.Once, p casework.NewPerson) (casework.OneTimePassword, error) {
	return casework.OneTimePassword{}, e.asked(a, o, p)
}

func (e entrance) ChangeAccount(_ context.Context, a casework.Actor, o casework.Once, _ string, c casework.PersonChange) (casework.AccountEntry, error) {
	return casework.AccountEntry{}, e.asked(a, o, c)
}

func (e entrance) ResetPassword(_ context.Context, a casework.Actor, o casework.Once, login string) (casework.OneTimePassword, error) {
	return casework.OneTimePassword{}, e.asked(a, o, login)
}

func (e entrance) EndSessions(_ context.Context, a casework.Actor, o casework.Once, login string) (casework.Ended, error) {
	return casework.Ended{}, e.asked(a, o, login)
}

func (e entrance) Tokens(_ context.Context, a casework.Actor, login string, _ register.Paging) (casework.TokenPage, error) {
	return casework.TokenPage{}, e.asked(a, casework.Once{}, login)
}

func (e entrance) IssueToken(_ context.Context, a casework.Actor, o casework.Once, _ string, t casework.NewToken) (casework.IssuedToken, error) {
	return casework.IssuedToken{}, e.asked(a, o, t)
}

func (e entrance) IssueOwnToken(_ context.Context, a casework.Actor, o casework.Once, _ string, t casework.NewToken) (casework.IssuedToken, error) {
	return casework.IssuedToken{}, e.asked(a, o, t)
}

func (e entrance) RevokeToken(_ context.Context, a casework.Actor, o casework.Once, _ string, id int64) (staff.TokenEntry, error) {
	return staff.TokenEntry{}, e.asked(a, o, id)
}
