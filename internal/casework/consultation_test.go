package casework_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func TestConsultationIsDueWithinTheComplaintsOwnTerm(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter()) // its last day is 13 April 2026
	last := complaint.NewDay(2026, time.April, 13)
	_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "ONTHAAL", Question: "Waarom?", DueOn: last.AddDays(1)})
	wantField(t, err, "body.due_on")
	for department, day := range map[string]complaint.Day{"ONTHAAL": last.AddDays(-5), "POST": last.AddDays(1)} {
		o.now = day.At(10, 0)
		asked, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: department, Question: "Waarom?"})
		must(t, err)
		if late := day.After(last); late != asked.DueOn.After(last) {
			t.Errorf("asked on %s, due on %s", day, asked.DueOn)
		}
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
	_, err = o.Consultations(t.Context(), otherDesk, register.ConsultationFilter{Department: "HOSPITALISATIE"})
	wantCategory(t, err, complaint.Forbidden, "forbidden")
	list, err := o.Consultations(t.Context(), otherDesk, register.ConsultationFilter{})
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
		if c.State != complaint.ConsultationLate || c.Answer == "" {
			t.Errorf("the answer of %s is %s", c.Department, c.State)
		}
	}
}

func TestADepartmentSeesNoIdentificationNumberThatWasTypedElsewhere(t *testing.T) {
	o := newOffice(t)
	const niss = "65.01.01-991.60"
	paper := letter()
	paper.Complainant.Name, paper.Topic = "Karel "+niss, "Dossier "+niss
	paper.ContestedDecision.Reference = niss
	number := o.entered(paper)
	_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(t, err)
	list, err := o.Consultations(t.Context(), handler, register.ConsultationFilter{})
	must(t, err)
	view, err := o.Consultation(t.Context(), handler, list.Items[0].ID)
	must(t, err)
	shown := []string{list.Items[0].ComplainantName, view.ComplainantName, view.Topic, *view.ContestedReference}
	if want := []string{"Karel […]", "Karel […]", "Dossier […]", "[…]"}; !slices.Equal(shown, want) {
		t.Errorf("the handler is shown %v", shown)
	}
}
