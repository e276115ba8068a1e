package register

import (
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// DecisionKind is what was decided.
type DecisionKind string

// The kinds. A term of a complaint has at most one outcome and one withdrawal.
const (
	DecidedAdmissibility DecisionKind = "admissibility" // complaint.AdmissionDecision
	DecidedOutcome       DecisionKind = "outcome"       // complaint.Outcome
	DecidedWithdrawal    DecisionKind = "withdrawal"    // Withdrawal
)

// Withdrawal (intrekking) is how the complainant took the complaint back.
type Withdrawal struct {
	Reasons   string        `json:"reasons"`
	On        complaint.Day `json:"on"`
	Way       string        `json:"way" doc:"how the complainant said so"`
	DecidedBy string        `json:"decided_by" doc:"who noted it"`
	DecidedAt time.Time     `json:"decided_at"`
}

// AddDecision keeps a decision; ending tells whether it decides the case, which
// opens no consultation any more. The content is of the kind's type. It answers
// with the decision's ID and the letters that no longer leave because of it.
func (s *Store) AddDecision(ctx context.Context, tx *sqlx.Tx, number complaint.Number, kind DecisionKind, by string, ending bool, content any) (id int64, dropped []int64, err error) {
	body, err := jsonText(content)
	if err != nil {
		return 0, nil, wrap(err, "store a decision on %s", number)
	}
	err = tx.GetContext(ctx, &id, `
		INSERT INTO decisions (number, kind, content, decided_by, decided_at, term)
		SELECT number, $2, $3::jsonb, $4, $5, term FROM complaints WHERE number = $1
		RETURNING id`, number, kind, body, by, s.now())
	if err != nil || !ending {
		return id, nil, wrap(err, "store a decision on %s", number)
	}
	err = one(tx.ExecContext(ctx, `UPDATE complaints SET decided_at = $2 WHERE number = $1`, number, s.now()))
	if err == nil {
		dropped, err = s.askNoMore(ctx, tx, number)
	}
	if err == nil {
		err = s.endConsultations(ctx, tx, number)
	}
	return id, dropped, wrap(err, "store a decision on %s", number)
}

// AddRecommendation keeps what an outcome asks of a department.
func AddRecommendation(ctx context.Context, tx *sqlx.Tx, number complaint.Number, decision int64, r complaint.Recommendation) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO recommendations (number, decision, department, text, due_on)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, number, decision, r.Department, r.Text, r.DueOn)
	return id, wrap(err, "store a recommendation on %s", number)
}

// inForce holds for the decisions d of complaint c that count: those of its
// present term, and an earlier admission. What refused, answered or withdrew a
// case counts no more once it is opened again.
const inForce = `(d.term = c.term OR d.kind = 'admissibility' AND d.content->>'decision' = 'admissible')`

// decisionRow is a decision as it is stored.
type decisionRow struct {
	ID      int64        `db:"id"`
	Kind    DecisionKind `db:"kind"`
	Content []byte       `db:"content"`
}

// decisions are the decisions in force on a complaint, the latest of each kind.
type decisions struct {
	Admission  *complaint.AdmissionDecision
	Asked      *complaint.AdmissionDecision // that something is missing, which settles nothing
	TakenBack  []complaint.AdmissionDecision
	Outcome    *complaint.Outcome
	Withdrawal *Withdrawal
}

func readDecisions(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (decisions, error) {
	var rows []decisionRow
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT d.id, d.kind, d.content
		FROM decisions d JOIN complaints c USING (number)
		WHERE number = $1 AND `+inForce+`
		ORDER BY d.id`, number)
	d := decisions{TakenBack: []complaint.AdmissionDecision{}}
	for _, row := range rows {
		if err != nil {
			break
		}
		switch row.Kind {
		case DecidedAdmissibility:
			err = d.admission(row.Content)
		case DecidedOutcome:
			if err = json.Unmarshal(row.Content, &d.Outcome); err == nil {
				d.Outcome.Recommendations, err = recommendationsOf(ctx, db, row.ID)
			}
		case DecidedWithdrawal:
			err = json.Unmarshal(row.Content, &d.Withdrawal)
		}
	}
	return d, wrap(err, "read the decisions on %s", number)
}

// admission reads a decision on admissibility.
func (d *decisions) admission(content []byte) error {
	var read complaint.AdmissionDecision
	if err := json.Unmarshal(content, &read); err != nil {
		return err
	}
	if read.Decision == complaint.FindPending {
		d.Asked = &read
		return nil
	}
	if before := d.Admission; before != nil && before.Decision == complaint.FindInadmissible {
		d.TakenBack = append(d.TakenBack, *before) // only a reversal follows a refusal
	}
	d.Admission = &read
	return nil
}

// recommendationsOf reads what one outcome recommended.
func recommendationsOf(ctx context.Context, db sqlx.QueryerContext, outcome int64) ([]complaint.Recommendation, error) {
	var found []complaint.Recommendation
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT id, department, text, due_on
		FROM recommendations
		WHERE decision = $1
		ORDER BY id`, outcome)
	return found, err
}

func recommendations(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]complaint.Recommendation, error) {
	found := []complaint.Recommendation{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT id, department, text, due_on
		FROM recommendations
		WHERE number = $1
		ORDER BY id`, number)
	return found, wrap(err, "read the recommendations on %s", number)
}
