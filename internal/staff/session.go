package staff

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// How long a session lasts: without a request, and at most.
const (
	SessionIdle = time.Hour
	SessionLife = 12 * time.Hour
)

// DeviceLife is how long a browser is remembered after its last login.
const DeviceLife = 180 * 24 * time.Hour

// mostDevices is how many browsers are remembered of one account.
const mostDevices = 20

// ErrNoSession answers a cookie that opens nothing: never given, ended, too
// old, or of an account that is disabled.
var ErrNoSession = errors.New("the session is not there")

// Visitor is who comes with a session. MustChange says that the password was
// made by an admin, so that it is changed before anything else is done.
type Visitor struct {
	Account
	MustChange bool `db:"must_change"`
}

// BySession finds whose session it is, or answers ErrNoSession. That somebody
// is still there is noted at most once a minute, and only while the session
// exists: one that is ended meanwhile does not come back.
func (s *Store) BySession(ctx context.Context, session string) (Visitor, error) {
	const find = `
		WITH found AS (
			SELECT x.hash, a.login, a.name, a.role, COALESCE(a.department, '') AS department,
				a.one_time_until IS NOT NULL AS must_change
			FROM sessions x JOIN accounts a ON a.login = x.login
			WHERE x.hash = $1 AND x.last_seen_at > $2 AND x.created_at > $3
			  AND a.disabled_at IS NULL
		), noted AS (
			UPDATE sessions SET last_seen_at = $4
			WHERE hash IN (SELECT hash FROM found)
			  AND last_seen_at <= $4::timestamptz - interval '1 minute'
		)
		SELECT login, name, role, department, must_change FROM found`
	now := s.Now()
	var who Visitor
	err := s.DB.GetContext(ctx, &who, find, hashToken(session), now.Add(-SessionIdle), now.Add(-SessionLife), now)
	if errors.Is(err, sql.ErrNoRows) {
		return Visitor{}, ErrNoSession
	}
	if err != nil {
		return Visitor{}, fmt.Errorf("look up a session: %w", err)
	}
	return who, nil
}

// Begin makes a session for whoever gave the right password, and returns what
// the cookie holds. It is always a new one, whatever cookie came with the
// login. When the account was disabled or its password changed since the
// password was looked at, there is none: ErrWrongPassword.
func (s *Store) Begin(ctx context.Context, tx *sqlx.Tx, checked Checked, address string) (string, error) {
	now := s.Now()
	_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE last_seen_at <= $1 OR created_at <= $2`,
		now.Add(-SessionIdle), now.Add(-SessionLife))
	if err != nil {
		return "", fmt.Errorf("remove old sessions: %w", err)
	}
	session := rand.Text()
	const begin = `
		WITH allowed AS (
			SELECT login FROM accounts
			WHERE login = $2 AND password_hash = $3 AND disabled_at IS NULL
			FOR SHARE
		)
		INSERT INTO sessions (hash, login, address, created_at, last_seen_at)
		SELECT $1, login, $4, $5, $5 FROM allowed`
	made, err := tx.ExecContext(ctx, begin, hashToken(session), checked.Login, checked.hash, address, now)
	if err != nil {
		return "", fmt.Errorf("begin a session: %w", err)
	}
	if n, err := made.RowsAffected(); err != nil || n == 0 {
		return "", errors.Join(err, ErrWrongPassword)
	}
	return session, nil
}

// End ends one session; one that is not there is no error.
func (s *Store) End(ctx context.Context, tx *sqlx.Tx, session string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE hash = $1`, hashToken(session)); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// EndSessions ends every session of an account and tells how many there were.
func (s *Store) EndSessions(ctx context.Context, tx *sqlx.Tx, login string) (int, error) {
	ended, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE login = $1`, login)
	if err != nil {
		return 0, fmt.Errorf("end the sessions of an account: %w", err)
	}
	n, err := ended.RowsAffected()
	return int(n), err
}

// KnowsDevice tells whether somebody came in with this account from the browser
// that holds the device's secret.
func (s *Store) KnowsDevice(ctx context.Context, device, login string) (bool, error) {
	if device == "" {
		return false, nil
	}
	var known bool
	err := s.DB.GetContext(ctx, &known, `
		SELECT EXISTS (SELECT FROM devices WHERE hash = $1 AND login = $2 AND last_used_at > $3)`,
		hashToken(device), login, s.Now().Add(-DeviceLife))
	if err != nil {
		return false, fmt.Errorf("look up a device: %w", err)
	}
	return known, nil
}

// RememberDevice notes a login from a browser and returns what its cookie
// holds. A browser that the register has given no cookie gets one; two people
// at one browser share it. The oldest are forgotten.
func (s *Store) RememberDevice(ctx context.Context, tx *sqlx.Tx, device, login string) (string, error) {
	var ours bool
	err := tx.GetContext(ctx, &ours, `SELECT EXISTS (SELECT FROM devices WHERE hash = $1)`, hashToken(device))
	if err == nil {
		if !ours {
			device = rand.Text()
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO devices (hash, login, last_used_at) VALUES ($1, $2, $3)
			ON CONFLICT (hash, login) DO UPDATE SET last_used_at = excluded.last_used_at`,
			hashToken(device), login, s.Now())
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			DELETE FROM devices WHERE login = $1 AND (last_used_at <= $2 OR hash IN (
				SELECT hash FROM devices WHERE login = $1 ORDER BY last_used_at DESC, hash OFFSET $3))`,
			login, s.Now().Add(-DeviceLife), mostDevices)
	}
	if err != nil {
		return "", fmt.Errorf("remember a device: %w", err)
	}
	return device, nil
}
