package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Link (verband) says that another complaint is about the same matter.
type Link struct {
	Number   complaint.Number `db:"number" json:"number" doc:"the other complaint"`
	Reasons  string           `db:"reasons" json:"reasons"`
	LinkedBy string           `db:"linked_by" json:"linked_by"`
	LinkedAt time.Time        `db:"linked_at" json:"linked_at"`
}

// AddLink links two complaints; a second link between them is refused.
func (s *Store) AddLink(ctx context.Context, tx *sqlx.Tx, one, other complaint.Number, reasons, by string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO links (number, other, reasons, linked_by, linked_at)
		VALUES ($1, $2, $3, $4, $5)`, min(one, other), max(one, other), reasons, by, s.now())
	if violates(err, "links_pkey") {
		return complaint.Conflict("already_linked", "Complaints %s and %s are linked already.", one, other)
	}
	return wrap(err, "link %s to %s", one, other)
}

// links leaves out a complaint that is the DPO's alone: it is not shown whose it is.
func links(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]Link, error) {
	found := []Link{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT CASE number WHEN $1 THEN other ELSE number END AS number, reasons, linked_by, linked_at
		FROM links l
		WHERE (number = $1 OR other = $1)
		  AND NOT EXISTS (SELECT FROM complaints c
			WHERE c.concealed AND c.number = CASE l.number WHEN $1 THEN l.other ELSE l.number END)
		ORDER BY 1`, number)
	return found, wrap(err, "read the links of %s", number)
}

// Exists tells whether there is a complaint of that number.
func Exists(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (bool, error) {
	var found bool
	err := tx.GetContext(ctx, &found, `SELECT EXISTS (SELECT FROM complaints WHERE number = $1)`, string(number))
	return found, wrap(err, "look for %s", number)
}
