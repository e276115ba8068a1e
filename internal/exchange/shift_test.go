package exchange

import (
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func received(moments ...time.Time) []entry {
	entries := make([]entry, len(moments))
	for i, m := range moments {
		entries[i].content.ReceivedAt = m
	}
	return entries
}

func TestTheNewestIsReceivedOnTheDayAskedForAndClockTimesStay(t *testing.T) {
	cases := []struct{ name, from, newest, asOf, want string }{
		{"into summer time", "2026-01-10T09:30:00+01:00", "2026-01-12T10:00:00+01:00", "2026-07-14T23:00:00+02:00", "2026-07-12T09:30:00+02:00"},
		{"into winter time", "2026-06-10T09:30:00+02:00", "2026-06-12T10:00:00+02:00", "2026-12-14T23:00:00+01:00", "2026-12-12T09:30:00+01:00"},
		{"near midnight", "2026-06-10T00:15:00+02:00", "2026-06-10T23:45:00+02:00", "2026-11-10T23:59:00+01:00", "2026-11-10T00:15:00+01:00"},
		{"back in time", "2026-12-30T21:00:00+01:00", "2026-12-31T10:30:00+01:00", "2026-03-29T12:00:00+02:00", "2026-03-28T21:00:00+01:00"},
		{"given in another zone", "2026-06-09T22:15:00Z", "2026-06-11T10:00:00Z", "2026-11-23T23:00:00Z", "2026-11-23T00:15:00+01:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			entries := received(moment(t, c.from), moment(t, c.newest))
			if err := shift(entries, moment(t, c.asOf)); err != nil {
				t.Fatal(err)
			}
			if got := entries[0].content.ReceivedAt; !got.Equal(moment(t, c.want)) {
				t.Errorf("got %s, want %s", got.Format(time.RFC3339), c.want)
			}
			if complaint.DayOf(entries[1].content.ReceivedAt) != complaint.DayOf(moment(t, c.asOf)) {
				t.Errorf("the newest: %s", entries[1].content.ReceivedAt.Format(time.RFC3339))
			}
		})
	}
}

func TestNothingIsReceivedAfterTheMomentAskedFor(t *testing.T) {
	entries := received(moment(t, "2026-01-11T21:47:00+01:00"), moment(t, "2026-01-12T21:47:00+01:00"))
	asOf := moment(t, "2026-03-10T09:00:00+01:00")
	if err := shift(entries, asOf); err != nil {
		t.Fatal(err)
	}
	if got := entries[1].content.ReceivedAt; !got.Equal(asOf) {
		t.Errorf("the newest: %s", got)
	}
	if got := entries[0].content.ReceivedAt; !got.Equal(moment(t, "2026-03-09T21:47:00+01:00")) {
		t.Errorf("the day before: %s", got)
	}
}

func TestAllDatesMoveByTheSameDays(t *testing.T) {
	day := func(d int) complaint.Day { return complaint.NewDay(2026, time.March, d) }
	entries := received(moment(t, "2026-03-20T10:00:00+01:00"), time.Time{})
	s := &entries[0].content
	s.FactsOn, s.Initiatives = day(1), []complaint.Initiative{{On: day(2)}, {On: day(3)}}
	s.PriorContact, s.ContestedDecision = &complaint.PriorContact{On: day(4)}, &complaint.ContestedDecision{On: day(5)}
	if err := shift(entries, moment(t, "2026-03-30T10:00:00+02:00")); err != nil {
		t.Fatal(err)
	}
	if s.FactsOn != day(11) || s.Initiatives[0].On != day(12) || s.Initiatives[1].On != day(13) ||
		s.PriorContact.On != day(14) || s.ContestedDecision.On != day(15) {
		t.Errorf("%+v %+v %+v", s, s.PriorContact, s.ContestedDecision)
	}
	if other := entries[1].content; !other.ReceivedAt.IsZero() || !other.FactsOn.IsZero() {
		t.Errorf("what was not known became known: %+v", other)
	}
	if err := shift(received(time.Time{}), noon); err == nil {
		t.Error("shifted without anything to count from")
	}
}

func TestExpectedLastDaysShiftByTheSameDays(t *testing.T) {
	entries, expected := sampleLetters(t)
	asOf := moment(t, "2026-11-23T08:00:00+01:00")
	days := complaint.NewDay(2026, 12, 31).DaysUntil(complaint.DayOf(asOf)) // the newest of the file
	if err := shift(entries, asOf); err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		if expected[i].Last == "" {
			continue
		}
		last, err := complaint.ParseDay(expected[i].Last)
		if err != nil {
			t.Fatal(err)
		}
		if got := complaint.DayOf(e.content.ReceivedAt).AddDays(45); got != last.AddDays(days) {
			t.Errorf("%s: last day %s, want %s", expected[i].ID, got, last.AddDays(days))
		}
	}
}
