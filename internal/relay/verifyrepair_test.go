package relay

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// wrong brings about what a check finds, once; repaired tells that it has one right
// answer, else it is left to a person or to the programs.
type wrong struct {
	check    string
	repaired bool
	bring    func(*world, *verifier)
}

func longBefore(w *world) time.Time { return w.now().Add(-48 * time.Hour) }

var wrongs = map[string]wrong{
	"a number names nothing": {"missingNumbers", false, func(w *world, _ *verifier) { w.sound(2) }},
	"a counter is behind what is stored": {"numbersBeyondCounter", true, func(w *world, _ *verifier) {
		w.sound(1)
		w.sound(2)
		w.exec(`UPDATE counters SET last = 1`)
	}},
	"a number far beyond the counter": {"numbersBeyondCounter", false, func(w *world, _ *verifier) {
		w.sound(1)
		w.sound(7)
		w.exec(`UPDATE counters SET last = 1`)
	}},
	"a submission without a case": {"incompleteCases", false, func(w *world, _ *verifier) { w.submit(1) }},
	"a workflow is blocked": {"blockedWorkflows", false, func(w *world, _ *verifier) {
		w.sound(1)
		w.exec(`UPDATE outbox SET blocked_at = $2 WHERE id = $1`, w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{}), w.now())
	}},
	"a command is not recorded": {"unrecordedRows", false, func(w *world, _ *verifier) {
		w.sound(1)
		w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
		w.exec(`UPDATE outbox SET created_at = $1 WHERE done_at IS NULL`, longBefore(w))
	}},
	"a command is put off too far": {"postponedRows", true, func(w *world, _ *verifier) {
		w.sound(1)
		row := w.command(1, complaint.DecideOutcome, complaint.OutcomeDecided{})
		w.exec(`UPDATE outbox SET next_at = $2 WHERE id = $1`, row, w.now().Add(100*time.Hour))
	}},
	"a letter stands still": {"waitingLetters", false, func(w *world, _ *verifier) { w.printed("outcome", longBefore(w)) }},
	"an acknowledgement is owed on day 7": {"lateAcknowledgements", false, func(w *world, _ *verifier) {
		w.printed("acknowledgement", longBefore(w))
		w.exec(`UPDATE complaints SET day_0 = $1`, complaint.DayOf(w.now()).AddDays(-7))
	}},
	"a document cannot be scanned": {"unscannedAttachments", false, func(w *world, _ *verifier) {
		w.exec(`INSERT INTO attachments (number, name, media_type, content) VALUES ($1, 'a.txt', 'text/plain', 'a')`, w.sound(1))
		w.exec(`INSERT INTO attachment_scans (attachment, state, sha256, tries, at) SELECT id, 'unscanned', '', $1, $2 FROM attachments`, scanTries, w.now())
	}},
	"a refusal is late": {"lateRefusals", false, func(w *world, _ *verifier) {
		w.sound(1)
		w.exec(`UPDATE complaints SET finding = 'inadmissible', ground = 'TOO_OLD_NO_INITIATIVE', day_0 = $1`, complaint.DayOf(w.now()).AddDays(-10))
		w.pass(48 * time.Hour)
	}},
	"a term ended unmarked": {"unmarkedOverdue", false, func(w *world, _ *verifier) {
		w.sound(1)
		w.exec(`UPDATE complaints SET ends_at = $1`, w.now().Add(time.Hour))
		w.pass(48 * time.Hour)
	}},
	"history was written past the program": {"history", false, func(w *world, _ *verifier) {
		w.exec(`INSERT INTO audit (at, actor, role, action, address) VALUES ($1, 'olga', 'ombuds', 'look_file', '::1')`, w.now())
	}},
	"a healing does not end": {"healing", false, func(w *world, _ *verifier) {
		w.exec(`INSERT INTO healings (lost, found_at) VALUES ('temporal', $1)`, longBefore(w))
	}},
	"a last day does not follow from its events": {"astrayDeadlines", false, func(w *world, v *verifier) {
		number := w.sound(1)
		v.Astray = func(context.Context) ([]complaint.Number, error) { return []complaint.Number{number}, nil }
	}},
	"a question is open in a closed case": {"openQuestions", false, func(w *world, _ *verifier) {
		w.exec(`INSERT INTO accounts (login, name, role, password_hash, created_at) VALUES ('olga', 'Olga', 'ombuds', '', now())`)
		w.exec(`INSERT INTO consultations (number, department, question, due_on, asked_at, asked_by)
			VALUES ($1, 'POST', 'text', '2026-03-16', $2, 'olga')`, w.sound(1), w.now())
		w.closeCase(1)
		w.exec(`UPDATE complaints SET closed_at = $1`, longBefore(w))
	}},
	"a receipt code of another key": {"unreadableCodes", false, func(w *world, _ *verifier) {
		others, err := register.ParseKeys(strings.Repeat("0b", 32))
		if err != nil {
			w.Fatal(err)
		}
		w.keys = others
		w.submit(1)
	}},
	"a key is left over": {"leftoverKeys", true, func(w *world, _ *verifier) {
		w.exec(`INSERT INTO idempotency (caller, route, key_hash, body_hash, answer_sealed, created_at)
			VALUES ('public', 'POST /api/v1/submissions', '', '', '', $1)`, longBefore(w))
	}},
	"a printed letter has no file": {"lostFiles", false, func(w *world, v *verifier) {
		w.printed("outcome", longBefore(w))
		w.exec(`UPDATE letters SET provider_id = 'gone.pdf'`)
		w.printFolder(v)
	}},
	"a letter that was dropped lies in the print folder": {"surplusFiles", false, func(w *world, v *verifier) {
		w.printed("outcome", longBefore(w))
		w.exec(`UPDATE letters SET state = 'dropped', settled_reason = 'voided', settled_at = $1`, longBefore(w))
		w.printFolder(v, "2026-000001-outcome-1.pdf", "2026-000001-inadmissible-1.pdf", "notes.pdf", ".aside-1")
	}},
	"a letter that left by e-mail lies in the print folder": {"surplusFiles", false, func(w *world, v *verifier) {
		w.printed("outcome", longBefore(w))
		w.exec(`UPDATE letters SET state = 'sent', channel = 'email', left_at = $1`, longBefore(w))
		w.printFolder(v, "2026-000001-outcome-1.pdf")
	}},
	"a procedure is gone": {"workflows", true, func(w *world, _ *verifier) {
		w.sound(1)
		clear(w.temporal.statuses)
	}},
	"a closed case runs on": {"workflows", true, func(w *world, _ *verifier) {
		w.sound(1)
		w.closeCase(1)
		w.exec(`UPDATE complaints SET closed_at = $1`, longBefore(w))
	}},
}

// printFolder makes one that holds such files.
func (w *world) printFolder(v *verifier, files ...string) {
	w.Helper()
	v.Folder = w.TempDir()
	if err := os.Mkdir(filepath.Join(v.Folder, "print"), 0o700); err != nil {
		w.Fatal(err)
	}
	for _, name := range files {
		if err := os.WriteFile(filepath.Join(v.Folder, "print", name), nil, 0o600); err != nil {
			w.Fatal(err)
		}
	}
}

// printed makes a case with a letter that waits for the mail room.
func (w *world) printed(kind string, at time.Time) {
	w.Helper()
	w.exec(`INSERT INTO letters (number, kind, version, state, channel, language, owed_at,
			recipient, subject, text, pdf, rendered_at, printed_at)
		VALUES ($1, $2, 1, 'printed', 'post', 'nl', $3, '', '', '', '', $3, $3)`, w.sound(1), kind, at)
}

// TestARepairMendsWhatHasOneRightAnswerAndLeavesTheRest: each check has its row; a
// new one without a row fails.
func TestARepairMendsWhatHasOneRightAnswerAndLeavesTheRest(t *testing.T) {
	byName := map[string]func(*verifier, context.Context) ([]Finding, error){}
	for _, check := range checks {
		_, name, _ := strings.Cut(runtime.FuncForPC(reflect.ValueOf(check).Pointer()).Name(), "(*verifier).")
		byName[name] = check
	}
	tried := map[string]bool{}
	for name, is := range wrongs {
		tried[is.check] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			v := &verifier{VerifyConfig: w.config(), now: w.now()}
			is.bring(w, v)
			v.now = w.now()
			for _, repair := range []bool{false, true} {
				v.Repair = repair
				found, err := byName[is.check](v, t.Context())
				if err != nil || len(found) == 0 {
					t.Fatalf("with repair %v: findings %v, %v", repair, found, err)
				}
				for _, f := range found {
					if f.Repaired != (repair && is.repaired) {
						t.Errorf("with repair %v: repaired is %v: %s", repair, f.Repaired, f)
					}
				}
			}
			if is.check == "workflows" {
				return // what was begun anew does not stand in this Temporal
			}
			found, err := byName[is.check](v, t.Context())
			if err != nil || (len(found) == 0) != is.repaired {
				t.Errorf("after the repair: %v, %v", found, err)
			}
		})
	}
	for name := range byName {
		if !tried[name] {
			t.Errorf("%s: nothing says whether it is repaired", name)
		}
	}
}

// What is posted keeps its file until the mail room clears the folder away.
func TestAFileOfALetterThatLeavesByPostIsNotSurplus(t *testing.T) {
	w := newWorld(t)
	v := &verifier{VerifyConfig: w.config()}
	w.printed("outcome", longBefore(w))
	w.printFolder(v, "2026-000001-outcome-1.pdf", "2026-000001-inadmissible-1.pdf")
	v.now = w.now()
	for _, is := range []string{
		`settled_at = $1`,
		`state = 'dropped', settled_reason = 'voided', settled_at = $1`, // its procedure is at it
		`state = 'posted', left_at = printed_at, posted_on = '2026-03-02', settled_at = $1`,
	} {
		w.exec(`UPDATE letters SET `+is, w.now())
		if found, err := v.surplusFiles(t.Context()); err != nil || len(found) != 0 {
			t.Errorf("%s: %v, %v", is, found, err)
		}
	}
}
