package complaint

import "slices"

// Absence says that an ombuds officer is away from one day to another, both
// included, and who stands in.
type Absence struct {
	ID      int64  `json:"id" db:"id"`
	Officer string `json:"officer" db:"officer"`
	From    Day    `json:"from" db:"from_day"`
	Until   Day    `json:"until" db:"until_day" doc:"the last day away"`
	StandIn string `json:"stand_in" db:"stand_in"`
}

// Covers tells whether the officer is away on a day.
func (a Absence) Covers(day Day) bool { return !day.Before(a.From) && !day.After(a.Until) }

// Involved names who is involved in what a complaint is about: members of staff
// by login, units by the code of a department. Nobody decides on or answers for
// a complaint about themselves. A department that a complaint merely concerns
// is not named: it answers as a unit, and only its named people do not.
type Involved struct {
	Logins      []string `json:"logins"`
	Departments []string `json:"departments" doc:"codes"`
}

// Person tells whether a member of staff is named.
func (i Involved) Person(login string) bool { return slices.Contains(i.Logins, login) }

// Unit tells whether a department is named.
func (i Involved) Unit(code string) bool { return slices.Contains(i.Departments, code) }

// InCharge is who handles a complaint on a day: the officer it is assigned to,
// or who stands in, or who stands in for the latter. It is nobody, and the
// shared list of the officers takes it, when the complaint is not assigned,
// when everybody in the row is away, or when the one found is named as involved.
func InCharge(assigned string, absences []Absence, involved Involved, day Day) string {
	found := assigned
	var asked []string
	for {
		away := slices.IndexFunc(absences, func(a Absence) bool { return a.Officer == found && a.Covers(day) })
		switch {
		case away < 0 && involved.Person(found):
			return ""
		case away < 0:
			return found
		}
		asked = append(asked, found)
		if found = absences[away].StandIn; slices.Contains(asked, found) {
			return ""
		}
	}
}

// StandsInFor lists the absent officers whose complaints are an officer's on a
// day.
func StandsInFor(login string, absences []Absence, day Day) []string {
	var found []string
	for _, a := range absences {
		if a.Covers(day) && InCharge(a.Officer, absences, Involved{}, day) == login && !slices.Contains(found, a.Officer) {
			found = append(found, a.Officer)
		}
	}
	return found
}
