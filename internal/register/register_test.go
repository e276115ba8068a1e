package register_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"
	"ombudsdienst/schema"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
)

var monday = complaint.NewDay(2026, time.March, 2).At(10, 30)

const secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

// books is a register of a test's own, with a clock that stands still.
type books struct {
	*register.Store
	t        *testing.T
	ownerURL string
	db       *sqlx.DB
	now      time.Time
}

func (b *books) clock() time.Time { return b.now }

// withAnOfficer makes a register in which somebody can have done something.
func withAnOfficer(ctx context.Context, owner *sql.DB, appUser string) error {
	if err := schema.Migrate(ctx, owner, appUser); err != nil {
		return err
	}
	_, err := owner.ExecContext(ctx, `
		INSERT INTO accounts (login, name, role, password_hash, created_at) VALUES ('olga', 'Olga', 'ombuds', '', now())`)
	return err
}

func newBooks(t *testing.T) *books {
	t.Helper()
	ownerURL, appURL := pgtest.Migrated(t, withAnOfficer)
	keys, err := register.ParseKeys(secret)
	must(t, err)
	b := &books{t: t, ownerURL: ownerURL, db: pgtest.Connect(t, appURL), now: monday}
	b.Store = register.New(b.db, keys, b.clock)
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *books) tx(work func(*sqlx.Tx) error) {
	b.t.Helper()
	must(b.t, register.Tx(b.t.Context(), b.db, work))
}

// lodged is a complaint as the counter stores it.
type lodged struct {
	Number          complaint.Number
	Acknowledgement int64
	Start           int64 // the outbox row
}

func (b *books) lodge(change ...func(*complaint.Submission)) lodged {
	b.t.Helper()
	s := complaint.Submission{
		Intake: complaint.WebForm, Language: "nl", ReceivedAt: b.now,
		Complainant: complaint.Complainant{
			Type: "person", Name: "Lotte Voorbeeldmans", NISS: "94051199802",
			Address: complaint.Address{Email: "lotte@example.org"},
		},
		FactsOn: complaint.NewDay(2026, time.January, 14), Department: "GEZONDHEIDSZORGEN", Text: "Nog niets betaald.",
	}
	for _, c := range change {
		c(&s)
	}
	term := complaint.AnswerTerm().Derive(s.ReceivedAt, complaint.NewCalendar())
	var l lodged
	b.tx(func(tx *sqlx.Tx) error {
		places, err := b.TakePlaces(b.t.Context(), tx, b.now, 1, 0)
		must(b.t, err)
		l.Number = places.Number(0)
		must(b.t, b.Lodge(b.t.Context(), tx, register.Lodging{
			Number: l.Number, Submission: s, RegisteredAt: b.now, ReceiptCode: "code of " + string(l.Number),
			Finding: complaint.Assess(s), Deadline: term, Moments: complaint.Moments{Version: 1, Warnings: term.Warnings},
		}))
		if channel := s.Correspondent().Channel; channel != "" {
			l.Acknowledgement, err = b.OweLetter(b.t.Context(), tx, register.OwedLetter{
				Number: l.Number, Kind: complaint.LetterAcknowledgement, Version: 1, Channel: channel, Language: s.Language,
			})
			must(b.t, err)
		}
		l.Start, err = b.AppendOutbox(b.t.Context(), tx, l.Number, complaint.CommandStart, complaint.Start{Number: l.Number})
		return err
	})
	return l
}

func (b *books) entered(change ...func(*complaint.Submission)) lodged {
	b.t.Helper()
	l := b.lodge(change...)
	_, err := b.Enter(b.t.Context(), complaint.Entry{Number: l.Number, Row: l.Start, RunID: "run-1", Position: at(1, complaint.Investigating)})
	must(b.t, err)
	return l
}

func at(revision int, stage complaint.Stage) complaint.Position {
	return complaint.Position{Revision: revision, Stage: stage, WaitingFor: complaint.WaitOmbuds}
}

// command leaves a message of a kind for the procedure.
func (b *books) command(number complaint.Number, kind complaint.CommandKind, body any) (row int64) {
	b.t.Helper()
	b.tx(func(tx *sqlx.Tx) (err error) {
		row, err = b.AppendOutbox(b.t.Context(), tx, number, kind, body)
		return err
	})
	return row
}

// asked opens a consultation with its letter and its message.
func (b *books) asked(number complaint.Number) (consultation, letter, row int64) {
	b.t.Helper()
	b.tx(func(tx *sqlx.Tx) (err error) {
		consultation, err = b.AddConsultation(b.t.Context(), tx, complaint.Consultation{
			Number: number, Department: "ONTHAAL", Question: "Waarom?", DueOn: complaint.DayOf(monday).AddDays(15),
			AskedAt: b.now, AskedBy: "olga",
		})
		must(b.t, err)
		letter, err = b.OweLetter(b.t.Context(), tx, register.OwedLetter{
			Number: number, Kind: complaint.LetterConsultation, Version: consultation, Department: "ONTHAAL",
		})
		return err
	})
	row = b.command(number, complaint.AskDepartment, complaint.DepartmentAsked{Consultation: consultation, Department: "ONTHAAL", Letter: letter})
	return consultation, letter, row
}

func (b *books) file(number complaint.Number) register.File {
	b.t.Helper()
	file, err := b.File(b.t.Context(), number)
	must(b.t, err)
	return file
}

func (b *books) events(number complaint.Number, kind string) (found []map[string]any) {
	b.t.Helper()
	for _, e := range b.file(number).Events {
		if e.Kind == kind {
			var details map[string]any
			must(b.t, json.Unmarshal(e.Details, &details))
			found = append(found, details)
		}
	}
	return found
}

func (b *books) write(letter int64) {
	b.t.Helper()
	must(b.t, b.SaveRendered(b.t.Context(), letter, complaint.RenderedLetter{Recipient: "lotte@example.org", Subject: "2026", Text: "Beste", PDF: []byte("%PDF")}))
}

func (b *books) state(letter int64) complaint.LetterState {
	b.t.Helper()
	file, err := b.LetterFile(b.t.Context(), letter)
	must(b.t, err)
	return file.State
}

func (b *books) send(letter int64) {
	b.t.Helper()
	b.write(letter)
	_, err := b.ClaimLetter(b.t.Context(), letter)
	must(b.t, err)
	must(b.t, b.LetterLeft(b.t.Context(), letter, complaint.LetterSent, "id"))
}
