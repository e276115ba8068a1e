package casework_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
	"ombudsdienst/schema"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
)

// The people of these stories.
var (
	public     = casework.Actor{Address: "192.0.2.1"}
	intake     = casework.Actor{Login: "ines", Role: staff.Intake, Address: "192.0.2.2"}
	officer    = casework.Actor{Login: "olga", Role: staff.Ombuds, Address: "192.0.2.3"}
	supervisor = casework.Actor{Login: "sven", Role: staff.Supervisor, Address: "192.0.2.4"}
	handler    = casework.Actor{Login: "hugo", Role: staff.Handler, Department: "HOSPITALISATIE", Address: "192.0.2.5"}
	otherDesk  = casework.Actor{Login: "hans", Role: staff.Handler, Department: "UITKERINGEN", Address: "192.0.2.6"}
	dpo        = casework.Actor{Login: "dora", Role: staff.DPO, Address: "192.0.2.8"}
	admin      = casework.Actor{Login: "anna", Role: staff.Admin, Address: "192.0.2.7"}
)

// monday is the moment at which these stories begin.
var monday = complaint.NewDay(2026, time.March, 2).At(10, 30)

// office is a desk over a migrated register of its own, with a clock that stands
// still until a story moves it on.
type office struct {
	*casework.Desk
	t      *testing.T
	db     *sqlx.DB
	owner  *sqlx.DB
	appURL string
	books  *register.Store // the procedure's side
	now    time.Time
}

const secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

// withPeople makes a register in which the people of the stories have accounts.
func withPeople(ctx context.Context, owner *sql.DB, appUser string) error {
	if err := schema.Migrate(ctx, owner, appUser); err != nil {
		return err
	}
	_, err := owner.ExecContext(ctx, `
		INSERT INTO accounts (login, name, role, department, password_hash, disabled_at, created_at) VALUES
		('ines', 'Ines', 'intake', NULL, '', NULL, now()), ('olga', 'Olga', 'ombuds', NULL, '', NULL, now()),
		('sven', 'Sven', 'supervisor', NULL, '', NULL, now()), ('anna', 'Anna', 'admin', NULL, '', NULL, now()),
		('oude', 'Oude', 'ombuds', NULL, '', now(), now()),
		('dora', 'Dora', 'dpo', NULL, '', NULL, now()),
		('hugo', 'Hugo', 'handler', 'HOSPITALISATIE', '', NULL, now()),
		('hans', 'Hans', 'handler', 'UITKERINGEN', '', NULL, now())`)
	return err
}

func newOffice(t *testing.T) *office {
	t.Helper()
	ownerURL, appURL := pgtest.Migrated(t, withPeople)
	fund, err := organisation.Load("")
	must(t, err)
	keys, err := register.ParseKeys(secret)
	must(t, err)
	o := &office{t: t, db: pgtest.Connect(t, appURL), owner: pgtest.Connect(t, ownerURL), appURL: appURL, now: monday}
	o.Desk = casework.New(casework.Config{
		DB: o.db, Organisation: fund, Calendar: complaint.NewCalendar(), Keys: keys,
		Now: func() time.Time { return o.now },
	})
	o.books = register.New(o.db, keys, func() time.Time { return o.now })
	return o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// letter is a complaint that is admissible by the rules, on paper.
func letter() complaint.Submission {
	return complaint.Submission{
		Intake: complaint.Post, Language: "nl", ReceivedAt: complaint.NewDay(2026, time.February, 27).At(9, 0),
		Complainant: complaint.Complainant{
			Name: "Karel Verzonnen", NISS: "65.01.01-991.60", MemberNumber: "M-4711",
			Address: complaint.Address{Street: "Bedachtelaan 101", Postcode: "1020", City: "Laken"},
		},
		FactsOn: complaint.NewDay(2026, time.January, 28), Department: "HOSPITALISATIE",
		Topic: "hospitalisatieverzekering", Text: "De supplementen van mijn opname worden geweigerd.",
		ContestedDecision: &complaint.ContestedDecision{On: complaint.NewDay(2026, time.January, 28), Reference: "HV/88"},
		Attachments:       []complaint.Attachment{{Name: "brief.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.4")}},
	}
}

// webForm is the same from the public.
func webForm() complaint.Submission {
	s := letter()
	s.Intake, s.ReceivedAt = complaint.WebForm, time.Time{}
	s.Complainant.Address, s.Complainant.Email = complaint.Address{}, "karel@example.org"
	return s
}

func (o *office) lodge(actor casework.Actor, s complaint.Submission) casework.Receipt {
	o.t.Helper()
	results, err := o.Lodge(o.t.Context(), actor, casework.Once{}, []complaint.Submission{s})
	must(o.t, err)
	must(o.t, results[0].Err)
	return results[0].Receipt
}

// entered lodges a complaint that the procedure has entered.
func (o *office) entered(s complaint.Submission) complaint.Number {
	o.t.Helper()
	number := o.lodge(intake, s).Number
	o.enter(number)
	return number
}

// enter enters a complaint in the register as its procedure does.
func (o *office) enter(number complaint.Number) {
	o.t.Helper()
	start := o.row(number, complaint.CommandStart)
	var body complaint.Start
	must(o.t, json.Unmarshal(start.Body, &body))
	_, err := o.books.Enter(o.t.Context(), complaint.Entry{
		Number: number, Row: start.ID, RunID: "run-1",
		Position: complaint.Position{Revision: 1, Stage: body.Stage, WaitingFor: body.WaitingFor},
	})
	must(o.t, err)
}

type outboxRow struct {
	ID   int64  `db:"id"`
	Seq  int    `db:"seq"`
	Kind string `db:"kind"`
	Body []byte `db:"body"`
}

func (o *office) rows(number complaint.Number) []outboxRow {
	o.t.Helper()
	var rows []outboxRow
	must(o.t, o.db.Select(&rows, `SELECT id, seq, kind, body FROM outbox WHERE workflow_id = 'complaint-' || $1 ORDER BY seq`, number))
	return rows
}

// row is the last message of a kind.
func (o *office) row(number complaint.Number, kind complaint.CommandKind) outboxRow {
	o.t.Helper()
	rows := o.rows(number)
	for _, r := range slices.Backward(rows) {
		if r.Kind == string(kind) {
			return r
		}
	}
	o.t.Fatalf("%s has no message %s", number, kind)
	return outboxRow{}
}

func (o *office) message(number complaint.Number, kind complaint.CommandKind, body any) {
	o.t.Helper()
	must(o.t, json.Unmarshal(o.row(number, kind).Body, body))
}

func (o *office) letters(number complaint.Number) map[complaint.LetterKind]register.LetterRow {
	o.t.Helper()
	page, err := o.Letters(o.t.Context(), officer, register.LetterFilter{Number: number})
	must(o.t, err)
	found := map[complaint.LetterKind]register.LetterRow{}
	for _, l := range page.Items {
		found[l.Kind] = l
	}
	return found
}

// privacyLetter finds a letter of the DPO's file, which no list shows.
func (o *office) privacyLetter(number complaint.Number, kind complaint.LetterKind) (id int64) {
	o.t.Helper()
	must(o.t, o.db.Get(&id, `SELECT id FROM letters WHERE number = $1 AND kind = $2`, number, kind))
	return id
}

// close closes a case as the procedure does, with every letter gone.
func (o *office) closeCase(number complaint.Number, result complaint.Result) {
	o.t.Helper()
	_, err := o.db.Exec(`UPDATE letters SET state = 'dropped', settled_reason = 'test' WHERE number = $1 AND left_at IS NULL`, number)
	must(o.t, err)
	// A case closes only with what somebody decided.
	if kind := map[complaint.Result]string{complaint.Answered: "outcome", complaint.Withdrawn: "withdrawal"}[result]; kind != "" {
		_, err := o.db.Exec(`
			INSERT INTO decisions (number, term, kind, content, decided_by, decided_at)
			SELECT c.number, c.term, $2, '{}', $3, now() FROM complaints c
			WHERE c.number = $1 AND NOT EXISTS (SELECT FROM decisions d
				WHERE d.number = c.number AND d.term = c.term AND d.kind = $2)`, number, kind, officer.Login)
		must(o.t, err)
	}
	closed, err := o.books.Close(o.t.Context(), complaint.Closing{Number: number, Result: result, Taken: len(o.rows(number)), Revision: 9})
	must(o.t, err)
	if !closed {
		o.t.Fatalf("%s did not close", number)
	}
}

func wantCategory(t *testing.T, err error, category complaint.Category, code string) {
	t.Helper()
	refusal, ok := errors.AsType[*complaint.Error](err)
	if !ok || refusal.Category != category || refusal.Code != code {
		t.Errorf("want a refusal %s %s, got %v", category, code, err)
	}
}

func wantField(t *testing.T, err error, location string) {
	t.Helper()
	refusal, ok := errors.AsType[*complaint.Error](err)
	if !ok || !slices.ContainsFunc(refusal.Fields, func(f complaint.FieldError) bool { return f.Location == location }) {
		t.Errorf("want a refusal of %s, got %v %+v", location, err, refusal)
	}
}

func count(t *testing.T, o *office, query string, args ...any) int {
	t.Helper()
	var n int
	must(t, o.db.GetContext(context.Background(), &n, query, args...))
	return n
}

func contains(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
}
