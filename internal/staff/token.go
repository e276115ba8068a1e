package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrUnknownToken answers every token that lets nobody in: never issued,
// expired, revoked, or of an account that is disabled. Which of these it was is
// not told, so that a found token teaches nothing.
var ErrUnknownToken = errors.New("the token is not valid")

// tokenPrefix lets a token be recognised where it has leaked to.
const tokenPrefix = "ombuds_"

// newToken makes a token of at least 128 random bits. That is why a plain
// SHA-256 is enough to keep it: there is nothing to guess.
func newToken() string { return tokenPrefix + rand.Text() }

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// ByToken finds whose token it is, or answers ErrUnknownToken. That it was used
// is noted at most once a minute, so that reading does not mean writing.
func (s *Store) ByToken(ctx context.Context, token string) (Account, error) {
	const find = `
		WITH found AS (
			SELECT t.id, a.login, a.name, a.role, COALESCE(a.department, '') AS department
			FROM tokens t JOIN accounts a ON a.login = t.login
			WHERE t.hash = $1
			  AND t.revoked_at IS NULL
			  AND (t.expires_at IS NULL OR t.expires_at > $2)
			  AND a.disabled_at IS NULL
		), noted AS (
			UPDATE tokens SET last_used_at = $2
			WHERE id IN (SELECT id FROM found)
			  AND (last_used_at IS NULL OR last_used_at <= $2::timestamptz - interval '1 minute')
		)
		SELECT login, name, role, department FROM found`
	var account Account
	err := s.DB.GetContext(ctx, &account, find, hashToken(token), s.Now())
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, ErrUnknownToken
	}
	if err != nil {
		return Account{}, fmt.Errorf("look up a token: %w", err)
	}
	return account, nil
}

// How long a token lasts when nothing is said, and at most.
const (
	UsualTokenLife   = 90 * 24 * time.Hour
	LongestTokenLife = 366 * 24 * time.Hour
)

// shownOfToken is how many of a token's characters tell it from others in a
// list; 100 random bits stay unknown.
const shownOfToken = len(tokenPrefix) + 5

// TokenEntry is a token as it is listed: everything but the secret.
type TokenEntry struct {
	ID         int64      `db:"id" json:"id"`
	Login      string     `db:"login" json:"login"`
	Label      string     `db:"label" json:"label" doc:"what it is for"`
	Prefix     string     `db:"prefix" json:"prefix" doc:"its first characters"`
	IssuedBy   *string    `db:"issued_by" json:"issued_by" nullable:"true" doc:"login; null: made at the first start"`
	CreatedAt  time.Time  `db:"created_at" json:"created_at"`
	ExpiresAt  *time.Time `db:"expires_at" json:"expires_at" nullable:"true" doc:"null: only when it is revoked"`
	RevokedAt  *time.Time `db:"revoked_at" json:"revoked_at" nullable:"true"`
	LastUsedAt *time.Time `db:"last_used_at" json:"last_used_at" nullable:"true" doc:"to the minute; null: never"`
}

const tokenColumns = `id, login, label, prefix, issued_by, created_at, expires_at, revoked_at, last_used_at`

// Tokens lists the tokens of an account, the newest first, below one ID when it
// is not zero, at most so many.
func (s *Store) Tokens(ctx context.Context, login string, below int64, most int) ([]TokenEntry, error) {
	var found []TokenEntry
	err := s.DB.SelectContext(ctx, &found, `
		SELECT `+tokenColumns+` FROM tokens
		WHERE login = $1 AND ($2 = 0 OR id < $2)
		ORDER BY id DESC
		LIMIT $3`, login, below, most)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return found, nil
}

// IssueToken makes a token for an account and returns it; only its hash is
// kept, so it cannot be shown again. A time to live of zero means that it does
// not expire by itself.
func (s *Store) IssueToken(ctx context.Context, login, label string, ttl time.Duration) (string, error) {
	token := newToken()
	_, err := s.keepToken(ctx, s.DB, TokenEntry{Login: login, Label: label, ExpiresAt: s.after(ttl)}, token)
	return token, err
}

// Issue is IssueToken inside a transaction, by somebody, for an account that
// exists and is not disabled: ErrNoAccount otherwise.
func (s *Store) Issue(ctx context.Context, tx *sqlx.Tx, login, label string, ttl time.Duration, by string) (string, TokenEntry, error) {
	var there bool
	err := tx.GetContext(ctx, &there, `SELECT disabled_at IS NULL FROM accounts WHERE login = $1 FOR SHARE`, login)
	if err == nil && !there {
		err = sql.ErrNoRows
	}
	if err != nil {
		return "", TokenEntry{}, noAccount(err, "issue a token")
	}
	token := newToken()
	kept, err := s.keepToken(ctx, tx, TokenEntry{Login: login, Label: label, ExpiresAt: s.after(ttl), IssuedBy: &by}, token)
	return token, kept, err
}

func (s *Store) after(ttl time.Duration) *time.Time {
	if ttl <= 0 {
		return nil
	}
	moment := s.Now().Add(ttl)
	return &moment
}

func (s *Store) keepToken(ctx context.Context, db sqlx.QueryerContext, t TokenEntry, token string) (TokenEntry, error) {
	const insert = `
		INSERT INTO tokens (login, hash, label, prefix, issued_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING ` + tokenColumns
	var kept TokenEntry
	err := sqlx.GetContext(ctx, db, &kept, insert, t.Login, hashToken(token), t.Label, token[:min(len(token), shownOfToken)], t.IssuedBy, s.Now(), t.ExpiresAt)
	if err != nil {
		return kept, fmt.Errorf("keep a token: %w", err)
	}
	return kept, nil
}

// Revoke ends a token of an account; one that is revoked already stays as it
// is. One that is not there, or another account's, is ErrUnknownToken.
func (s *Store) Revoke(ctx context.Context, tx *sqlx.Tx, login string, id int64) (TokenEntry, error) {
	var revoked TokenEntry
	err := tx.GetContext(ctx, &revoked, `
		UPDATE tokens SET revoked_at = COALESCE(revoked_at, $3)
		WHERE login = $1 AND id = $2
		RETURNING `+tokenColumns, login, id, s.Now())
	if errors.Is(err, sql.ErrNoRows) {
		return TokenEntry{}, ErrUnknownToken
	}
	if err != nil {
		return TokenEntry{}, fmt.Errorf("revoke a token: %w", err)
	}
	return revoked, nil
}

func (s *Store) revokeAll(ctx context.Context, tx *sqlx.Tx, login string) error {
	_, err := tx.ExecContext(ctx, `UPDATE tokens SET revoked_at = $2 WHERE login = $1 AND revoked_at IS NULL`, login, s.Now())
	if err != nil {
		return fmt.Errorf("revoke the tokens of an account: %w", err)
	}
	return nil
}
