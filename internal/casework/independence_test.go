package casework_test

import (
	"slices"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/staff"
)

func (o *office) name(actor casework.Actor, number complaint.Number, logins, departments []string) error {
	_, err := o.NameInvolved(o.t.Context(), actor, none, number, casework.Naming{
		Logins: logins, Departments: departments, Reasons: "De klacht gaat hierover.",
	})
	return err
}

func TestWhoIsNamedAsInvolvedDecidesNothing(t *testing.T) {
	o := newOffice(t).withOfficers()
	number := o.entered(letter())
	doubted := o.written(number, complaint.LetterInDoubt)
	must(t, o.name(intake, number, []string{"olga"}, nil))
	for name, command := range map[string]func() error{
		"assignment": func() error { return o.assign(number, "olga", "") },
		"admissibility": func() error {
			_, err := o.DecideAdmissibility(t.Context(), officer, none, number, refusal())
			return err
		},
		"outcome": func() error {
			_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
			return err
		},
		"consultation": func() error {
			_, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "POST", Question: "Waarom?"})
			return err
		},
		"service first": func() error {
			_, err := o.HandToService(t.Context(), officer, none, number, o.first("POST", 5))
			return err
		},
		"withdrawal": func() error {
			_, err := o.Withdraw(t.Context(), officer, none, number, casework.WithdrawalNote{Reasons: "Opgelost."})
			return err
		},
		"delay notice": func() error {
			_, err := o.GiveDelayNotice(t.Context(), officer, none, number, casework.DelayNotice{
				Reasons: "Later.", NewDate: complaint.DayOf(o.now).AddDays(60),
			})
			return err
		},
		"receipt correction": func() error {
			_, err := o.CorrectReceipt(t.Context(), officer, none, number, casework.ReceiptCorrection{
				ReceivedAt: o.now.AddDate(0, 0, -5), Reasons: "Stempel.",
			})
			return err
		},
		"a letter in doubt": func() error {
			_, err := o.ResolveLetter(t.Context(), officer, none, doubted, casework.LetterResolution{Resolution: "drop", Reasons: "Weg ermee."})
			return err
		},
		"the names": func() error { return o.name(officer, number, nil, nil) },
	} {
		t.Run(name, func(t *testing.T) { wantCategory(t, command(), complaint.NotAllowedNow, "involved") })
	}
	_, err := o.Assign(t.Context(), officer, none, number, casework.Assignment{Officer: "omar"})
	wantCategory(t, err, complaint.NotAllowedNow, "involved")
	must(t, o.assign(number, "omar", ""))
	_, err = o.DecideOutcome(t.Context(), omar, none, number, founded())
	must(t, err)
}

func TestComplaintIsTakenFromAnOfficerWhoIsNamed(t *testing.T) {
	o := newOffice(t).withOfficers()
	number := o.entered(letter())
	must(t, o.assign(number, "olga", ""))
	must(t, o.name(omar, number, []string{"olga"}, nil))
	file, err := o.File(t.Context(), omar, number)
	must(t, err)
	if file.Officer != nil || file.InCharge != "" || len(o.mine(officer)) != 0 {
		t.Errorf("the officer who is named still has the complaint: %+v", file.Handling)
	}
	if !file.Involved.Person("olga") || file.Involvements[0].NamedBy != "omar" || file.Involvements[0].Reasons == "" {
		t.Errorf("the file names %+v", file.Involvements)
	}
}

func TestStandInWhoIsNamedDoesNotGetTheComplaint(t *testing.T) {
	o := newOffice(t).withOfficers()
	number := o.entered(letter())
	must(t, o.assign(number, "olga", ""))
	must(t, o.away("olga", "omar", 0, 5))
	must(t, o.name(ona, number, []string{"omar"}, nil))
	if who := o.inCharge(number); who != "" {
		t.Errorf("%q is in charge of a complaint about them", who)
	}
	if own := o.mine(omar); slices.Contains(own, number) {
		t.Error("the complaint is in the list of who it is about")
	}
}

func TestDepartmentAnswersAsAUnitAndOnlyItsNamedHandlerDoesNot(t *testing.T) {
	o := newOffice(t)
	_, err := o.db.Exec(`
		INSERT INTO accounts (login, name, role, department, password_hash, created_at)
		VALUES ('hilde', 'Hilde', 'handler', 'HOSPITALISATIE', '', now())`)
	must(t, err)
	colleague := casework.Actor{Login: "hilde", Role: staff.Handler, Department: "HOSPITALISATIE"}
	number := o.entered(letter()) // about HOSPITALISATIE
	asked, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(t, err)
	must(t, o.name(intake, number, []string{"hugo"}, nil))
	_, err = o.Answer(t.Context(), handler, none, asked.ID, casework.Answer{Answer: "Ik deed niets."})
	wantCategory(t, err, complaint.NotAllowedNow, "involved")
	_, err = o.HandOverQuestion(t.Context(), handler, none, asked.ID, casework.HandOver{Department: "POST", Reasons: "Liever niet."})
	wantCategory(t, err, complaint.NotAllowedNow, "involved")
	_, err = o.Answer(t.Context(), colleague, none, asked.ID, casework.Answer{Answer: "Zo ging het."})
	must(t, err)
}

func TestUnitThatIsNamedIsNotAskedAndDoesNotAnswer(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(t, err)
	must(t, o.name(officer, number, nil, []string{"HOSPITALISATIE"}))
	for who, actor := range map[string]casework.Actor{"its handler": handler, "an officer in its name": officer} {
		_, err = o.Answer(t.Context(), actor, none, asked.ID, casework.Answer{Answer: "Zo ging het."})
		if t.Run(who, func(t *testing.T) { wantCategory(t, err, complaint.NotAllowedNow, "involved") }); t.Failed() {
			return
		}
	}
	_, err = o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "En?", FollowUpTo: asked.ID})
	wantCategory(t, err, complaint.NotAllowedNow, "involved")
	_, err = o.HandToService(t.Context(), officer, none, number, o.first("HOSPITALISATIE", 5))
	wantCategory(t, err, complaint.NotAllowedNow, "involved")
	_, err = o.HandOverQuestion(t.Context(), officer, none, asked.ID, casework.HandOver{Department: "UITKERINGEN", Reasons: "De dienst is betrokken."})
	wantCategory(t, err, complaint.NotAllowedNow, "not_open") // it ended with the naming; another department is asked anew
	next, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "UITKERINGEN", Question: "Waarom?"})
	must(t, err)
	_, err = o.HandOverQuestion(t.Context(), officer, none, next.ID, casework.HandOver{Department: "HOSPITALISATIE", Reasons: "Terug."})
	wantCategory(t, err, complaint.NotAllowedNow, "involved")
}

func TestNamesAreKnownStaffAndDepartmentsWithReasons(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	wantField(t, o.name(intake, number, []string{"niemand"}, nil), "body.logins")
	wantField(t, o.name(intake, number, nil, []string{"NERGENS"}), "body.departments")
	_, err := o.NameInvolved(t.Context(), intake, none, number, casework.Naming{Logins: []string{"olga"}})
	wantField(t, err, "body.reasons")
	wantCategory(t, o.name(handler, number, nil, nil), complaint.Forbidden, "forbidden")
	must(t, o.name(intake, number, []string{"hugo"}, []string{"POST"}))
	must(t, o.name(intake, number, nil, nil)) // a mistake is put right by naming again
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.Involved.Person("hugo") || file.Involved.Unit("POST") || len(file.Involvements) != 2 {
		t.Errorf("the names are %+v", file.Handling.Involved)
	}
}
