package complaint

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/be"
)

// Calendar knows the working days: Monday to Friday less the ten Belgian legal
// holidays. It moves reminders and the send-by day, never the legal last day.
// A Calendar does not change after it is made and may be shared.
type Calendar struct {
	legal *cal.BusinessCalendar
}

// NewCalendar makes the calendar of the Belgian legal holidays.
func NewCalendar() *Calendar {
	legal := cal.NewBusinessCalendar()
	legal.AddHoliday(be.Holidays...)
	return &Calendar{legal: legal}
}

// IsWorkingDay tells whether the offices work on that day.
func (c *Calendar) IsWorkingDay(d Day) bool {
	return c.legal.IsWorkday(d.utc())
}

// WorkingDayOnOrBefore is the day itself, or the last working day before it.
func (c *Calendar) WorkingDayOnOrBefore(d Day) Day {
	for !c.IsWorkingDay(d) {
		d = d.AddDays(-1)
	}
	return d
}

// NextWorkingDayOnOrAfter is the day itself, or the first working day after it:
// where a term of law ends that shifts (Reg. 1182/71 art. 3(4)).
func (c *Calendar) NextWorkingDayOnOrAfter(d Day) Day {
	for !c.IsWorkingDay(d) {
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

// OfficeMoment is when a reminder meant for a day goes out: 09:00 in Brussels
// on that day or on the working day before it, never later.
func (c *Calendar) OfficeMoment(d Day) time.Time {
	return c.WorkingDayOnOrBefore(d).At(9, 0)
}
