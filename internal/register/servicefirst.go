package register

import (
	"context"
	"encoding/json"
	"errors"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// ServiceFirst is the warm hand-over of a complaint to the service.
type ServiceFirst = complaint.ServiceFirst

// AddServiceFirst keeps that a complaint is with the service first.
func (s *Store) AddServiceFirst(ctx context.Context, tx *sqlx.Tx, number complaint.Number, f ServiceFirst) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO service_first (number, department, return_on, reasons, agreed, handed_by, handed_at)
		VALUES ($1, $2, $3, $4, true, $5, $6)`, number, f.Department, f.ReturnOn, f.Reasons, f.HandedBy, f.HandedAt)
	return wrap(err, "hand %s to the service", number)
}

// FindServiceFirst reads the hand-over of a complaint to the service; nil when
// there was none. The handle may be a transaction.
func FindServiceFirst(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (*ServiceFirst, error) {
	var f ServiceFirst
	err := sqlx.GetContext(ctx, db, &f, `
		SELECT department, return_on, reasons, handed_by, handed_at, returned_at, reported_at,
			COALESCE(reported_by, '') AS reported_by, solved, COALESCE(report, '') AS report, ended_at
		FROM service_first
		WHERE number = $1`, number)
	if errors.Is(err, errNoRows) {
		return nil, nil
	}
	return &f, wrap(err, "read the hand-over of %s to the service", number)
}

// ServiceQuestion is what tells whether a complaint may go to the service first.
type ServiceQuestion struct {
	Prior   *complaint.PriorContact // nil: none was recorded
	Before  *ServiceFirst
	LastDay complaint.Day
}

// ServiceQuestion reads it, of a locked complaint.
func (s *Store) ServiceQuestion(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (q ServiceQuestion, err error) {
	var row struct {
		Prior   []byte        `db:"prior_contact"`
		LastDay complaint.Day `db:"last_day"`
	}
	err = tx.GetContext(ctx, &row, `
		SELECT s.prior_contact, c.last_day
		FROM complaints c JOIN submissions s USING (number)
		WHERE number = $1`, number)
	if err == nil && row.Prior != nil {
		err = json.Unmarshal(row.Prior, &q.Prior)
	}
	if err != nil {
		return q, wrap(err, "read the prior contact of %s", number)
	}
	q.LastDay = row.LastDay
	q.Before, err = FindServiceFirst(ctx, tx, number)
	return q, err
}

// returnFromService notes that the day has come on which a complaint is back
// with the officer.
func (s *Store) returnFromService(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE service_first SET returned_at = COALESCE(returned_at, $2) WHERE number = $1`, number, s.now())),
		"take %s back from the service", number)
}

// releaseService notes that a case is decided without what a service would still
// have said that it did, asked to help first.
func (s *Store) releaseService(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE service_first SET ended_at = $2
		WHERE number = $1 AND reported_at IS NULL AND ended_at IS NULL`, number, s.now())
	return wrap(err, "end the time of the service on %s", number)
}

// EndServiceFirst ends the time of a service before its day has come.
func (s *Store) EndServiceFirst(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE service_first SET ended_at = $2, returned_at = COALESCE(returned_at, $2)
		WHERE number = $1 AND ended_at IS NULL`, number, s.now())),
		"take %s from the service", number)
}
