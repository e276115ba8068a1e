package complaint

import (
	"testing"
	"time"
)

func TestARefusalMayNotContradictTheFile(t *testing.T) {
	known := Complainant{Name: "Karel Verzonnen", Address: Address{Email: "karel@example.org"}}
	received := NewDay(2026, time.April, 10).At(9, 0)
	for name, c := range map[string]struct {
		submission Submission
		ground     Ground
		fits       bool
	}{
		"anonymous without a name":           {Submission{}, Anonymous, true},
		"anonymous without a way to answer":  {Submission{Complainant: Complainant{Name: "Karel"}}, Anonymous, true},
		"anonymous but known":                {Submission{Complainant: known}, Anonymous, false},
		"too old":                            {Submission{Complainant: known, FactsOn: NewDay(2025, time.February, 5)}, TooOldNoInitiative, true},
		"too old to the day":                 {Submission{Complainant: known, FactsOn: NewDay(2025, time.April, 10)}, TooOldNoInitiative, false},
		"too old but a step was taken":       {Submission{Complainant: known, FactsOn: NewDay(2025, time.February, 5), Initiatives: []Initiative{{On: NewDay(2025, time.March, 1), How: "phone"}}}, TooOldNoInitiative, false},
		"too old on a day nobody knows":      {Submission{Complainant: known}, TooOldNoInitiative, false},
		"not our service is a person's view": {Submission{Complainant: known}, NotOurService, true},
	} {
		c.submission.ReceivedAt = received
		if got := Contradiction(c.submission, c.ground); (got == "") != c.fits {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTheVerdictFitsTheFindings(t *testing.T) {
	for _, c := range []struct {
		verdict Verdict
		points  []Verdict
		fits    bool
	}{
		{Founded, []Verdict{Founded}, true},
		{Founded, []Verdict{Unfounded, PartlyFounded}, true},
		{Founded, []Verdict{Unfounded}, false},
		{PartlyFounded, []Verdict{NoFinding}, false},
		{PartlyFounded, []Verdict{Founded, Unfounded}, true},
		{Unfounded, []Verdict{Unfounded, NoFinding}, true},
		{Unfounded, []Verdict{Unfounded, Founded}, false},
		{NoFinding, []Verdict{PartlyFounded}, false},
	} {
		var points []PointFinding
		for _, v := range c.points {
			points = append(points, PointFinding{Verdict: v})
		}
		if got := c.verdict.Fits(points); got != c.fits {
			t.Errorf("%s over %v: %v", c.verdict, c.points, got)
		}
	}
}
