package casework_test

import (
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func (o *office) asks(number complaint.Number, department string, followUpTo int64) complaint.Consultation {
	o.t.Helper()
	asked, err := o.Ask(o.t.Context(), officer, none, number, casework.Question{
		Department: department, Question: "Waarom?", DueOn: complaint.DayOf(monday).AddDays(10), FollowUpTo: followUpTo,
	})
	must(o.t, err)
	return asked
}

func (o *office) lettersOf(number complaint.Number, kind complaint.LetterKind) []register.LetterRow {
	o.t.Helper()
	page, err := o.Letters(o.t.Context(), officer, register.LetterFilter{Number: number})
	must(o.t, err)
	var found []register.LetterRow
	for _, l := range page.Items {
		if l.Kind == kind {
			found = append(found, l)
		}
	}
	return found
}

func TestSecondQuestionOfTheSameDepartmentIsAFollowUpWhileTheFirstIsOpen(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	first := o.asks(number, "HOSPITALISATIE", 0)
	_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "En?"})
	wantCategory(t, err, complaint.NotAllowedNow, "consultation_open")
	second := o.asks(number, "HOSPITALISATIE", first.ID)
	if second.FollowUpTo != first.ID {
		t.Errorf("the second question follows up %d", second.FollowUpTo)
	}
	for _, id := range []int64{first.ID, second.ID} {
		_, err = o.Answer(t.Context(), handler, none, id, casework.Answer{Answer: "Daarom."})
		must(t, err)
	}
	o.asks(number, "HOSPITALISATIE", 0)
}

func TestQuestionThatIsHandedOverGoesOnWithTheOtherDepartment(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked := o.asks(number, "HOSPITALISATIE", 0)
	to := casework.HandOver{Department: "UITKERINGEN", Reasons: "Het gaat over een uitkering."}
	_, err := o.HandOverQuestion(t.Context(), otherDesk, none, asked.ID, to)
	wantCategory(t, err, complaint.NotFound, "not_found")
	next, err := o.HandOverQuestion(t.Context(), handler, none, asked.ID, to)
	must(t, err)
	if next.Question != asked.Question || next.DueOn != asked.DueOn || next.HandedOverFrom != asked.ID {
		t.Errorf("the question became %+v", next)
	}
	var told complaint.QuestionHandedOver
	o.message(number, complaint.HandOverQuestion, &told)
	if told.From != asked.ID || told.Consultation != next.ID || told.Department != "UITKERINGEN" || told.Letter == 0 || len(told.Letters) != 0 {
		t.Errorf("the procedure is told %+v", told)
	}
	_, err = o.Answer(t.Context(), handler, none, asked.ID, casework.Answer{Answer: "Toch nog."})
	wantCategory(t, err, complaint.NotAllowedNow, "handed_over")

	before, err := o.Consultation(t.Context(), handler, asked.ID)
	must(t, err)
	after, err := o.Consultation(t.Context(), otherDesk, next.ID)
	must(t, err)
	if before.State != complaint.ConsultationHandedOver || *before.HandedOverTo != "UITKERINGEN" ||
		*after.HandedOverBy != "HOSPITALISATIE" || *after.HandOverReasons != to.Reasons {
		t.Errorf("the departments see %+v and %+v", before, after)
	}
	_, err = o.Consultation(t.Context(), handler, next.ID)
	wantCategory(t, err, complaint.NotFound, "not_found")
	_, err = o.Answer(t.Context(), otherDesk, none, next.ID, casework.Answer{Answer: "Daarom."})
	must(t, err)
}

func TestOfficerWhoHandsOverTellsTheFirstDepartment(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked := o.asks(number, "HOSPITALISATIE", 0)
	_, err := o.HandOverQuestion(t.Context(), officer, none, asked.ID, casework.HandOver{Department: "UITKERINGEN", Reasons: "Verkeerde dienst."})
	must(t, err)
	var told complaint.QuestionHandedOver
	o.message(number, complaint.HandOverQuestion, &told)
	released := o.lettersOf(number, complaint.LetterNoLongerNeeded)
	if len(released) != 1 || len(told.Letters) != 1 || told.Letters[0] != released[0].ID || *released[0].Department != "HOSPITALISATIE" {
		t.Errorf("the first department is told by %+v, the procedure of %v", released, told.Letters)
	}
}

func TestHandOverWithoutReasonsOrToADepartmentThatOwesAnAnswerIsRefused(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked := o.asks(number, "HOSPITALISATIE", 0)
	o.asks(number, "UITKERINGEN", 0)
	_, err := o.HandOverQuestion(t.Context(), handler, none, asked.ID, casework.HandOver{Department: "UITKERINGEN"})
	wantField(t, err, "body.reasons")
	_, err = o.HandOverQuestion(t.Context(), officer, none, asked.ID, casework.HandOver{Department: "UITKERINGEN", Reasons: "Niet van ons."})
	wantCategory(t, err, complaint.NotAllowedNow, "consultation_open")
	without := founded()
	without.WithoutAnswers = "De stukken volstaan."
	_, err = o.DecideOutcome(t.Context(), officer, none, number, without)
	must(t, err)
	_, err = o.HandOverQuestion(t.Context(), handler, none, asked.ID, casework.HandOver{Department: "POST", Reasons: "Niet van ons."})
	wantCategory(t, err, complaint.NotAllowedNow, "outcome_given")
}

func TestAHandlerDoesNotHearWhyAnotherDepartmentCannotTakeAQuestion(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked := o.asks(number, "HOSPITALISATIE", 0)
	o.asks(number, "UITKERINGEN", 0)
	must(t, o.name(officer, number, nil, []string{"POST"}))
	said := map[string]bool{}
	for department, code := range map[string]string{"UITKERINGEN": "consultation_open", "POST": "involved"} {
		to := casework.HandOver{Department: department, Reasons: "Niet van ons."}
		_, err := o.HandOverQuestion(t.Context(), handler, none, asked.ID, to)
		wantCategory(t, err, complaint.NotAllowedNow, "cannot_take_over")
		said[err.Error()] = true
		_, err = o.HandOverQuestion(t.Context(), officer, none, asked.ID, to)
		wantCategory(t, err, complaint.NotAllowedNow, code)
	}
	if len(said) != 1 {
		t.Errorf("the reasons can be told apart: %v", said)
	}
}

func TestQuestionPastItsDueDayIsNotEscalatedOnTheDayOfItsHandOver(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked := o.asks(number, "HOSPITALISATIE", 0)
	o.now = monday.AddDate(0, 0, 14) // a Monday, four days after the due day
	_, err := o.HandOverQuestion(t.Context(), handler, none, asked.ID, casework.HandOver{Department: "POST", Reasons: "Niet van ons."})
	must(t, err)
	var told complaint.QuestionHandedOver
	o.message(number, complaint.HandOverQuestion, &told)
	if want := complaint.DayOf(o.now).AddDays(1).At(9, 0); !told.EscalateAt.Equal(want) || !told.RemindAt.IsZero() {
		t.Errorf("escalated at %s, reminded at %s, want %s and never", told.EscalateAt, told.RemindAt, want)
	}
}

func TestDepartmentsAreToldThatTheirAnswerIsNotNeeded(t *testing.T) {
	without := founded()
	without.WithoutAnswers = "De stukken volstaan."
	for kind, end := range map[complaint.CommandKind]func(*office, complaint.Number) error{
		complaint.DecideOutcome: func(o *office, n complaint.Number) error {
			_, err := o.DecideOutcome(o.t.Context(), officer, none, n, without)
			return err
		},
		complaint.Withdraw: func(o *office, n complaint.Number) error {
			_, err := o.Withdraw(o.t.Context(), officer, none, n, casework.WithdrawalNote{Reasons: "Opgelost."})
			return err
		},
		complaint.DecideAdmissibility: func(o *office, n complaint.Number) error {
			_, err := o.DecideAdmissibility(o.t.Context(), officer, none, n, refusal())
			return err
		},
	} {
		t.Run(string(kind), func(t *testing.T) {
			o := newOffice(t)
			number := o.entered(letter())
			answered := o.asks(number, "HOSPITALISATIE", 0)
			o.asks(number, "UITKERINGEN", 0)
			_, err := o.Answer(t.Context(), handler, none, answered.ID, casework.Answer{Answer: "Daarom."})
			must(t, err)
			must(t, end(o, number))
			var told struct {
				Letters []int64 `json:"letters"`
			}
			o.message(number, kind, &told)
			released := o.lettersOf(number, complaint.LetterNoLongerNeeded)
			if len(released) != 1 || *released[0].Department != "UITKERINGEN" {
				t.Fatalf("told are %+v", released)
			}
			found := false
			for _, id := range told.Letters {
				found = found || id == released[0].ID
			}
			if !found {
				t.Errorf("the procedure is not told of letter %d: %v", released[0].ID, told.Letters)
			}
		})
	}
}

func TestFileShowsAnswersWithTheirDocumentsAndWhyOneWasNotWaitedFor(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked := o.asks(number, "HOSPITALISATIE", 0)
	o.asks(number, "UITKERINGEN", 0)
	document := complaint.Attachment{Name: "nota.pdf", MediaType: "application/pdf", Content: []byte("%PDF-nota")}
	_, err := o.Answer(t.Context(), handler, none, asked.ID, casework.Answer{Answer: "Daarom.", Attachments: []complaint.Attachment{document}})
	must(t, err)
	without := founded()
	without.WithoutAnswers = "De stukken volstaan."
	_, err = o.DecideOutcome(t.Context(), officer, none, number, without)
	must(t, err)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	shown := file.Consultations[0].Attachments
	if len(shown) != 1 || shown[0].Name != "nota.pdf" || len(file.Consultations[1].Attachments) != 0 {
		t.Fatalf("the file shows %+v", file.Consultations)
	}
	opened, err := o.Attachment(t.Context(), officer, shown[0].ID)
	must(t, err)
	if string(opened.Content) != "%PDF-nota" {
		t.Error("the officer opens another document")
	}
	if file.Outcome.WithoutAnswers != without.WithoutAnswers {
		t.Errorf("the file gives as reason %q", file.Outcome.WithoutAnswers)
	}
	for _, e := range file.Events {
		if e.Kind == "outcome_decided" && !contains(string(e.Details), `"without_answers": ["UITKERINGEN"]`) {
			t.Errorf("the event says %s", e.Details)
		}
		if contains(string(e.Details), "volstaan") {
			t.Errorf("the event %s says what somebody wrote", e.Kind)
		}
	}
}
