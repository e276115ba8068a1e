package staff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// Role is what somebody is to the ombuds service.
type Role string

// The roles. Public is whoever has not said who they are.
const (
	Public     Role = ""
	Intake     Role = "intake"     // loket: takes in complaints, prints and posts letters
	Handler    Role = "handler"    // answers for one department
	Ombuds     Role = "ombuds"     // ombudspersoon: examines and decides
	Supervisor Role = "supervisor" // reads everything but privacy files, reassigns
	DPO        Role = "dpo"        // functionaris voor gegevensbescherming
	Auditor    Role = "auditor"    // reads the audit trail, no content
	Admin      Role = "admin"      // accounts and departments, no content
)

// Roles lists the roles that an account can have.
var Roles = []Role{Intake, Handler, Ombuds, Supervisor, DPO, Auditor, Admin}

// Valid tells whether an account can have the role. Public is nobody's account.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Account is somebody who may enter. Department is the code of the department
// that a handler answers for, and empty for every other role.
type Account struct {
	Login      string `db:"login" json:"login"`
	Name       string `db:"name" json:"name"`
	Role       Role   `db:"role" json:"role"`
	Department string `db:"department" json:"department"`
}

// Check refuses an account that could not work: without login or name, of no
// known role, a handler without a department or a department on another role.
func (a Account) Check() error {
	switch {
	case a.Login == "" || a.Name == "":
		return errors.New("an account has a login and a name")
	case !a.Role.Valid():
		return errors.New("an account has one of the known roles")
	case (a.Role == Handler) != (a.Department != ""):
		return errors.New("a handler answers for a department, and nobody else does")
	}
	return nil
}

// NewAccount is an account to be made, with the password it starts with. With
// OneTimeUntil set the password is changed at the first login, and lets nobody
// in after that moment.
type NewAccount struct {
	Account
	Password     string
	OneTimeUntil *time.Time
}

// What an account cannot be.
var (
	ErrLoginTaken = errors.New("the login is taken")
	ErrNoAccount  = errors.New("there is no such account")
	ErrLastAdmin  = errors.New("it is the last admin that is not disabled")
)

// Store keeps accounts, tokens and sessions in the register's database. Now is
// the clock by which they expire.
type Store struct {
	DB  *sqlx.DB
	Now func() time.Time
}

// Create makes an account and keeps its password as an argon2id hash. A login
// that is taken is ErrLoginTaken.
func (s *Store) Create(ctx context.Context, account NewAccount) error {
	return s.create(ctx, s.DB, account)
}

// CreateIn is Create inside a transaction.
func (s *Store) CreateIn(ctx context.Context, tx *sqlx.Tx, account NewAccount) error {
	return s.create(ctx, tx, account)
}

func (s *Store) create(ctx context.Context, db sqlx.ExecerContext, account NewAccount) error {
	if err := account.Check(); err != nil {
		return fmt.Errorf("make an account: %w", err)
	}
	hash, err := hashInTurn(ctx, account.Password)
	if err != nil {
		return fmt.Errorf("make an account: %w", err)
	}
	const insert = `
		INSERT INTO accounts (login, name, role, department, password_hash, one_time_until, created_at)
		VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6, $7)
		ON CONFLICT (login) DO NOTHING`
	made, err := db.ExecContext(ctx, insert, account.Login, account.Name, account.Role, account.Department,
		hash, account.OneTimeUntil, s.Now())
	if err != nil {
		return fmt.Errorf("make an account: %w", err)
	}
	if n, err := made.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, ErrLoginTaken)
	}
	return nil
}
