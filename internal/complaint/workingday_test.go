package complaint_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

func TestWorkingDayAfterSkipsWeekendsAndLegalHolidays(t *testing.T) {
	day := func(y int, m time.Month, d int) complaint.Day { return complaint.NewDay(y, m, d) }
	calendar := complaint.NewCalendar()
	for _, c := range []struct {
		name      string
		day, want complaint.Day
	}{
		{"an ordinary Tuesday", day(2026, time.March, 10), day(2026, time.March, 11)},
		{"a Friday", day(2026, time.March, 13), day(2026, time.March, 16)},
		{"Good Friday before Easter Monday", day(2026, time.April, 3), day(2026, time.April, 7)},
		{"the day before Labour Day, a Friday", day(2026, time.April, 30), day(2026, time.May, 4)},
		{"Christmas Eve before a weekend", day(2026, time.December, 24), day(2026, time.December, 28)},
	} {
		if got := calendar.WorkingDayAfter(c.day); got != c.want {
			t.Errorf("%s: want %s, got %s", c.name, c.want, got)
		}
	}
}
