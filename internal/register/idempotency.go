package register

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// keyLife is how long a command's answer is kept for its repetition.
const keyLife = 24 * time.Hour

// Key is the key under which a caller sends a command once.
type Key struct {
	Caller, Route, Key string
	BodyHash           []byte
	Permanent          bool // kept for good, not for a day
}

// ClaimKey takes a key for a command that is about to be carried out in this
// transaction, or answers with what the same command was answered before. While
// the first one is under way the second waits for it. The same key with another
// body is refused.
func (s *Store) ClaimKey(ctx context.Context, tx *sqlx.Tx, k Key, answer any) (answered bool, err error) {
	if err := s.ready(ctx, tx); err != nil {
		return false, err
	}
	if err := dropExpiredKeys(ctx, tx, s.now()); err != nil {
		return false, wrap(err, "claim an idempotency key")
	}
	hash, body := s.keys.Hash(purposeKey, []byte(k.Key)), s.keys.Hash(purposeBody, k.BodyHash)
	var expires *time.Time
	if !k.Permanent {
		at := s.now().Add(keyLife)
		expires = &at
	}
	// An expired answer that is still there makes room for the new one.
	claimed, err := tx.ExecContext(ctx, `
		INSERT INTO idempotency (caller, route, key_hash, body_hash, answer_sealed, created_at, expires_at)
		VALUES ($1, $2, $3, $4, '', $5, $6)
		ON CONFLICT (caller, route, key_hash) DO UPDATE
		SET body_hash = excluded.body_hash, created_at = excluded.created_at, expires_at = excluded.expires_at
		WHERE idempotency.expires_at <= excluded.created_at`,
		k.Caller, k.Route, hash, body, s.now(), expires)
	if err != nil {
		return false, wrap(err, "claim an idempotency key")
	}
	if n, err := claimed.RowsAffected(); err != nil || n == 1 {
		return false, wrap(err, "claim an idempotency key")
	}
	return true, wrap(s.readAnswer(ctx, tx, k, hash, body, answer), "read the first answer to a command")
}

func (s *Store) readAnswer(ctx context.Context, tx *sqlx.Tx, k Key, hash, body []byte, answer any) error {
	var kept struct {
		BodyHash     []byte `db:"body_hash"`
		AnswerSealed []byte `db:"answer_sealed"`
	}
	err := tx.GetContext(ctx, &kept, `
		SELECT body_hash, answer_sealed FROM idempotency
		WHERE caller = $1 AND route = $2 AND key_hash = $3`, k.Caller, k.Route, hash)
	if err != nil {
		return err
	}
	if !bytes.Equal(kept.BodyHash, body) {
		return complaint.Refuse(complaint.Invalid, "idempotency_key_reused",
			"This Idempotency-Key was used before with another body.")
	}
	text, err := s.keys.Open(purposeAnswer, kept.AnswerSealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// KeepAnswer keeps the answer to the command for which the key was claimed.
func (s *Store) KeepAnswer(ctx context.Context, tx *sqlx.Tx, k Key, answer any) error {
	text, err := json.Marshal(answer)
	if err != nil {
		return wrap(err, "keep the answer to a command")
	}
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE idempotency SET answer_sealed = $4
		WHERE caller = $1 AND route = $2 AND key_hash = $3`,
		k.Caller, k.Route, s.keys.Hash(purposeKey, []byte(k.Key)), s.keys.Seal(purposeAnswer, text))),
		"keep the answer to a command")
}

// dropExpiredKeys removes some expired answers, so that nobody else has to.
// Those that another command is removing are left to it.
func dropExpiredKeys(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM idempotency WHERE (caller, route, key_hash) IN (
			SELECT caller, route, key_hash FROM idempotency
			WHERE expires_at <= $1
			LIMIT 10 FOR UPDATE SKIP LOCKED)`, now)
	return err
}
