package register

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/lib/pq"
)

// AuditFilter says which lines of the audit trail a list shows; what is empty
// filters nothing. Lists run from the latest line backwards.
type AuditFilter struct {
	Number complaint.Number
	Actor  string
	Action string
	From   complaint.Day // inclusive
	To     complaint.Day // inclusive
	Paging
}

// Named lists what is filtered by, by name.
func (f AuditFilter) Named() []string {
	return named("number", f.Number != "", "actor", f.Actor != "", "action", f.Action != "",
		"from", !f.From.IsZero(), "to", !f.To.IsZero())
}

// AuditRow is a line of the audit trail: names of fields, never their values.
type AuditRow struct {
	ID      int64             `db:"id" json:"id"`
	At      time.Time         `db:"at" json:"at"`
	Actor   string            `db:"actor" json:"actor" doc:"a login, or public"`
	Role    string            `db:"role" json:"role"`
	Action  string            `db:"action" json:"action" doc:"look_ and what was looked at, or the name of the change"`
	Number  *complaint.Number `db:"number" json:"number" nullable:"true" doc:"null: a list, or nothing of one complaint"`
	Address string            `db:"address" json:"address" doc:"from where"`
	Fields  pq.StringArray    `db:"fields" json:"fields" doc:"names of the fields that were seen or changed"`
	Chain   string            `db:"chain" json:"chain"`
	Place   int64             `db:"place" json:"place" doc:"in its chain"`
}

// AuditPage is a part of the audit trail.
type AuditPage = Page[AuditRow]

// AuditTrail lists lines of the audit trail.
func (s *Store) AuditTrail(ctx context.Context, f AuditFilter) (AuditPage, error) {
	where := &conditions{}
	for _, t := range []struct{ condition, value string }{
		{"a.number = ?", string(f.Number)}, {"a.actor = ?", f.Actor}, {"a.action = ?", f.Action},
	} {
		if t.value != "" {
			where.add(t.condition, t.value)
		}
	}
	if !f.From.IsZero() {
		where.add("a.at >= ?", f.From.Start())
	}
	if !f.To.IsZero() {
		where.add("a.at < ?", f.To.End())
	}
	var last int64
	if more, err := readCursor(f.Cursor, &last); err != nil {
		return AuditPage{}, err
	} else if more {
		where.add("a.id < ?", last)
	}
	var rows []AuditRow
	err := s.db.SelectContext(ctx, &rows, `
		SELECT a.id, a.at, a.actor, a.role, a.action, a.number, a.address, a.fields,
			coalesce(b.chain, '') AS chain, coalesce(b.place, 0) AS place
		FROM (SELECT * FROM audit a`+where.where()+fmt.Sprintf(` ORDER BY a.id DESC LIMIT %d) a`, f.limit()+1)+`
		LEFT JOIN bindings b ON b.chain = coalesce(a.number, '@' || a.actor) AND b.book = 'audit' AND b.row_id = a.id
		ORDER BY a.id DESC`, where.args...)
	if err != nil {
		return AuditPage{}, wrap(err, "list the audit trail")
	}
	return pageOf(rows, f.Paging, func(r AuditRow) int64 { return r.ID }), nil
}

// named lists the names that are followed by true.
func named(pairs ...any) []string {
	names := []string{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1].(bool) {
			names = append(names, pairs[i].(string))
		}
	}
	return names
}
