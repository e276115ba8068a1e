package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// AdmissibilityWarning is a ground of other bodies that an officer noted.
type AdmissibilityWarning struct {
	Ground  complaint.Ground `json:"ground" db:"ground"`
	Reasons string           `json:"reasons" db:"reasons"`
	NotedBy string           `json:"noted_by" db:"noted_by"`
	NotedAt time.Time        `json:"noted_at" db:"noted_at"`
}

// AddAdmissibilityWarning keeps a warning; false when the ground was noted before.
func (s *Store) AddAdmissibilityWarning(ctx context.Context, tx *sqlx.Tx, number complaint.Number, ground complaint.Ground, reasons, by string) (bool, error) {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO admissibility_warnings (number, ground, reasons, noted_by, noted_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (number, ground) DO NOTHING`, number, ground, reasons, by, s.now())
	if err != nil {
		return false, wrap(err, "note a warning on %s", number)
	}
	added, err := result.RowsAffected()
	return added == 1, err
}

func admissibilityWarnings(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]AdmissibilityWarning, error) {
	warnings := []AdmissibilityWarning{}
	err := sqlx.SelectContext(ctx, db, &warnings, `
		SELECT ground, reasons, noted_by, noted_at
		FROM admissibility_warnings
		WHERE number = $1
		ORDER BY id`, number)
	return warnings, wrap(err, "read the warnings on %s", number)
}
