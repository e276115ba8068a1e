package complaint

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func FuzzDay(f *testing.F) {
	for _, text := range []string{"2026-02-28", "2024-02-29", "2026-02-30", "0000-01-01", "9999-12-31", "", "2026-2-3", "２０２６-01-01", "2026-01-01T00:00:00Z"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, err := ParseDay(text)
		if err != nil {
			if len(text) > 10 && strings.Contains(err.Error(), text) {
				t.Fatalf("the error repeats the text: %v", err)
			}
			return
		}
		if day.String() != text {
			t.Fatalf("%q is read as %s", text, day)
		}
		written, err := json.Marshal(day)
		var back Day
		if err != nil || json.Unmarshal(written, &back) != nil || back != day {
			t.Fatalf("%s comes back as %s", day, back)
		}
		if day.AddDays(1).AddDays(-1) != day || day.DaysUntil(day.AddDays(45)) != 45 {
			t.Fatalf("%s does not count", day)
		}
		if !day.Start().Before(day.End()) || DayOf(day.Start()) != day {
			t.Fatalf("%s does not begin and end", day)
		}
	})
}

// FuzzDayInJSON: whatever JSON stands where a day should, it is a day, no day,
// or refused.
func FuzzDayInJSON(f *testing.F) {
	for _, text := range []string{`"2026-02-28"`, `null`, `""`, `5`, `["2026-02-28"]`, `"2026\u002d02-28"`, `"`, ``} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var day Day
		if json.Unmarshal(data, &day) != nil {
			return
		}
		written, err := json.Marshal(day)
		var back Day
		if err != nil || json.Unmarshal(written, &back) != nil || back != day {
			t.Fatalf("%s comes back as %s", day, back)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"2026-000001", "2026-999999", "0000-000000", "2026-1", "2026-000001\n", "٢٠٢٦-000001"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := Number(text)
		if !n.Valid() {
			if n.Year() != 0 || n.Place() != 0 {
				t.Fatalf("%q has parts", text)
			}
			return
		}
		if NewNumber(n.Year(), n.Place()) != n {
			t.Fatalf("%q comes back as %s", text, NewNumber(n.Year(), n.Place()))
		}
		for _, id := range []CaseID{{Number: n}, {Number: n, File: PrivacyFile}} {
			if back, ok := CaseOf(id.WorkflowID()); !ok || back != id {
				t.Fatalf("%v comes back as %v", id, back)
			}
		}
	})
}

func FuzzCaseOf(f *testing.F) {
	for _, text := range []string{"complaint-2026-000001", "privacy-2026-000001", "complaint-", "recommendation-5", "complaint-2026-000001-2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, ok := CaseOf(text); ok && id.WorkflowID() != text {
			t.Fatalf("%q is read as %q", text, id.WorkflowID())
		}
	})
}

func FuzzNISS(f *testing.F) {
	for _, text := range []string{"94051199802", "94.05.11-998.02", "00000000097", "85073003328", "9405119980２", "40000000000", "00 00 00 001 96"} {
		f.Add(text)
	}
	today := NewDay(2026, time.March, 2)
	f.Fuzz(func(t *testing.T, text string) {
		digits, err := ParseNISS(text, today)
		if err != nil {
			if err != errNISS {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		if again, err := ParseNISS(digits, today); err != nil || again != digits || len(digits) != 11 {
			t.Fatalf("%q: %q, then %q (%v)", text, digits, again, err)
		}
	})
}

// FuzzMonthsLater: a term of months ends on a working day, not before the plain
// end of its months and at most some holidays after it.
func FuzzMonthsLater(f *testing.F) {
	f.Add(2026, 1, 31, 1)
	f.Add(2024, 2, 29, 12)
	f.Add(2026, 11, 30, 3)
	calendar := NewCalendar()
	f.Fuzz(func(t *testing.T, year, month, day, months int) {
		if year < 1900 || year > 2200 || months < 0 || months > 36 {
			return
		}
		begin := NewDay(year, time.Month(1+(month&0xff)%12), 1+(day&0xff)%31)
		end := calendar.MonthsLater(begin, months)
		if calendar.NextWorkingDayOnOrAfter(end) != end {
			t.Fatalf("%s and %d months end on %s, which is no working day", begin, months, end)
		}
		if days := begin.DaysUntil(end); days < months*28 || days > months*31+7 {
			t.Fatalf("%s and %d months end on %s", begin, months, end)
		}
	})
}

// FuzzMessage: what a carrier brings a procedure is read whole or not at all, and
// reading what was written gives the same.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"row": 1, "seq": 2, "body": {"letter": 3, "state": "sent"}}`))
	f.Add([]byte(`{"body": {"mixed": true, "letters": [1, 2]}}`))
	f.Add([]byte(`{"body": {"moments": {"version": 2, "last_day": "2026-05-01", "ends_at": "2026-05-02T00:00:00+02:00"}}}`))
	f.Add([]byte(`{"body": null, "seq": 1e9}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		readTwice[Message[Start]](t, data)
		readTwice[Message[LetterSettled]](t, data)
		readTwice[Message[PrivacyReferred]](t, data)
		readTwice[Message[PrivacyExtended]](t, data)
		readTwice[Message[PrivacyClosed]](t, data)
		readTwice[Message[PassedOver]](t, data)
		readTwice[Message[PrivacyStart]](t, data)
		readTwice[Message[DeadlineChanged]](t, data)
	})
}

func readTwice[T any](t *testing.T, data []byte) {
	var first, second T
	if json.Unmarshal(data, &first) != nil {
		return
	}
	written, err := json.Marshal(first)
	if err != nil {
		return // a year that no moment in JSON has
	}
	if err := json.Unmarshal(written, &second); err != nil {
		t.Fatalf("%T: %v", first, err)
	}
	again, err := json.Marshal(second)
	if err != nil || string(again) != string(written) {
		t.Fatalf("%T: %s, then %s", first, written, again)
	}
}
