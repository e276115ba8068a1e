package complaint

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
	_ "time/tzdata" // the rules need Brussels on a machine without zone files too
)

// Brussels is the time zone of every day and term in this program.
var Brussels = mustLoad("Europe/Brussels")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zone is compiled in
	}
	return zone
}

// Day is a calendar day in Brussels. The zero Day means "not known"; it is null
// in JSON and NULL in the register. Days compare with ==.
type Day struct {
	year  int
	month time.Month
	day   int
}

// NewDay makes a day; values out of range are normalised as time.Date does.
func NewDay(year int, month time.Month, day int) Day {
	return dayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DayOf is the Brussels day on which a moment falls.
func DayOf(moment time.Time) Day { return dayOf(moment.In(Brussels)) }

func dayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// ParseDay reads YYYY-MM-DD. The error does not repeat the text.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Day{}, fmt.Errorf("not a day of the form YYYY-MM-DD")
	}
	return dayOf(t), nil
}

func (d Day) utc() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

// IsZero tells whether the day is not known.
func (d Day) IsZero() bool { return d == Day{} }

// AddDays goes n calendar days on, or back when n is negative. It counts days,
// never hours, so a clock change moves nothing.
func (d Day) AddDays(n int) Day { return dayOf(d.utc().AddDate(0, 0, n)) }

// DaysUntil counts the calendar days from d to other; negative when other is earlier.
func (d Day) DaysUntil(other Day) int {
	return int((other.utc().Unix() - d.utc().Unix()) / (24 * 60 * 60))
}

// Before and After compare days on the calendar.
func (d Day) Before(other Day) bool { return d.utc().Before(other.utc()) }

// After tells whether d is later than other.
func (d Day) After(other Day) bool { return d.utc().After(other.utc()) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// Date gives year, month and day of the month.
func (d Day) Date() (year int, month time.Month, day int) { return d.year, d.month, d.day }

// At is the moment of a clock time in Brussels on this day.
func (d Day) At(hour, minute int) time.Time {
	return time.Date(d.year, d.month, d.day, hour, minute, 0, 0, Brussels)
}

// Start is 00:00 in Brussels, the first moment of the day.
func (d Day) Start() time.Time { return d.At(0, 0) }

// End is 24:00 in Brussels: the first moment that no longer belongs to the day.
func (d Day) End() time.Time { return d.AddDays(1).Start() }

// OneYearLater is the same date of the next year; for 29 February 28 February.
func (d Day) OneYearLater() Day {
	later := NewDay(d.year+1, d.month, d.day)
	if later.month != d.month {
		return later.AddDays(-1)
	}
	return later
}

// String writes YYYY-MM-DD, or nothing for a day that is not known.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalJSON writes "YYYY-MM-DD", or null for a day that is not known.
func (d Day) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON reads "YYYY-MM-DD" or null.
func (d *Day) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a day is a text of the form YYYY-MM-DD")
	}
	if text == nil {
		*d = Day{}
		return nil
	}
	return d.UnmarshalText([]byte(*text))
}

// UnmarshalText reads YYYY-MM-DD; empty text is a day that is not known.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Day{}
		return nil
	}
	day, err := ParseDay(string(text))
	if err != nil {
		return err
	}
	*d = day
	return nil
}

// Value stores the day as a Postgres date.
func (d Day) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a Postgres date.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Day{}
	case time.Time:
		*d = dayOf(v)
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("a day cannot be read from %T", src)
	}
	return nil
}
