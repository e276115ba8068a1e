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

// IssueToken makes a token for an account and returns it; only its hash is
// kept, so it cannot be shown again. A time to live of zero means that it does
// not expire by itself.
func (s *Store) IssueToken(ctx context.Context, login, label string, ttl time.Duration) (string, error) {
	token := newToken()
	var expires *time.Time
	if ttl > 0 {
		moment := s.Now().Add(ttl)
		expires = &moment
	}
	return token, s.keepToken(ctx, s.DB, login, label, token, expires)
}

func (s *Store) keepToken(ctx context.Context, db sqlx.ExecerContext, login, label, token string, expires *time.Time) error {
	const insert = `
		INSERT INTO tokens (login, hash, label, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5)`
	if _, err := db.ExecContext(ctx, insert, login, hashToken(token), label, s.Now(), expires); err != nil {
		return fmt.Errorf("keep a token: %w", err)
	}
	return nil
}
