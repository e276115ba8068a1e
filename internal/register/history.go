package register

import (
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Details of an event are codes, numbers and days; never what somebody wrote.
type Details map[string]any

// Event is one thing that happened to a case.
type Event struct {
	ID      int64            `db:"id" json:"id"`
	Number  complaint.Number `db:"number" json:"-"`
	At      time.Time        `db:"at" json:"at"`
	Kind    string           `db:"kind" json:"kind"`
	Actor   string           `db:"actor" json:"actor" doc:"a login, public or procedure"`
	Details json.RawMessage  `db:"details" json:"details" doc:"codes, numbers and days"`
}

// byProcedure is the actor of what the procedure does by itself.
const byProcedure = "procedure"

// AddEvent writes one line of a case's history.
func (s *Store) AddEvent(ctx context.Context, tx *sqlx.Tx, number complaint.Number, kind, actor string, details Details) error {
	if details == nil {
		details = Details{}
	}
	body, err := jsonText(details)
	if err != nil {
		return wrap(err, "write event %s of %s", kind, number)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO events (number, at, kind, actor, details)
		VALUES ($1, $2, $3, $4, $5)`,
		number, s.now(), kind, actor, body)
	return wrap(err, "write event %s of %s", kind, number)
}

func events(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]Event, error) {
	found := []Event{}
	err := sqlx.SelectContext(ctx, db, &found, `
		SELECT id, number, at, kind, actor, details
		FROM events
		WHERE number = $1
		ORDER BY id`, number)
	return found, wrap(err, "read the events of %s", number)
}

// Audit is one change or one look: who, in what role, what, of which complaint,
// from where, and the names of the fields concerned.
type Audit struct {
	Actor, Role, Action string
	Number              complaint.Number // empty: nothing of one complaint
	Address             string
	Fields              []string
}

// AddAudit writes one line of the audit trail, in the transaction of the change
// or, with the plain handle, beside a look.
func (s *Store) AddAudit(ctx context.Context, db sqlx.ExecerContext, a Audit) error {
	fields := a.Fields
	if fields == nil {
		fields = []string{}
	}
	_, err := db.ExecContext(ctx, `
		INSERT INTO audit (at, actor, role, action, number, address, fields)
		VALUES ($1, $2, $3, $4, NULLIF($5, ''), $6, $7)`,
		s.now(), a.Actor, a.Role, a.Action, a.Number, a.Address, pq.Array(fields))
	return wrap(err, "write the audit of %s", a.Action)
}
