package casework_test

import (
	"errors"
	"slices"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// tasks are the complaints that a caller finds in the list of those that a
// service helps with first.
func (o *office) tasks(actor casework.Actor, open bool) (numbers []complaint.Number) {
	o.t.Helper()
	page, err := o.ServiceTasks(o.t.Context(), actor, register.ServiceTaskFilter{Open: open})
	must(o.t, err)
	for _, row := range page.Items {
		numbers = append(numbers, row.Number)
	}
	return numbers
}

func TestAServiceThatHelpsFirstSaysWhatItDid(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 12))
	must(t, err)
	if !slices.Equal(o.tasks(handler, true), []complaint.Number{number}) || len(o.tasks(otherDesk, false)) != 0 {
		t.Errorf("the service sees %v, another department %v", o.tasks(handler, true), o.tasks(otherDesk, false))
	}
	task, err := o.ServiceTask(t.Context(), handler, number)
	must(t, err)
	if task.ComplainantName != "Karel Verzonnen" || task.Reasons == "" || !task.Open {
		t.Errorf("the service reads %+v", task)
	}

	_, err = o.ReportService(t.Context(), handler, none, number, casework.ServiceReport{Solved: true})
	wantField(t, err, "body.report")
	report := casework.ServiceReport{Solved: true, Report: "De supplementen zijn vandaag terugbetaald."}
	_, err = o.ReportService(t.Context(), handler, none, number, report)
	must(t, err)

	var told complaint.ServiceReported
	o.message(number, complaint.ReportService, &told)
	if !told.Solved || len(told.Notices) != 1 {
		t.Errorf("the procedure hears %+v", told)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	f := file.ServiceFirst
	if f.ReportedBy != "hugo" || f.Solved == nil || !*f.Solved || f.Report != report.Report || f.ReturnedAt == nil || file.Outcome != nil {
		t.Errorf("the officer reads %+v, outcome %v", f, file.Outcome)
	}
	if len(o.tasks(handler, true)) != 0 || len(o.tasks(handler, false)) != 1 {
		t.Error("the service still has it to do, or has lost sight of it")
	}
	_, err = o.ReportService(t.Context(), officer, none, number, report)
	wantCategory(t, err, complaint.NotAllowedNow, "already_reported")
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
}

func TestAHandlerLearnsOfNoOtherDepartmentsHandOver(t *testing.T) {
	o := newOffice(t)
	number, plain := o.entered(letter()), o.entered(letter())
	_, err := o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 12))
	must(t, err)
	report := casework.ServiceReport{Report: "Niets."}
	var answers []string
	for _, n := range []complaint.Number{number, plain, "2026-000999"} {
		_, err := o.ReportService(t.Context(), otherDesk, none, n, report)
		wantCategory(t, err, complaint.NotFound, "not_found")
		answers = append(answers, err.Error())
		_, err = o.ServiceTask(t.Context(), otherDesk, n)
		wantCategory(t, err, complaint.NotFound, "not_found")
		answers = append(answers, err.Error())
	}
	if slices.Sort(answers); len(slices.Compact(answers)) != 1 {
		t.Errorf("the answers differ: %q", answers)
	}
	_, err = o.ReportService(t.Context(), supervisor, none, number, report)
	wantCategory(t, err, complaint.Forbidden, "forbidden")
}

func TestAServiceThatIsNamedAsInvolvedHelpsNoMore(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 12))
	must(t, err)
	must(t, o.name(intake, number, nil, []string{"HOSPITALISATIE"}))
	var told complaint.QuestionsEnded
	o.message(number, complaint.EndQuestions, &told)
	if !told.Service || len(told.Letters) != 1 || o.letters(number)[complaint.LetterServiceTakenBack].ID != told.Letters[0] {
		t.Errorf("the procedure hears %+v", told)
	}
	_, err = o.ReportService(t.Context(), handler, none, number, casework.ServiceReport{Report: "Toch."})
	wantCategory(t, err, complaint.NotAllowedNow, "involved")
	if len(o.tasks(handler, true)) != 0 {
		t.Error("it still stands in the list of what is to be done")
	}
}

func TestQuestionsToADepartmentThatIsNamedAreOver(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	involved, other := o.asks(number, "HOSPITALISATIE", 0).ID, o.asks(number, "POST", 0).ID
	must(t, o.name(intake, number, nil, []string{"HOSPITALISATIE"}))

	var told complaint.QuestionsEnded
	o.message(number, complaint.EndQuestions, &told)
	if !slices.Equal(told.Consultations, []int64{involved}) || len(told.Letters) != 1 || told.Service {
		t.Errorf("the procedure hears %+v", told)
	}
	if letter := o.letters(number)[complaint.LetterNoLongerNeeded]; letter.ID != told.Letters[0] {
		t.Error("the department is not told")
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	states := map[int64]complaint.ConsultationState{}
	for _, c := range file.Consultations {
		states[c.ID] = c.State
	}
	if states[involved] != complaint.ConsultationEnded || states[other] != complaint.ConsultationOpen {
		t.Errorf("the questions are %v", states)
	}
	if n := count(t, o, `SELECT count(*) FROM events WHERE number = $1 AND kind = 'question_ended'`, number); n != 1 {
		t.Errorf("%d events say that the question ended", n)
	}
	_, err = o.Answer(t.Context(), officer, none, other, casework.Answer{Answer: "Vandaag betaald."})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err) // nothing is open that would need a reason
}

func TestNamingWhoIsAskedNothingTellsTheProcedureNothing(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	o.asks(number, "POST", 0)
	must(t, o.name(intake, number, []string{"hans"}, []string{"HOSPITALISATIE"}))
	for _, row := range o.rows(number) {
		if row.Kind == string(complaint.EndQuestions) {
			t.Error("nothing had to end")
		}
	}
}

func TestAnOutcomeWaitsForTheServiceThatHelpsFirst(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 12))
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "service_first_open")
	if f := o.file(number).ServiceFirst; f.EndedAt != nil || f.Solved != nil {
		t.Errorf("while the service has it the file shows %+v", f)
	}
	without := founded()
	without.WithoutAnswers = "De klager wacht niet langer."
	_, err = o.DecideOutcome(t.Context(), officer, none, number, without)
	must(t, err)
	o.released(number)
	if _, told := o.letters(number)[complaint.LetterServiceTakenBack]; !told {
		t.Error("the service does not hear that it need not help any more")
	}
	if n := count(t, o, `SELECT count(*) FROM events WHERE number = $1 AND kind = 'outcome_decided'
		AND details->'without_answers' = '["HOSPITALISATIE"]'`, number); n != 1 {
		t.Errorf("%d events say without whom it was decided", n)
	}
}

func TestAnOutcomeDoesNotWaitForAServiceWhoseDayHasCome(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 11))
	must(t, err)
	_, err = o.books.RecordWatch(t.Context(), complaint.WatchEvent{Number: number, Kind: complaint.WatchServiceReturned, Version: 1})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
	o.released(number)
}

func TestACaseThatEndsTakesItFromTheServiceThatHelpsFirst(t *testing.T) {
	o := newOffice(t)
	for name, end := range map[string]func(complaint.Number) error{
		"refusal": func(n complaint.Number) error {
			_, err := o.DecideAdmissibility(t.Context(), officer, none, n, refusal())
			return err
		},
		"withdrawal": func(n complaint.Number) error {
			_, err := o.Withdraw(t.Context(), officer, none, n, casework.WithdrawalNote{Reasons: "Niet meer nodig.", On: complaint.DayOf(o.now), Way: "phone"})
			return err
		},
		"referral": func(n complaint.Number) error {
			return register.Tx(t.Context(), o.db, func(tx *sqlx.Tx) error {
				_, err := o.books.NoteReferred(t.Context(), tx, n, true)
				return err
			})
		},
	} {
		number := o.entered(letter())
		_, err := o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 12))
		must(t, err)
		if err := end(number); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		o.released(number)
		if _, told := o.letters(number)[complaint.LetterServiceTakenBack]; told != (name != "referral") {
			t.Errorf("%s: the service hears that it need not help any more: %v", name, told)
		}
	}
}

// released checks that a service which said nothing helps no more, and that
// nobody reads that it solved nothing.
func (o *office) released(number complaint.Number) {
	o.t.Helper()
	if f := o.file(number).ServiceFirst; f.EndedAt == nil || f.Solved != nil || f.ReportedAt != nil {
		o.t.Errorf("the file shows %+v", f)
	}
	task, err := o.ServiceTask(o.t.Context(), handler, number)
	must(o.t, err)
	if task.Open || task.EndedAt == nil || task.Solved != nil || slices.Contains(o.tasks(handler, true), number) {
		o.t.Errorf("the service reads %+v", task)
	}
	_, err = o.ReportService(o.t.Context(), handler, none, number, casework.ServiceReport{Solved: true, Report: "Toch betaald."})
	if refusal, ok := errors.AsType[*complaint.Error](err); !ok || refusal.Category != complaint.NotAllowedNow {
		o.t.Errorf("a report that comes afterwards: %v", err)
	}
}
