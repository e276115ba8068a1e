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
	if err := dropExpiredKeys(ctx, tx, s.now(), 1); err != nil {
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

type claimRow struct {
	Caller    string     `json:"caller" db:"caller"`
	Route     string     `json:"route" db:"route"`
	KeyHash   optional   `json:"key_hash" db:"key_hash"`
	BodyHash  optional   `json:"body_hash"`
	Answer    optional   `json:"answer_sealed"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at"`
}

func (s *Store) claimRow(k Key) claimRow {
	row := claimRow{Caller: k.Caller, Route: k.Route, CreatedAt: s.now(),
		KeyHash: s.keys.Hash(purposeKey, []byte(k.Key)), BodyHash: s.keys.Hash(purposeBody, k.BodyHash)}
	if !k.Permanent {
		at := row.CreatedAt.Add(keyLife)
		row.ExpiresAt = &at
	}
	return row
}

// Keys are claimed in one order, so that two programs that claim the same ones
// wait for each other and never crosswise.
const newKeys = `
	INSERT INTO idempotency (caller, route, key_hash, body_hash, answer_sealed, created_at, expires_at)
	SELECT caller, route, key_hash, body_hash, '', created_at, expires_at
	FROM json_populate_recordset(NULL::idempotency, $1)
	ORDER BY caller, route, key_hash
	ON CONFLICT (caller, route, key_hash) DO UPDATE
	SET body_hash = excluded.body_hash, created_at = excluded.created_at, expires_at = excluded.expires_at
	WHERE idempotency.expires_at <= excluded.created_at
	RETURNING caller, route, key_hash`

// ClaimKeys is ClaimKey for several commands of one transaction, no two of which
// have the same key. It tells of each whether it was claimed; the others were
// answered before, see KeptAnswer.
func (s *Store) ClaimKeys(ctx context.Context, tx *sqlx.Tx, keys []Key) ([]bool, error) {
	claimed := make([]bool, len(keys))
	if len(keys) == 0 {
		return claimed, nil
	}
	if err := s.ready(ctx, tx); err != nil {
		return nil, err
	}
	if err := dropExpiredKeys(ctx, tx, s.now(), len(keys)); err != nil {
		return nil, wrap(err, "claim idempotency keys")
	}
	rows, place := make([]claimRow, len(keys)), map[string]int{}
	for i, k := range keys {
		rows[i] = s.claimRow(k)
		place[rows[i].name()] = i
	}
	var got []claimRow
	if err := selectRows(ctx, s, tx, &got, newKeys, rows); err != nil {
		return nil, wrap(err, "claim idempotency keys")
	}
	for _, row := range got {
		claimed[place[row.name()]] = true
	}
	return claimed, nil
}

func (r claimRow) name() string { return r.Caller + "\x00" + r.Route + "\x00" + string(r.KeyHash) }

// KeptAnswer reads what a command was answered before; false when it was not, or
// longer ago than answers are kept. The same key with another body is refused.
func (s *Store) KeptAnswer(ctx context.Context, db sqlx.QueryerContext, k Key, answer any) (bool, error) {
	row := s.claimRow(k)
	var fresh bool
	err := sqlx.GetContext(ctx, db, &fresh, `
		SELECT EXISTS (SELECT FROM idempotency
			WHERE caller = $1 AND route = $2 AND key_hash = $3 AND (expires_at IS NULL OR expires_at > $4))`,
		k.Caller, k.Route, []byte(row.KeyHash), row.CreatedAt)
	if err == nil && fresh {
		err = s.readAnswer(ctx, db, k, row.KeyHash, row.BodyHash, answer)
	}
	return fresh, wrap(err, "read the first answer to a command")
}

const keptAnswers = `
	UPDATE idempotency SET answer_sealed = new.answer_sealed
	FROM json_populate_recordset(NULL::idempotency, $1) AS new
	WHERE idempotency.caller = new.caller AND idempotency.route = new.route AND idempotency.key_hash = new.key_hash`

// KeepAnswers keeps the answers to the commands for which keys were claimed.
func (s *Store) KeepAnswers(ctx context.Context, tx *sqlx.Tx, keys []Key, answers []any) error {
	rows := make([]claimRow, len(keys))
	for i, k := range keys {
		text, err := json.Marshal(answers[i])
		if err != nil {
			return wrap(err, "keep the answers to commands")
		}
		rows[i] = s.claimRow(k)
		rows[i].Answer = s.keys.Seal(purposeAnswer, text)
	}
	return wrap(writeRows(ctx, s, tx, keptAnswers, rows), "keep the answers to commands")
}

func (s *Store) readAnswer(ctx context.Context, db sqlx.QueryerContext, k Key, hash, body []byte, answer any) error {
	var kept struct {
		BodyHash     []byte `db:"body_hash"`
		AnswerSealed []byte `db:"answer_sealed"`
	}
	err := sqlx.GetContext(ctx, db, &kept, `
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

// dropExpiredKeys removes some expired answers for each new key, so that nobody
// else has to. Those that another command is removing are left to it.
func dropExpiredKeys(ctx context.Context, tx *sqlx.Tx, now time.Time, keys int) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM idempotency WHERE (caller, route, key_hash) IN (
			SELECT caller, route, key_hash FROM idempotency
			WHERE expires_at <= $1
			LIMIT 10 * $2::int FOR UPDATE SKIP LOCKED)`, now, keys)
	return err
}
