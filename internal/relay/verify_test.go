package relay

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
)

const (
	running    = enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
	terminated = enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED
)

// sound makes the n-th case as it should be: entered, with a running workflow.
func (w *world) sound(n int) complaint.Number {
	w.Helper()
	w.recordAnother(n)
	number := complaint.NewNumber(2026, n)
	w.temporal.statuses["complaint-"+string(number)] = running
	return number
}

func (w *world) verify(repair bool) []Finding {
	w.Helper()
	if _, err := w.store.SealHistory(w.Context()); err != nil { // as the API does each day
		w.Fatal(err)
	}
	findings, err := Verify(w.Context(), VerifyConfig{DB: w.db, Store: w.store, Temporal: w.temporal, Namespace: namespace,
		Now: w.now, Repair: repair})
	if err != nil {
		w.Fatal(err)
	}
	return findings
}

// wantFinding checks that there is one finding and no other.
func (w *world) wantFinding(check string, number complaint.Number, words ...string) {
	w.Helper()
	findings := w.verify(false)
	if len(findings) != 1 {
		w.Fatalf("findings %v, want one of %s", findings, check)
	}
	f := findings[0]
	if f.Check != check || f.Number != number {
		w.Errorf("finding %q, want one of %s about %q", f, check, number)
	}
	for _, word := range words {
		if !strings.Contains(f.Text, word) {
			w.Errorf("finding %q does not say %q", f, word)
		}
	}
}

func TestSoundRegisterHasNoFindings(t *testing.T) {
	w := newWorld(t)
	w.sound(1)
	w.sound(2)
	w.closeCase(2)
	w.temporal.statuses["complaint-2026-000002"] = enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED
	w.pass(time.Hour)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v", findings)
	}
}

func TestGapsInTheNumbersAreFound(t *testing.T) {
	w := newWorld(t)
	w.sound(3)
	w.sound(5)
	w.exec(`UPDATE counters SET last = 6`)
	got := []string{}
	for _, f := range w.verify(false) {
		got = append(got, f.String())
	}
	want := []string{
		"numbers: The numbers 2026-000001 to 2026-000002 were given, but nothing is stored under them.",
		"numbers: 2026-000004: This number was given, but nothing is stored under it.",
		"numbers: 2026-000006: This number was given, but nothing is stored under it.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q", got, want)
	}
}

func TestNumberThatWasNeverGivenIsFound(t *testing.T) {
	w := newWorld(t)
	w.sound(1)
	w.sound(2)
	w.exec(`UPDATE counters SET last = 1`)
	w.wantFinding("numbers", "2026-000002", "stands at 1")
}

func TestSubmissionThatNobodyWorksOnIsFound(t *testing.T) {
	w := newWorld(t)
	w.submit(1)
	w.wantFinding("numbers", "2026-000001", "no case")
	w = newWorld(t)
	w.register(1)
	w.wantFinding("numbers", "2026-000001", "never asked for")
}

func TestOpenCaseNeedsItsRunningWorkflow(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.temporal.statuses["complaint-2026-000001"] = terminated
	w.wantFinding("workflows", number, "does not run (Terminated)", "verify --repair")
	clear(w.temporal.statuses)
	w.wantFinding("workflows", number, "no procedure", "verify --repair")
}

func TestClosedCaseMustNotRunOn(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.closeCase(1)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v about a case that is just closing", findings)
	}
	w.pass(grace + time.Second)
	w.wantFinding("workflows", number, "still runs", "verify --repair")
	if findings := w.verify(true); len(findings) != 1 || !findings[0].Repaired || len(w.temporal.ended) != 1 {
		t.Errorf("findings %v, ended %v", findings, w.temporal.ended)
	}
}

func TestAbsentTemporalIsAFinding(t *testing.T) {
	w := newWorld(t)
	w.sound(1)
	w.temporal.down = serviceerror.NewUnavailable("away")
	w.wantFinding("workflows", "", "Temporal could not be asked (Unavailable)")
}

func TestRowsNotRecordedInTimeAreFound(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
	w.command(1, complaint.SettleLetter, complaint.LetterSettled{})
	w.pass(time.Minute)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v about what was given a minute ago", findings)
	}
	w.pass(time.Second)
	w.wantFinding("outbox", number, "DecideOutcome", "not been brought to Temporal", "1 more")
	w.mustRound()
	w.wantFinding("outbox", number, "DecideOutcome", "worker")
}

func TestBlockedWorkflowIsFound(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	row := w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
	w.pass(time.Hour)
	w.exec(`UPDATE outbox SET blocked_at = $2 WHERE id = $1`, row, w.now())
	w.wantFinding("blocked", number, "DecideOutcome", "given up")
}

func TestRowPutOffTooFarLeavesNowWhenRepaired(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	row := w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
	w.exec(`UPDATE outbox SET next_at = $2 WHERE id = $1`, row, w.now().Add(100*time.Hour))
	w.wantFinding("outbox", number, "put off")
	if findings := w.verify(true); len(findings) != 1 || !findings[0].Repaired {
		t.Errorf("findings %v, want one repaired", findings)
	}
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("after the repair: %v", findings)
	}
	w.mustRound()
	w.wantSent(row)
}

func TestLettersStandingStillAreFoundWithWhoHasToAct(t *testing.T) {
	for state, c := range map[string]struct {
		after time.Duration
		words string
	}{
		"owed":     {time.Hour, "worker"},
		"rendered": {time.Hour, "worker"},
		"sending":  {time.Hour, "worker"},
		"printed":  {24 * time.Hour, "the mail room"},
		"failed":   {24 * time.Hour, "an ombuds officer"},
		"in_doubt": {24 * time.Hour, "an ombuds officer"},
		"held":     {24 * time.Hour, "the next day"},
	} {
		t.Run(state, func(t *testing.T) {
			w := newWorld(t)
			number := w.sound(1)
			w.exec(`INSERT INTO letters (number, kind, version, state, channel, language, owed_at,
					recipient, subject, text, pdf, rendered_at, sending_at, printed_at, held_until)
				VALUES ($1, 'outcome', 1, $2, 'post', 'nl', $3, '', '', '', '', $3, $3, $3, $3)`, number, state, w.now())
			w.pass(c.after)
			if findings := w.verify(false); len(findings) > 0 {
				t.Errorf("findings %v too early", findings)
			}
			w.pass(time.Second)
			w.wantFinding("letters", number, "(outcome)", state, c.words)
		})
	}
}

func TestALetterOfAPrivacyFileIsTheDPOsToSettle(t *testing.T) {
	for _, state := range []complaint.LetterState{complaint.LetterInDoubt, complaint.LetterFailed, complaint.LetterHeld} {
		if words := whoActs(complaint.PrivacyFile, state); !strings.Contains(words, "the DPO") || strings.Contains(words, "officer") {
			t.Errorf("%s: %s", state, words)
		}
	}
}

func TestAcknowledgementStillOwedOnDaySevenIsFound(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.exec(`INSERT INTO letters (number, kind, version, state, channel, language, owed_at,
			recipient, subject, text, pdf, rendered_at, printed_at)
		VALUES ($1, 'acknowledgement', 1, 'printed', 'post', 'nl', $2, '', '', '', '', $3, $3)`,
		number, w.now(), w.now().Add(7*24*time.Hour))
	w.pass(6 * 24 * time.Hour)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v on day 6", findings)
	}
	w.pass(24 * time.Hour)
	w.wantFinding("letters", number, "on day 7")
}

func TestARefusalFoundMustHaveGoneOutByDayTen(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.exec(`UPDATE complaints SET finding = 'inadmissible', ground = 'TOO_OLD_NO_INITIATIVE'`)
	w.pass(9 * 24 * time.Hour)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v before day 10", findings)
	}
	w.pass(24 * time.Hour)
	w.wantFinding("deadlines", number, "TOO_OLD_NO_INITIATIVE", "on day 10 nobody has decided")
	w.exec(`UPDATE complaints SET decided_at = $1`, w.now())
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v once it is decided", findings)
	}
}

func TestComplaintEnteredUnderAnOldDateIsGivenItsTimeByTheClock(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	longAgo := complaint.DayOf(w.now()).AddDays(-325)
	w.exec(`UPDATE complaints SET day_0 = $1, last_day = $2, ends_at = $3`,
		longAgo, longAgo.AddDays(45), longAgo.AddDays(45).End())
	w.exec(`INSERT INTO letters (number, kind, version, state, channel, language, owed_at,
			recipient, subject, text, pdf, rendered_at, printed_at)
		VALUES ($1, 'acknowledgement', 1, 'printed', 'post', 'nl', $2, '', '', '', '', $2, $3)`,
		number, w.now(), w.now().Add(time.Second))
	w.pass(grace)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v about what was entered just now", findings)
	}
	w.pass(time.Second)
	w.wantFinding("deadlines", number, "overdue")
	w.exec(`UPDATE complaints SET overdue_at = $1`, w.now())
	w.pass(24*time.Hour - grace - time.Second)
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v within a day", findings)
	}
	w.pass(time.Second)
	w.wantFinding("letters", number, "on day 326")
}

func TestOpenCaseBeyondItsTermMustBeMarkedOverdue(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	w.pass(complaint.NewDay(2026, time.April, 16).End().Add(grace).Sub(w.now()))
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v while the watch may be at it", findings)
	}
	w.pass(time.Second)
	w.wantFinding("deadlines", number, "2026-04-16")
	w.exec(`UPDATE complaints SET overdue_at = $1`, w.now())
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v once it is marked", findings)
	}
}
