package complaint_test

import (
	"encoding/csv"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

func TestThePrivacyTermFollowsTheVectors(t *testing.T) {
	file, err := os.Open("testdata/deadline_vectors.csv")
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	calendar := complaint.NewCalendar()
	require.Greater(t, len(rows), 20)
	for _, row := range rows[1:] {
		received, err := time.Parse(time.RFC3339, row[column["received"]])
		require.NoError(t, err)
		first, extended := complaint.PrivacyDeadline(received, false, calendar), complaint.PrivacyDeadline(received, true, calendar)
		require.Equal(t, row[column["gdpr_1m_last_day"]], first.LastDay.String(), row[column["id"]])
		require.Equal(t, row[column["gdpr_3m_last_day"]], extended.LastDay.String(), row[column["id"]])
		require.Equal(t, first.LastDay.AddDays(1).Start(), first.EndsAt)
		for _, d := range []complaint.Deadline{first, extended} {
			for _, w := range d.Warnings {
				require.True(t, calendar.IsWorkingDay(complaint.DayOf(w.At)), "the DPO is reminded on a working day")
				require.False(t, complaint.DayOf(w.At).After(d.LastDay.AddDays(-w.DaysLeft)), "never later")
			}
		}
	}
}

func TestAMonthThatIsShorterEndsOnItsLastDay(t *testing.T) {
	calendar := complaint.NewCalendar()
	for from, want := range map[string]string{
		"2026-01-31": "2026-03-02", // 28 February 2026 is a Saturday
		"2028-01-31": "2028-02-29",
		"2026-05-31": "2026-06-30",
		"2026-10-01": "2026-11-02", // All Saints is a Sunday
		"2026-12-25": "2027-01-25",
		"2026-11-30": "2026-12-30",
	} {
		day, err := complaint.ParseDay(from)
		require.NoError(t, err)
		require.Equal(t, want, calendar.MonthsLater(day, 1).String(), from)
	}
}

func TestABreachIsToldWithin72HoursOnTheClock(t *testing.T) {
	friday := time.Date(2026, 3, 27, 18, 0, 0, 0, complaint.Brussels) // the clock changes on Sunday
	require.Equal(t, time.Date(2026, 3, 30, 19, 0, 0, 0, complaint.Brussels), complaint.NotifyBreachBy(friday).In(complaint.Brussels))
}
