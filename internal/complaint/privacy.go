package complaint

import (
	"fmt"
	"time"
)

// The terms of a privacy file. Requests are answered within a month of their
// receipt, and within two months more when that was said with reasons within the
// first month (GDPR art. 12(3)). A complaint without a request has no term of its
// own; it takes the same.
const (
	PrivacyMonths         = 1
	PrivacyExtendedMonths = 3
)

// privacyWarnings are the days before the last day on which the DPO is reminded.
var privacyWarnings = []int{10, 3}

// PrivacyDeadline derives the term of what concerns personal data and was
// received, anywhere in the organisation, at a moment. The version is that of a
// file whose receipt was never corrected: 1 is the first month and 2 the term
// extended.
func PrivacyDeadline(receivedAt time.Time, extended bool, calendar *Calendar) Deadline {
	version, months := 1, PrivacyMonths
	if extended {
		version, months = 2, PrivacyExtendedMonths
	}
	day0 := DayOf(receivedAt)
	last := calendar.MonthsLater(day0, months)
	d := Deadline{
		Version: version, Day0: day0, Days: day0.DaysUntil(last), TermLastDay: last, LastDay: last,
		SendBy: calendar.WorkingDayOnOrBefore(last), EndsAt: last.End(),
	}
	for _, left := range privacyWarnings {
		d.Warnings = append(d.Warnings, Warning{DaysLeft: left, At: calendar.OfficeMoment(last.AddDays(-left))})
	}
	d.Derivation = []Step{
		{Code: "received", Day: day0, Text: fmt.Sprintf("Received on %s in Brussels: the term starts the day after.", day0)},
		{Code: "months", Day: last, Text: fmt.Sprintf("%d month(s) later: the day of the same number, or the last one of a shorter month; "+
			"a Saturday, Sunday or legal holiday moves it on to the next working day.", months)},
		{Code: "ends", Day: last, Text: fmt.Sprintf("The term ends at 24:00 in Brussels on %s.", last)},
	}
	return d
}

// Split says which part of a submission is about personal data.
type Split string

// The splits. Until a person has confirmed one, both the ombuds service and the
// DPO read the submission.
const (
	SplitUnconfirmed Split = "unconfirmed"
	SplitPure        Split = "pure"  // all of it: from then on the DPO's alone
	SplitMixed       Split = "mixed" // the complaint goes on with the rest
)

// SplitOf is what a person confirmed.
func SplitOf(mixed bool) Split {
	if mixed {
		return SplitMixed
	}
	return SplitPure
}

// PrivacyResult is how the DPO ended a privacy file.
type PrivacyResult string

// The results.
const (
	PrivacyAnswered  PrivacyResult = "answered"
	PrivacyRefused   PrivacyResult = "refused" // with reasons; the authority and the courts stay open
	PrivacyWithdrawn PrivacyResult = "withdrawn"
)

// Valid tells whether the result is known.
func (r PrivacyResult) Valid() bool {
	return r == PrivacyAnswered || r == PrivacyRefused || r == PrivacyWithdrawn
}

// PrivacyMatter is what letters say of a privacy file. It holds what people
// wrote and never leaves the register's and the letters' hands.
type PrivacyMatter struct {
	ReferredAt       time.Time
	Reasons          string    // of the officer, for the DPO
	ReceivedAt       time.Time // as far as that was corrected
	NotifyBy         time.Time // of a suspected breach
	BreachOver       bool      // the authority was not told by then
	Split            Split
	SplitCorrected   bool // what a person had confirmed before was another split
	SuspectedBreach  bool
	Deadline         Deadline
	ExtensionReasons string
	Result           PrivacyResult
	Answer           string
}
