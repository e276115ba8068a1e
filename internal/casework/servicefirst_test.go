package casework_test

import (
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// first asks a department to help until so many days from the first day on.
func (o *office) first(department string, days int) casework.ServiceFirst {
	return casework.ServiceFirst{
		Department: department, ReturnOn: complaint.DayOf(monday).AddDays(days), Agreed: true,
		Reasons: "De klager had de dienst nog niet gesproken.",
	}
}

func TestServiceHelpsFirstWithTheComplainantsAgreement(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	unasked := o.first("HOSPITALISATIE", 12)
	unasked.Agreed = false
	_, err := o.HandToService(t.Context(), officer, none, number, unasked)
	wantField(t, err, "body.agreed")
	_, err = o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 60))
	wantField(t, err, "body.return_on")

	_, err = o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 12))
	must(t, err)
	var told complaint.HandedToService
	o.message(number, complaint.HandToService, &told)
	saturday := complaint.DayOf(monday).AddDays(12)
	if told.ReturnOn != saturday || !told.ReturnAt.Equal(saturday.AddDays(-1).At(9, 0)) {
		t.Errorf("back on %s at %s: want office hours on the Friday before", told.ReturnOn, told.ReturnAt)
	}
	owed := o.letters(number)
	if len(told.Letters) != 2 || owed[complaint.LetterServiceFirst].ID != told.Letters[0] || owed[complaint.LetterServiceHandOver].ID != told.Letters[1] {
		t.Errorf("the letters are %v of %+v", told.Letters, owed)
	}
	_, err = o.HandToService(t.Context(), officer, none, number, o.first("POST", 14))
	wantCategory(t, err, complaint.NotAllowedNow, "service_first_before")
}

func TestDayOfReturnIsKeptAndTheTermIsNotTouched(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	_, err := o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 11))
	must(t, err)
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.ServiceFirst.ReturnedAt != nil || file.ServiceFirst.HandedBy != "olga" || file.Deadline.LastDay != complaint.DayOf(letter().ReceivedAt).AddDays(45) {
		t.Errorf("the file shows %+v, last day %s", file.ServiceFirst, file.Deadline.LastDay)
	}
	o.now = complaint.DayOf(monday).AddDays(11).At(9, 0)
	for range 2 {
		_, err = o.books.RecordWatch(t.Context(), complaint.WatchEvent{Number: number, Kind: complaint.WatchServiceReturned, Version: 1})
		must(t, err)
	}
	file, err = o.File(t.Context(), officer, number)
	must(t, err)
	if file.ServiceFirst.ReturnedAt == nil || !file.ServiceFirst.ReturnedAt.Equal(o.now) {
		t.Errorf("it came back at %v", file.ServiceFirst.ReturnedAt)
	}
	if n := count(t, o, `SELECT count(*) FROM events WHERE number = $1 AND kind = 'service_returned'`, number); n != 1 {
		t.Errorf("%d events say that it came back", n)
	}
}

func TestWhoAskedTheServiceBeforeIsNotSentBack(t *testing.T) {
	o := newOffice(t)
	asked := letter()
	asked.PriorContact = &complaint.PriorContact{On: complaint.DayOf(monday).AddDays(-9), How: "phone"}
	_, err := o.HandToService(t.Context(), officer, none, o.entered(asked), o.first("HOSPITALISATIE", 12))
	wantCategory(t, err, complaint.NotAllowedNow, "service_contacted")

	consulted := o.entered(letter())
	o.asks(consulted, "POST", 0)
	_, err = o.HandToService(t.Context(), officer, none, consulted, o.first("HOSPITALISATIE", 12))
	wantCategory(t, err, complaint.NotAllowedNow, "consultations_open")
	_, err = o.HandToService(t.Context(), handler, none, consulted, o.first("HOSPITALISATIE", 12))
	wantCategory(t, err, complaint.Forbidden, "forbidden")
}
