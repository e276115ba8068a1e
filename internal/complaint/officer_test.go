package complaint

import (
	"slices"
	"testing"
	"time"
)

func june(n int) Day { return NewDay(2026, time.June, n) }

func TestWhoIsInChargeFollowsAssignmentAndAbsences(t *testing.T) {
	olga := Absence{Officer: "olga", From: june(8), Until: june(19), StandIn: "omar"}
	omar := Absence{Officer: "omar", From: june(15), Until: june(16), StandIn: "ona"}
	circle := Absence{Officer: "ona", From: june(16), Until: june(16), StandIn: "olga"}
	for _, c := range []struct {
		name     string
		assigned string
		absences []Absence
		involved []string
		day      Day
		want     string
	}{
		{"nobody while it is not assigned", "", []Absence{olga}, nil, june(10), ""},
		{"the officer it is assigned to", "olga", nil, nil, june(10), "olga"},
		{"the officer on the day before the absence", "olga", []Absence{olga}, nil, june(7), "olga"},
		{"the stand-in from the first day", "olga", []Absence{olga}, nil, june(8), "omar"},
		{"the stand-in on the last day", "olga", []Absence{olga}, nil, june(19), "omar"},
		{"the officer again on the day after", "olga", []Absence{olga}, nil, june(20), "olga"},
		{"somebody else's absence changes nothing", "ona", []Absence{olga}, nil, june(10), "ona"},
		{"the stand-in of an absent stand-in", "olga", []Absence{olga, omar}, nil, june(15), "ona"},
		{"nobody when all stand in for each other", "olga", []Absence{olga, omar, circle}, nil, june(16), ""},
		{"nobody when the officer is named as involved", "olga", nil, []string{"olga"}, june(10), ""},
		{"nobody when the stand-in is named as involved", "olga", []Absence{olga}, []string{"omar"}, june(10), ""},
		{"the stand-in of an officer who is named", "olga", []Absence{olga}, []string{"olga"}, june(10), "omar"},
		{"the officer during an absence that was taken back", "olga", []Absence{{Officer: "olga", From: june(8), Until: june(7), StandIn: "omar"}}, nil, june(8), "olga"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := InCharge(c.assigned, c.absences, Involved{Logins: c.involved}, c.day); got != c.want {
				t.Errorf("%q is in charge, want %q", got, c.want)
			}
		})
	}
}

func TestAUnitIsNamedByItsOwnCodeOnly(t *testing.T) {
	named := Involved{Logins: []string{"hugo"}, Departments: []string{"POST"}}
	if !named.Person("hugo") || named.Person("hans") || named.Person("POST") || !named.Unit("POST") || named.Unit("hugo") {
		t.Error("a person or a unit is taken for another")
	}
}

func TestStandingInCountsForWhomeverItReaches(t *testing.T) {
	absences := []Absence{
		{Officer: "olga", From: june(8), Until: june(19), StandIn: "omar"},
		{Officer: "omar", From: june(15), Until: june(16), StandIn: "ona"},
	}
	for _, c := range []struct {
		login string
		day   Day
		want  []string
	}{
		{"omar", june(7), nil},
		{"omar", june(8), []string{"olga"}},
		{"omar", june(15), nil},
		{"ona", june(15), []string{"olga", "omar"}},
		{"ona", june(17), nil},
		{"olga", june(10), nil},
	} {
		if got := StandsInFor(c.login, absences, c.day); !slices.Equal(got, c.want) {
			t.Errorf("%s stands in for %v on %s, want %v", c.login, got, c.day, c.want)
		}
	}
}
