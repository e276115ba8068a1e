package register_test

import (
	"context"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// takeOver lets a run take the place of the one that entered a case.
func (b *books) takeOver(l lodged, run string) complaint.Entered {
	b.t.Helper()
	entered, err := b.Enter(b.t.Context(), complaint.Entry{Number: l.Number, Row: l.Start, RunID: run, TakesOver: true})
	must(b.t, err)
	return entered
}

func (b *books) taken(number complaint.Number, row int64, effect complaint.Effect) {
	b.t.Helper()
	must(b.t, b.Record(b.t.Context(), complaint.Recording{Number: number, Row: row, Effect: effect, Position: at(2, complaint.Investigating)}))
}

func TestARunThatTakesOverIsToldWhatWasRecordedInItsOrder(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	b.send(l.Acknowledgement)
	id, question, row := b.asked(l.Number)
	b.now = b.now.Add(time.Hour)
	b.taken(l.Number, row, complaint.Applied)
	b.now = b.now.Add(time.Hour)
	b.watch(complaint.WatchEvent{Number: l.Number, Kind: complaint.WatchReminded, Version: 1, Consultation: id})
	b.now = b.now.Add(time.Hour)
	late := b.command(l.Number, complaint.ReceiveAnswer, complaint.AnswerReceived{Consultation: 99})
	b.taken(l.Number, late, complaint.NotApplied)
	_, toCome, undone := b.asked2(l.Number)

	got := b.takeOver(l, "run-2")
	told := got.Told
	if !got.Ours || told == nil || len(told.Steps) != 2 {
		t.Fatalf("told %+v", told)
	}
	if first, second := told.Steps[0], told.Steps[1]; first.Command != complaint.AskDepartment || first.Row != row || first.Seq != 2 ||
		second.Watch == nil || second.Watch.Consultation != id || len(second.Letters) != 1 {
		t.Errorf("steps %+v", told.Steps)
	}
	if told.Taken != 3 || told.Row != late || told.Position.Revision != 2 || told.Position.Stage != complaint.Investigating {
		t.Errorf("taken %d by row %d at %+v", told.Taken, told.Row, told.Position)
	}
	states := map[int64]complaint.LetterState{}
	for _, letter := range told.Letters {
		states[letter.Letter] = letter.State
	}
	if _, theirs := states[toCome]; theirs || states[l.Acknowledgement] != complaint.LetterSent || states[question] != complaint.LetterOwed {
		t.Errorf("letters %v; the question of row %d comes with it", states, undone)
	}
	if again := b.takeOver(l, "run-2"); !again.Ours || len(b.events(l.Number, "rebuilt")) != 1 {
		t.Errorf("asked again: %+v, noted %d times", again, len(b.events(l.Number, "rebuilt")))
	}
	if first, err := b.Enter(t.Context(), complaint.Entry{Number: l.Number, Row: l.Start, RunID: "run-1"}); err != nil || first.Ours {
		t.Errorf("the lost run still has the case: %+v, %v", first, err)
	}
}

func TestCommandsAreToldInTheirOrderAlsoWhenAClockWasSetBack(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	refused := b.command(l.Number, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{Judgement: complaint.FindInadmissible})
	b.taken(l.Number, refused, complaint.Applied)
	before := b.now
	b.now = b.now.Add(-10 * time.Minute) // another worker's
	reversed := b.command(l.Number, complaint.DecideAdmissibility, complaint.AdmissibilityDecided{Judgement: complaint.FindAdmissible, Reversed: true})
	b.taken(l.Number, reversed, complaint.Applied)
	steps := b.takeOver(l, "run-2").Told.Steps
	if len(steps) != 2 || steps[0].Row != refused || steps[1].Row != reversed || !steps[1].At.Equal(before) {
		t.Errorf("told %+v", steps)
	}
}

// asked2 asks another department.
func (b *books) asked2(number complaint.Number) (consultation, letter, row int64) {
	b.t.Helper()
	_, err := b.db.Exec(`UPDATE consultations SET state = 'ended', ended_at = asked_at WHERE number = $1`, number)
	must(b.t, err)
	return b.asked(number)
}

func TestWhatIsNotRecordedLeavesAnewForARunThatTakesOver(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	_, _, row := b.asked(l.Number)
	_, err := b.db.Exec(`UPDATE outbox SET blocked_at = $2, deliveries = 20, delivered_at = $2, next_at = $3 WHERE id = $1`, row, b.now, b.now.Add(time.Hour))
	must(t, err)
	b.takeOver(l, "run-2")
	rows, err := b.ClaimOutbox(t.Context(), register.OutboxClaim{For: time.Minute, Limit: 10, Starts: 10})
	must(t, err)
	if len(rows) != 1 || rows[0].ID != row || rows[0].Tries != 0 {
		t.Errorf("leaves: %+v", rows)
	}
}

func TestNoRunTakesOverAClosedCaseNorOneThatWasReopened(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	_, err := b.db.Exec(`UPDATE complaints SET stage = 'closed', result = 'answered', waiting_for = 'none', closed_at = $2 WHERE number = $1`, l.Number, b.now)
	must(t, err)
	if got := b.takeOver(l, "run-2"); got.Ours || got.Told != nil {
		t.Errorf("a closed case: %+v", got)
	}
	_, err = b.db.Exec(`UPDATE complaints SET stage = 'received', result = NULL, closed_at = NULL, run_id = NULL WHERE number = $1`, l.Number)
	must(t, err)
	row := b.command(l.Number, complaint.Reopen, complaint.Start{Number: l.Number, Term: 2})
	if got := b.takeOver(l, "run-2"); got.Ours {
		t.Errorf("before the second term is entered: %+v", got)
	}
	_, err = b.Enter(t.Context(), complaint.Entry{Number: l.Number, Row: row, RunID: "run-3", Position: at(5, complaint.Investigating)})
	must(t, err)
	if got := b.takeOver(l, "run-2"); got.Ours {
		t.Errorf("the first term's start: %+v", got)
	}
	if got := b.takeOver(lodged{Number: l.Number, Start: row}, "run-4"); !got.Ours || got.Told.Taken != 2 || len(got.Told.Steps) != 0 {
		t.Errorf("the second term's start: %+v", got)
	}
}

func TestARestoredRegisterGoesOnBeyondWhatItMayHaveGiven(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	_, question, _ := b.asked(l.Number)
	b.write(l.Acknowledgement)
	for range 2 { // said twice, it is noted once
		must(t, b.NoteRestoredBy(t.Context(), 5))
	}
	if got, want := b.state(l.Acknowledgement), complaint.LetterInDoubt; got != want {
		t.Errorf("the letter that was on its way is %s", got)
	}
	if got := b.state(question); got != complaint.LetterFailed {
		t.Errorf("the letter that was not written is %s", got)
	}
	next := b.lodge()
	if next.Number != "2026-000007" || next.Start <= l.Start+100_000 || next.Acknowledgement <= question+100_000 {
		t.Errorf("next: %+v", next)
	}
	var lost int
	must(t, b.db.Get(&lost, `SELECT count(*) FROM lost_numbers WHERE number BETWEEN '2026-000002' AND '2026-000006'`))
	if h, err := b.OpenHealing(t.Context()); err != nil || h == nil || h.Lost != register.LostRegister || lost != 5 {
		t.Errorf("healing %v, %v; %d numbers lost", h, err, lost)
	}
	must(t, b.LoseNumbers(t.Context(), map[complaint.Number]time.Time{"2026-000003": b.now, "2026-000020": b.now}))
	if got := b.lodge().Number; got != "2026-000021" {
		t.Errorf("after what Temporal knows comes %s", got)
	}
	receipts, err := register.LostReceipts(context.Background(), b.db, time.Time{})
	must(t, err)
	if len(receipts) != 2 || receipts[0].Number != "2026-000003" {
		t.Errorf("receipts %v", receipts)
	}
}
