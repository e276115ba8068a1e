package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Involvement is who is named as involved, by whom and why.
type Involvement struct {
	complaint.Involved
	Reasons string    `json:"reasons"`
	NamedBy string    `json:"named_by"`
	NamedAt time.Time `json:"named_at"`
}

type involvementRow struct {
	Logins      pq.StringArray `db:"logins"`
	Departments pq.StringArray `db:"departments"`
	Reasons     string         `db:"reasons"`
	NamedBy     string         `db:"named_by"`
	NamedAt     time.Time      `db:"named_at"`
}

func (r involvementRow) read() Involvement {
	return Involvement{
		Involved: complaint.Involved{Logins: r.Logins, Departments: r.Departments},
		Reasons:  r.Reasons, NamedBy: r.NamedBy, NamedAt: r.NamedAt,
	}
}

// NameInvolved keeps who is involved, in place of who was named before.
func (s *Store) NameInvolved(ctx context.Context, tx *sqlx.Tx, number complaint.Number, named complaint.Involved, reasons, by string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO involvements (number, logins, departments, reasons, named_by, named_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		number, pq.Array(notNil(named.Logins)), pq.Array(notNil(named.Departments)), reasons, by, s.now())
	return wrap(err, "name who is involved in %s", number)
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// Involved reads who is named as involved in a complaint. The handle may be a
// transaction.
func Involved(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (complaint.Involved, error) {
	all, err := involvements(ctx, db, number)
	return latest(all), err
}

// latest is who is named now: each naming replaces the one before it.
func latest(all []Involvement) complaint.Involved {
	if len(all) == 0 {
		return complaint.Involved{Logins: []string{}, Departments: []string{}}
	}
	return all[len(all)-1].Involved
}

func involvements(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]Involvement, error) {
	var rows []involvementRow
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT logins, departments, reasons, named_by, named_at
		FROM involvements
		WHERE number = $1
		ORDER BY id`, number)
	found := make([]Involvement, 0, len(rows))
	for _, row := range rows {
		found = append(found, row.read())
	}
	return found, wrap(err, "read who is involved in %s", number)
}

// KnownLogins tells which of some logins are accounts.
func KnownLogins(ctx context.Context, tx *sqlx.Tx, logins []string) ([]string, error) {
	var known []string
	err := tx.SelectContext(ctx, &known, `SELECT login FROM accounts WHERE login = ANY($1)`, pq.Array(notNil(logins)))
	return known, wrap(err, "look for members of staff")
}
