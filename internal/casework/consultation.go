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
// FollowUpTo names an earlier question to the same department; a second question
// needs it while that one is open.
type Question struct {
	Department string
	Question   string
	DueOn      complaint.Day
	FollowUpTo int64
}

// Ask opens a consultation (raadpleging) of a department; a letter to it follows.
// A department that is named as involved is not asked: nobody could answer.
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
		if err := a.mayAskDepartment(ctx, q); err != nil {
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

func (a *act) mayAskDepartment(ctx context.Context, q Question) error {
	if err := a.investigable(); err != nil {
		return err
	}
	if err := a.independentUnit(ctx, q.Department); err != nil {
		return err
	}
	before, err := register.Consultations(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	return complaint.MayAsk(before, q.Department, q.FollowUpTo)
}

func (a *act) ask(ctx context.Context, q Question) (complaint.Consultation, error) {
	asked, message, err := a.open(ctx, complaint.Consultation{
		Department: q.Department, Question: q.Question, DueOn: q.DueOn, FollowUpTo: q.FollowUpTo,
	})
	if err != nil {
		return complaint.Consultation{}, err
	}
	details := register.Details{"consultation": asked.ID, "department": q.Department, "due_on": q.DueOn}
	if q.FollowUpTo != 0 {
		details["follow_up_to"] = q.FollowUpTo
	}
	if err := a.note(ctx, "department_asked", details, "question", "due_on", "follow_up_to"); err != nil {
		return complaint.Consultation{}, err
	}
	return asked, a.tell(ctx, complaint.AskDepartment, message)
}

// open keeps a question, owes its letter and says what the procedure must know.
func (a *act) open(ctx context.Context, asked complaint.Consultation) (complaint.Consultation, complaint.DepartmentAsked, error) {
	asked.Number, asked.State = a.c.Number, complaint.ConsultationOpen
	asked.AskedAt, asked.AskedBy = a.Now(), a.actor.Login
	var err error
	if asked.ID, err = a.store.AddConsultation(ctx, a.tx, asked); err != nil {
		return asked, complaint.DepartmentAsked{}, err
	}
	letter, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
		Number: a.c.Number, Kind: complaint.LetterConsultation, Version: asked.ID, Department: asked.Department,
	})
	return asked, complaint.DepartmentAsked{
		Consultation: asked.ID, Department: asked.Department, DueOn: asked.DueOn, Letter: letter,
		RemindAt: a.remindAt(asked.DueOn), EscalateAt: a.escalateAt(asked.DueOn),
	}, err
}

// escalateAt is when the head of a department hears that no answer came: on the
// working day after the due day. A question that is past its due day when it
// comes to a department is not escalated on the same day.
func (d *Desk) escalateAt(due complaint.Day) time.Time {
	if today := d.today(); due.Before(today) {
		due = today
	}
	return d.Calendar.WorkingDayAfter(due).At(9, 0)
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
// department; an officer may note what came by another way. Neither is done by
// a person, nor for a department, that is named as involved. After the case was
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
		asked, c, err := register.LockConsultation(ctx, tx, id, actor.owns)
		if err != nil {
			return Standing{}, err
		}
		a := &act{Desk: d, tx: tx, actor: actor, c: c}
		if err := a.independentUnit(ctx, asked.Department); err != nil {
			return Standing{}, err
		}
		if err := asked.MayAnswer(); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.answer(ctx, asked, answer)
	})
}

// ownDepartment narrows a list to a handler's own department, and refuses to show
// another's.
func (a Actor) ownDepartment(asked *string) error {
	if a.Role != staff.Handler {
		return nil
	}
	if *asked != "" && *asked != a.Department {
		return complaint.Refuse(complaint.Forbidden, "forbidden", "This is another department's.")
	}
	*asked = a.Department
	return nil
}

// owns tells whether a consultation is for the actor to answer.
func (a Actor) owns(c complaint.Consultation) bool { return ownConsultation(a, c.Department) }

// ownConsultation hides other departments' consultations from handlers.
func ownConsultation(actor Actor, department string) bool {
	return actor.Role != staff.Handler || actor.Department == department
}

func (a *act) answer(ctx context.Context, asked complaint.Consultation, answer Answer) error {
	late := asked.State != complaint.ConsultationOpen
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
