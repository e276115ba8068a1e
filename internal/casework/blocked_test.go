package casework_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// blocked is a case whose question to a department never reaches its procedure,
// with a second one behind it.
func (o *office) blocked() (complaint.Number, outboxRow) {
	o.t.Helper()
	number := o.entered(letter())
	for _, department := range []string{"HOSPITALISATIE", "UITKERINGEN"} {
		_, err := o.Ask(o.t.Context(), officer, casework.Once{}, number, casework.Question{
			Department: department, Question: "Waarom?", DueOn: complaint.NewDay(2026, time.March, 16),
		})
		must(o.t, err)
	}
	row := o.rows(number)[1]
	o.block(row.ID)
	return number, row
}

func (o *office) block(row int64) {
	o.t.Helper()
	_, err := o.db.Exec(`UPDATE outbox SET blocked_at = $2, delivered_at = $2, deliveries = 20 WHERE id = $1`, row, o.now)
	must(o.t, err)
}

func (o *office) settleBlocked(actor casework.Actor, once casework.Once, number complaint.Number, resolution string) (casework.Standing, error) {
	return o.SettleBlocked(o.t.Context(), actor, once, "complaint-"+string(number),
		casework.BlockedSettlement{Resolution: resolution, Reasons: "Nagekeken met de beheerder."})
}

func TestBlockedWorkflowsAreListedWithWhatWaitsBehindThem(t *testing.T) {
	o := newOffice(t)
	o.entered(letter())
	number, row := o.blocked()
	page, err := o.Blocked(t.Context(), supervisor, register.Paging{})
	must(t, err)
	if len(page.Items) != 1 {
		t.Fatalf("%d workflows are listed, want the blocked one", len(page.Items))
	}
	b := page.Items[0]
	if b.Workflow != "complaint-"+string(number) || b.Number != number || b.Seq != row.Seq ||
		b.Command != complaint.AskDepartment || b.Tries != 20 || b.Behind != 1 || b.SettledBy != nil {
		t.Errorf("listed as %+v", b)
	}
}

func TestSettlingABlockLetsTheCommandLeaveAnew(t *testing.T) {
	for resolution, passedOver := range map[string]bool{"retry": false, "record_not_applied": true} {
		t.Run(resolution, func(t *testing.T) {
			o := newOffice(t)
			number, row := o.blocked()
			o.now = o.now.Add(time.Hour)
			standing, err := o.settleBlocked(supervisor, casework.Once{}, number, resolution)
			must(t, err)
			if standing.Number != number || standing.Stage == "" {
				t.Errorf("the answer is %+v", standing)
			}
			settled := count(t, o, `SELECT count(*) FROM outbox WHERE id = $1 AND blocked_at IS NULL AND done_at IS NULL
				AND deliveries = 0 AND delivered_at IS NULL AND next_at = $2 AND passed_over = $3
				AND settled_by = 'sven' AND settled_at = $2 AND settled_reason LIKE 'Nagekeken%'`, row.ID, o.now, passedOver)
			if settled != 1 {
				t.Error("the row does not leave anew, or does not say who settled it and why")
			}
			page, err := o.Blocked(t.Context(), officer, register.Paging{})
			must(t, err)
			if len(page.Items) != 0 {
				t.Error("it is still listed as blocked")
			}
		})
	}
}

func TestASettlementStandsInHistoryAndAuditWithoutItsWords(t *testing.T) {
	o := newOffice(t)
	number, _ := o.blocked()
	_, err := o.settleBlocked(supervisor, casework.Once{}, number, "record_not_applied")
	must(t, err)
	if count(t, o, `SELECT count(*) FROM events WHERE number = $1 AND kind = 'block_settled' AND actor = 'sven'
		AND details->>'resolution' = 'record_not_applied' AND details->>'command' = 'AskDepartment'
		AND details::text NOT LIKE '%Nagekeken%'`, number) != 1 {
		t.Error("the history does not tell what was settled")
	}
	if count(t, o, `SELECT count(*) FROM audit WHERE number = $1 AND action = 'block_settled' AND role = 'supervisor'
		AND fields = '{resolution,reasons}'`, number) != 1 {
		t.Error("the audit does not tell who settled it")
	}
}

func TestABlockIsSettledAgainWhenItComesBack(t *testing.T) {
	o := newOffice(t)
	number, row := o.blocked()
	for _, resolution := range []string{"record_not_applied", "retry"} {
		_, err := o.settleBlocked(officer, casework.Once{}, number, resolution)
		must(t, err)
		o.block(row.ID)
	}
	page, err := o.Blocked(t.Context(), officer, register.Paging{})
	must(t, err)
	if b := page.Items[0]; b.SettledBy == nil || *b.SettledBy != "olga" || b.SettledReason == nil {
		t.Errorf("the list does not tell of the settlement before: %+v", b)
	}
	if count(t, o, `SELECT count(*) FROM outbox WHERE id = $1 AND passed_over`, row.ID) != 0 {
		t.Error("tried again, the command itself must leave")
	}
}

func TestSettlingTheSameBlockTwiceIsRefusedAndRepeatedByItsKey(t *testing.T) {
	o := newOffice(t)
	number, _ := o.blocked()
	once := casework.Once{Caller: "sven", Route: "settlement", Key: "k", BodyHash: []byte("b")}
	for range 2 {
		_, err := o.settleBlocked(supervisor, once, number, "retry")
		must(t, err)
	}
	_, err := o.settleBlocked(supervisor, casework.Once{}, number, "retry")
	wantCategory(t, err, complaint.NotAllowedNow, "not_blocked")
}

func TestOnlyWhatACaseCanEndWithoutIsPassedOver(t *testing.T) {
	o := newOffice(t)
	number, row := o.blocked()
	for kind, may := range map[complaint.CommandKind]bool{
		complaint.AskDepartment: true, complaint.ReceiveAnswer: true,
		complaint.CommandStart: false, complaint.Reopen: false, complaint.DecideAdmissibility: false, complaint.DecideOutcome: false,
		complaint.Withdraw: false, complaint.SettleLetter: false, complaint.ChangeDeadline: false, complaint.ReferPrivacy: false,
	} {
		_, err := o.db.Exec(`UPDATE outbox SET kind = $2 WHERE id = $1`, row.ID, kind)
		must(t, err)
		o.block(row.ID)
		if _, err = o.settleBlocked(officer, casework.Once{}, number, "record_not_applied"); may {
			must(t, err)
			continue
		}
		wantCategory(t, err, complaint.NotAllowedNow, "cannot_be_passed_over")
		_, err = o.settleBlocked(officer, casework.Once{}, number, "retry")
		must(t, err)
	}
}

func TestSettlingABlockIsForOfficersAndSupervisorsWithReasons(t *testing.T) {
	o := newOffice(t)
	number, _ := o.blocked()
	for _, actor := range []casework.Actor{public, intake, handler, admin} {
		_, err := o.settleBlocked(actor, casework.Once{}, number, "retry")
		wantCategory(t, err, complaint.Forbidden, "forbidden")
		_, err = o.Blocked(t.Context(), actor, register.Paging{})
		wantCategory(t, err, complaint.Forbidden, "forbidden")
	}
	_, err := o.settleBlocked(officer, casework.Once{}, number, "forget")
	wantField(t, err, "body.resolution")
	_, err = o.SettleBlocked(t.Context(), officer, casework.Once{}, "complaint-"+string(number), casework.BlockedSettlement{Resolution: "retry", Reasons: " "})
	wantField(t, err, "body.reasons")
	_, err = o.SettleBlocked(t.Context(), officer, casework.Once{}, "complaint-2026-999999", casework.BlockedSettlement{Resolution: "retry", Reasons: "Ja."})
	wantCategory(t, err, complaint.NotFound, "not_found")
}

func TestBlockedPrivacyFilesAreTheDPOsToSettleAndNobodyElses(t *testing.T) {
	o := newOffice(t)
	number, row := o.blocked()
	_, err := o.ReferPrivacy(t.Context(), officer, none, number, casework.PrivacyReferral{Reasons: "Gegevens.", Mixed: true})
	must(t, err)
	_, err = o.db.Exec(`UPDATE outbox SET workflow_id = 'privacy-' || number, kind = 'AnswerPrivacy' WHERE id = $1`, row.ID)
	must(t, err)
	for actor, want := range map[casework.Actor]int{dpo: 1, supervisor: 0, officer: 0} {
		page, err := o.Blocked(t.Context(), actor, register.Paging{})
		must(t, err)
		if len(page.Items) != want {
			t.Errorf("%s sees %d blocked workflows, want %d", actor.Role, len(page.Items), want)
		}
	}
	privacy := "privacy-" + string(number)
	retry := casework.BlockedSettlement{Resolution: "retry", Reasons: "Nagekeken."}
	_, err = o.SettleBlocked(t.Context(), supervisor, casework.Once{}, privacy, retry)
	wantCategory(t, err, complaint.NotFound, "not_found")
	_, err = o.settleBlocked(dpo, casework.Once{}, number, "retry")
	wantCategory(t, err, complaint.NotFound, "not_found")
	_, err = o.SettleBlocked(t.Context(), dpo, casework.Once{}, privacy, retry)
	must(t, err)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	for _, e := range file.Events {
		if e.Kind == "block_settled" || e.Kind == "privacy_block_settled" {
			t.Errorf("the complaint's own file shows %s", e.Kind)
		}
	}
}
