package staff

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
)

// ErrWrongPassword answers every login that lets nobody in: unknown, disabled,
// with another password, or with a one-time password that is too old. Which of
// these it was is not told, and finding out takes the same time.
var ErrWrongPassword = errors.New("login and password do not belong together")

// ErrBusy says that too many passwords are being looked at just now.
var ErrBusy = errors.New("too many passwords are being looked at")

// OneTimeLife is how long a password lets in that an admin made.
const OneTimeLife = 7 * 24 * time.Hour

// turns bounds how many passwords are hashed at one time: each takes 19 MiB and
// a processor, which other requests need too.
var turns = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))

// longestTurn is how long somebody waits for a turn.
const longestTurn = 5 * time.Second

func inTurn(ctx context.Context, work func() error) error {
	ctx, cancel := context.WithTimeout(ctx, longestTurn)
	defer cancel()
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
		return work()
	case <-ctx.Done():
		return ErrBusy
	}
}

func hashInTurn(ctx context.Context, password string) (hash string, err error) {
	err = inTurn(ctx, func() error {
		hash, err = HashPassword(password)
		return err
	})
	return hash, err
}

// nobody is the hash that an unknown login is held against, so that it takes as
// long as a known one.
var nobody = sync.OnceValues(func() (string, error) { return HashPassword("nobody has this password") })

// Checked is an account whose password was given. The hash that was looked at
// goes with it: what is done with it is refused when the password is another by
// then.
type Checked struct {
	Visitor
	hash string
}

// Check looks whether a password is that of a login. Every login of no use gets
// ErrWrongPassword; known tells whether there is such an account, for the audit
// and for nobody else.
func (s *Store) Check(ctx context.Context, login, password string) (checked Checked, known bool, err error) {
	var row struct {
		Visitor
		Hash string `db:"password_hash"`
		Open bool   `db:"open"`
	}
	err = s.DB.GetContext(ctx, &row, `
		SELECT login, name, role, COALESCE(department, '') AS department, password_hash,
			one_time_until IS NOT NULL AS must_change,
			disabled_at IS NULL AND (one_time_until IS NULL OR one_time_until > $2) AS open
		FROM accounts WHERE login = $1`, login, s.Now())
	known = err == nil
	if errors.Is(err, sql.ErrNoRows) {
		row.Hash, err = nobody()
	}
	if err != nil {
		return Checked{}, false, fmt.Errorf("look up a login: %w", err)
	}
	same := false
	err = inTurn(ctx, func() (err error) {
		same, err = VerifyPassword(row.Hash, password)
		return err
	})
	switch {
	case err != nil:
		return Checked{}, known, err
	case !known || !same || !row.Open:
		return Checked{}, known, ErrWrongPassword
	}
	return Checked{row.Visitor, row.Hash}, true, nil
}

// SetPassword gives an account another password and ends all its sessions.
// With a moment it is a one-time password, to be changed at the first login.
func (s *Store) SetPassword(ctx context.Context, tx *sqlx.Tx, login, password string, oneTimeUntil *time.Time) error {
	hash, err := hashInTurn(ctx, password)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `UPDATE accounts SET password_hash = $2, one_time_until = $3 WHERE login = $1`,
		login, hash, oneTimeUntil)
	if err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNoAccount)
	}
	_, err = s.EndSessions(ctx, tx, login)
	return err
}

// ReplacePassword is SetPassword by the person, for a password that was checked
// and is still the one. It answers with what was checked under the new one.
func (s *Store) ReplacePassword(ctx context.Context, tx *sqlx.Tx, checked Checked, password string) (Checked, error) {
	var same bool
	err := tx.GetContext(ctx, &same, `SELECT password_hash = $2 FROM accounts WHERE login = $1 FOR UPDATE`, checked.Login, checked.hash)
	if err != nil {
		return Checked{}, noAccount(err, "replace a password")
	}
	if !same {
		return Checked{}, ErrWrongPassword
	}
	if err := s.SetPassword(ctx, tx, checked.Login, password, nil); err != nil {
		return Checked{}, err
	}
	checked.MustChange = false
	err = tx.GetContext(ctx, &checked.hash, `SELECT password_hash FROM accounts WHERE login = $1`, checked.Login)
	return checked, noAccount(err, "replace a password")
}

// How long a password is that a person chooses, in characters.
const (
	ShortestPassword = 12
	LongestPassword  = 200
)

// Weak says what is wrong with a password that a person chose; empty: nothing.
// Length is what counts; there are no rules about kinds of characters.
func Weak(password string, of Account) string {
	characters := map[rune]bool{}
	for _, c := range password {
		characters[c] = true
	}
	plain := strings.ToLower(password)
	switch n := utf8.RuneCountInString(password); {
	case n < ShortestPassword:
		return fmt.Sprintf("has fewer than %d characters", ShortestPassword)
	case n > LongestPassword:
		return fmt.Sprintf("has more than %d characters", LongestPassword)
	case len(characters) < 5:
		return "repeats the same few characters"
	case strings.Contains(plain, of.Login) || strings.Contains(plain, strings.ToLower(of.Name)):
		return "holds the login or the name"
	}
	return ""
}
