package register

import (
	"context"
	"errors"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// GiveToWorker lets letters leave that no running procedure answers for.
func (s *Store) GiveToWorker(ctx context.Context, tx *sqlx.Tx, letters []int64) error {
	for _, id := range letters {
		if err := markStray(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

func markStray(ctx context.Context, tx *sqlx.Tx, id int64) error {
	return wrap(one(tx.ExecContext(ctx, `UPDATE letters SET stray = true WHERE id = $1`, id)), "mark letter %d", id)
}

// strayUnapplied keeps a letter from being forgotten of which a procedure was told
// that it must leave and which it does not know, as one of an earlier term.
func (s *Store) strayUnapplied(ctx context.Context, tx *sqlx.Tx, row int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE letters SET stray = true
		WHERE state IN ('owed', 'rendered') AND id = (
			SELECT (body->>'letter')::bigint FROM outbox WHERE id = $1 AND kind = 'SettleLetter')`, row)
	return wrap(err, "keep what was not applied")
}

// StrayLetters lists the letters that no procedure answers for and whose turn it
// is: after each try by e-mail they wait twice as long, an hour at most. One in
// sending was interrupted; it becomes in doubt when it is taken up.
func (s *Store) StrayLetters(ctx context.Context, most int) ([]complaint.StrayLetter, error) {
	var strays []complaint.StrayLetter
	err := s.db.SelectContext(ctx, &strays, `
		SELECT id, number FROM letters
		WHERE stray AND state IN ('owed', 'rendered', 'sending')
		  AND (channel = 'post' OR tried_since IS NULL OR sending_at IS NULL
			OR sending_at + LEAST(power(2, LEAST(attempts, 10)), 60) * interval '1 minute' <= $1)
		  AND (state <> 'sending' OR sending_at <= $1::timestamptz - interval '5 minutes')
		ORDER BY id LIMIT $2`, s.now(), most)
	return strays, wrap(err, "find the letters that nobody answers for")
}

// strayWork is the name of the lock under which it is done by one process at a time.
const strayWork = 4203

// Alone does work unless another process is at it, which is no error.
func (s *Store) Alone(ctx context.Context, work func(context.Context) error) (err error) {
	connection, err := s.db.Connx(ctx)
	if err != nil {
		return wrap(err, "connect")
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	var mine bool
	if err := connection.GetContext(ctx, &mine, `SELECT pg_try_advisory_lock($1)`, strayWork); err != nil || !mine {
		return wrap(err, "take the lock")
	}
	defer func() {
		_, failed := connection.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, strayWork)
		err = errors.Join(err, wrap(failed, "give the lock back"))
	}()
	return work(ctx)
}
