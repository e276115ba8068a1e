package complaint

import "time"

// BreachHours is how soon the authority is told of a breach after becoming aware
// of it (GDPR art. 33(1)): hours on the clock, through nights and weekends.
const BreachHours = 72

// BreachWarningHours is how long before that the DPO is warned at the latest.
const BreachWarningHours = 24

// NotifyBreachBy is until when the authority is told of a suspected breach.
// Becoming aware of one that a submission revealed is its receipt.
func NotifyBreachBy(awareAt time.Time) time.Time { return awareAt.Add(BreachHours * time.Hour) }

// WarnBreachAt is when the DPO is warned: in the last office hours before the
// last day begins to run, or, where none are left after a moment, a day before
// the end whatever the hour.
func WarnBreachAt(notifyBy, after time.Time, calendar *Calendar) time.Time {
	latest := notifyBy.Add(-BreachWarningHours * time.Hour)
	at := calendar.OfficeMoment(DayOf(latest))
	if at.After(latest) {
		at = calendar.OfficeMoment(DayOf(latest).AddDays(-1))
	}
	if !at.After(after) {
		return latest
	}
	return at
}

// Breach is the clock of a suspected breach, as its procedure acts on it.
type Breach struct {
	Version    int       `json:"breach_version,omitempty"` // an older one is over
	NotifyBy   time.Time `json:"notify_by"`                // zero: nothing is due
	WarnAt     time.Time `json:"warn_breach_at,omitzero"`
	NotifiedAt time.Time `json:"breach_notified_at,omitzero"` // when the authority was told
}

// Due tells whether the authority has still to be told.
func (b Breach) Due() bool { return !b.NotifyBy.IsZero() }

// BreachChanged says what is due from now on, and which letters follow.
type BreachChanged struct {
	Breach
	Letters []int64 `json:"letters,omitempty"`
}
