package organisation

import (
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

func TestDaysOffOfAYearAreNoWorkingDays(t *testing.T) {
	content := strings.Replace(string(solidarisBrabant), "days_off: {}", "days_off: {2026: [2026-05-15], 2027: [2027-12-24, 2027-01-04]}", 1)
	content = strings.Replace(content, `open_at: "09:00"`, `open_at: "08:30"`, 1)
	calendar := mustLoad(t, write(t, content)).Calendar()
	for day, works := range map[complaint.Day]bool{
		complaint.NewDay(2026, time.May, 13):      true,
		complaint.NewDay(2026, time.May, 14):      false, // Ascension, by law
		complaint.NewDay(2026, time.May, 15):      false,
		complaint.NewDay(2027, time.January, 4):   false,
		complaint.NewDay(2027, time.December, 24): false,
		complaint.NewDay(2028, time.December, 22): true,
	} {
		if calendar.IsWorkingDay(day) != works {
			t.Errorf("%s: want a working day %v", day, works)
		}
	}
	if got := calendar.OfficeMoment(complaint.NewDay(2026, time.May, 15)); !got.Equal(complaint.NewDay(2026, time.May, 13).At(8, 30)) {
		t.Errorf("a reminder goes out when the offices open, on the working day before: %s", got)
	}
}

func TestAFileWithoutOfficesAndWatchHasTheUsualOnes(t *testing.T) {
	content := string(solidarisBrabant)
	from, to := strings.Index(content, "offices:\n  open_at"), strings.Index(content, "# Names in German")
	o := mustLoad(t, write(t, content[:from]+content[to:]))
	if o.Offices.OpenAt != "09:00" || o.Watch.List != o.SenderMail || o.Watch.Supervisors != o.SenderMail || o.Watch.Language != "nl" {
		t.Errorf("left out: %+v %+v", o.Offices, o.Watch)
	}
}

func TestAnOfficerWithoutAnAddressIsReachedThroughTheList(t *testing.T) {
	w := Watch{List: "list@fund.example", Officers: map[string]string{"olga": "olga@fund.example"}}
	for login, want := range map[string]string{"olga": "olga@fund.example", "oscar": "list@fund.example", "": "list@fund.example"} {
		if got := w.Officer(login); got != want {
			t.Errorf("%q: %s", login, got)
		}
	}
}
