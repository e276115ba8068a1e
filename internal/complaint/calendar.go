package complaint

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/be"
)

// Calendar knows the working days: Monday to Friday less the ten Belgian legal
// holidays and the organisation's own days off. It moves reminders and the
// send-by day, never the legal last day. A Calendar does not change after it is
// made and may be shared.
type Calendar struct {
	legal *cal.BusinessCalendar
	off   map[Day]bool
	opens int // minutes after midnight
}

// NewCalendar makes the calendar of the Belgian legal holidays, for offices that
// open at 09:00.
func NewCalendar() *Calendar {
	legal := cal.NewBusinessCalendar()
	legal.AddHoliday(be.Holidays...)
	return &Calendar{legal: legal, opens: 9 * 60}
}

// With is the calendar of offices that open at another time, and are closed on
// more days: bridge days, regional days.
func (c *Calendar) With(hour, minute int, daysOff ...Day) *Calendar {
	with := &Calendar{legal: c.legal, opens: 60*hour + minute, off: map[Day]bool{}}
	for _, d := range daysOff {
		with.off[d] = true
	}
	return with
}

// IsWorkingDay tells whether the offices work on that day.
func (c *Calendar) IsWorkingDay(d Day) bool { return c.isLegalWorkingDay(d) && !c.off[d] }

// isLegalWorkingDay tells whether the law counts the day as a working day: no
// Saturday, Sunday or legal holiday.
func (c *Calendar) isLegalWorkingDay(d Day) bool { return c.legal.IsWorkday(d.utc()) }

// WorkingDayOnOrBefore is the day itself, or the last working day before it.
func (c *Calendar) WorkingDayOnOrBefore(d Day) Day {
	for !c.IsWorkingDay(d) {
		d = d.AddDays(-1)
	}
	return d
}

// NextWorkingDayOnOrAfter is the day itself, or the first day after it that is
// no Saturday, Sunday or legal holiday: where a term of law ends that shifts
// (Reg. 1182/71 art. 3(4)). The organisation's own days off lengthen no such term.
func (c *Calendar) NextWorkingDayOnOrAfter(d Day) Day {
	for !c.isLegalWorkingDay(d) {
		d = d.AddDays(1)
	}
	return d
}

// WorkingDayAfter is the first working day after the day.
func (c *Calendar) WorkingDayAfter(d Day) Day {
	d = d.AddDays(1)
	for !c.IsWorkingDay(d) {
		d = d.AddDays(1)
	}
	return d
}

// OfficeMoment is when a reminder meant for a day goes out: when the offices
// open, on that day or on the working day before it, never later.
func (c *Calendar) OfficeMoment(d Day) time.Time {
	return c.WorkingDayOnOrBefore(d).At(c.opens/60, c.opens%60)
}

// OfficeMomentInAWeek is when a weekly reminder goes out next: a week after a
// moment, or on a working day before that, and never at once.
func (c *Calendar) OfficeMomentInAWeek(moment time.Time) time.Time {
	today := DayOf(moment)
	if next := c.OfficeMoment(today.AddDays(7)); next.After(moment.Add(24 * time.Hour)) {
		return next
	}
	return c.OfficeMoment(c.WorkingDayAfter(today.AddDays(1)))
}
