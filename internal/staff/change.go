package staff

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Entry is an account as an admin sees it.
type Entry struct {
	Account
	CreatedAt    time.Time  `db:"created_at" json:"created_at"`
	DisabledAt   *time.Time `db:"disabled_at" json:"disabled_at" nullable:"true" doc:"null: may come in"`
	OneTimeUntil *time.Time `db:"one_time_until" json:"one_time_until" nullable:"true" doc:"until when the one-time password lets in that has not been changed yet; null: the password is the person's own"`
	LastSeenAt   *time.Time `db:"last_seen_at" json:"last_seen_at" nullable:"true" doc:"to the minute, by a token or a session that still exists"`
}

const entry = `
	SELECT a.login, a.name, a.role, COALESCE(a.department, '') AS department,
		a.created_at, a.disabled_at, a.one_time_until,
		GREATEST(
			(SELECT max(t.last_used_at) FROM tokens t WHERE t.login = a.login),
			(SELECT max(s.last_seen_at) FROM sessions s WHERE s.login = a.login)) AS last_seen_at
	FROM accounts a`

// Entries lists accounts by login, after one login, at most so many.
func (s *Store) Entries(ctx context.Context, after string, most int) ([]Entry, error) {
	var found []Entry
	err := s.DB.SelectContext(ctx, &found, entry+`
		WHERE a.login > $1
		ORDER BY a.login
		LIMIT $2`, after, most)
	if err != nil {
		return nil, fmt.Errorf("list the accounts: %w", err)
	}
	return found, nil
}

// Entry finds one account, or answers ErrNoAccount.
func (s *Store) Entry(ctx context.Context, db sqlx.QueryerContext, login string) (Entry, error) {
	var found Entry
	err := sqlx.GetContext(ctx, db, &found, entry+` WHERE a.login = $1`, login)
	return found, noAccount(err, "find an account")
}

// Lock finds an account and keeps others from changing it until the transaction
// ends. Changes that concern admins take turns, so that two of them cannot each
// remove the other one's last admin.
func (s *Store) Lock(ctx context.Context, tx *sqlx.Tx, login string) (Entry, error) {
	_, err := tx.ExecContext(ctx, `SELECT FROM accounts WHERE role = 'admin' OR login = $1 ORDER BY login FOR UPDATE`, login)
	if err != nil {
		return Entry{}, fmt.Errorf("lock an account: %w", err)
	}
	return s.Entry(ctx, tx, login)
}

// Change is what an account becomes.
type Change struct {
	Account
	Disabled bool
}

// Apply changes a locked account. With another role or department, or disabled,
// its sessions end; disabled, its tokens are revoked too and stay so. The last
// admin stays an admin who can come in: ErrLastAdmin.
func (s *Store) Apply(ctx context.Context, tx *sqlx.Tx, before Entry, to Change) error {
	if err := to.Check(); err != nil {
		return fmt.Errorf("change an account: %w", err)
	}
	wasAdmin := before.Role == Admin && before.DisabledAt == nil
	if wasAdmin && (to.Role != Admin || to.Disabled) {
		if err := otherAdmin(ctx, tx, before.Login); err != nil {
			return err
		}
	}
	const update = `
		UPDATE accounts SET name = $2, role = $3, department = NULLIF($4, ''),
			disabled_at = CASE WHEN $5 THEN COALESCE(disabled_at, $6) END
		WHERE login = $1`
	if _, err := tx.ExecContext(ctx, update, before.Login, to.Name, to.Role, to.Department, to.Disabled, s.Now()); err != nil {
		return fmt.Errorf("change an account: %w", err)
	}
	if to.Disabled {
		if err := s.revokeAll(ctx, tx, before.Login); err != nil {
			return err
		}
	}
	if to.Disabled || to.Role != before.Role || to.Department != before.Department {
		_, err := s.EndSessions(ctx, tx, before.Login)
		return err
	}
	return nil
}

func otherAdmin(ctx context.Context, tx *sqlx.Tx, login string) error {
	var there bool
	err := tx.GetContext(ctx, &there, `
		SELECT EXISTS (SELECT FROM accounts WHERE role = 'admin' AND disabled_at IS NULL AND login <> $1)`, login)
	if err == nil && !there {
		return ErrLastAdmin
	}
	if err != nil {
		return fmt.Errorf("look for another admin: %w", err)
	}
	return nil
}

func noAccount(err error, doing string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoAccount
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
