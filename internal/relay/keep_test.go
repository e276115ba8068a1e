package relay

import (
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
	"go.temporal.io/api/serviceerror"
)

func (w *world) config() VerifyConfig {
	return VerifyConfig{DB: w.db, Store: w.store, Temporal: w.temporal, Namespace: namespace, Now: w.now}
}

// run verifies and keeps, as each night.
func (w *world) run() complaint.Verified {
	w.Helper()
	id, err := w.store.BeginNightly(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	verified, err := Keep(w.Context(), w.config(), id)
	if err != nil {
		w.Fatal(err)
	}
	return verified
}

func (w *world) listed(f register.FindingFilter) []register.FindingRow {
	w.Helper()
	f.Files = []complaint.FileKind{complaint.ComplaintFile}
	page, err := w.store.Findings(w.Context(), f)
	if err != nil {
		w.Fatal(err)
	}
	return page.Items
}

func TestAFindingIsKeptOnceWithSinceWhenAndIsGoneWhenItIsMended(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.temporal.statuses["complaint-2026-000001"] = terminated
	first := w.now()
	if v := w.run(); v.Standing != 1 || v.New != 1 || v.Kinds["workflows"] != 1 {
		t.Fatalf("the first run: %+v", v)
	}
	w.pass(time.Hour)
	if v := w.run(); v.Standing != 1 || v.New != 0 {
		t.Fatalf("the second run: %+v", v)
	}
	found := w.listed(register.FindingFilter{})
	if len(found) != 1 || *found[0].Number != number || !found[0].Since.Equal(first) || !found[0].SeenAt.Equal(w.now()) {
		t.Fatalf("listed: %+v", found)
	}
	w.temporal.down = serviceerror.NewUnavailable("away")
	if v := w.run(); v.Gone != 0 || v.Standing != 2 {
		t.Fatalf("a run without Temporal: %+v: what could not be looked at is not gone", v)
	}
	w.temporal.down = nil
	w.temporal.statuses["complaint-2026-000001"] = running
	if v := w.run(); v.Standing != 0 || v.Gone != 2 {
		t.Fatalf("the last run: %+v", v)
	}
	if found := w.listed(register.FindingFilter{Gone: true}); len(found) != 2 || found[0].GoneAt == nil {
		t.Errorf("what is gone stays with its day: %+v", found)
	}
}

func TestASettledFindingIsListedNoMoreAndDoesNotCount(t *testing.T) {
	w := newWorld(t)
	w.sound(1)
	w.exec(`INSERT INTO accounts (login, name, role, password_hash, created_at) VALUES ('sven', 'Sven', 'supervisor', '', now())`)
	w.temporal.statuses["complaint-2026-000001"] = terminated
	w.run()
	id := w.listed(register.FindingFilter{})[0].ID
	err := register.Tx(t.Context(), w.db, func(tx *sqlx.Tx) error {
		_, err := w.store.SettleFinding(t.Context(), tx, id, []complaint.FileKind{complaint.ComplaintFile}, "sven", "Answered by hand.")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.run()
	if found := w.listed(register.FindingFilter{}); len(found) != 0 {
		t.Errorf("listed: %+v", found)
	}
	rest, settled, err := Unsettled(t.Context(), w.store, w.verify(false))
	if err != nil || len(rest) != 0 || settled != 1 {
		t.Errorf("%d settled, the rest %v, %v", settled, rest, err)
	}
}

func TestWhatIsWrongInContentIsFound(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.exec(`INSERT INTO accounts (login, name, role, password_hash, created_at) VALUES ('olga', 'Olga', 'ombuds', '', now())`)
	w.exec(`INSERT INTO consultations (number, department, question, due_on, asked_at, asked_by)
		VALUES ($1, 'POST', 'text', '2026-03-16', $2, 'olga')`, number, w.now())
	w.closeCase(1)
	w.temporal.statuses["complaint-2026-000001"] = 2 // completed
	w.pass(grace + time.Second)
	w.wantFinding("content", number, "Question", "POST", "no answer is needed")
	w.exec(`UPDATE consultations SET state = 'ended', ended_at = $1`, w.now())

	w.exec(`INSERT INTO idempotency (caller, route, key_hash, body_hash, answer_sealed, created_at)
		VALUES ('public', 'POST /api/v1/submissions', '', '', '', $1)`, w.now().Add(-time.Hour))
	w.wantFinding("content", "", "POST /api/v1/submissions", "without the answer")
	if findings := w.verify(true); len(findings) != 1 || !findings[0].Repaired {
		t.Errorf("findings %v, want one repaired", findings)
	}
	w.exec(`INSERT INTO counters (year, last) VALUES (2025, 1)`)
	w.exec(`INSERT INTO submissions (number, intake, language, received_at, registered_at, complainant_type,
			name, contact_name, salutation, street, postcode, city, country, email, phone, member_number,
			topic, text, concerns_privacy, receipt_hash, receipt_sealed)
		VALUES ('2025-000001', 'web_form', 'nl', $1, $1, 'person', '', '', '', '', '', '', '', '', '', '', '', 'text', false, 'x', 'y')`, w.now())
	unread := 0
	for _, f := range w.verify(false) {
		if f.Subject == "receipt code" && f.Number == "2025-000001" {
			unread++
		}
	}
	if unread != 1 {
		t.Errorf("a receipt code of another key is found %d times", unread)
	}
}
