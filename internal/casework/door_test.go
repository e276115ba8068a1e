package casework_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// none is a command without a key.
var none = casework.Once{}

func founded() casework.OutcomeDecision {
	return casework.OutcomeDecision{
		Findings: []complaint.PointFinding{{Point: "De weigering", Verdict: complaint.Founded, Reasons: "Er was geen wachttijd."}},
		Verdict:  complaint.Founded, Resolution: complaint.Resolved, Remedy: "Terugbetaling van 87,50 euro.",
		Norms:           []complaint.Norm{"sufficient_reasons"},
		Recommendations: []complaint.Recommendation{{Department: "HOSPITALISATIE", Text: "Vermeld het artikel."}},
	}
}

func refusal() casework.AdmissibilityDecision {
	return casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.NotOurService, Reasons: "Het ziekenhuis."}
}

func TestOutcomeNeedsAnAdmissibleComplaint(t *testing.T) {
	o := newOffice(t)
	doubtful := letter()
	doubtful.Department = ""
	number := o.entered(doubtful)
	_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "not_admissible")
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
}

func TestOfTwoOutcomesAtOneMomentOneStands(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	var officers sync.WaitGroup
	results := make(chan error, 6)
	for range 6 {
		officers.Go(func() {
			_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
			results <- err
		})
	}
	officers.Wait()
	close(results)
	accepted := 0
	for err := range results {
		if err == nil {
			accepted++
			continue
		}
		wantCategory(t, err, complaint.NotAllowedNow, "outcome_given")
	}
	if accepted != 1 {
		t.Errorf("%d outcomes were accepted", accepted)
	}
	var decided complaint.OutcomeDecided
	o.message(number, complaint.DecideOutcome, &decided)
	owed := o.letters(number)
	if len(decided.Letters) != 2 || owed[complaint.LetterOutcome].ID != decided.Letters[0] || owed[complaint.LetterRecommendation].ID != decided.Letters[1] {
		t.Errorf("want the outcome letter and one recommendation, got %v", decided.Letters)
	}
}

func TestOutcomeNamesTheDepartmentsThatOweAnAnswer(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, department := range []string{"UITKERINGEN", "HOSPITALISATIE"} {
		_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: department, Question: "Waarom?"})
		must(t, err)
	}
	_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "consultations_open")
	if !strings.Contains(err.Error(), "HOSPITALISATIE, UITKERINGEN") {
		t.Errorf("the refusal names no departments: %v", err)
	}
	without := founded()
	without.WithoutAnswers = "De stukken volstaan."
	_, err = o.DecideOutcome(t.Context(), officer, none, number, without)
	must(t, err)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	for _, c := range file.Consultations {
		if c.State != register.ConsultationEnded {
			t.Errorf("the consultation of %s is %s", c.Department, c.State)
		}
	}
}

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
	for end, code := range ends {
		number := o.entered(letter())
		must(t, commands[end](number))
		for name, command := range commands {
			t.Run(name+" after "+end, func(t *testing.T) {
				wantCategory(t, command(number), complaint.NotAllowedNow, code)
			})
		}
		o.closeCase(number, complaint.Answered)
		for name, command := range commands {
			t.Run(name+" after closing", func(t *testing.T) {
				wantCategory(t, command(number), complaint.NotAllowedNow, "closed")
			})
		}
	}
}

func TestPersonJudgesAdmissibilityOnce(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	wantCategory(t, err, complaint.NotAllowedNow, "already_admissible")
	doubtful := letter()
	doubtful.Department = ""
	number = o.entered(doubtful)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	must(t, err)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
	wantCategory(t, err, complaint.NotAllowedNow, "already_judged")
}

func TestAdmissibilityDecisionNeedsItsGroundAndItsAddressee(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, c := range []struct {
		decision casework.AdmissibilityDecision
		field    string
	}{
		{casework.AdmissibilityDecision{Decision: complaint.FindPending}, "body.decision"},
		{casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.MandateMissing, Reasons: "x"}, "body.ground"},
		{casework.AdmissibilityDecision{Decision: complaint.FindInadmissible, Ground: complaint.NotOurService}, "body.reasons"},
		{casework.AdmissibilityDecision{Decision: complaint.FindReclassified, ReferTo: "NOWHERE"}, "body.refer_to"},
	} {
		_, err := o.DecideAdmissibility(t.Context(), officer, none, number, c.decision)
		wantField(t, err, c.field)
	}
}

func TestReclassifiedQuestionGoesToItsDepartmentAndEndsConsultations(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "ONTHAAL", Question: "Waarom?"})
	must(t, err)
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number,
		casework.AdmissibilityDecision{Decision: complaint.FindReclassified, ReferTo: "LEDENBEHEER"})
	must(t, err)
	owed := o.letters(number)
	if owed[complaint.LetterReclassified].ID == 0 || *owed[complaint.LetterRequest].Department != "LEDENBEHEER" {
		t.Errorf("want a letter to the complainant and a request to LEDENBEHEER, got %+v", owed)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.Consultations[0].State != register.ConsultationEnded || *file.Admissibility.Decision != complaint.FindReclassified {
		t.Errorf("got %+v", file.Admissibility)
	}
}

func TestConsultationIsDueAndRemindedInOfficeHours(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(t, err)
	if want := complaint.NewDay(2026, time.March, 17); asked.DueOn != want {
		t.Errorf("want due fifteen days on, %s, got %s", want, asked.DueOn)
	}
	_, err = o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "En?"})
	wantCategory(t, err, complaint.NotAllowedNow, "consultation_open")
	_, err = o.Ask(t.Context(), officer, none, number, casework.Question{Department: "ONTHAAL", Question: "En?", DueOn: complaint.DayOf(monday).AddDays(-1)})
	wantField(t, err, "body.due_on")

	friday := complaint.NewDay(2026, time.March, 20)
	_, err = o.Ask(t.Context(), officer, none, number, casework.Question{Department: "ONTHAAL", Question: "En?", DueOn: friday})
	must(t, err)
	var message complaint.DepartmentAsked
	o.message(number, complaint.AskDepartment, &message)
	if want := complaint.NewDay(2026, time.March, 13).At(9, 0); !message.RemindAt.Equal(want) {
		t.Errorf("five days before is a Sunday: want a reminder at %s, got %s", want, message.RemindAt)
	}
	if want := complaint.NewDay(2026, time.March, 23).At(9, 0); !message.EscalateAt.Equal(want) {
		t.Errorf("want the escalation on Monday at %s, got %s", want, message.EscalateAt)
	}
}

func TestHandlerAnswersOnceAndForTheOwnDepartmentOnly(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(t, err)
	answer := casework.Answer{Answer: "Een vergissing.", Attachments: letter().Attachments}
	_, err = o.Answer(t.Context(), otherDesk, none, asked.ID, answer)
	wantCategory(t, err, complaint.NotFound, "not_found")
	_, err = o.Consultation(t.Context(), otherDesk, asked.ID)
	wantCategory(t, err, complaint.NotFound, "not_found")
	_, err = o.Answer(t.Context(), handler, none, asked.ID, answer)
	must(t, err)
	_, err = o.Answer(t.Context(), handler, none, asked.ID, answer)
	wantCategory(t, err, complaint.NotAllowedNow, "already_answered")
	view, err := o.Consultation(t.Context(), handler, asked.ID)
	must(t, err)
	document, err := o.Attachment(t.Context(), handler, view.AnswerAttachments[0].ID)
	if err != nil || document.Name != "brief.pdf" {
		t.Errorf("the handler cannot open the own document: %v", err)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	_, err = o.Attachment(t.Context(), handler, file.Submission.Attachments[0].ID)
	wantCategory(t, err, complaint.NotFound, "not_found")
}

func TestHandlerSeesNothingMoreThanAnsweringNeeds(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(t, err)
	view, err := o.Consultation(t.Context(), handler, asked.ID)
	must(t, err)
	text, err := json.Marshal(view)
	must(t, err)
	if !contains(string(text), "M-4711") || contains(string(text), "Bedachtelaan", "supplementen", "6501", "*****", "brief.pdf") {
		t.Errorf("the view is %s", text)
	}
	_, err = o.File(t.Context(), handler, number)
	wantCategory(t, err, complaint.Forbidden, "forbidden")
	list, err := o.Consultations(t.Context(), otherDesk, register.ConsultationFilter{Department: "HOSPITALISATIE"})
	must(t, err)
	if len(list.Items) != 0 {
		t.Error("another department's work list shows the consultation")
	}
}

func TestAnswerAfterTheDecisionIsKeptAsLate(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	var ids []int64
	for _, department := range []string{"HOSPITALISATIE", "UITKERINGEN"} {
		asked, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: department, Question: "Waarom?"})
		must(t, err)
		ids = append(ids, asked.ID)
	}
	without := founded()
	without.WithoutAnswers = "De stukken volstaan."
	_, err := o.DecideOutcome(t.Context(), officer, none, number, without)
	must(t, err)
	before := len(o.rows(number))
	_, err = o.Answer(t.Context(), handler, none, ids[0], casework.Answer{Answer: "Toch nog."})
	must(t, err)
	if n := len(o.rows(number)); n != before+1 {
		t.Errorf("before closing the procedure is told: %d messages became %d", before, n)
	}
	o.closeCase(number, complaint.Answered)
	_, err = o.Answer(t.Context(), otherDesk, none, ids[1], casework.Answer{Answer: "Ook nog."})
	must(t, err)
	if n := len(o.rows(number)); n != before+1 {
		t.Errorf("after closing the procedure is told nothing: %d messages became %d", before+1, n)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	for _, c := range file.Consultations {
		if c.State != register.ConsultationLate || c.Answer == "" {
			t.Errorf("the answer of %s is %s", c.Department, c.State)
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

func TestCommandSentTwiceIsAnsweredAsTheFirstTime(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	once := casework.Once{Caller: "olga", Route: "ask", Key: "k", BodyHash: []byte("a")}
	q := casework.Question{Department: "ONTHAAL", Question: "Waarom?"}
	first, err := o.Ask(t.Context(), officer, once, number, q)
	must(t, err)
	second, err := o.Ask(t.Context(), officer, once, number, q)
	must(t, err)
	if first.ID != second.ID || len(o.rows(number)) != 2 {
		t.Errorf("want consultation %d again, got %d", first.ID, second.ID)
	}
}

func TestRefusalIsNotKeptUnderItsKey(t *testing.T) {
	o := newOffice(t)
	doubtful := letter()
	doubtful.Department = ""
	number := o.entered(doubtful)
	once := casework.Once{Caller: "olga", Route: "outcome", Key: "k", BodyHash: []byte("a")}
	_, err := o.DecideOutcome(t.Context(), officer, once, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "not_admissible")
	_, err = o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, once, number, founded())
	must(t, err)
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
