package casework_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// none is a command without a key.
var none = casework.Once{}

func TestCommandsAreRefusedOnceTheCaseIsDecided(t *testing.T) {
	o := newOffice(t)
	commands := map[string]func(complaint.Number) error{
		"admissibility": func(n complaint.Number) error {
			_, err := o.DecideAdmissibility(t.Context(), officer, none, n, refusal())
			return err
		},
		"consultation": func(n complaint.Number) error {
			_, err := o.Ask(t.Context(), officer, none, n, casework.Question{Department: "ONTHAAL", Question: "Waarom?"})
			return err
		},
		"outcome": func(n complaint.Number) error {
			_, err := o.DecideOutcome(t.Context(), officer, none, n, founded())
			return err
		},
		"withdrawal": func(n complaint.Number) error {
			_, err := o.Withdraw(t.Context(), officer, none, n, casework.WithdrawalNote{Reasons: "Opgelost."})
			return err
		},
	}
	ends := map[string]string{"admissibility": "inadmissible", "outcome": "outcome_given", "withdrawal": "withdrawn"}
	results := map[string]complaint.Result{
		"admissibility": complaint.Inadmissible, "outcome": complaint.Answered, "withdrawal": complaint.Withdrawn,
	}
	for end, code := range ends {
		number := o.entered(letter())
		must(t, commands[end](number))
		for name, command := range commands {
			t.Run(name+" after "+end, func(t *testing.T) {
				wantCategory(t, command(number), complaint.NotAllowedNow, code)
			})
		}
		o.closeCase(number, results[end])
		for name, command := range commands {
			t.Run(name+" after closing", func(t *testing.T) {
				wantCategory(t, command(number), complaint.NotAllowedNow, "closed")
			})
		}
	}
}

func TestSequenceOfMessagesIsTheOrderOfCommands(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	var officers sync.WaitGroup
	for _, department := range o.Organisation.Codes() {
		officers.Go(func() {
			if _, err := o.Ask(context.WithoutCancel(t.Context()), officer, none, number, casework.Question{Department: department, Question: "Waarom?"}); err != nil {
				t.Error(err)
			}
		})
	}
	officers.Wait()
	rows := o.rows(number)
	if len(rows) != 1+len(o.Organisation.Codes()) {
		t.Fatalf("%d messages", len(rows))
	}
	for i, r := range rows {
		if r.Seq != i+1 {
			t.Errorf("message %d has place %d", i+1, r.Seq)
		}
	}
}

func TestOnlyAnActiveOfficerIsAssigned(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, login := range []string{"oude", "hugo", "nobody"} {
		_, err := o.Assign(t.Context(), supervisor, none, number, casework.Assignment{Officer: login})
		wantField(t, err, "body.officer")
	}
	before := len(o.rows(number))
	_, err := o.Assign(t.Context(), supervisor, none, number, casework.Assignment{Officer: "olga"})
	must(t, err)
	if len(o.rows(number)) != before {
		t.Error("an assignment changes nothing in time, but the procedure is told")
	}
	mine, err := o.Complaints(t.Context(), officer, register.ComplaintFilter{Mine: true})
	must(t, err)
	if len(mine.Items) != 1 {
		t.Errorf("the officer handles %d complaints", len(mine.Items))
	}
}

func TestWithdrawalIsConfirmedAndNotDatedBeforeTheComplaint(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.Withdraw(t.Context(), officer, none, number,
		casework.WithdrawalNote{Reasons: "Opgelost.", On: complaint.NewDay(2026, time.February, 26)})
	wantField(t, err, "body.on")
	_, err = o.Withdraw(t.Context(), officer, none, number, casework.WithdrawalNote{Reasons: "Opgelost.", Way: "phone"})
	must(t, err)
	confirmation := o.letters(number)[complaint.LetterWithdrawal]
	written, err := o.books.LetterFile(t.Context(), confirmation.ID)
	must(t, err)
	if written.WithdrawnOn != complaint.DayOf(monday) || written.Submission.Complainant.NISS != "" {
		t.Errorf("the confirmation is written from %+v", written)
	}
}

func TestRolesThatMayNotAreRefused(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, actor := range []casework.Actor{public, intake, handler, supervisor, admin} {
		_, err := o.DecideOutcome(t.Context(), actor, none, number, founded())
		wantCategory(t, err, complaint.Forbidden, "forbidden")
	}
	for _, actor := range []casework.Actor{public, intake, handler, admin} {
		_, err := o.File(t.Context(), actor, number)
		wantCategory(t, err, complaint.Forbidden, "forbidden")
	}
	for _, actor := range []casework.Actor{handler, supervisor, admin} {
		_, err := o.Lodge(t.Context(), actor, none, []complaint.Submission{letter()})
		wantCategory(t, err, complaint.Forbidden, "forbidden")
	}
}

func TestUnknownComplaintIsNotFound(t *testing.T) {
	o := newOffice(t)
	_, err := o.Withdraw(t.Context(), officer, none, "2026-999999", casework.WithdrawalNote{Reasons: "x"})
	wantCategory(t, err, complaint.NotFound, "not_found")
	_, err = o.File(t.Context(), officer, "nonsense")
	wantCategory(t, err, complaint.NotFound, "not_found")
}

func TestOpeningAFileIsRecordedInTheAudit(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.File(t.Context(), supervisor, number)
	must(t, err)
	n := count(t, o, `SELECT count(*) FROM audit WHERE number = $1 AND actor = 'sven' AND role = 'supervisor'
		AND action = 'look_file' AND address = '192.0.2.4' AND 'submission' = ANY (fields)`, number)
	if n != 1 {
		t.Errorf("%d lines in the audit", n)
	}
}
