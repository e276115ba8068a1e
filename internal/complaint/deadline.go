package complaint

import "time"

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

// Step is one step of a derivation: a stable code, from which its words are made
// in the reader's language, and the day it leads to.
type Step struct {
	Code string `json:"code" doc:"stable name of the step"`
	Day  Day    `json:"day" format:"date" doc:"the day it leads to"`
	Text string `json:"text,omitempty" doc:"the step in words of the reader's language"`
}

// Warning is a moment of the watch.
type Warning struct {
	DaysLeft int       `json:"days_left"`
	At       time.Time `json:"at"`
}

// Deadline (vervaldag) is a term with all its moments, so that nobody computes
// a date again: workflow code, letters and lists take these values.
type Deadline struct {
	Version     int       `json:"version"`                                                                     // 1, 2, ... per complaint; an older one is ignored
	Day0        Day       `json:"day_0"`                                                                       // Brussels day of receipt anywhere in the organisation
	Days        int       `json:"days"`                                                                        // of the term as it was promised
	TermLastDay Day       `json:"term_last_day" doc:"last day of the term as promised; figures count by it"`   // day 45, whatever day of the week it is
	LastDay     Day       `json:"last_day" doc:"the last day, later than the term's own after a delay notice"` // day 45, or the day of a delay notice
	SendBy      Day       `json:"send_by"`                                                                     // last working day on or before LastDay
	EndsAt      time.Time `json:"ends_at"`                                                                     // 24:00 in Brussels on LastDay, exclusive
	Warnings    []Warning `json:"warnings"`                                                                    // ascending
	Derivation  []Step    `json:"derivation"`                                                                  // how the dates came about

	known time.Time // when what began the term was entered here; zero: as it happened
}

// Derive computes the deadline of what was received at a moment; see
// DeriveDeadline for the rule.
func (t Term) Derive(receivedAt time.Time, calendar *Calendar) Deadline {
	return t.DeriveKnown(receivedAt, time.Time{}, calendar)
}

// DeriveKnown is Derive for what is entered at another moment than it was received.
func (t Term) DeriveKnown(receivedAt, notedAt time.Time, calendar *Calendar) Deadline {
	d := DeriveDeadline(t, []TermEvent{{Seq: 1, Kind: TermReceived, At: receivedAt, NotedAt: notedAt}}, calendar)
	d.Version = 1
	return d
}

// DaysTaken counts the calendar days from day 0 to the day of a moment.
func (d Deadline) DaysTaken(moment time.Time) int { return d.Day0.DaysUntil(DayOf(moment)) }

// DaysLeft counts the calendar days from the day of a moment to the last day;
// negative when the last day is over.
func (d Deadline) DaysLeft(moment time.Time) int { return DayOf(moment).DaysUntil(d.LastDay) }

// Overdue tells whether the last day has ended at a moment.
func (d Deadline) Overdue(moment time.Time) bool { return !moment.Before(d.EndsAt) }

// Late tells whether an answer that leaves at a moment counts as late: the term
// as promised has ended, whatever a delay notice said.
func (d Deadline) Late(moment time.Time) bool { return !moment.Before(d.TermLastDay.End()) }

// Moments are the dates on which the procedure acts; acknowledgeBy and alarm are
// the days of the term by which an acknowledgement must have left. What came to
// be known here only after such a day, as a letter that lay elsewhere, gets a fair
// time: its acknowledgement is late when it is still owed as the offices open next,
// and needs somebody at once when it is on the working day after that.
func (d Deadline) Moments(acknowledgeBy, alarm int, calendar *Calendar) Moments {
	if d.LastDay.IsZero() {
		return Moments{}
	}
	by, needed := calendar.OfficeMoment(d.Day0.AddDays(acknowledgeBy)), calendar.OfficeMoment(d.Day0.AddDays(alarm))
	if !d.known.IsZero() {
		next := calendar.WorkingDayAfter(DayOf(d.known))
		by = latest(by, calendar.OfficeMoment(next))
		needed = latest(needed, calendar.OfficeMoment(calendar.WorkingDayAfter(next)))
	}
	return Moments{
		Version: d.Version, Days: d.Day0.DaysUntil(d.LastDay), LastDay: d.LastDay, EndsAt: d.EndsAt, Warnings: d.Warnings,
		AcknowledgeBy: by, AcknowledgeAlarm: needed,
		ConfirmAt: calendar.WorkingDayAfter(d.LastDay).At(12, 0),
	}
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
