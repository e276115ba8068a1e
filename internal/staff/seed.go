package staff

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// seedLock keeps two programs from seeding one register at the same moment.
const seedLock = 4250_2028

// seedLabel tells where the first tokens come from.
const seedLabel = "first start"

// Credential is an account with its secrets, as they stand in the credentials
// file and nowhere else.
type Credential struct {
	Account
	Password string `json:"password"`
	Token    string `json:"token"`
}

// Seed makes the accounts that a register needs to be worked with, and tells
// how many it made: in a register without accounts one of each role and two
// ombuds officers, and at every call one handler for each department code that
// has none.
//
// Their secrets are written to the credentials file before the accounts are
// made, and accounts that stand in the file but not in the register are made
// with the secrets of the file. So a process may die at any point: whoever is
// in the register is in the file, and the next call does the rest. A file that
// was taken away does not come back for accounts that exist, since only hashes
// of their secrets are kept.
func (s *Store) Seed(ctx context.Context, file string, departments []string) (made int, err error) {
	tx, err := s.DB.BeginTxx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("make the first accounts: %w", err)
	}
	defer tx.Rollback()
	known, err := lockedLogins(ctx, tx)
	if err != nil {
		return 0, err
	}
	kept, err := readCredentials(file)
	if err != nil {
		return 0, err
	}
	missing := without(kept, known)
	fresh := without(wanted(departments, len(known) == 0), append(known, loginsOf(kept)...))
	if len(fresh) > 0 {
		if err := writeCredentials(file, append(kept, withSecrets(fresh)...)); err != nil {
			return 0, err
		}
	}
	missing = append(missing, fresh...)
	for _, c := range missing {
		if err := s.enter(ctx, tx, c); err != nil {
			return 0, err
		}
	}
	if err := tx.Commit(); err != nil {
		return 0, fmt.Errorf("make the first accounts: %w", err)
	}
	return len(missing), nil
}

func (s *Store) enter(ctx context.Context, tx *sqlx.Tx, c Credential) error {
	if err := s.create(ctx, tx, NewAccount{Account: c.Account, Password: c.Password}); err != nil {
		return err
	}
	_, err := s.keepToken(ctx, tx, TokenEntry{Login: c.Login, Label: seedLabel}, c.Token)
	return err
}

// lockedLogins reads which accounts there are and keeps other seeds out until
// the transaction ends.
func lockedLogins(ctx context.Context, tx *sqlx.Tx) ([]string, error) {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, seedLock); err != nil {
		return nil, fmt.Errorf("lock the accounts: %w", err)
	}
	var logins []string
	if err := tx.SelectContext(ctx, &logins, `SELECT login FROM accounts`); err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	return logins, nil
}

// wanted lists the accounts that should exist, without secrets.
func wanted(departments []string, first bool) []Credential {
	var accounts []Credential
	add := func(login, name string, role Role, department string) {
		accounts = append(accounts, Credential{Account: Account{Login: login, Name: name, Role: role, Department: department}})
	}
	if first {
		add("intake", "Intake 1", Intake, "")
		add("ombuds-1", "Ombuds 1", Ombuds, "")
		add("ombuds-2", "Ombuds 2", Ombuds, "")
		add("supervisor", "Supervisor 1", Supervisor, "")
		add("dpo", "DPO 1", DPO, "")
		add("auditor", "Auditor 1", Auditor, "")
		add("admin", "Admin 1", Admin, "")
	}
	for _, code := range departments {
		add("handler-"+strings.ToLower(code), "Handler "+code, Handler, code)
	}
	return accounts
}

// withSecrets gives each account, in place, a password and a token.
func withSecrets(accounts []Credential) []Credential {
	for i := range accounts {
		accounts[i].Password = rand.Text()
		accounts[i].Token = newToken()
	}
	return accounts
}

func without(accounts []Credential, logins []string) []Credential {
	return slices.DeleteFunc(slices.Clone(accounts), func(c Credential) bool { return slices.Contains(logins, c.Login) })
}

func loginsOf(accounts []Credential) []string {
	logins := make([]string, 0, len(accounts))
	for _, c := range accounts {
		logins = append(logins, c.Login)
	}
	return logins
}
