package casework_test

import (
	"encoding/json"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

var newFacts = casework.ReopeningNote{Reasons: "De klager bezorgde nieuwe stukken."}

// answered is a case with an outcome, closed ten days after the beginning.
func (o *office) answered() complaint.Number {
	o.t.Helper()
	number := o.entered(letter())
	_, err := o.DecideOutcome(o.t.Context(), officer, none, number, founded())
	must(o.t, err)
	o.now = o.now.AddDate(0, 0, 10)
	o.closeCase(number, complaint.Answered)
	return number
}

// enterAgain enters the run of a further term as the procedure does.
func (o *office) enterAgain(number complaint.Number, run string) complaint.Entered {
	o.t.Helper()
	return o.enterFrom(o.row(number, complaint.Reopen), number, run)
}

// goOn enters the run of a case whose closing was taken back.
func (o *office) goOn(number complaint.Number, run string) complaint.Entered {
	o.t.Helper()
	return o.enterFrom(o.row(number, complaint.GoOn), number, run)
}

func (o *office) enterFrom(row outboxRow, number complaint.Number, run string) complaint.Entered {
	o.t.Helper()
	var start complaint.Start
	must(o.t, json.Unmarshal(row.Body, &start))
	entered, err := o.books.Enter(o.t.Context(), complaint.Entry{Number: number, Row: row.ID, RunID: run,
		Position: complaint.Position{Revision: start.Revision, Stage: start.Stage, WaitingFor: start.WaitingFor}})
	must(o.t, err)
	return entered
}

func TestASecondTermRunsFromTheDayOfReopeningAndTheFirstKeepsItsFigures(t *testing.T) {
	o := newOffice(t)
	number := o.answered()
	before, err := o.File(t.Context(), officer, number)
	must(t, err)
	closedAt, places := *before.ClosedAt, len(o.rows(number))
	o.now = o.now.AddDate(0, 0, 60) // 11 May
	_, err = o.Reopen(t.Context(), officer, none, number, newFacts)
	must(t, err)

	var start complaint.Start
	row := o.row(number, complaint.Reopen)
	must(t, json.Unmarshal(row.Body, &start))
	lastDay := complaint.DayOf(o.now).AddDays(45)
	reopened := o.letters(number)[complaint.LetterReopened]
	if row.Seq != places+1 || start.Term != 2 || start.Revision != 11 || start.Stage != complaint.Investigating ||
		start.Ground != complaint.GroundAdmissible || start.Department != "HOSPITALISATIE" || start.Acknowledgement != 0 ||
		start.Moments.LastDay != lastDay || start.Moments.Version != 2 || len(start.Letters) != 1 || start.Letters[0] != reopened.ID {
		t.Errorf("place %d: %+v", row.Seq, start)
	}
	written, err := o.books.LetterFile(t.Context(), reopened.ID)
	must(t, err)
	if written.FirstDay0 != complaint.NewDay(2026, time.February, 27) || written.Deadline.Day0 != complaint.DayOf(o.now) || written.Deadline.LastDay != lastDay {
		t.Errorf("the letter is written from %+v", written)
	}
	o.enterAgain(number, "run-2")
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.Number != number || file.Stage != complaint.Investigating || file.Result != nil || file.ClosedAt != nil || file.Outcome != nil ||
		file.LastDay != lastDay || file.Overdue {
		t.Errorf("the second term: %+v", file.ComplaintRow)
	}
	if len(file.Terms) != 1 || file.Terms[0].Result != complaint.Answered || file.Terms[0].Day0 != complaint.NewDay(2026, time.February, 27) ||
		file.Terms[0].LastDay != complaint.NewDay(2026, time.April, 13) || !file.Terms[0].ClosedAt.Equal(closedAt) ||
		file.Terms[0].Outcome == nil || file.Terms[0].Reasons != newFacts.Reasons {
		t.Errorf("the first term: %+v", file.Terms)
	}
}

func TestASecondTermHasItsOwnDecisions(t *testing.T) {
	o := newOffice(t)
	number := o.answered()
	for term := range 3 {
		_, err := o.Reopen(t.Context(), officer, none, number, newFacts)
		must(t, err)
		if term == 1 {
			_, err = o.Withdraw(t.Context(), officer, none, number, casework.WithdrawalNote{Reasons: "Toch niet."})
			must(t, err)
			o.closeCase(number, complaint.Withdrawn)
			continue
		}
		_, err = o.Ask(t.Context(), officer, none, number, casework.Question{Department: "ONTHAAL", Question: "En nu?"})
		must(t, err)
		second := founded()
		second.Remedy, second.WithoutAnswers = "Toch betaald.", "Dringend."
		_, err = o.DecideOutcome(t.Context(), officer, none, number, second)
		must(t, err)
		_, err = o.DecideOutcome(t.Context(), officer, none, number, second)
		wantCategory(t, err, complaint.NotAllowedNow, "outcome_given")
		o.closeCase(number, complaint.Answered)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if len(file.Terms) != 3 || file.Terms[2].Withdrawal == nil || file.Terms[2].Outcome != nil ||
		file.Terms[1].Outcome.Remedy != "Toch betaald." || file.Withdrawal != nil || file.Outcome.Remedy != "Toch betaald." {
		t.Errorf("%d terms: %+v", len(file.Terms), file.Terms)
	}
	if n := len(file.Outcome.Recommendations); len(file.Recommendations) != 3*n {
		t.Errorf("the last outcome recommends %d of %d things", n, len(file.Recommendations))
	}
}

func TestARefusedCaseThatIsOpenedAgainIsJudgedAnew(t *testing.T) {
	o := newOffice(t)
	old := letter()
	old.FactsOn, old.ContestedDecision = complaint.NewDay(2024, time.January, 1), nil
	number := o.entered(old)
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{
		Decision: complaint.FindInadmissible, Ground: complaint.TooOldNoInitiative, Reasons: "Geen stap bekend.", ReferTo: "NATIONAL_UNION",
	})
	must(t, err)
	o.closeCase(number, complaint.Inadmissible)
	_, err = o.Reopen(t.Context(), officer, none, number, newFacts)
	must(t, err)
	var start complaint.Start
	o.message(number, complaint.Reopen, &start)
	if start.Stage != complaint.Assessing || start.Ground != complaint.TooOldNoInitiative {
		t.Errorf("it begins with %+v", start)
	}
	if by := complaint.DayOf(start.RefuseBy); by.After(complaint.DayOf(o.now).AddDays(10)) || !by.After(complaint.DayOf(o.now).AddDays(5)) {
		t.Errorf("a second refusal leaves by %s", by)
	}
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "not_admissible")
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible, Reasons: "Er was een stap."})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
}

func TestOnlyAClosedCaseWithAnEndThatMayGoOnIsOpenedAgain(t *testing.T) {
	o := newOffice(t)
	open := o.entered(letter())
	_, err := o.Reopen(t.Context(), officer, none, open, newFacts)
	wantCategory(t, err, complaint.NotAllowedNow, "not_closed")
	o.closeCase(open, complaint.Voided)
	_, err = o.Reopen(t.Context(), officer, none, open, newFacts)
	wantCategory(t, err, complaint.NotAllowedNow, "not_reopenable")

	note := letter()
	note.Intake = complaint.PhoneNote
	spoken := o.entered(note)
	o.closeCase(spoken, complaint.Withdrawn)
	_, err = o.Reopen(t.Context(), officer, none, spoken, newFacts)
	wantCategory(t, err, complaint.NotAllowedNow, "not_in_writing")

	number := o.answered()
	_, err = o.Reopen(t.Context(), supervisor, none, number, newFacts)
	wantCategory(t, err, complaint.Forbidden, "forbidden")
	_, err = o.Reopen(t.Context(), officer, none, number, casework.ReopeningNote{})
	wantField(t, err, "body.reasons")
	_, err = o.Reopen(t.Context(), officer, none, number, newFacts)
	must(t, err)
	_, err = o.Reopen(t.Context(), officer, none, number, newFacts)
	wantCategory(t, err, complaint.NotAllowedNow, "not_closed")
}

func TestTheSecondTermBelongsToTheRunThatEnteredItsRow(t *testing.T) {
	o := newOffice(t)
	number := o.answered()
	_, err := o.Reopen(t.Context(), officer, none, number, newFacts)
	must(t, err)
	if !o.enterAgain(number, "run-2").Ours {
		t.Error("the first run does not get its term")
	}
	if o.enterAgain(number, "run-3").Ours {
		t.Error("a start delivered twice has two runs")
	}
	events := count(t, o, `SELECT count(*) FROM events WHERE number = $1 AND kind = 'registered'`, number)
	if events != 1 {
		t.Errorf("it is registered %d times", events)
	}
}

// The run that closed a case may not hear that it did, and asks again when the case
// is open for the second time. The next run waits for its end.
func TestARunThatDidNotHearOfItsClosingEndsAlthoughTheCaseIsOpenAgain(t *testing.T) {
	o := newOffice(t)
	number := o.answered()
	taken := count(t, o, `SELECT max(seq) FROM outbox WHERE number = $1`, number)
	_, err := o.Reopen(t.Context(), officer, none, number, newFacts)
	must(t, err)
	ask := func(taken int) bool {
		closed, err := o.books.Close(t.Context(), complaint.Closing{Number: number, Result: complaint.Answered, Taken: taken, Revision: 9})
		must(t, err)
		return closed
	}
	if !ask(taken) {
		t.Error("the first run does not end")
	}
	o.enterAgain(number, "run-2")
	if !ask(taken) || ask(taken+1) {
		t.Error("the first run does not end, or the second ends with the letter about the reopening still owed")
	}
	if n := count(t, o, `SELECT count(*) FROM events WHERE number = $1 AND kind = 'closed'`, number); n != 1 {
		t.Errorf("it is closed %d times", n)
	}
}

func TestTheSecondTermIsWarnedOfAndOverdueByItsOwnDeadline(t *testing.T) {
	o := newOffice(t)
	number := o.answered()
	_, err := o.Reopen(t.Context(), officer, none, number, newFacts)
	must(t, err)
	o.enterAgain(number, "run-2")
	stale, err := o.books.RecordWatch(t.Context(), complaint.WatchEvent{Number: number, Kind: complaint.WatchOverdue, Version: 1})
	must(t, err)
	if len(stale.Letters) != 0 {
		t.Error("the first term's end brings a letter in the second")
	}
	o.now = o.now.AddDate(0, 0, 46)
	late, err := o.books.RecordWatch(t.Context(), complaint.WatchEvent{Number: number, Kind: complaint.WatchOverdue, Version: 2})
	must(t, err)
	if _, owed := o.letters(number)[complaint.LetterLateNotice]; !owed || len(late.Letters) == 0 {
		t.Error("the complainant is not told that the second term has passed, though the first was answered")
	}
	if !o.listed(number).Overdue {
		t.Error("it is not listed as overdue")
	}
}
