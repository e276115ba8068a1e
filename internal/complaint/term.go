package complaint

import (
	"slices"
	"time"
)

// TermEventKind is something that decides a term.
type TermEventKind string

// The events of a term.
const (
	TermReceived         TermEventKind = "received"          // a complaint in writing came in
	TermWritingArrived   TermEventKind = "writing_arrived"   // the writing that a phone note had to wait for
	TermReceiptCorrected TermEventKind = "receipt_corrected" // it had come in at another moment
	TermDelayNoticed     TermEventKind = "delay_notice"      // the complainant was told a later day, before the last one had ended
	TermReopened         TermEventKind = "reopened"          // a closed case began a second term
)

// TermEvent is one event of a complaint's term. A deadline follows from all of
// them and from nothing else.
type TermEvent struct {
	Seq     int           `json:"seq" db:"seq"` // place in the complaint's history; of two that contradict each other the later counts
	Kind    TermEventKind `json:"kind" db:"kind"`
	At      time.Time     `json:"at" db:"at"`                      // of receipt, of the writing, of reopening; for a notice when it was given
	Days    int           `json:"days" db:"days"`                  // what was promised when this began a term; 0: what the organisation promises
	NewDate Day           `json:"new_date" db:"new_date"`          // the last day that a delay notice gives
	NotedAt time.Time     `json:"noted_at,omitzero" db:"noted_at"` // when it was entered here; zero: as it happened
}

// DelayLimitDays bounds the day that a delay notice may give: the ninetieth of
// the term (the local rule of one extension to at most ninety days).
const DelayLimitDays = 90

// DeriveDeadline computes the deadline that follows from the events of a term.
// The order in which they are handed in does not matter, only their Seq. The
// zero Deadline means that no term runs: a phone note waits for its writing.
//
// The moment of receipt, or of reopening, gives day 0 as its Brussels day; day n
// is n calendar days later, and the term ends at 24:00 on its last day. A delay
// notice moves the last day, never back and never past day 90. No weekend,
// holiday or clock change moves the last day: the term is a service promise, not
// a procedural act, so the court rules that lengthen terms do not apply (Ger.W.
// art. 48, 52 and 53). The version is left for the register to give.
func DeriveDeadline(term Term, events []TermEvent, calendar *Calendar) Deadline {
	events = slices.Clone(events)
	slices.SortFunc(events, func(a, b TermEvent) int { return a.Seq - b.Seq })
	var begun, noticed *TermEvent
	days, reopened := term.Days, false
	var known time.Time
	for i, e := range events {
		switch {
		case e.Kind == TermDelayNoticed:
			noticed = &events[i]
			continue
		case e.Kind == TermReceiptCorrected && (begun == nil || reopened):
			continue // no term runs yet, or a second one that began on another day
		case e.Kind == TermReopened:
			noticed, reopened = nil, true
		}
		begun = &events[i]
		if e.Kind != TermReceiptCorrected {
			known = e.NotedAt
		}
		if e.Days > 0 {
			days = e.Days
		}
	}
	if begun == nil {
		return Deadline{}
	}
	d := derive(term, days, *begun, noticed, calendar)
	d.known = known
	return d
}

func derive(term Term, days int, begun TermEvent, noticed *TermEvent, calendar *Calendar) Deadline {
	day0 := DayOf(begun.At)
	d := Deadline{Day0: day0, Days: days, TermLastDay: day0.AddDays(days)}
	d.Derivation = []Step{
		{Code: string(begun.Kind), Day: day0},
		{Code: "term", Day: d.TermLastDay},
	}
	d.LastDay = d.TermLastDay
	if noticed != nil {
		d.extend(noticed.NewDate)
	}
	d.EndsAt = d.LastDay.End()
	d.SendBy = calendar.WorkingDayOnOrBefore(d.LastDay)
	d.Derivation = append(d.Derivation,
		Step{Code: "ends", Day: d.LastDay}, Step{Code: "send_by", Day: d.SendBy})
	for _, n := range term.Warnings {
		left := term.Days - n
		d.Warnings = append(d.Warnings, Warning{DaysLeft: left, At: calendar.OfficeMoment(d.LastDay.AddDays(-left))})
	}
	return d
}

// extend moves the last day to the one that was told, between the term's own and
// day 90.
func (d *Deadline) extend(told Day) {
	d.Derivation = append(d.Derivation, Step{Code: "delay_notice", Day: told})
	limit := d.Day0.AddDays(DelayLimitDays)
	switch {
	case told.After(limit):
		d.LastDay = limit
		d.Derivation = append(d.Derivation, Step{Code: "delay_limit", Day: limit})
	case told.After(d.LastDay):
		d.LastDay = told
	default:
		d.Derivation = append(d.Derivation, Step{Code: "delay_unneeded", Day: d.LastDay})
	}
}
