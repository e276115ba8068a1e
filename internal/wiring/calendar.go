package wiring

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// calendarPause is how long adopting the calendar waits while the register is away.
const calendarPause = 30 * time.Second

// adoptCalendar gives open cases whose dates move, because the organisation file
// was changed, their next deadline version: once at the start, as soon as the
// register is there and migrated. Meanwhile they keep the moments they have. What several API processes do at one time they do once.
func (p *Program) adoptCalendar(ctx context.Context, desk *casework.Desk) error {
	for {
		adopted, err := desk.AdoptCalendar(ctx)
		switch {
		case err == nil && adopted > 0:
			p.Log.Warn("the organisation's days were changed: open cases have new moments", "cases", adopted)
			return nil
		case err == nil || ctx.Err() != nil:
			return nil
		case complaint.CategoryOf(err) != complaint.Unavailable:
			p.Log.Error("open cases were not given the organisation's new days yet", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(calendarPause):
		}
	}
}

// sayMoves lists the open cases that the next start of the API gives new moments,
// before and after. That is nothing wrong.
func (p *Program) sayMoves(ctx context.Context, db *sqlx.DB) error {
	organisation, err := p.organisation()
	if err != nil {
		return err
	}
	desk := casework.New(casework.Config{DB: db, Organisation: organisation, Calendar: organisation.Calendar(), Now: p.Now})
	moves, err := desk.CalendarMoves(ctx)
	for _, m := range moves {
		p.say("%s moves when the API starts: send by %s, was %s; next warning %s, was %s", m.Number,
			m.After.SendBy, m.Before.SendBy, nextWarning(m.After, p.Now()), nextWarning(m.Before, p.Now()))
	}
	return err
}

func nextWarning(d complaint.Deadline, now time.Time) string {
	for _, w := range d.Warnings {
		if w.At.After(now) {
			return w.At.In(complaint.Brussels).Format("2006-01-02 15:04")
		}
	}
	return "none"
}
