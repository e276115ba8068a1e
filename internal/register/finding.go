package register

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// fileNames are kinds of files as a condition takes them.
func fileNames(files []complaint.FileKind) pq.StringArray {
	names := pq.StringArray{}
	for _, f := range files {
		names = append(names, string(f))
	}
	return names
}

// FindingFilter says which findings a list shows. Lists run from the latest
// finding backwards.
type FindingFilter struct {
	Gone    bool                 // also those that are gone
	Settled bool                 // also those that a person has settled
	Files   []complaint.FileKind // of which files
	Number  complaint.Number
	Paging
}

// Named lists what is filtered by, by name.
func (f FindingFilter) Named() []string {
	return named("gone", f.Gone, "settled", f.Settled, "number", f.Number != "")
}

// FindingRow is something that verification found wrong.
type FindingRow struct {
	ID            int64             `db:"id" json:"id"`
	Kind          string            `db:"kind" json:"kind"`
	Number        *complaint.Number `db:"number" json:"number" nullable:"true" doc:"null: it is not about one complaint"`
	Text          string            `db:"text" json:"text" doc:"in English, with numbers, codes and dates"`
	Words         string            `db:"-" json:"words" doc:"what it means, in the language asked for"`
	ToDo          string            `db:"-" json:"to_do" doc:"what to do, in the language asked for"`
	Since         time.Time         `db:"since" json:"since" doc:"first found"`
	SeenAt        time.Time         `db:"seen_at" json:"seen_at" doc:"last found"`
	GoneAt        *time.Time        `db:"gone_at" json:"gone_at" nullable:"true" doc:"not found any more; null while it stands"`
	SettledBy     *string           `db:"settled_by" json:"settled_by" nullable:"true" doc:"who knows of it; null: nobody yet"`
	SettledAt     *time.Time        `db:"settled_at" json:"settled_at" nullable:"true"`
	SettledReason *string           `db:"settled_reason" json:"settled_reason" nullable:"true"`
}

// FindingPage is a part of the list of findings.
type FindingPage = Page[FindingRow]

const findingColumns = `id, kind, number, text, since, seen_at, gone_at, settled_by, settled_at, settled_reason`

// Findings lists what verification found wrong.
func (s *Store) Findings(ctx context.Context, f FindingFilter) (FindingPage, error) {
	where := &conditions{}
	where.add("file = ANY (?)", fileNames(f.Files))
	if !f.Gone {
		where.add("gone_at IS NULL")
	}
	if !f.Settled {
		where.add("settled_at IS NULL")
	}
	if f.Number != "" {
		where.add("number = ?", f.Number)
	}
	var last int64
	if more, err := readCursor(f.Cursor, &last); err != nil {
		return FindingPage{}, err
	} else if more {
		where.add("id < ?", last)
	}
	var rows []FindingRow
	err := s.db.SelectContext(ctx, &rows, `
		SELECT `+findingColumns+` FROM findings`+where.where()+fmt.Sprintf(` ORDER BY id DESC LIMIT %d`, f.limit()+1), where.args...)
	if err != nil {
		return FindingPage{}, wrap(err, "list findings")
	}
	return pageOf(rows, f.Paging, func(r FindingRow) int64 { return r.ID }), nil
}

// SettleFinding notes that a person knows of a finding, and why it stays. It is
// missing when it is of no file that the person sees.
func (s *Store) SettleFinding(ctx context.Context, tx *sqlx.Tx, id int64, files []complaint.FileKind, by, reasons string) (FindingRow, error) {
	var row FindingRow
	err := tx.GetContext(ctx, &row, `
		SELECT `+findingColumns+` FROM findings WHERE id = $1 AND file = ANY ($2) FOR UPDATE`, id, fileNames(files))
	switch {
	case err != nil:
		return row, wrap(missing(err, "finding"), "settle finding %d", id)
	case row.GoneAt != nil:
		return row, complaint.Conflict("finding_gone", "This is not found any more.")
	case row.SettledAt != nil:
		return row, complaint.Conflict("finding_settled", "This has been settled.")
	}
	err = tx.GetContext(ctx, &row, `
		UPDATE findings SET settled_by = $2, settled_at = $3, settled_reason = $4 WHERE id = $1
		RETURNING `+findingColumns, id, by, s.moment(), reasons)
	return row, wrap(err, "settle finding %d", id)
}

// SettledFindings tells which standing findings a person has settled, by kind,
// file, number and subject.
func (s *Store) SettledFindings(ctx context.Context) (map[Found]bool, error) {
	var rows []Found
	err := s.db.SelectContext(ctx, &rows, `
		SELECT kind, file, coalesce(number, '') AS number, subject, '' AS text
		FROM findings WHERE gone_at IS NULL AND settled_at IS NOT NULL`)
	settled := map[Found]bool{}
	for _, r := range rows {
		settled[r] = true
	}
	return settled, wrap(err, "read the settled findings")
}
