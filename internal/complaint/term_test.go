package complaint_test

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// vectors reads the rows of the deadline vectors by column.
func vectors(t *testing.T) []map[string]string {
	t.Helper()
	file, err := os.Open("testdata/deadline_vectors.csv")
	require.NoError(t, err)
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	require.Len(t, rows, 39)
	return rows
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return m
}

func TestEveryVectorOfTheTermHolds(t *testing.T) {
	calendar := complaint.NewCalendar()
	weekdays := []string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	for _, row := range vectors(t) {
		t.Run(row["id"], func(t *testing.T) {
			received := moment(t, row["received"])
			d := complaint.AnswerTerm().Derive(received, calendar)
			require.Equal(t, row["day0_local"], d.Day0.String())
			require.Equal(t, row["last_day"], d.LastDay.String())
			require.Equal(t, row["last_day_weekday"], weekdays[d.LastDay.Weekday()])
			require.Equal(t, row["end_of_term_utc"], d.EndsAt.UTC().Format(time.RFC3339))

			shifted := calendar.NextWorkingDayOnOrAfter(d.LastDay)
			require.Equal(t, row["last_day_shifted"], shifted.String())
			require.Equal(t, row["end_of_term_shifted_utc"], shifted.End().UTC().Format(time.RFC3339))
			require.Equal(t, row["day10_last_day"], d.Day0.AddDays(10).String())
			require.Equal(t, row["day90_last_day"], d.Day0.AddDays(complaint.DelayLimitDays).String())

			if wrong := row["wrong_if_45x24h"]; wrong != "" {
				require.Equal(t, wrong, complaint.DayOf(received.Add(45*24*time.Hour)).String(), "the trap that this row sets")
				require.NotEqual(t, wrong, d.LastDay.String())
			}
		})
	}
}

// A year with both clock changes, every minute of it.
func TestDayNIsNeverADayOffWhateverTheMinuteOfReceipt(t *testing.T) {
	calendar := complaint.NewCalendar()
	term := complaint.AnswerTerm()
	day := complaint.NewDay(2026, time.January, 1)
	end := complaint.NewDay(2027, time.January, 1).Start()
	for m := day.Start(); m.Before(end); m = m.Add(time.Minute) {
		if !m.Before(day.End()) {
			day = day.AddDays(1)
		}
		if complaint.DayOf(m) != day {
			t.Fatalf("%s falls on %s, not on %s", m, complaint.DayOf(m), day)
		}
		if m.Minute()%30 != 0 && m.Hour() != 2 && m.Hour() != 23 {
			continue // the derivation itself: each half hour, and each minute where a clock or a day changes
		}
		d := term.Derive(m, calendar)
		if d.Day0 != day || d.Day0.DaysUntil(d.LastDay) != 45 || !midnight(d.EndsAt) || d.Overdue(d.EndsAt.Add(-1)) || !d.Overdue(d.EndsAt) {
			t.Fatalf("received %s: day 0 %s, last day %s, end %s", m, d.Day0, d.LastDay, d.EndsAt)
		}
	}
}

func midnight(m time.Time) bool {
	local := m.In(complaint.Brussels)
	return local.Equal(complaint.DayOf(m).Start()) && local.Hour() == 0 && local.Minute() == 0
}

func TestAnyOrderOfCorrectionsAndNoticesGivesWhatComputingFromScratchGives(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 45))
	calendar, term := complaint.NewCalendar(), complaint.AnswerTerm()
	received := complaint.NewDay(2026, time.February, 13).At(10, 0)
	for range 2000 {
		events := []complaint.TermEvent{{Seq: 1, Kind: complaint.TermReceived, At: received, Days: 45}}
		corrected, noticed := received, complaint.Day{}
		for seq := 2; seq < 2+random.IntN(6); seq++ {
			if random.IntN(2) == 0 {
				corrected = received.Add(-time.Duration(random.IntN(60*24*60)) * time.Minute)
				events = append(events, complaint.TermEvent{Seq: seq, Kind: complaint.TermReceiptCorrected, At: corrected})
			} else {
				noticed = complaint.DayOf(received).AddDays(46 + random.IntN(60))
				events = append(events, complaint.TermEvent{Seq: seq, Kind: complaint.TermDelayNoticed, At: received, NewDate: noticed})
			}
		}
		want := fromScratch(corrected, noticed)
		random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		before := slices.Clone(events)
		d := complaint.DeriveDeadline(term, events, calendar)
		require.Equal(t, want, d.LastDay)
		require.Equal(t, complaint.DayOf(corrected).AddDays(45), d.TermLastDay, "figures count by day 45")
		require.True(t, midnight(d.EndsAt))
		require.Equal(t, d.LastDay.End(), d.EndsAt)
		require.Equal(t, before, events, "what is handed in stays as it is")
	}
}

// fromScratch is the rule in its shortest form.
func fromScratch(receivedAt time.Time, noticed complaint.Day) complaint.Day {
	last, limit := complaint.DayOf(receivedAt).AddDays(45), complaint.DayOf(receivedAt).AddDays(90)
	switch {
	case noticed.IsZero() || !noticed.After(last):
		return last
	case noticed.After(limit):
		return limit
	}
	return noticed
}

func TestATermFollowsFromItsEvents(t *testing.T) {
	day := func(text string) complaint.Day {
		d, err := complaint.ParseDay(text)
		require.NoError(t, err)
		return d
	}
	at := func(text string) time.Time { return day(text).At(10, 0) }
	received := complaint.TermEvent{Seq: 1, Kind: complaint.TermReceived, At: at("2026-02-13"), Days: 45}
	for _, c := range []struct {
		name                    string
		events                  []complaint.TermEvent
		day0, termLastDay, last string
		codes                   []string
	}{
		{"a phone note has no term", nil, "", "", "", nil},
		{"a correction alone begins none", []complaint.TermEvent{{Seq: 1, Kind: complaint.TermReceiptCorrected, At: at("2026-02-13")}}, "", "", "", nil},
		{"the writing of a phone note begins it", []complaint.TermEvent{{Seq: 1, Kind: complaint.TermWritingArrived, At: at("2026-03-02")}},
			"2026-03-02", "2026-04-16", "2026-04-16", []string{"writing_arrived", "term", "ends", "send_by"}},
		{"a correction moves day 0", []complaint.TermEvent{received, {Seq: 2, Kind: complaint.TermReceiptCorrected, At: at("2026-02-09")}},
			"2026-02-09", "2026-03-26", "2026-03-26", []string{"receipt_corrected", "term", "ends", "send_by"}},
		{"a notice moves the last day and keeps day 45", []complaint.TermEvent{received, {Seq: 2, Kind: complaint.TermDelayNoticed, At: at("2026-03-20"), NewDate: day("2026-04-24")}},
			"2026-02-13", "2026-03-30", "2026-04-24", []string{"received", "term", "delay_notice", "ends", "send_by"}},
		{"a notice past day 90 ends on day 90", []complaint.TermEvent{received, {Seq: 2, Kind: complaint.TermDelayNoticed, NewDate: day("2026-12-24")}},
			"2026-02-13", "2026-03-30", "2026-05-14", []string{"received", "term", "delay_notice", "delay_limit", "ends", "send_by"}},
		{"a notice never shortens", []complaint.TermEvent{received, {Seq: 2, Kind: complaint.TermDelayNoticed, NewDate: day("2026-03-01")}},
			"2026-02-13", "2026-03-30", "2026-03-30", []string{"received", "term", "delay_notice", "delay_unneeded", "ends", "send_by"}},
		{"a second term begins anew", []complaint.TermEvent{received, {Seq: 2, Kind: complaint.TermDelayNoticed, NewDate: day("2026-04-24")}, {Seq: 3, Kind: complaint.TermReopened, At: at("2026-06-01")}},
			"2026-06-01", "2026-07-16", "2026-07-16", []string{"reopened", "term", "ends", "send_by"}},
		{"a second term is not corrected by the first receipt", []complaint.TermEvent{received, {Seq: 2, Kind: complaint.TermReopened, At: at("2026-06-01")}, {Seq: 3, Kind: complaint.TermReceiptCorrected, At: at("2026-02-01")}},
			"2026-06-01", "2026-07-16", "2026-07-16", []string{"reopened", "term", "ends", "send_by"}},
		{"the days promised then count", []complaint.TermEvent{{Seq: 1, Kind: complaint.TermReceived, At: at("2026-02-13"), Days: 30}},
			"2026-02-13", "2026-03-15", "2026-03-15", []string{"received", "term", "ends", "send_by"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := complaint.DeriveDeadline(complaint.AnswerTerm(), c.events, complaint.NewCalendar())
			require.Equal(t, []string{c.day0, c.termLastDay, c.last}, []string{d.Day0.String(), d.TermLastDay.String(), d.LastDay.String()})
			var codes []string
			for _, step := range d.Derivation {
				codes = append(codes, step.Code)
			}
			require.Equal(t, c.codes, codes)
		})
	}
}

func TestAnAnswerAfterDay45IsLateAlsoWithADelayNotice(t *testing.T) {
	d := complaint.DeriveDeadline(complaint.AnswerTerm(), []complaint.TermEvent{
		{Seq: 1, Kind: complaint.TermReceived, At: complaint.NewDay(2026, time.February, 13).At(10, 0)},
		{Seq: 2, Kind: complaint.TermDelayNoticed, NewDate: complaint.NewDay(2026, time.April, 24)},
	}, complaint.NewCalendar())
	for _, c := range []struct {
		moment        time.Time
		late, overdue bool
		taken, left   int
	}{
		{complaint.NewDay(2026, time.March, 30).At(23, 59), false, false, 45, 25},
		{complaint.NewDay(2026, time.March, 31).At(0, 0), true, false, 46, 24},
		{complaint.NewDay(2026, time.April, 24).At(23, 59), true, false, 70, 0},
		{complaint.NewDay(2026, time.April, 25).At(0, 0), true, true, 71, -1},
	} {
		require.Equal(t, c.late, d.Late(c.moment), c.moment)
		require.Equal(t, c.overdue, d.Overdue(c.moment), c.moment)
		require.Equal(t, c.taken, d.DaysTaken(c.moment), c.moment)
		require.Equal(t, c.left, d.DaysLeft(c.moment), c.moment)
	}
}

func TestDaysOffMoveSendByAndWarningsEarlierAndNothingElse(t *testing.T) {
	received := complaint.NewDay(2026, time.March, 31).At(10, 0) // day 45 is Friday 15 May, after Ascension
	plain := complaint.AnswerTerm().Derive(received, complaint.NewCalendar())
	bridge := complaint.AnswerTerm().Derive(received, complaint.NewCalendar().With(8, 30,
		complaint.NewDay(2026, time.May, 15), complaint.NewDay(2026, time.May, 8)))
	require.Equal(t, "2026-05-15", plain.SendBy.String())
	require.Equal(t, "2026-05-13", bridge.SendBy.String())
	require.Equal(t, plain.LastDay, bridge.LastDay)
	require.Equal(t, plain.EndsAt, bridge.EndsAt)
	require.Equal(t, complaint.NewDay(2026, time.May, 8).At(9, 0), plain.Warnings[1].At)
	require.Equal(t, complaint.NewDay(2026, time.May, 7).At(8, 30), bridge.Warnings[1].At, "in office hours, the working day before")
	for i, w := range bridge.Warnings {
		require.False(t, w.At.After(plain.Warnings[i].At), "never later")
	}
}

func TestOwnDaysOffLengthenNoTermOfLaw(t *testing.T) {
	calendar := complaint.NewCalendar().With(9, 0, complaint.NewDay(2026, time.March, 2))
	require.Equal(t, "2026-03-02", calendar.NextWorkingDayOnOrAfter(complaint.NewDay(2026, time.February, 28)).String())
}

func TestAWeeklyReminderGoesOutWithinAWeekAndNeverAtOnce(t *testing.T) {
	shut := []complaint.Day{}
	for d := complaint.NewDay(2026, time.December, 24); d.Before(complaint.NewDay(2027, time.January, 4)); d = d.AddDays(1) {
		shut = append(shut, d)
	}
	calendar := complaint.NewCalendar().With(9, 0, shut...)
	for day := complaint.NewDay(2026, time.November, 1); day.Before(complaint.NewDay(2027, time.February, 1)); day = day.AddDays(1) {
		now := day.At(9, 0)
		next := calendar.OfficeMomentInAWeek(now)
		require.True(t, next.After(now), day)
		require.True(t, calendar.IsWorkingDay(complaint.DayOf(next)), day)
		closed := day.After(complaint.NewDay(2026, time.December, 21)) && day.Before(complaint.NewDay(2027, time.January, 4))
		require.True(t, closed || day.DaysUntil(complaint.DayOf(next)) <= 7, day)
	}
}

func TestAnAcknowledgementIsLateOnlyAfterAFairTimeSinceItWasEntered(t *testing.T) {
	calendar := complaint.NewCalendar()
	day := func(month time.Month, day, hour int) time.Time {
		return complaint.NewDay(2026, month, day).At(hour, 0)
	}
	for name, c := range map[string]struct{ received, noted, late, alarm time.Time }{
		"entered on the day of receipt":         {day(3, 20, 10), day(3, 20, 11), day(3, 27, 9), day(3, 30, 9)},
		"entered on day 5":                      {day(3, 20, 10), day(3, 25, 11), day(3, 27, 9), day(3, 30, 9)},
		"entered on day 7, after it was due":    {day(3, 20, 10), day(3, 27, 15), day(3, 30, 9), day(3, 31, 9)},
		"entered on day 12":                     {day(3, 20, 10), day(4, 1, 11), day(4, 2, 9), day(4, 3, 9)},
		"entered on the day before Easter":      {day(3, 20, 10), day(4, 3, 11), day(4, 7, 9), day(4, 8, 9)},
		"entered long after the term has ended": {day(1, 2, 10), day(6, 3, 8), day(6, 4, 9), day(6, 5, 9)},
	} {
		t.Run(name, func(t *testing.T) {
			m := complaint.AnswerTerm().DeriveKnown(c.received, c.noted, calendar).Moments(7, 10, calendar)
			require.Equal(t, c.late, m.AcknowledgeBy.In(complaint.Brussels))
			require.Equal(t, c.alarm, m.AcknowledgeAlarm.In(complaint.Brussels))
		})
	}
	corrected := complaint.DeriveDeadline(complaint.AnswerTerm(), []complaint.TermEvent{
		{Seq: 1, Kind: complaint.TermReceived, At: day(3, 20, 10), NotedAt: day(3, 20, 11)},
		{Seq: 2, Kind: complaint.TermReceiptCorrected, At: day(3, 16, 10), NotedAt: day(4, 20, 11)},
	}, calendar).Moments(7, 10, calendar)
	require.Equal(t, day(3, 23, 9), corrected.AcknowledgeBy.In(complaint.Brussels), "a correction gives no new time")
}
