package register_test

import (
	"slices"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

func TestComplaintBelongsToTheRunThatEnteredItFirst(t *testing.T) {
	b := newBooks(t)
	l := b.lodge()
	entry := complaint.Entry{Number: l.Number, Row: l.Start, RunID: "run-1", Position: at(1, complaint.Investigating)}
	for range 2 { // a repeat changes nothing
		entered, err := b.Enter(t.Context(), entry)
		must(t, err)
		if !entered.Ours {
			t.Error("the first run does not get its complaint")
		}
	}
	entry.RunID, entry.Position = "run-2", at(7, complaint.Assessing)
	entered, err := b.Enter(t.Context(), entry)
	must(t, err)
	if entered.Ours {
		t.Error("a second run gets the complaint too")
	}
	file := b.file(l.Number)
	if file.Stage != complaint.Investigating || len(b.events(l.Number, "registered")) != 1 || len(b.events(l.Number, "assessed")) != 1 {
		t.Errorf("the second run changed the complaint: %s, %d events", file.Stage, len(file.Events))
	}
}

func TestEarlierComplaintsOfTheSamePersonAreLinked(t *testing.T) {
	b := newBooks(t)
	stranger := func(s *complaint.Submission) {
		s.Complainant = complaint.Complainant{Type: "person", Name: "Iemand Anders",
			Address: complaint.Address{Street: "Weg 1", Postcode: "1000", City: "Brussel", Email: "anders@example.org"}}
	}
	b.entered(stranger)
	sameNISS := b.entered(func(s *complaint.Submission) { s.Complainant.Address.Email = "new@example.org" })
	sameMail := b.entered(func(s *complaint.Submission) { s.Complainant.NISS = ""; s.Complainant.Email = "ANDERS@example.org" })
	sameName := b.entered(func(s *complaint.Submission) {
		stranger(s)
		s.Complainant.Name, s.Complainant.Email = "iemand anders", "x@example.org"
	})
	last := b.entered()
	for l, want := range map[lodged][]complaint.Number{
		sameNISS: {}, sameMail: {"2026-000001"}, sameName: {"2026-000001"}, last: {"2026-000002"},
	} {
		if got := b.file(l.Number).Earlier; !slices.Equal(got, want) {
			t.Errorf("%s: want earlier %v, got %v", l.Number, want, got)
		}
	}
	_, err := b.db.Exec(`UPDATE complaints SET concealed = true WHERE number = '2026-000002'`)
	must(t, err)
	if got := b.file(last.Number).Earlier; len(got) != 0 {
		t.Errorf("what is the DPO's alone is listed: %v", got)
	}
}

// TestWhoSendsThousandsIsNotListedWithEachOfThem: only the latest of one person
// stand with a file, and the nearest as duplicates, whatever the person is known by.
func TestWhoSendsThousandsIsNotListedWithEachOfThem(t *testing.T) {
	b := newBooks(t)
	reachable := func(s *complaint.Submission) {
		s.Complainant.Email, s.Complainant.Postcode = "karel@example.org", "1020"
	}
	first := b.entered(reachable)
	_, err := pgtest.Connect(t, b.ownerURL).Exec(`
		INSERT INTO submissions
		SELECT (jsonb_populate_record(s, jsonb_build_object('number', '2026-' || lpad(n::text, 6, '0'),
			'niss_hash', CASE n % 3 WHEN 0 THEN s.niss_hash END, 'niss_sealed', CASE n % 3 WHEN 0 THEN s.niss_sealed END,
			'name', CASE n % 3 WHEN 1 THEN s.name ELSE '' END, 'email', CASE n % 3 WHEN 2 THEN s.email ELSE '' END,
			'received_at', s.received_at + late, 'registered_at', s.registered_at + late, 'receipt_hash', '\x' || md5(n::text)))).*
		FROM submissions s, generate_series(2, 301) n, LATERAL (SELECT CASE WHEN n > 2 THEN interval '5 days' ELSE '0' END AS late) l
		WHERE s.number = $1`, first.Number)
	must(t, err)
	_, err = b.db.Exec(`UPDATE counters SET last = 301`)
	must(t, err)
	last := b.entered(reachable)
	file := b.file(last.Number)
	if n := len(file.Earlier); n != 100 || file.Earlier[0] != "2026-000202" || file.Earlier[n-1] != "2026-000301" {
		t.Errorf("%d earlier: %v", n, file.Earlier)
	}
	file = b.file(first.Number)
	if n := len(file.Duplicates); n != 100 || file.Duplicates[0] != "2026-000002" || file.Duplicates[99] != last.Number {
		t.Errorf("%d duplicates, of which those of the same day are the nearest: %v", n, file.Duplicates)
	}
}

func TestRowIsRecordedOnceAndEndsItsBlock(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	row := b.command(l.Number, complaint.Withdraw, complaint.Withdrawal{})
	_, err := b.db.Exec(`UPDATE outbox SET blocked_at = now() WHERE id = $1`, row)
	must(t, err)
	for _, effect := range []complaint.Effect{complaint.Applied, complaint.NotApplied} {
		must(t, b.Record(t.Context(), complaint.Recording{Number: l.Number, Row: row, Effect: effect, Position: at(2, complaint.Answering)}))
	}
	var effect complaint.Effect
	must(t, b.db.Get(&effect, `SELECT effect FROM outbox WHERE id = $1 AND done_at IS NOT NULL AND blocked_at IS NULL`, row))
	if effect != complaint.Applied || len(b.events(l.Number, "taken")) != 1 {
		t.Errorf("want it applied once, got %s and %d events", effect, len(b.events(l.Number, "taken")))
	}
}

func TestRecordingOfAnotherComplaintsRowIsRefused(t *testing.T) {
	b := newBooks(t)
	first, second := b.entered(), b.entered()
	row := b.command(first.Number, complaint.Withdraw, complaint.Withdrawal{})
	err := b.Record(t.Context(), complaint.Recording{Number: second.Number, Row: row, Effect: complaint.Applied, Position: at(2, complaint.Answering)})
	if complaint.CategoryOf(err) != complaint.NotFound {
		t.Errorf("want not found, got %v", err)
	}
	if stage := b.file(second.Number).Stage; stage != complaint.Investigating {
		t.Errorf("the other complaint moved to %s", stage)
	}
}

func TestOlderPositionNeverOverwritesANewerOne(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	for _, p := range []complaint.Position{at(5, complaint.Answering), at(3, complaint.Assessing), at(5, complaint.Assessing)} {
		must(t, b.Record(t.Context(), complaint.Recording{Number: l.Number, Position: p}))
	}
	if stage := b.file(l.Number).Stage; stage != complaint.Answering {
		t.Errorf("want answering, got %s", stage)
	}
}

func TestCommandThatWasNotAppliedKeepsNothingOpen(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	_, letter, row := b.asked(l.Number)
	must(t, b.Record(t.Context(), complaint.Recording{Number: l.Number, Row: row, Effect: complaint.NotApplied, Position: at(2, complaint.Investigating)}))
	if state := b.state(letter); state != complaint.LetterDropped {
		t.Errorf("the letter is %s", state)
	}
	if state := b.file(l.Number).Consultations[0].State; state != complaint.ConsultationEnded {
		t.Errorf("the consultation is %s", state)
	}
}

func TestCaseDoesNotCloseWhileACommandOrALetterIsOnItsWay(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.command(l.Number, complaint.Withdraw, complaint.Withdrawal{})
	closing := complaint.Closing{Number: l.Number, Result: complaint.Withdrawn, Taken: 2, Revision: 4}
	try := func(taken int, want bool, why string) {
		t.Helper()
		closing.Taken = taken
		closed, err := b.Close(t.Context(), closing)
		must(t, err)
		if closed != want {
			t.Errorf("%s: closed is %v", why, closed)
		}
	}
	try(2, false, "the acknowledgement is owed")
	b.write(l.Acknowledgement)
	must(t, b.LetterLeft(t.Context(), l.Acknowledgement, complaint.LetterPrinted, ""))
	try(2, false, "the acknowledgement lies printed")
	b.tx(func(tx *sqlx.Tx) error {
		letter, err := register.LockLetter(t.Context(), tx, l.Acknowledgement)
		must(t, err)
		return b.SettleLetter(t.Context(), tx, letter, register.Settlement{
			State: complaint.LetterPosted, Channel: complaint.ByPost, By: "olga", PostedOn: complaint.DayOf(monday), LeftAt: monday,
		})
	})
	try(1, false, "a command was given after the last one taken")
	consultation, letter, _ := b.asked(l.Number)
	b.send(letter)
	try(3, false, "nobody decided what it would be closed with")
	b.withdrawn(l)
	try(3, true, "nothing keeps it open")
	try(3, true, "it is closed already")
	file := b.file(l.Number)
	if file.Stage != complaint.Closed || *file.Result != complaint.Withdrawn || file.ClosedAt == nil ||
		file.Consultations[0].ID != consultation || file.Consultations[0].State != complaint.ConsultationEnded {
		t.Errorf("got %+v", file.ComplaintRow)
	}
	must(t, b.Record(t.Context(), complaint.Recording{Number: l.Number, Position: at(99, complaint.Answering)}))
	if stage := b.file(l.Number).Stage; stage != complaint.Closed {
		t.Errorf("a late recording opened the case again: %s", stage)
	}
}

func TestClosingWaitsForACommandThatIsBeingGiven(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.send(l.Acknowledgement)
	command, err := b.db.Beginx()
	must(t, err)
	defer func() { _ = command.Rollback() }()
	_, err = register.LockCase(t.Context(), command, l.Number)
	must(t, err)
	answered := make(chan bool)
	go func() {
		closed, err := b.Close(t.Context(), complaint.Closing{Number: l.Number, Result: complaint.Answered, Taken: 1, Revision: 2})
		if err != nil {
			t.Error(err)
		}
		answered <- closed
	}()
	waitForLock(t, b)
	_, err = b.AppendOutbox(t.Context(), command, l.Number, complaint.ReceiveAnswer, complaint.AnswerReceived{})
	must(t, err)
	must(t, command.Commit())
	if <-answered {
		t.Error("the case closed over a command that was given before")
	}
}

// waitForLock returns once another session waits for a row's lock.
func waitForLock(t *testing.T, b *books) {
	t.Helper()
	for waiting := false; !waiting; {
		must(t, t.Context().Err())
		must(t, b.db.Get(&waiting, `
			SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database OR l.database IS NULL
				WHERE NOT l.granted AND d.datname = current_database())`))
	}
}
