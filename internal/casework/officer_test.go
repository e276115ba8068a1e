package casework_test

import (
	"slices"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// Two more officers.
var (
	omar = casework.Actor{Login: "omar", Role: staff.Ombuds, Address: "192.0.2.8"}
	ona  = casework.Actor{Login: "ona", Role: staff.Ombuds, Address: "192.0.2.9"}
)

// withOfficers makes them known.
func (o *office) withOfficers() *office {
	_, err := o.db.Exec(`
		INSERT INTO accounts (login, name, role, department, password_hash, created_at) VALUES
		('omar', 'Omar', 'ombuds', NULL, '', now()), ('ona', 'Ona', 'ombuds', NULL, '', now())`)
	must(o.t, err)
	return o
}

func (o *office) assign(number complaint.Number, officer, reasons string) error {
	_, err := o.Assign(o.t.Context(), supervisor, none, number, casework.Assignment{Officer: officer, Reasons: reasons})
	return err
}

func (o *office) away(officer, standIn string, from, days int) error {
	day := complaint.DayOf(monday).AddDays(from)
	_, err := o.NoteAbsence(o.t.Context(), supervisor, none, complaint.Absence{
		Officer: officer, From: day, Until: day.AddDays(days - 1), StandIn: standIn,
	})
	return err
}

func (o *office) inCharge(number complaint.Number) string {
	o.t.Helper()
	login, err := register.InCharge(o.t.Context(), o.db, number, complaint.DayOf(o.now))
	must(o.t, err)
	return login
}

func (o *office) mine(actor casework.Actor) []complaint.Number {
	o.t.Helper()
	page, err := o.Complaints(o.t.Context(), actor, register.ComplaintFilter{Mine: true})
	must(o.t, err)
	var numbers []complaint.Number
	for _, row := range page.Items {
		numbers = append(numbers, row.Number)
	}
	return numbers
}

func TestHandingOverToAnotherOfficerNeedsReasonsAndIsKept(t *testing.T) {
	o := newOffice(t).withOfficers()
	number := o.entered(letter())
	must(t, o.assign(number, "olga", ""))
	must(t, o.assign(number, "olga", "")) // again to the same: nothing is handed over
	wantField(t, o.assign(number, "omar", " "), "body.reasons")
	must(t, o.assign(number, "omar", "Olga kent de klager."))
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	last := file.Assignments[len(file.Assignments)-1]
	if *last.Officer != "omar" || *last.Previous != "olga" || last.Reasons != "Olga kent de klager." || last.AssignedBy != "sven" {
		t.Errorf("the hand-over is kept as %+v", last)
	}
	if file.InCharge != "omar" {
		t.Errorf("the file says that %q is in charge", file.InCharge)
	}
}

func TestStandInIsInChargeDuringTheAbsenceAndSeesTheCaseAsOwn(t *testing.T) {
	o := newOffice(t).withOfficers()
	number := o.entered(letter())
	other := o.entered(webForm())
	must(t, o.assign(number, "olga", ""))
	must(t, o.assign(other, "omar", ""))
	must(t, o.away("olga", "omar", 1, 5))
	if who := o.inCharge(number); who != "olga" {
		t.Errorf("before the absence %q is in charge", who)
	}
	o.now = monday.AddDate(0, 0, 1)
	if who := o.inCharge(number); who != "omar" {
		t.Errorf("during the absence %q is in charge", who)
	}
	if own := o.mine(omar); !slices.Equal(own, []complaint.Number{other, number}) {
		t.Errorf("the stand-in's list is %v", own)
	}
	if own := o.mine(officer); !slices.Equal(own, []complaint.Number{number}) {
		t.Errorf("the absent officer's list is %v", own)
	}
	_, err := o.NoteReturn(t.Context(), officer, none, "olga", casework.Return{})
	must(t, err)
	if who := o.inCharge(number); who != "olga" {
		t.Errorf("after an early return %q is in charge", who)
	}
	if own := o.mine(omar); !slices.Equal(own, []complaint.Number{other}) {
		t.Errorf("the list of who stood in is %v", own)
	}
	_, err = o.NoteReturn(t.Context(), officer, none, "olga", casework.Return{})
	wantCategory(t, err, complaint.NotAllowedNow, "not_absent")
	left, err := o.Absences(t.Context(), officer, "olga")
	must(t, err)
	if len(left) != 0 {
		t.Errorf("absences are left: %v", left)
	}
}

func TestAbsencesOfOneOfficerDoNotOverlapAndOnlyOfficersStandIn(t *testing.T) {
	o := newOffice(t).withOfficers()
	must(t, o.away("olga", "omar", 2, 3))
	wantCategory(t, o.away("olga", "ona", 4, 1), complaint.NotAllowedNow, "absence_overlaps")
	wantCategory(t, o.away("olga", "ona", 0, 9), complaint.NotAllowedNow, "absence_overlaps")
	must(t, o.away("olga", "ona", 5, 1))
	must(t, o.away("omar", "ona", 2, 3))
	wantField(t, o.away("ona", "ona", 0, 1), "body.stand_in")
	wantField(t, o.away("ona", "hugo", 0, 1), "body.stand_in")
	wantField(t, o.away("ona", "oude", 0, 1), "body.stand_in")
	wantField(t, o.away("ona", "omar", 0, 0), "body.until")
	wantField(t, o.away("ona", "omar", -9, 3), "body.until")
	wantField(t, o.away("ona", "omar", 0, 400), "body.until")
	wantCategory(t, o.away("hugo", "omar", 0, 1), complaint.NotFound, "not_found")
	_, err := o.NoteAbsence(t.Context(), handler, none, complaint.Absence{Officer: "olga"})
	wantCategory(t, err, complaint.Forbidden, "forbidden")
	found, err := o.Absences(t.Context(), supervisor, "olga")
	must(t, err)
	if len(found) != 2 || found[0].StandIn != "omar" || found[1].StandIn != "ona" {
		t.Errorf("the absences are %v", found)
	}
}

func TestNobodyStandsInWhoIsAway(t *testing.T) {
	o := newOffice(t).withOfficers()
	must(t, o.away("omar", "ona", 2, 3))
	for _, days := range [][2]int{{2, 3}, {0, 3}, {4, 5}, {3, 1}, {0, 9}} {
		wantCategory(t, o.away("olga", "omar", days[0], days[1]), complaint.NotAllowedNow, "stand_in_away")
	}
	wantCategory(t, o.away("ona", "omar", 4, 2), complaint.NotAllowedNow, "stand_in_circle")
	must(t, o.away("olga", "omar", 0, 2)) // until the day before
	must(t, o.away("ona", "omar", 5, 1))  // from the day after
	must(t, o.away("ona", "olga", 3, 1))  // a further stand-in who is there

	wantCategory(t, o.away("olga", "ona", 3, 1), complaint.NotAllowedNow, "stand_in_circle")
	_, err := o.NoteReturn(t.Context(), officer, none, "omar", casework.Return{})
	must(t, err)
	must(t, o.away("olga", "omar", 2, 3))
}
