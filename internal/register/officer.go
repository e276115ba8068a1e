package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// IsOfficer tells whether a login is an ombuds officer who may be assigned to.
func IsOfficer(ctx context.Context, tx *sqlx.Tx, login string) (bool, error) {
	var found bool
	err := tx.GetContext(ctx, &found, `
		SELECT EXISTS (SELECT FROM accounts WHERE login = $1 AND role = 'ombuds' AND disabled_at IS NULL)`, login)
	return found, wrap(err, "look for an officer")
}

// AssignmentNote is one hand-over of a complaint to an officer.
type AssignmentNote struct {
	Officer    *string   `db:"officer" json:"officer" nullable:"true" doc:"null: taken from the officer, who is named as involved"`
	Previous   *string   `db:"previous" json:"previous" nullable:"true"`
	Reasons    string    `db:"reasons" json:"reasons"`
	AssignedBy string    `db:"assigned_by" json:"assigned_by"`
	AssignedAt time.Time `db:"assigned_at" json:"assigned_at"`
}

// SetOfficer says who handles a locked complaint, nobody when the login is
// empty, and keeps why. It changes nothing in time.
func (s *Store) SetOfficer(ctx context.Context, tx *sqlx.Tx, c Case, login, reasons, by string) error {
	err := one(tx.ExecContext(ctx, `UPDATE complaints SET officer = $2 WHERE number = $1`, c.Number, orNull(login)))
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO assignments (number, officer, previous, reasons, assigned_by, assigned_at)
			VALUES ($1, $2, $3, $4, $5, $6)`, c.Number, orNull(login), orNull(c.Officer), reasons, by, s.now())
	}
	return wrap(err, "assign %s", c.Number)
}

func assignments(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]AssignmentNote, error) {
	found := []AssignmentNote{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT officer, previous, reasons, assigned_by, assigned_at
		FROM assignments
		WHERE number = $1
		ORDER BY id`, number)
	return found, wrap(err, "read the assignments of %s", number)
}

// InCharge finds the login of who handles a complaint on a day, as
// complaint.InCharge says; empty: nobody, so the shared list takes it. The
// handle may be a transaction.
func InCharge(ctx context.Context, db sqlx.QueryerContext, number complaint.Number, day complaint.Day) (string, error) {
	var officer string
	err := sqlx.GetContext(ctx, db, &officer, `SELECT COALESCE(officer, '') FROM complaints WHERE number = $1`, number)
	if err != nil || officer == "" {
		return "", wrap(missing(err, "complaint"), "look who handles %s", number)
	}
	away, err := absencesOn(ctx, db, day)
	if err != nil {
		return "", err
	}
	involved, err := Involved(ctx, db, number)
	if err != nil {
		return "", err
	}
	return complaint.InCharge(officer, away, involved, day), nil
}

// officerCondition keeps what an officer handles: the own complaints, and those
// of whom the officer stands in for on the day, unless named as involved.
func (s *Store) officerCondition(ctx context.Context, where *conditions, login string, day complaint.Day) error {
	if login == "" {
		return nil
	}
	away, err := absencesOn(ctx, s.db, day)
	if err != nil {
		return err
	}
	where.add(`(c.officer = ? OR c.officer = ANY(?) AND NOT COALESCE((
		SELECT ? = ANY(i.logins) FROM involvements i WHERE i.number = c.number ORDER BY i.id DESC LIMIT 1), false))`,
		login, pq.Array(notNil(complaint.StandsInFor(login, away, day))), login)
	return nil
}
