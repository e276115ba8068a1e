package register

import (
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

const absenceSelect = `SELECT id, officer, from_day, until_day, stand_in FROM absences`

// LockAbsences lets notes of absences take turns until the transaction ends.
func LockAbsences(ctx context.Context, tx *sqlx.Tx) error {
	_, err := tx.ExecContext(ctx, `LOCK TABLE absences IN SHARE ROW EXCLUSIVE MODE`)
	return wrap(err, "lock the absences")
}

// AddAbsence keeps that an officer is away.
func (s *Store) AddAbsence(ctx context.Context, tx *sqlx.Tx, a complaint.Absence, by string) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO absences (officer, from_day, until_day, stand_in, noted_by, noted_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, a.Officer, a.From, a.Until, a.StandIn, by, s.now())
	return id, wrap(err, "note an absence")
}

// EndAbsences ends every absence of an officer on the day before a day, also
// those that have not begun, and tells how many that were.
func EndAbsences(ctx context.Context, tx *sqlx.Tx, officer string, back complaint.Day) (int64, error) {
	result, err := tx.ExecContext(ctx, `
		UPDATE absences SET until_day = GREATEST($2::date, from_day) - 1
		WHERE officer = $1 AND until_day >= $2 AND until_day >= from_day`, officer, back)
	if err != nil {
		return 0, wrap(err, "end an absence")
	}
	ended, err := result.RowsAffected()
	return ended, wrap(err, "end an absence")
}

// Absences lists an officer's absences that are not over on a day, the first first.
func Absences(ctx context.Context, db sqlx.QueryerContext, officer string, day complaint.Day) ([]complaint.Absence, error) {
	found := []complaint.Absence{}
	err := sqlx.SelectContext(ctx, db, &found, absenceSelect+`
		WHERE officer = $1 AND until_day >= $2 AND until_day >= from_day
		ORDER BY from_day, id`, officer, day)
	return found, wrap(err, "read the absences of an officer")
}

// absencesOn lists who is away on a day.
func absencesOn(ctx context.Context, db sqlx.QueryerContext, day complaint.Day) ([]complaint.Absence, error) {
	var found []complaint.Absence
	err := sqlx.SelectContext(ctx, db, &found, absenceSelect+`
		WHERE $1 BETWEEN from_day AND until_day
		ORDER BY id`, day)
	return found, wrap(err, "read who is away")
}
