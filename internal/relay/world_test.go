package relay

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"
	"ombudsdienst/schema"

	"github.com/jmoiron/sqlx"
	"github.com/prometheus/client_golang/prometheus"
)

const (
	appUser   = "ombudsdienst_app"
	namespace = "complaints-of-a-test"
)

// world is a register on a real PostgreSQL, a Temporal that says what a test
// wants, and one clock for all.
type world struct {
	*testing.T
	url      string
	db       *sqlx.DB
	store    *register.Store
	keys     *register.Keys
	temporal *fakeTemporal
	measured *prometheus.Registry // of the relay made last
	relay    *Relay

	mu    sync.Mutex
	clock time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	_, appURL := pgtest.Migrated(t, schema.Migrate)
	db := pgtest.Connect(t, appURL)
	w := &world{T: t, url: appURL, db: db, temporal: newFakeTemporal(),
		clock: complaint.NewDay(2026, time.March, 2).At(10, 0)}
	keys, err := register.ParseKeys(strings.Repeat("0a", 32))
	if err != nil {
		t.Fatal(err)
	}
	w.keys = keys
	w.store = register.New(db, keys, w.now)
	w.relay = w.newRelay(Tuning{})
	return w
}

func (w *world) newRelay(tuning Tuning) *Relay {
	w.measured = prometheus.NewRegistry()
	return New(Config{Store: w.store, DatabaseURL: w.url, Temporal: w.temporal, Namespace: namespace, Now: w.now,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Registerer: w.measured, Tuning: tuning})
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// round carries everything that may leave at this moment, and waits for it.
func (w *world) round() error { return w.roundOf(w.relay) }

func (w *world) roundOf(r *Relay) error {
	err := r.carry(w.Context())
	r.deliveries.Wait()
	trouble := r.trouble.reported()
	r.trouble.forget() // as after a pause
	return errors.Join(err, trouble)
}

func (w *world) mustRound() {
	w.Helper()
	if err := w.round(); err != nil {
		w.Fatalf("the relay is in trouble: %v", err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	if _, err := w.db.ExecContext(w.Context(), query, args...); err != nil {
		w.Fatal(err)
	}
}

// submit stores the n-th submission of 2026, raising the counter.
func (w *world) submit(n int) complaint.Number {
	w.Helper()
	number := complaint.NewNumber(2026, n)
	w.exec(`INSERT INTO counters (year, last) VALUES (2026, $1)
		ON CONFLICT (year) DO UPDATE SET last = greatest(counters.last, excluded.last)`, n)
	w.exec(`INSERT INTO submissions (number, intake, language, received_at, registered_at, complainant_type,
			name, contact_name, salutation, street, postcode, city, country, email, phone, member_number,
			topic, text, concerns_privacy, receipt_hash, receipt_sealed)
		VALUES ($1, 'web_form', 'nl', $2, $2, 'person', '', '', '', '', '', '', '', '', '', '', '', 'text', false, $3, $4)`,
		number, w.now(), []byte(number), w.keys.Seal("receipt", []byte(number)))
	return number
}

// register makes the n-th case of 2026, without a start row.
func (w *world) register(n int) {
	w.Helper()
	number := w.submit(n)
	day0 := complaint.DayOf(w.now())
	w.exec(`INSERT INTO complaints (number, stage, waiting_for, deadline_version, day_0, last_day, term_last_day, send_by, ends_at,
			finding, ground, facts, search)
		VALUES ($1, 'received', 'none', 1, $2, $3, $3, $3, $4, 'admissible', '', '[]', '')`,
		number, day0, day0.AddDays(45), day0.AddDays(45).End())
}

// lodge makes the n-th case with its start row, and answers with that.
func (w *world) lodge(n int) int64 {
	w.Helper()
	w.register(n)
	number, day0 := complaint.NewNumber(2026, n), complaint.DayOf(w.now())
	return w.command(n, complaint.CommandStart, complaint.Start{Number: number, Department: "HOSPITALISATIE",
		Stage: complaint.Registered, WaitingFor: complaint.WaitOmbuds,
		Moments: complaint.Moments{Version: 1, LastDay: day0.AddDays(45), EndsAt: day0.AddDays(45).End()}})
}

// command leaves a row for the n-th case.
func (w *world) command(n int, kind complaint.CommandKind, body any) (row int64) {
	w.Helper()
	err := register.Tx(w.Context(), w.db, func(tx *sqlx.Tx) (err error) {
		row, err = w.store.AppendOutbox(w.Context(), tx, complaint.NewNumber(2026, n), kind, body)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return row
}

// record is what the procedure does when it has taken a row of the n-th case.
func (w *world) record(n int, row int64) {
	w.Helper()
	number := complaint.NewNumber(2026, n)
	_, err := w.store.Enter(w.Context(), complaint.Entry{Number: number, Row: row, RunID: "run",
		Position: complaint.Position{Revision: 1, Stage: complaint.Investigating, WaitingFor: complaint.WaitOmbuds}})
	if err != nil {
		w.Fatal(err)
	}
}

// recordAnother lodges and records a case, so that others are being recorded.
func (w *world) recordAnother(n int) {
	w.Helper()
	w.record(n, w.lodge(n))
}

func (w *world) closeCase(n int) {
	w.Helper()
	w.exec(`UPDATE complaints SET stage = 'closed', result = 'answered', waiting_for = 'none', closed_at = $2
		WHERE number = $1`, complaint.NewNumber(2026, n), w.now())
}

// outboxRow is what the register keeps about a row's way.
type outboxRow struct {
	Deliveries int
	NextAt     time.Time    `db:"next_at"`
	Delivered  sql.NullTime `db:"delivered_at"`
	Done       sql.NullTime `db:"done_at"`
	Blocked    sql.NullTime `db:"blocked_at"`
	Effect     sql.NullString
}

func (w *world) row(id int64) (row outboxRow) {
	w.Helper()
	err := w.db.GetContext(context.WithoutCancel(w.Context()), &row, `
		SELECT deliveries, next_at, delivered_at, done_at, blocked_at, effect FROM outbox WHERE id = $1`, id)
	if err != nil {
		w.Fatal(err)
	}
	return row
}

// metric is the value of a metric with at most one label.
func (w *world) metric(name string) float64 {
	w.Helper()
	families, err := w.measured.Gather()
	if err != nil {
		w.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == name {
			metric := family.GetMetric()[0]
			return metric.GetGauge().GetValue() + metric.GetCounter().GetValue()
		}
	}
	w.Fatalf("there is no metric %s", name)
	return 0
}

// wantSent checks the rows that reached Temporal so far, in their order.
func (w *world) wantSent(rows ...int64) {
	w.Helper()
	got := w.temporal.sentRows()
	if len(got) != len(rows) {
		w.Fatalf("rows that left: %v, want %v", got, rows)
	}
	for i := range rows {
		if got[i] != rows[i] {
			w.Fatalf("rows that left: %v, want %v", got, rows)
		}
	}
}
