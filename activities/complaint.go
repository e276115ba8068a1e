package activities

import (
	"context"

	"ombudsdienst/internal/complaint"
)

// Register enters a complaint in the register for this run of the procedure
// (step 1 of the procedure). Safe to repeat: the register keeps which run
// entered it, and the same run gets the same answer. A run that takes the place
// of one that was lost is told what was recorded, and when staff are reminded next.
func (a *Activities) Register(ctx context.Context, entry complaint.Entry) (complaint.Entered, error) {
	entered, err := a.Books.Enter(ctx, entry)
	if told := entered.Told; told != nil && told.Overdue.GoesOn {
		told.Overdue.AgainAt = a.Organisation.Calendar().OfficeMomentInAWeek(told.Overdue.AgainAt)
	}
	return entered, translate(ctx, err)
}

// Record tells the register that a command was taken and where the case now
// stands. Safe to repeat: a row is done once, and an older position never
// overwrites a newer one.
func (a *Activities) Record(ctx context.Context, recording complaint.Recording) error {
	return translate(ctx, a.record(ctx, recording))
}

// record keeps a command that the register's own rules refuse as not applied: it
// must not hold up those behind it.
func (a *Activities) record(ctx context.Context, recording complaint.Recording) error {
	err := a.Books.Record(ctx, recording)
	if !final(err) || recording.Row == 0 {
		return err
	}
	recording.Effect, recording.Position = complaint.NotApplied, complaint.Position{}
	return a.Books.Record(ctx, recording)
}

// RecordWatch tells the register what the passing of time brought about, and
// learns which letters that owes and when it looks again. Safe to repeat: an
// event is kept once, and the letters it owes are the same each time.
func (a *Activities) RecordWatch(ctx context.Context, event complaint.WatchEvent) (complaint.WatchRecorded, error) {
	recorded, err := a.Books.RecordWatch(ctx, event)
	if recorded.GoesOn {
		recorded.AgainAt = a.Organisation.Calendar().OfficeMomentInAWeek(a.Now())
	}
	return recorded, translate(ctx, err)
}

// Close closes the case in the register, unless a command or a letter is still
// on its way: then it answers false. Safe to repeat: a closed case stays closed.
func (a *Activities) Close(ctx context.Context, closing complaint.Closing) (bool, error) {
	closed, err := a.Books.Close(ctx, closing)
	return closed, translate(ctx, err)
}
