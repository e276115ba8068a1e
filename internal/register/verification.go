package register

import (
	"context"
	"errors"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// verifyLock lets one run at a time keep what it found.
const verifyLock = 4250_2029

// runTakes is how long a run may take before it counts as cut off by a crash.
const runTakes = time.Hour

// Verification is one run of verification.
type Verification struct {
	ID       int64      `db:"id" json:"id"`
	AskedBy  *string    `db:"asked_by" json:"asked_by" nullable:"true" doc:"null: the nightly schedule"`
	AskedAt  time.Time  `db:"asked_at" json:"asked_at"`
	BegunAt  *time.Time `db:"begun_at" json:"begun_at" nullable:"true"`
	EndedAt  *time.Time `db:"ended_at" json:"ended_at" nullable:"true" doc:"null while it is waited for"`
	Found    *int       `db:"found" json:"found" nullable:"true" doc:"findings that stood at its end, of those that the reader may see"`
	Complete *bool      `db:"complete" json:"complete" nullable:"true" doc:"false: a part could not be looked at, as when Temporal is away"`
}

const verificationColumns = `id, asked_by, asked_at, begun_at, ended_at, found, complete`

// AskVerification asks for a run; by is empty for the nightly schedule.
func (s *Store) AskVerification(ctx context.Context, tx *sqlx.Tx, by string) (v Verification, err error) {
	err = tx.GetContext(ctx, &v, `
		INSERT INTO verifications (asked_by, asked_at) VALUES ($1, $2) RETURNING `+verificationColumns, orNull(by), s.moment())
	return v, wrap(err, "ask for a verification")
}

// BeginVerification begins the run that was asked for first; false when none
// waits. A run that was cut off is begun anew.
func (s *Store) BeginVerification(ctx context.Context) (id int64, waits bool, err error) {
	err = s.db.GetContext(ctx, &id, `
		UPDATE verifications SET begun_at = $1
		WHERE id = (SELECT id FROM verifications
			WHERE ended_at IS NULL AND coalesce(begun_at < $2, true)
			ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING id`, s.moment(), s.now().Add(-runTakes))
	if errors.Is(err, errNoRows) {
		return 0, false, nil
	}
	return id, err == nil, wrap(err, "begin a verification")
}

// BeginNightly begins a run that nobody asked for.
func (s *Store) BeginNightly(ctx context.Context) (id int64, err error) {
	err = s.db.GetContext(ctx, &id, `
		INSERT INTO verifications (asked_at, begun_at) VALUES ($1, $1) RETURNING id`, s.moment())
	return id, wrap(err, "begin a verification")
}

// Verification reads one run. Of what it found only what is about some kinds of
// files is counted: a number, too, would tell of the others.
func (s *Store) Verification(ctx context.Context, id int64, files []complaint.FileKind) (v Verification, err error) {
	err = s.db.GetContext(ctx, &v, `
		SELECT id, asked_by, asked_at, begun_at, ended_at, complete,
			CASE WHEN found IS NOT NULL THEN (
				SELECT count(*) FROM findings
				WHERE file = ANY ($2) AND since <= ended_at AND (gone_at IS NULL OR gone_at > ended_at)) END AS found
		FROM verifications WHERE id = $1`, id, fileNames(files))
	return v, wrap(missing(err, "verification"), "read verification %d", id)
}

// Found is something that a run found wrong.
type Found struct {
	Kind    string
	File    complaint.FileKind
	Number  complaint.Number // empty: it is not about one complaint
	Subject string
	Text    string
}

// Kept is what keeping the findings of a run came to.
type Kept struct {
	Standing, New, Gone int
}

// EndVerification keeps what a run found: what is new, what stands still, and
// that the rest is gone. The kinds that the run could not look at stay as they are.
func (s *Store) EndVerification(ctx context.Context, id int64, found []Found, unseen []string) (kept Kept, err error) {
	err = s.tx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, verifyLock); err != nil {
			return err
		}
		if kept, err = s.keepFindings(ctx, tx, found, unseen); err != nil {
			return err
		}
		return one(tx.ExecContext(ctx, `
			UPDATE verifications SET ended_at = $2, found = $3, complete = $4 WHERE id = $1`,
			id, s.moment(), kept.Standing, len(unseen) == 0))
	})
	return kept, wrap(err, "keep the findings of verification %d", id)
}

func (s *Store) keepFindings(ctx context.Context, tx *sqlx.Tx, found []Found, unseen []string) (Kept, error) {
	var kept Kept
	ids := []int64{}
	for _, f := range found {
		var row struct {
			ID  int64
			New bool
		}
		err := tx.GetContext(ctx, &row, `
			INSERT INTO findings (kind, file, number, subject, text, since, seen_at)
			VALUES ($1, $2, NULLIF($3, ''), $4, $5, $6, $6)
			ON CONFLICT (kind, file, coalesce(number, ''), subject) WHERE gone_at IS NULL
			DO UPDATE SET text = excluded.text, seen_at = excluded.seen_at
			RETURNING id, xmax = 0 AS new`, f.Kind, string(f.File), string(f.Number), f.Subject, f.Text, s.moment())
		if err != nil {
			return kept, err
		}
		ids = append(ids, row.ID)
		if row.New {
			kept.New++
		}
	}
	gone, err := tx.ExecContext(ctx, `
		UPDATE findings SET gone_at = $1 WHERE gone_at IS NULL AND NOT (id = ANY ($2)) AND NOT (kind = ANY ($3))`,
		s.moment(), pq.Array(ids), pq.Array(append([]string{}, unseen...)))
	if err != nil {
		return kept, err
	}
	n, err := gone.RowsAffected()
	kept.Gone = int(n)
	if err == nil {
		err = tx.GetContext(ctx, &kept.Standing, `SELECT count(*) FROM findings WHERE gone_at IS NULL`)
	}
	return kept, err
}
