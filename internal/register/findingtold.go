package register

import (
	"context"
	"errors"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// ClaimFindings takes the findings that no message to the supervisors has named
// yet, and marks them as told; nil when there are none, or when a message left on
// this Brussels day already. Those of privacy files are not the supervisors'. What
// is claimed and then lost in a crash is told by the list only.
func (s *Store) ClaimFindings(ctx context.Context) (*complaint.FindingsNotice, error) {
	notice := complaint.FindingsNotice{At: s.moment()}
	err := s.tx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, verifyLock); err != nil {
			return err
		}
		told, err := tx.ExecContext(ctx, `
			UPDATE findings SET told_at = $1
			WHERE told_at IS NULL AND gone_at IS NULL AND settled_at IS NULL AND file = ''
			  AND NOT EXISTS (SELECT FROM findings WHERE told_at >= $2)`, notice.At, complaint.DayOf(notice.At).Start())
		if err != nil {
			return err
		}
		n, err := told.RowsAffected()
		notice.New = int(n)
		if err != nil || n == 0 {
			return err
		}
		return tx.GetContext(ctx, &notice.Standing, `
			SELECT count(*) FROM findings WHERE gone_at IS NULL AND settled_at IS NULL AND file = ''`)
	})
	if err != nil || notice.New == 0 {
		return nil, wrap(err, "take findings to tell them")
	}
	return &notice, nil
}

// FindingsUntold gives findings back whose message did not leave.
func (s *Store) FindingsUntold(ctx context.Context, notice complaint.FindingsNotice) error {
	told, err := s.db.ExecContext(ctx, `UPDATE findings SET told_at = NULL WHERE told_at = $1`, notice.At)
	if err != nil {
		return wrap(err, "give findings back")
	}
	if n, err := told.RowsAffected(); err != nil || n == 0 {
		return wrap(errors.Join(err, errNoRows), "give findings back")
	}
	return nil
}
