package register_test

import (
	"encoding/json"
	"flag"
	"testing"
	"time"

	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"
)

// large measures with a million rows that are done; the short version has some
// thousands, which is enough for another plan to be chosen.
var large = flag.Bool("large", false, "measure the outbox with a million rows that are done")

// node is a step of a plan as it was carried out.
type node struct {
	Type    string  `json:"Node Type"`
	Table   string  `json:"Relation Name"`
	Index   string  `json:"Index Name"`
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Plans   []node  `json:"Plans"`
}

// read counts the rows of the outbox that a plan looked at.
func (n node) read() float64 {
	var rows float64
	if n.Table == "outbox" {
		rows = (n.Rows + n.Removed) * n.Loops
	}
	for _, below := range n.Plans {
		rows += below.read()
	}
	return rows
}

// explain carries a statement out and answers with how many rows of the outbox
// it read.
func (b *books) explain(query string, args ...any) float64 {
	b.t.Helper()
	var content []byte
	tx, err := b.db.Beginx()
	must(b.t, err)
	defer tx.Rollback()
	must(b.t, tx.Get(&content, `EXPLAIN (ANALYZE, FORMAT JSON) `+query, args...))
	var plans []struct {
		Plan node
		Time float64 `json:"Execution Time"`
	}
	must(b.t, json.Unmarshal(content, &plans))
	b.t.Logf("%.0f rows read in %.1f ms", plans[0].Plan.read(), plans[0].Time)
	return plans[0].Plan.read()
}

func TestAClaimReadsOnlyWhatMayLeaveHoweverMuchIsDoneOrWaits(t *testing.T) {
	b := newBooks(t)
	waiting, done := 3_000, 30_000
	if *large {
		waiting, done = 30_000, 1_000_000
	}
	owner := pgtest.Connect(t, b.ownerURL)
	_, err := owner.Exec(`ALTER TABLE outbox DROP CONSTRAINT outbox_number_fkey`) // rows without their complaints are enough here
	must(t, err)
	fill := func(n int, kind string, first int, delivered, doneAt *time.Time) {
		t.Helper()
		_, err := owner.Exec(`
			INSERT INTO outbox (workflow_id, number, seq, kind, body, created_at, next_at, delivered_at, done_at, effect)
			SELECT 'complaint-' || n, '2026-' || lpad((n % 999999)::text, 6, '0'), 1, $2, '{}', $4::timestamptz, $4::timestamptz, $5::timestamptz, $6::timestamptz,
				CASE WHEN $6::timestamptz IS NOT NULL THEN 'applied' END
			FROM generate_series($3::int + 1, $3::int + $1::int) n`, n, kind, first, b.now, delivered, doneAt)
		must(t, err)
	}
	fill(done, "Start", 0, &b.now, &b.now)
	fill(waiting, "Start", done, nil, nil)
	fill(100, "ReceiveAnswer", done+waiting, nil, nil)
	_, err = owner.Exec(`ANALYZE outbox`)
	must(t, err)
	later := b.now.Add(time.Minute)
	if n := b.explain(register.ClaimStatement, later, later.Add(time.Minute), 16, 200, true); n > 1000 {
		t.Errorf("a claim of 16 rows reads %.0f", n)
	}
	if n := b.explain(`SELECT max(done_at) FROM outbox`); n > 2 {
		t.Errorf("the last recording takes %.0f rows", n)
	}
	_, err = b.OutboxSummary(t.Context(), later)
	must(t, err)
	removing := time.Now()
	_, err = b.RemoveDone(t.Context(), later, 1000)
	must(t, err)
	t.Logf("looking for rows to remove took %s", time.Since(removing).Round(time.Millisecond))
}
