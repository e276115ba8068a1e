package casework

import (
	"context"

	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// Once is the key under which a caller sends a command; sent again under it, the
// command changes nothing and is answered as the first time. Without a key each
// sending is a command of its own.
type Once struct {
	Caller, Route, Key string
	BodyHash           []byte
}

func (o Once) key(permanent bool) register.Key {
	return register.Key{Caller: o.Caller, Route: o.Route, Key: o.Key, BodyHash: o.BodyHash, Permanent: permanent}
}

// exactlyOnce carries out work in one transaction with the keeping of its answer.
// A refusal is not kept: the same command may fit later.
func exactlyOnce[T any](ctx context.Context, d *Desk, key register.Key, work func(*sqlx.Tx) (T, error)) (T, error) {
	var answer T
	err := register.Tx(ctx, d.DB, func(tx *sqlx.Tx) (err error) {
		if key.Key == "" {
			answer, err = work(tx)
			return err
		}
		answered, err := d.store.ClaimKey(ctx, tx, key, &answer)
		if err != nil || answered {
			return err
		}
		if answer, err = work(tx); err != nil {
			return err
		}
		return d.store.KeepAnswer(ctx, tx, key, answer)
	})
	if err != nil {
		var none T
		return none, err
	}
	return answer, nil
}
