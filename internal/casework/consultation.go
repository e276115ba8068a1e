package casework

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// Question is what a department is asked. The zero due day is the organisation's
// term from today, or the complaint's own last day when that comes first.
type Question struct {
	Department string
	Question   string
	DueOn      complaint.Day
}

// Ask opens a consultation (raadpleging) of a department; a letter to it follows.
func (d *Desk) Ask(ctx context.Context, actor Actor, once Once, number complaint.Number, q Question) (complaint.Consultation, error) {
	if err := actor.must(staff.Ombuds); err != nil {
		return complaint.Consultation{}, err
	}
	check := d.checker()
	check.department("department", q.Department)
	check.required("question", q.Question, 10_000)
	check.notPast("due_on", q.DueOn)
	return command(ctx, d, actor, once, number, func(a *act) (complaint.Consultation, error) {
		// Only here, because a repetition is answered as the first time, also
		// when its due day has passed meanwhile.
		q.DueOn = a.dueDay(check, q.DueOn)
		if err := check.result(); err != nil {
			return complaint.Consultation{}, err
		}
		if err := a.investigable(); err != nil {
			return complaint.Consultation{}, err
		}
		return a.ask(ctx, q)
	})
}

// dueDay fills in the day by which a department answers. One that would only
// come after the complainant must have the answer is refused, unless the case is
// so late already that the usual term goes beyond its last day.
func (a *act) dueDay(check *checker, due complaint.Day) complaint.Day {
	usual, last := a.today().AddDays(a.Organisation.Terms.Consultation), a.c.LastDay
	switch {
	case due.IsZero() && usual.After(last) && last.After(a.today()):
		return last
	case due.IsZero():
		return usual
	case due.After(last) && due.After(usual):
		check.wrong("due_on", "is after the last day of the complaint's own term")
	}
	return due
}

func (a *act) ask(ctx context.Context, q Question) (complaint.Consultation, error) {
	asked := complaint.Consultation{
		Number: a.c.Number, Department: q.Department, Question: q.Question, DueOn: q.DueOn,
		AskedAt: a.Now(), AskedBy: a.actor.Login, State: register.ConsultationOpen,
	}
	var err error
	if asked.ID, err = a.store.AddConsultation(ctx, a.tx, asked); err != nil {
		return complaint.Consultation{}, err
	}
	letter, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
		Number: a.c.Number, Kind: complaint.LetterConsultation, Version: asked.ID, Department: q.Department,
	})
	if err != nil {
		return complaint.Consultation{}, err
	}
	err = a.note(ctx, "department_asked", register.Details{
		"consultation": asked.ID, "department": q.Department, "due_on": q.DueOn,
	}, "question", "due_on")
	if err != nil {
		return complaint.Consultation{}, err
	}
	return asked, a.tell(ctx, complaint.AskDepartment, complaint.DepartmentAsked{
		Consultation: asked.ID, Department: q.Department, DueOn: q.DueOn, Letter: letter,
		RemindAt: a.remindAt(q.DueOn), EscalateAt: a.Calendar.WorkingDayAfter(q.DueOn).At(9, 0),
	})
}

// remindAt is when a department is reminded: in office hours some days before
// the answer is due, and not at all when that moment has passed.
func (d *Desk) remindAt(due complaint.Day) time.Time {
	before := d.Organisation.Terms.Reminder
	at := d.Calendar.OfficeMoment(due.AddDays(-before))
	if before == 0 || !at.After(d.Now()) {
		return time.Time{}
	}
	return at
}

// Answer is what a department answers.
type Answer struct {
	Answer         string
	ProposedRemedy string
	Attachments    []complaint.Attachment
}

// Answer keeps a department's answer, once. Handlers answer for their own
// department; an officer may note what came by another way. After the case was
// decided the answer is kept as late; after its closing the procedure is no
// longer told.
func (d *Desk) Answer(ctx context.Context, actor Actor, once Once, id int64, answer Answer) (Standing, error) {
	if err := actor.must(staff.Handler, staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("answer", answer.Answer, 50_000)
	check.text("proposed_remedy", answer.ProposedRemedy, 10_000)
	if err := check.attachments(answer.Attachments); err != nil {
		return Standing{}, err
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (Standing, error) {
		asked, c, err := register.LockConsultation(ctx, tx, id)
		if err != nil {
			return Standing{}, err
		}
		if !ownConsultation(actor, asked.Department) {
			return Standing{}, complaint.Missing("consultation")
		}
		if asked.State == register.ConsultationAnswered || asked.State == register.ConsultationLate {
			return Standing{}, complaint.Conflict("already_answered", "Consultation %d has been answered.", id)
		}
		a := &act{Desk: d, tx: tx, actor: actor, c: c}
		return a.standing(), a.answer(ctx, asked, answer)
	})
}

// ownConsultation hides other departments' consultations from handlers.
func ownConsultation(actor Actor, department string) bool {
	return actor.Role != staff.Handler || actor.Department == department
}

func (a *act) answer(ctx context.Context, asked complaint.Consultation, answer Answer) error {
	late := asked.State != register.ConsultationOpen
	err := a.store.AnswerConsultation(ctx, a.tx, asked.ID, a.actor.Login, answer.Answer, answer.ProposedRemedy, late)
	if err != nil {
		return err
	}
	for _, document := range answer.Attachments {
		if err := register.AddAnswerAttachment(ctx, a.tx, asked.Number, asked.ID, document); err != nil {
			return err
		}
	}
	err = a.note(ctx, "department_answered", register.Details{
		"consultation": asked.ID, "department": asked.Department, "late": late,
	}, "answer", "proposed_remedy", "attachments")
	if err != nil || a.c.Stage == complaint.Closed {
		return err
	}
	return a.tell(ctx, complaint.ReceiveAnswer, complaint.AnswerReceived{Consultation: asked.ID})
}
