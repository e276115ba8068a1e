package complaint

import "testing"

func TestOnlyARepresentativeWithAMandateHearsAboutTheCase(t *testing.T) {
	for mandate, to := range map[Mandate]string{
		MandateNone: "karel@example.org", MandateAsked: "karel@example.org", MandateRefused: "karel@example.org",
		MandateAttached: "els@example.org", MandateLegal: "els@example.org",
	} {
		s := clearCase(represented(mandate))
		if got := s.Correspondent(); got.Email != to || !got.Mandated {
			t.Errorf("%s: %s", mandate, got.Email)
		}
	}
}

// Where only a representative without a mandate can be reached, they are told
// of the arrival and asked for the mandate; no other letter goes to them.
func TestWithoutAMandateARepresentativeGetsNoLetterOfTheFile(t *testing.T) {
	every := []LetterKind{LetterAcknowledgement, LetterInadmissible, LetterReclassified, LetterOutcome, LetterLateNotice,
		LetterWithdrawal, LetterMissing, LetterMissingReminder}
	harmless := map[LetterKind]bool{LetterAcknowledgement: true, LetterMissing: true, LetterMissingReminder: true}
	for _, mandate := range []Mandate{MandateNone, MandateAsked, MandateRefused} {
		s := clearCase(represented(mandate))
		s.Complainant.Address = Address{}
		for _, kind := range every {
			to := s.Addressee(kind)
			if want := harmless[kind] && mandate != MandateRefused; (to.Channel != "") != want || to.Mandated && to.Channel != "" {
				t.Errorf("%s, %s: %+v", mandate, kind, to)
			}
		}
	}
}

func TestAMandateHoldsUpToAndIncludingItsLastDay(t *testing.T) {
	r := Representation{Mandate: MandateAttached, EndsOn: on(2026, 3, 2)}
	if r.On(on(2026, 3, 2)).Mandate != MandateAttached || r.On(on(2026, 3, 3)).Mandate != MandateNone {
		t.Error("the last day belongs to the mandate")
	}
}
