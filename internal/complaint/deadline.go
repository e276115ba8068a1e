package complaint

import (
	"fmt"
	"time"
)

// AnswerTermDays is the promise of the procedure: the result is communicated
// within 45 calendar days (procedure text, step 3).
const AnswerTermDays = 45

// WarningDays are the days of the term on which the watch warns: day 30, 38 and
// 43, so with 15, 7 and 2 days left.
var WarningDays = []int{30, 38, 43}

// Term says how long an answer may take and when to warn.
type Term struct {
	Days     int   // calendar days after day 0
	Warnings []int // days of the term on which to warn, ascending
}

// AnswerTerm is the term of 45 days with its three warnings.
func AnswerTerm() Term { return Term{Days: AnswerTermDays, Warnings: WarningDays} }

// Step is one step of a derivation: a stable code for translation, the day it
// leads to and the step in English words.
type Step struct {
	Code string `json:"code" doc:"stable name of the step"`
	Day  Day    `json:"day" format:"date" doc:"the day it leads to"`
	Text string `json:"text" doc:"the step in English words"`
}

// Warning is a moment of the watch.
type Warning struct {
	DaysLeft int       `json:"days_left"`
	At       time.Time `json:"at"`
}

// Deadline (vervaldag) is a term with all its moments, so that nobody computes
// a date again: workflow code, letters and lists take these values.
type Deadline struct {
	Version    int       `json:"version"`    // 1, 2, ... per complaint; an older one is ignored
	Day0       Day       `json:"day_0"`      // Brussels day of receipt anywhere in the organisation
	LastDay    Day       `json:"last_day"`   // day 45, whatever day of the week it is
	SendBy     Day       `json:"send_by"`    // last working day on or before LastDay
	EndsAt     time.Time `json:"ends_at"`    // 24:00 in Brussels on LastDay, exclusive
	Warnings   []Warning `json:"warnings"`   // ascending
	Derivation []Step    `json:"derivation"` // how the dates came about
}

// Derive computes the deadline of what was received at a moment: the Brussels
// day of receipt is day 0, day n is n calendar days later, and the term ends at
// 24:00 on its last day. No weekend, holiday or clock change moves the last
// day: the term is a service promise, not a procedural act, so the court rules
// that lengthen terms do not apply (Ger.W. art. 48, 52 and 53).
func (t Term) Derive(receivedAt time.Time, calendar *Calendar) Deadline {
	day0 := DayOf(receivedAt)
	last := day0.AddDays(t.Days)
	sendBy := calendar.WorkingDayOnOrBefore(last)
	d := Deadline{Version: 1, Day0: day0, LastDay: last, SendBy: sendBy, EndsAt: last.End()}
	for _, n := range t.Warnings {
		d.Warnings = append(d.Warnings, Warning{
			DaysLeft: t.Days - n,
			At:       calendar.OfficeMoment(day0.AddDays(n)),
		})
	}
	d.Derivation = []Step{
		{"received", day0, fmt.Sprintf("Received on %s in Brussels: this is day 0.", day0)},
		{"term", last, fmt.Sprintf("Day %d is %d calendar days later; every day counts.", t.Days, t.Days)},
		{"ends", last.AddDays(1), fmt.Sprintf("The term ends at 24:00 in Brussels on %s.", last)},
		{"send_by", sendBy, "Send by the last working day on or before the last day."},
	}
	return d
}

// DaysTaken counts the calendar days from day 0 to the day of a moment.
func (d Deadline) DaysTaken(moment time.Time) int { return d.Day0.DaysUntil(DayOf(moment)) }

// DaysLeft counts the calendar days from the day of a moment to the last day;
// negative when the last day is over.
func (d Deadline) DaysLeft(moment time.Time) int { return DayOf(moment).DaysUntil(d.LastDay) }

// Overdue tells whether the term has ended at a moment.
func (d Deadline) Overdue(moment time.Time) bool { return !moment.Before(d.EndsAt) }
