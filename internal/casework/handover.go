package casework

import (
	"context"
	"errors"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// HandOver passes a question on to the department that it belongs to.
type HandOver struct {
	Department string
	Reasons    string
}

// HandOverQuestion ends a consultation and opens the one that continues it in
// another department, with the same question and due day. The handler of the
// department that was asked does it, or an officer; after an officer's hand-over
// the first department is told that it need not answer any more.
func (d *Desk) HandOverQuestion(ctx context.Context, actor Actor, once Once, id int64, to HandOver) (complaint.Consultation, error) {
	var none complaint.Consultation
	if err := actor.must(staff.Handler, staff.Ombuds); err != nil {
		return none, err
	}
	check := d.checker()
	check.department("department", to.Department)
	check.required("reasons", to.Reasons, 10_000)
	if err := check.result(); err != nil {
		return none, err
	}
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (complaint.Consultation, error) {
		asked, c, err := register.LockConsultation(ctx, tx, id, actor.owns)
		if err != nil {
			return none, err
		}
		a := &act{Desk: d, tx: tx, actor: actor, c: c}
		if err := a.mayHandOver(ctx, asked, to.Department); err != nil {
			return none, err
		}
		return a.handOver(ctx, asked, to)
	})
}

// cannotTake is what a handler hears of every reason that lies with the other
// department: which ones are asked and which are named as involved is for officers.
var cannotTake = complaint.Conflict("cannot_take_over", "This department cannot take the question over; ask the ombuds officer.")

func (a *act) mayHandOver(ctx context.Context, asked complaint.Consultation, to string) error {
	if err := a.investigable(); err != nil {
		return err
	}
	if err := a.independent(ctx); err != nil {
		return err
	}
	err := a.uninvolvedUnit(ctx, to)
	if err == nil {
		var before []complaint.Consultation
		if before, err = register.Consultations(ctx, a.tx, a.c.Number); err == nil {
			err = complaint.MayHandOver(asked, before, to)
		}
	}
	refusal, ok := errors.AsType[*complaint.Error](err)
	if ok && a.actor.Role == staff.Handler && (refusal.Code == "involved" || refusal.Code == "consultation_open") {
		return cannotTake
	}
	return err
}

func (a *act) handOver(ctx context.Context, from complaint.Consultation, to HandOver) (complaint.Consultation, error) {
	if err := a.store.EndHandedOver(ctx, a.tx, from.ID); err != nil {
		return complaint.Consultation{}, err
	}
	next, message, err := a.open(ctx, complaint.Consultation{
		Department: to.Department, Question: from.Question, DueOn: from.DueOn,
		HandedOverFrom: from.ID, HandOverReasons: to.Reasons,
	})
	if err != nil {
		return complaint.Consultation{}, err
	}
	told := complaint.QuestionHandedOver{From: from.ID, DepartmentAsked: message}
	if a.actor.Role != staff.Handler {
		if told.Letters, err = a.releaseDepartments(ctx, []complaint.Consultation{from}); err != nil {
			return complaint.Consultation{}, err
		}
	}
	err = a.note(ctx, "question_handed_over", register.Details{
		"consultation": from.ID, "from": from.Department, "department": to.Department, "next": next.ID,
	}, "department", "reasons")
	if err != nil {
		return complaint.Consultation{}, err
	}
	return next, a.tell(ctx, complaint.HandOverQuestion, told)
}

// owing lists the consultations whose answer has not come.
func (a *act) owing(ctx context.Context) ([]complaint.Consultation, error) {
	all, err := register.Consultations(ctx, a.tx, a.c.Number)
	var open []complaint.Consultation
	for _, c := range all {
		if c.State == complaint.ConsultationOpen {
			open = append(open, c)
		}
	}
	return open, err
}

// releaseDepartments owes the letters that tell departments that their answer
// is not needed any more. What still comes is kept as late.
func (a *act) releaseDepartments(ctx context.Context, open []complaint.Consultation) ([]int64, error) {
	var letters []int64
	for _, c := range open {
		letter, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
			Number: a.c.Number, Kind: complaint.LetterNoLongerNeeded, Version: c.ID, Department: c.Department,
		})
		if err != nil {
			return nil, err
		}
		letters = append(letters, letter)
	}
	return letters, nil
}

// releaseOpen owes them to every department whose answer has not come, and to the
// service that helps first. It is called before the decision that ends the
// consultations.
func (a *act) releaseOpen(ctx context.Context) ([]int64, error) {
	open, err := a.owing(ctx)
	if err != nil {
		return nil, err
	}
	letters, err := a.releaseDepartments(ctx, open)
	if err != nil {
		return nil, err
	}
	first, err := register.FindServiceFirst(ctx, a.tx, a.c.Number)
	if err != nil {
		return nil, err
	}
	return a.releaseService(ctx, first, letters)
}

// releaseService owes one more letter where a service still helps first: it need
// not any more.
func (a *act) releaseService(ctx context.Context, first *register.ServiceFirst, letters []int64) ([]int64, error) {
	if !first.Waits() {
		return letters, nil
	}
	letter, err := a.store.OweLetter(ctx, a.tx, register.OwedLetter{
		Number: a.c.Number, Kind: complaint.LetterServiceTakenBack, Version: 1, Department: first.Department,
	})
	return append(letters, letter), err
}
