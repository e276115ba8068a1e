package workflows_test

import (
	"time"

	"ombudsdienst/internal/complaint"
)

// tell sends the next command after a delay from the start.
func tell[T any](w *world, after time.Duration, kind complaint.CommandKind, body T) {
	w.seq++
	m := complaint.Message[T]{Row: int64(100 + w.seq), Seq: w.seq, Body: body}
	w.env.RegisterDelayedCallback(func() {
		if settled, ok := any(body).(complaint.LetterSettled); ok && settled.State.HasLeft() {
			w.mu.Lock()
			delete(w.owed, settled.Letter)
			w.mu.Unlock()
		}
		w.env.SignalWorkflow(string(kind), m)
	}, after)
}

func (w *world) ask(after time.Duration, id int64, department string) {
	now := w.env.Now().Add(after)
	due := complaint.DayOf(now).AddDays(15)
	tell(w, after, complaint.AskDepartment, complaint.DepartmentAsked{
		Consultation: id, Department: department, DueOn: due, Letter: askLetter + 100*id,
		RemindAt: due.AddDays(-5).At(9, 0), EscalateAt: due.AddDays(1).At(9, 0),
	})
}

func (w *world) answer(after time.Duration, id int64) {
	tell(w, after, complaint.ReceiveAnswer, complaint.AnswerReceived{Consultation: id})
}

func (w *world) outcome(after time.Duration) {
	tell(w, after, complaint.DecideOutcome, complaint.OutcomeDecided{Letters: []int64{outcomeLetter}})
}

// start is an admissible complaint received at a moment.
func start(received time.Time) complaint.Start {
	d := complaint.AnswerTerm().Derive(received, complaint.NewCalendar())
	return complaint.Start{
		Number: number, Department: "HOSPITALISATIE",
		Stage: complaint.Investigating, WaitingFor: complaint.WaitOmbuds, Ground: complaint.GroundAdmissible,
		Moments: complaint.Moments{
			Version: 1, Days: complaint.AnswerTermDays, LastDay: d.LastDay, EndsAt: d.EndsAt, Warnings: d.Warnings,
			AcknowledgeBy: complaint.NewCalendar().OfficeMoment(d.Day0.AddDays(7)),
		},
		Acknowledgement: ackLetter,
	}
}

// doubtful is a complaint that waits for an officer's decision.
func doubtful(received time.Time, ground complaint.Ground) complaint.Start {
	s := start(received)
	s.Stage, s.Ground = complaint.Assessing, ground
	return s
}
