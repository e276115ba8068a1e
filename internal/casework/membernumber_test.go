package casework_test

import (
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// hidden fails when an identification number can be read or is not found.
func (o *office) hidden(name string, number complaint.Number) {
	o.t.Helper()
	got := o.file(number).Submission.Complainant
	if got.MemberNumber != "" || got.NISS != register.MaskedNISS || o.search("65.01.01-991.60") != 1 || o.search("65.01.01") != 0 {
		o.t.Errorf("%s: it is kept as %q and %q, and found %d times", name, got.MemberNumber, got.NISS, o.search("65.01.01-991.60"))
	}
	if count(o.t, o, `SELECT count(*) FROM submissions WHERE member_number LIKE '65%'`)+
		count(o.t, o, `SELECT count(*) FROM corrections WHERE changes::text LIKE '%65%01%01%'`) != 0 {
		o.t.Errorf("%s: it stands in the clear", name)
	}
}

func TestAnIdentificationNumberGivenAsMemberNumberIsKeptAsWhatItIs(t *testing.T) {
	for name, given := range map[string][2]string{
		"alone": {"65.01.01-991.60", ""}, "twice": {"65010199160", "65.01.01-991.60"},
	} {
		o := newOffice(t).withOfficers()
		s := webForm()
		s.Complainant.MemberNumber, s.Complainant.NISS = given[0], given[1]
		number := o.lodge(public, s).Number
		o.enter(number)
		o.hidden(name, number)
		asked, err := o.Ask(t.Context(), officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
		must(t, err)
		view, err := o.Consultation(t.Context(), handler, asked.ID)
		must(t, err)
		if view.MemberNumber != "" {
			t.Errorf("%s: the department sees it", name)
		}
	}
	o := newOffice(t)
	s := webForm()
	s.Complainant.MemberNumber = "94.05.11-998.02"
	results, err := o.Lodge(t.Context(), public, none, []complaint.Submission{s})
	must(t, err)
	wantField(t, results[0].Err, "body.complainant.member_number")
	s.Complainant.MemberNumber = "94.05.11-998.03" // no identification number: its check digits are wrong
	if got := o.file(o.lodge(public, s).Number).Submission.Complainant; got.MemberNumber != "94.05.11-998.03" {
		t.Errorf("a member number became %q", got.MemberNumber)
	}
}

func TestACorrectionPutsAnIdentificationNumberWhereItBelongs(t *testing.T) {
	niss, other := ptr("65.01.01-991.60"), ptr("94.05.11-998.02")
	for name, c := range map[string]struct {
		known string
		given complaint.ComplainantCorrection
		wrong string
	}{
		"none is known":          {"", complaint.ComplainantCorrection{MemberNumber: niss}, ""},
		"the same is known":      {*niss, complaint.ComplainantCorrection{MemberNumber: niss}, ""},
		"the same is given":      {"", complaint.ComplainantCorrection{MemberNumber: niss, NISS: niss}, ""},
		"the own one is cleared": {*other, complaint.ComplainantCorrection{MemberNumber: niss, NISS: ptr("")}, ""},
		"another is known":       {*niss, complaint.ComplainantCorrection{MemberNumber: other}, "body.complainant.member_number"},
		"another is masked":      {*niss, complaint.ComplainantCorrection{MemberNumber: other, NISS: ptr(register.MaskedNISS)}, "body.complainant.member_number"},
		"another is given":       {"", complaint.ComplainantCorrection{MemberNumber: other, NISS: niss}, "body.complainant.member_number"},
	} {
		o := newOffice(t)
		s := letter()
		s.Complainant.NISS = c.known
		number := o.entered(s)
		err := o.correct(number, complaint.Correction{Complainant: &c.given})
		if c.wrong != "" {
			wantField(t, err, c.wrong)
			continue
		}
		must(t, err)
		o.hidden(name, number)
	}
}
