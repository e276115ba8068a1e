package organisation

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"
)

// Offices says when the offices of the organisation work.
type Offices struct {
	OpenAt  string           `yaml:"open_at"`  // HH:MM in Brussels; reminders go out then. Left out: 09:00
	DaysOff map[int][]string `yaml:"days_off"` // YYYY-MM-DD by year, beside the legal holidays
}

// Calendar is the calendar of the organisation's offices.
func (o *Organisation) Calendar() *complaint.Calendar {
	at, _ := time.Parse(clockForm, o.Offices.OpenAt) // a loaded file is valid
	var off []complaint.Day
	for _, year := range slices.Sorted(maps.Keys(o.Offices.DaysOff)) {
		for _, text := range o.Offices.DaysOff[year] {
			day, _ := complaint.ParseDay(text) // as above
			off = append(off, day)
		}
	}
	return complaint.NewCalendar().With(at.Hour(), at.Minute(), off...)
}

const clockForm = "15:04"

func (c *checker) offices(p path, o Offices) {
	if at, err := time.Parse(clockForm, o.OpenAt); err != nil || at.Hour() < 6 || at.Hour() > 18 {
		c.wrong(p.to("open_at"), "it must be a time of day from 06:00 to 18:59, as in \"09:00\"")
	}
	for _, year := range slices.Sorted(maps.Keys(o.DaysOff)) {
		for i, text := range o.DaysOff[year] {
			at := p.to("days_off", fmt.Sprint(year), index(i))
			day, err := complaint.ParseDay(text)
			if y, _, _ := day.Date(); err != nil || y != year {
				c.wrong(at, "it must be a day of the year %d, as in %d-05-15", year, year)
			}
			if slices.Contains(o.DaysOff[year][:i], text) {
				c.wrong(at, "this day is named twice")
			}
		}
		if len(o.DaysOff[year]) > maxDaysOff {
			c.wrong(p.to("days_off", fmt.Sprint(year)), "it names more than %d days", maxDaysOff)
		}
	}
}

// maxDaysOff bounds the days off of a year, so that there is always a working
// day not far before a day.
const maxDaysOff = 60
