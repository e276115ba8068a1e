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

// NewEvent is an event that is about to be written.
type NewEvent struct {
	Number      complaint.Number
	Kind, Actor string
	Details     Details
}

// AddEvent writes one line of a case's history.
func (s *Store) AddEvent(ctx context.Context, tx *sqlx.Tx, number complaint.Number, kind, actor string, details Details) error {
	return s.AddEvents(ctx, tx, []NewEvent{{Number: number, Kind: kind, Actor: actor, Details: details}})
}

// AddEvents writes lines of the histories of cases in one statement, in their
// order.
func (s *Store) AddEvents(ctx context.Context, tx *sqlx.Tx, events []NewEvent) error {
	if err := s.ready(ctx, tx); err != nil {
		return err
	}
	var numbers, kinds, actors, details []string
	var marks [][]byte
	at := s.moment()
	for _, e := range events {
		body, mark, err := s.detailsOf(at, e)
		if err != nil {
			return wrap(err, "write event %s of %s", e.Kind, e.Number)
		}
		numbers, kinds, actors = append(numbers, string(e.Number)), append(kinds, e.Kind), append(actors, e.Actor)
		details, marks = append(details, string(body)), append(marks, mark)
	}
	statement, err := s.statement(ctx, tx, `
		INSERT INTO events (number, at, kind, actor, details, mark)
		SELECT number, $1, kind, actor, details::jsonb, mark
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[]) AS event (number, kind, actor, details, mark)`)
	if err == nil {
		_, err = statement.ExecContext(ctx,
			at, pq.Array(numbers), pq.Array(kinds), pq.Array(actors), pq.Array(details), pq.Array(marks))
	}
	return wrap(err, "write %d events", len(events))
}

// detailsOf are the details of an event and the mark of all of it.
func (s *Store) detailsOf(at time.Time, e NewEvent) (details, mark []byte, err error) {
	if e.Details == nil {
		e.Details = Details{}
	}
	if details, err = json.Marshal(e.Details); err == nil {
		mark, err = s.markEvent(at, e, details)
	}
	return details, mark, err
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
func (s *Store) AddAudit(ctx context.Context, db sqlx.ExtContext, a Audit) error {
	return s.AddAudits(ctx, db, []Audit{a})
}

// AddAudits writes lines of the audit trail in one statement, in their order.
func (s *Store) AddAudits(ctx context.Context, db sqlx.ExtContext, lines []Audit) error {
	if err := s.ready(ctx, db); err != nil {
		return err
	}
	var actors, roles, actions, numbers, addresses, fields []string
	var marks [][]byte
	at := s.moment()
	for _, a := range lines {
		names, err := pq.StringArray(append([]string{}, a.Fields...)).Value()
		if err != nil {
			return wrap(err, "write the audit of %s", a.Action)
		}
		actors, roles, actions = append(actors, a.Actor), append(roles, a.Role), append(actions, a.Action)
		numbers, addresses, fields = append(numbers, string(a.Number)), append(addresses, a.Address), append(fields, names.(string))
		marks = append(marks, s.markAudit(at, a))
	}
	_, err := db.ExecContext(ctx, `
		INSERT INTO audit (at, actor, role, action, number, address, fields, mark)
		SELECT $1, actor, role, action, NULLIF(number, ''), address, fields::text[], mark
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
			AS line (actor, role, action, number, address, fields, mark)`,
		at, pq.Array(actors), pq.Array(roles), pq.Array(actions), pq.Array(numbers), pq.Array(addresses), pq.Array(fields), pq.Array(marks))
	return wrap(err, "write %d lines of audit", len(lines))
}
