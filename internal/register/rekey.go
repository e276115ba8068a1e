package register

import (
	"context"
	"crypto/hmac"
	"errors"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// rekeyBatch is how many rows are sealed again in one transaction.
const rekeyBatch = 500

// Rekey puts a new key in the place of the one in force: all that is sealed is
// sealed again, and every hash is hashed again, in batches, each in a transaction
// of its own. Broken off, it goes on where it was when it is called again with
// the same two keys; called after it was done, it finds nothing to do. From its
// first moment on a program with the old key is refused, and none runs with the
// new one before it is done. Afterwards the old key opens nothing. The handle is
// the owner's; progress hears of the rows that were done.
func Rekey(ctx context.Context, owner *sqlx.DB, old, next *Keys, progress func(rows int)) error {
	if hmac.Equal(old.hash, next.hash) {
		return errors.New("the new key is the old one")
	}
	done, err := beginRekey(ctx, owner, old, next)
	if err != nil || done {
		return wrap(err, "begin to change the key")
	}
	r := &rekey{owner: owner, old: old, next: next}
	for _, table := range []func(context.Context, *sqlx.Tx) (int, error){r.submissions, r.corrections, r.answers} {
		for rows := rekeyBatch; rows == rekeyBatch; {
			err := Tx(ctx, owner, func(tx *sqlx.Tx) (err error) {
				rows, err = table(ctx, tx)
				return err
			})
			if err != nil {
				return wrap(err, "seal with the new key")
			}
			progress(rows)
		}
	}
	return wrap(endRekey(ctx, owner, next), "end the change of the key")
}

// beginRekey puts the new key in force. It waits for what programs are writing
// with the old one; whatever they write after it is refused by the tables.
func beginRekey(ctx context.Context, owner *sqlx.DB, old, next *Keys) (done bool, err error) {
	err = Tx(ctx, owner, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `LOCK TABLE submissions, corrections, idempotency, mail_counts IN SHARE ROW EXCLUSIVE MODE`)
		if err != nil {
			return err
		}
		row, err := readKeyRow(ctx, tx, ` FOR UPDATE`)
		if errors.Is(err, errNoRows) {
			return errors.New("the register has no key yet: nothing was sealed")
		}
		if err != nil {
			return err
		}
		if hmac.Equal(row.CheckValue, next.checkValue()) {
			done = !row.Changing
			return resumeRekey(old, next, row)
		}
		if !hmac.Equal(row.CheckValue, old.checkValue()) || row.Changing {
			return ErrOtherKey
		}
		if row.Version == 255 {
			return errors.New("the register's key has been changed 254 times: that is all it can count")
		}
		if err := old.takePlace(row); err != nil {
			return err
		}
		before := old.place.Load().hashes
		next.stand(row.Version+1, before)
		earlier := next.cipher.Seal(nil, nil, slices.Concat(before...), []byte(purposeEarlier))
		err = one(tx.ExecContext(ctx, `
			UPDATE register_key SET check_value = $1, version = $2, earlier = $3, changing = true`,
			next.checkValue(), int(row.Version)+1, earlier))
		if err != nil {
			return err
		}
		return rekeyMailCounts(ctx, tx, next)
	})
	return done, err
}

// resumeRekey puts both keys in their places when the change was begun before.
func resumeRekey(old, next *Keys, row keyRow) error {
	if err := next.takePlace(row); err != nil {
		return err
	}
	hashes := next.place.Load().hashes
	if last := len(hashes) - 2; last < 0 || !hmac.Equal(hashes[last], old.hash) {
		return ErrOtherKey
	}
	old.place.Store(&place{version: row.Version - 1, hashes: hashes[:len(hashes)-1]})
	return nil
}

// rekeyMailCounts hashes the addresses of today's mail again, at once: they are
// few, and do not say with which key they were hashed.
func rekeyMailCounts(ctx context.Context, tx *sqlx.Tx, next *Keys) error {
	var addresses [][]byte
	if err := tx.SelectContext(ctx, &addresses, `SELECT DISTINCT address FROM mail_counts`); err != nil {
		return err
	}
	for _, address := range addresses {
		_, err := tx.ExecContext(ctx, `UPDATE mail_counts SET address = $2 WHERE address = $1`,
			address, next.hashAgain(purposeMailAddress, address))
		if err != nil {
			return err
		}
	}
	return nil
}

// rekey is a change under way.
type rekey struct {
	owner     *sqlx.DB
	old, next *Keys
}

// again seals a value with the new key.
func (r *rekey) again(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	plain, err := r.old.Open(purpose, sealed)
	if err != nil {
		return nil, err
	}
	return r.next.Seal(purpose, plain), nil
}

// hashed hashes a hash again; nothing stays nothing.
func (r *rekey) hashed(purpose string, hash []byte) optional {
	if len(hash) == 0 {
		return nil
	}
	return r.next.hashAgain(purpose, hash)
}

// version is what rows begin with that are still to be done.
func (r *rekey) version() int { return int(r.old.place.Load().version) }

// submissions does the next submissions. That a row is done shows on its receipt
// code, which every submission has.
func (r *rekey) submissions(ctx context.Context, tx *sqlx.Tx) (int, error) {
	var rows []submissionRow
	err := tx.SelectContext(ctx, &rows, `
		SELECT number, niss_sealed, niss_hash, receipt_sealed, receipt_hash FROM submissions
		WHERE get_byte(receipt_sealed, 0) = $1
		LIMIT $2 FOR UPDATE`, r.version(), rekeyBatch)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		niss, err := r.again(purposeNISS, row.NISSSealed)
		if err != nil {
			return 0, err
		}
		receipt, err := r.again(purposeReceipt, row.ReceiptSealed)
		if err != nil {
			return 0, err
		}
		err = one(tx.ExecContext(ctx, `
			UPDATE submissions SET niss_sealed = $2, niss_hash = $3, receipt_sealed = $4, receipt_hash = $5
			WHERE number = $1`, row.Number, optional(niss), r.hashed(purposeNISS, row.NISSHash), receipt,
			r.next.hashAgain(purposeReceipt, row.ReceiptHash)))
		if err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// corrections does the identification numbers that were replaced.
func (r *rekey) corrections(ctx context.Context, tx *sqlx.Tx) (int, error) {
	var rows []struct {
		Number  string `db:"number"`
		Version int    `db:"version"`
		Sealed  []byte `db:"niss_before_sealed"`
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT number, version, niss_before_sealed FROM corrections
		WHERE niss_before_sealed IS NOT NULL AND get_byte(niss_before_sealed, 0) = $1
		LIMIT $2 FOR UPDATE`, r.version(), rekeyBatch)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		sealed, err := r.again(purposeNISS, row.Sealed)
		if err != nil {
			return 0, err
		}
		err = one(tx.ExecContext(ctx, `
			UPDATE corrections SET niss_before_sealed = $3 WHERE number = $1 AND version = $2`, row.Number, row.Version, sealed))
		if err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// answers does what is kept for repetitions of commands.
func (r *rekey) answers(ctx context.Context, tx *sqlx.Tx) (int, error) {
	var rows []struct {
		KeyHash  []byte `db:"key_hash"`
		BodyHash []byte `db:"body_hash"`
		Sealed   []byte `db:"answer_sealed"`
		Place    string `db:"place"`
	}
	err := tx.SelectContext(ctx, &rows, `
		SELECT key_hash, body_hash, answer_sealed, ctid::text AS place FROM idempotency
		WHERE length(answer_sealed) > 0 AND get_byte(answer_sealed, 0) = $1
		LIMIT $2 FOR UPDATE`, r.version(), rekeyBatch)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		sealed, err := r.again(purposeAnswer, row.Sealed)
		if err != nil {
			return 0, err
		}
		err = one(tx.ExecContext(ctx, `
			UPDATE idempotency SET key_hash = $2, body_hash = $3, answer_sealed = $4 WHERE ctid = $1::tid`,
			row.Place, r.next.hashAgain(purposeKey, row.KeyHash), r.next.hashAgain(purposeBody, row.BodyHash), sealed))
		if err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// endRekey says that the change is done, when no row is left of any key but the
// one in force.
func endRekey(ctx context.Context, owner *sqlx.DB, next *Keys) error {
	return Tx(ctx, owner, func(tx *sqlx.Tx) error {
		var left pq.StringArray
		err := tx.GetContext(ctx, &left, `
			SELECT array_remove(ARRAY[
				CASE WHEN EXISTS (SELECT FROM submissions WHERE get_byte(receipt_sealed, 0) <> $1
					OR niss_sealed IS NOT NULL AND get_byte(niss_sealed, 0) <> $1) THEN 'submissions' END,
				CASE WHEN EXISTS (SELECT FROM corrections
					WHERE niss_before_sealed IS NOT NULL AND get_byte(niss_before_sealed, 0) <> $1) THEN 'corrections' END,
				CASE WHEN EXISTS (SELECT FROM idempotency
					WHERE length(answer_sealed) > 0 AND get_byte(answer_sealed, 0) <> $1) THEN 'idempotency' END], NULL)`,
			int(next.place.Load().version))
		if err != nil {
			return err
		}
		if len(left) > 0 {
			return errors.New("rows of another key are left in " + left[0])
		}
		return one(tx.ExecContext(ctx, `UPDATE register_key SET changing = false`))
	})
}
