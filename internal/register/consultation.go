package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// AddConsultation opens a consultation of a department.
func (s *Store) AddConsultation(ctx context.Context, tx *sqlx.Tx, c complaint.Consultation) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO consultations (number, department, question, due_on, asked_at, asked_by,
			follow_up_to, handed_over_from, hand_over_reasons)
		VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, 0), NULLIF($8, 0), NULLIF($9, ''))
		RETURNING id`, c.Number, c.Department, c.Question, c.DueOn, c.AskedAt, c.AskedBy,
		c.FollowUpTo, c.HandedOverFrom, c.HandOverReasons)
	return id, wrap(err, "open a consultation on %s", c.Number)
}

// consultationRow reads what may be NULL.
type consultationRow struct {
	complaint.Consultation
	AnsweredAt *time.Time `db:"answered_at"`
}

const consultationColumns = `id, number, department, question, due_on, asked_at, asked_by, state, answered_at,
	COALESCE(answered_by, '') AS answered_by, COALESCE(answer, '') AS answer,
	COALESCE(proposed_remedy, '') AS proposed_remedy, COALESCE(follow_up_to, 0) AS follow_up_to,
	COALESCE(handed_over_from, 0) AS handed_over_from, COALESCE(hand_over_reasons, '') AS hand_over_reasons`

func (r consultationRow) read() complaint.Consultation {
	if r.AnsweredAt != nil {
		r.Consultation.AnsweredAt = *r.AnsweredAt
	}
	return r.Consultation
}

// Consultation reads one consultation.
func (s *Store) Consultation(ctx context.Context, id int64) (complaint.Consultation, error) {
	return consultation(ctx, s.db, id)
}

func consultation(ctx context.Context, db sqlx.QueryerContext, id int64) (complaint.Consultation, error) {
	var row consultationRow
	err := sqlx.GetContext(ctx, db, &row, `SELECT `+consultationColumns+` FROM consultations WHERE id = $1`, id)
	return row.read(), wrap(missing(err, "consultation"), "read consultation %d", id)
}

// Consultations reads all consultations on a complaint, in the order in which
// they were opened. The handle may be a transaction.
func Consultations(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]complaint.Consultation, error) {
	var rows []consultationRow
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT `+consultationColumns+` FROM consultations
		WHERE number = $1
		ORDER BY id`, number)
	found := make([]complaint.Consultation, 0, len(rows))
	for _, row := range rows {
		found = append(found, row.read())
	}
	return found, wrap(err, "read the consultations on %s", number)
}

// LockConsultation locks the complaint of a consultation and reads both. One that
// is not the caller's own, or that is about what has become the DPO's alone, is
// missing, and nothing of it is waited for.
func LockConsultation(ctx context.Context, tx *sqlx.Tx, id int64, own func(complaint.Consultation) bool) (complaint.Consultation, Case, error) {
	asked, err := consultation(ctx, tx, id)
	if err == nil && !own(asked) {
		err = complaint.Missing("consultation")
	}
	if err != nil {
		return complaint.Consultation{}, Case{}, err
	}
	c, err := LockCase(ctx, tx, asked.Number)
	if err != nil {
		return complaint.Consultation{}, Case{}, err
	}
	if c.Referred {
		return complaint.Consultation{}, Case{}, complaint.Missing("consultation")
	}
	asked, err = consultation(ctx, tx, id) // as it is under the lock
	return asked, c, err
}

// AnswerConsultation keeps a department's answer; late says that it came after
// the case was decided.
func (s *Store) AnswerConsultation(ctx context.Context, tx *sqlx.Tx, id int64, by, answer, remedy string, late bool) error {
	state := complaint.ConsultationAnswered
	if late {
		state = complaint.ConsultationLate
	}
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE consultations
		SET state = $2, answered_at = $3, answered_by = $4, answer = $5, proposed_remedy = $6
		WHERE id = $1 AND answered_at IS NULL`, id, state, s.now(), by, answer, remedy)),
		"store the answer to consultation %d", id)
}

// EndHandedOver ends a consultation that another department continues.
func (s *Store) EndHandedOver(ctx context.Context, tx *sqlx.Tx, id int64) error {
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE consultations SET state = 'handed_over', ended_at = $2
		WHERE id = $1 AND state = 'open'`, id, s.now())), "hand over consultation %d", id)
}

// EndConsultation ends one question whose answer is not waited for any more.
func (s *Store) EndConsultation(ctx context.Context, tx *sqlx.Tx, id int64) error {
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE consultations SET state = 'ended', ended_at = $2
		WHERE id = $1 AND state = 'open'`, id, s.now())), "end consultation %d", id)
}

// endConsultations notes that a case goes on without the answers still open, and
// without the service that was to help first.
func (s *Store) endConsultations(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE consultations SET state = 'ended', ended_at = $2
		WHERE number = $1 AND state = 'open'`, number, s.now())
	if err == nil {
		err = s.releaseService(ctx, tx, number)
	}
	return wrap(err, "end the consultations on %s", number)
}
