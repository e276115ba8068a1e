package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// SplitNote is a person's word on which part of a submission is about personal
// data. The last one counts.
type SplitNote struct {
	Split   complaint.Split `db:"split" json:"split" enum:"pure,mixed"`
	Reasons string          `db:"reasons" json:"reasons"`
	By      string          `db:"split_by" json:"split_by"`
	At      time.Time       `db:"split_at" json:"split_at"`
}

// KeepSplit keeps a split that is confirmed or corrected, and answers with how
// many there have been. Of a pure one the content is the DPO's from here on; of a
// mixed one the ombuds service reads it, also when it had been the DPO's.
func (s *Store) KeepSplit(ctx context.Context, tx *sqlx.Tx, number complaint.Number, n SplitNote) (count int, err error) {
	err = one(tx.ExecContext(ctx, `
		UPDATE privacy_files SET split = $2, split_by = $3, split_at = $4 WHERE number = $1`, number, n.Split, n.By, s.now()))
	if err == nil {
		err = s.noteSplit(ctx, tx, number, n)
	}
	if err == nil {
		err = tx.GetContext(ctx, &count, `SELECT count(*) FROM privacy_splits WHERE number = $1`, number)
	}
	return count, wrap(err, "keep the split of %s", number)
}

func (s *Store) noteSplit(ctx context.Context, tx *sqlx.Tx, number complaint.Number, n SplitNote) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO privacy_splits (number, split, reasons, split_by, split_at) VALUES ($1, $2, $3, $4, $5)`,
		number, n.Split, n.Reasons, n.By, s.now())
	if err != nil {
		return err
	}
	if n.Split == complaint.SplitPure {
		return s.conceal(ctx, tx, number)
	}
	return s.reveal(ctx, tx, number)
}

// conceal makes a complaint's content the DPO's alone: what full-text search
// finds it by is its number and nothing else.
func (s *Store) conceal(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	return one(tx.ExecContext(ctx, `
		UPDATE complaints SET concealed = true, search = to_tsvector('simple', number) WHERE number = $1`, number))
}

// reveal lets the ombuds service read and find a complaint that had been
// concealed.
func (s *Store) reveal(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	read, err := s.submission(ctx, tx, number)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE complaints
		SET concealed = false, search = to_tsvector('simple', $2) || to_tsvector('simple', COALESCE(
			(SELECT string_agg(text, ' ') FROM letters WHERE number = $1 AND file = '' AND text IS NOT NULL), ''))
		WHERE number = $1 AND concealed`, number, searchText(number, read.Submission))
	return err
}

func splits(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]SplitNote, error) {
	found := []SplitNote{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT split, reasons, split_by, split_at FROM privacy_splits WHERE number = $1 ORDER BY id`, number)
	return found, wrap(err, "read the splits of %s", number)
}

// splitMixed tells whether a person has confirmed that only a part is about
// personal data: the rest is then judged as any complaint.
func splitMixed(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (bool, error) {
	var mixed bool
	err := sqlx.GetContext(ctx, db, &mixed, `
		SELECT EXISTS (SELECT FROM privacy_files WHERE number = $1 AND split = 'mixed')`, number)
	return mixed, err
}
