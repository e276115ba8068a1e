package exchange

import (
	"errors"
	"time"

	"ombudsdienst/internal/complaint"
)

// shift moves all dates of the submissions by the same whole number of days, so
// that the newest was received on the Brussels day of asOf. Clock times in
// Brussels stay, across changes of the clock too; only where one would be later
// than asOf itself, asOf is taken, since nothing is received in the future. The
// day, and with it every term, is the same either way. Submissions that leave
// the moment of receipt to the server's clock keep it that way.
func shift(entries []entry, asOf time.Time) error {
	var newest time.Time
	for _, e := range entries {
		if e.content.ReceivedAt.After(newest) {
			newest = e.content.ReceivedAt
		}
	}
	if newest.IsZero() {
		return errors.New("--as-of needs at least one submission with received_at to count from")
	}
	days := complaint.DayOf(newest).DaysUntil(complaint.DayOf(asOf))
	for i := range entries {
		shiftOne(&entries[i].content, days, asOf)
	}
	return nil
}

func shiftOne(s *complaint.Submission, days int, asOf time.Time) {
	if !s.ReceivedAt.IsZero() {
		s.ReceivedAt = sameClock(s.ReceivedAt, days)
		if s.ReceivedAt.After(asOf) {
			s.ReceivedAt = asOf
		}
	}
	move := func(d *complaint.Day) {
		if !d.IsZero() {
			*d = d.AddDays(days)
		}
	}
	move(&s.FactsOn)
	for i := range s.Initiatives {
		move(&s.Initiatives[i].On)
	}
	if s.PriorContact != nil {
		move(&s.PriorContact.On)
	}
	if s.ContestedDecision != nil {
		move(&s.ContestedDecision.On)
	}
}

// sameClock is the same clock time in Brussels some days on.
func sameClock(moment time.Time, days int) time.Time {
	t := moment.In(complaint.Brussels)
	y, m, d := t.Date()
	return time.Date(y, m, d+days, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), complaint.Brussels)
}
