package complaint

import (
	"slices"
	"testing"
	"time"
)

// march is the receipt of these cases.
var march = NewDay(2026, time.March, 2).At(10, 30)

func on(year int, month time.Month, day int) Day { return NewDay(year, month, day) }

// clear is a complaint without any defect.
func clearCase(change func(*Submission)) Submission {
	s := Submission{
		Intake: WebForm, Language: "nl", ReceivedAt: march, FactsOn: on(2026, 1, 28), Department: "POST", Text: "Te laat.",
		Complainant: Complainant{Name: "Karel Verzonnen", Address: Address{Email: "karel@example.org"}},
	}
	if change != nil {
		change(&s)
	}
	return s
}

func represented(m Mandate) func(*Submission) {
	return func(s *Submission) {
		s.Representative = &Representative{Name: "Els Buur", Address: Address{Email: "els@example.org"}, Mandate: m}
	}
}

func TestEachGroundIsFoundAndSaysWhatWouldChangeIt(t *testing.T) {
	for name, c := range map[string]struct {
		change    func(*Submission)
		judgement Judgement
		ground    Ground
		would     []Change
	}{
		"nothing lacks":        {nil, FindAdmissible, GroundAdmissible, []Change{}},
		"privacy":              {func(s *Submission) { s.ConcernsPrivacy = true }, FindPrivacy, GroundPrivacy, []Change{NotAboutPersonalData}},
		"told by telephone":    {func(s *Submission) { s.Intake = PhoneNote }, FindPending, NotInWriting, []Change{WritingArrives}},
		"no name":              {func(s *Submission) { s.Complainant.Name = "" }, FindInadmissible, Anonymous, []Change{NameGiven}},
		"no way to answer":     {func(s *Submission) { s.Complainant.Email = "" }, FindInadmissible, Anonymous, []Change{AddressGiven}},
		"no mandate":           {represented(MandateNone), FindPending, MandateMissing, []Change{MandateArrives}},
		"a mandate asked for":  {represented(MandateAsked), FindPending, MandateMissing, []Change{MandateArrives}},
		"a mandate refused":    {represented(MandateRefused), FindPending, MandateMissing, []Change{MandateArrives}},
		"a mandate attached":   {represented(MandateAttached), FindAdmissible, GroundAdmissible, []Change{}},
		"a legal mandate":      {represented(MandateLegal), FindAdmissible, GroundAdmissible, []Change{}},
		"old, no step":         {func(s *Submission) { s.FactsOn = on(2025, 3, 1) }, FindInadmissible, TooOldNoInitiative, []Change{LaterFactsShown, InitiativeShown}},
		"unknown date":         {func(s *Submission) { s.FactsOn = Day{} }, FindDoubt, FactsDateUnknown, []Change{FactsDateGiven, InitiativeShown}},
		"facts to come":        {func(s *Submission) { s.FactsOn = on(2026, 3, 3) }, FindDoubt, FactsAfterSubmission, []Change{FactsDateCorrected}},
		"about no service":     {func(s *Submission) { s.Department = "" }, FindDoubt, NotOurService, []Change{DepartmentNamed}},
		"old and not in order": {func(s *Submission) { represented(MandateNone)(s); s.FactsOn = on(2020, 1, 1) }, FindPending, MandateMissing, []Change{MandateArrives}},
	} {
		f := Assess(clearCase(c.change))
		if f.Judgement != c.judgement || f.Ground != c.ground || !slices.Equal(f.WouldChange, c.would) || len(f.Facts) == 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// Facts of day D are not more than a year old up to and including the same date
// of the next year; for 29 February that is 28 February.
func TestOneYearIsCountedToTheDay(t *testing.T) {
	for _, c := range []struct {
		facts, received Day
		ground          Ground
	}{
		{on(2025, 3, 2), on(2026, 3, 2), GroundAdmissible},
		{on(2025, 3, 1), on(2026, 3, 2), TooOldNoInitiative},
		{on(2024, 2, 29), on(2025, 2, 28), GroundAdmissible},
		{on(2024, 2, 29), on(2025, 3, 1), TooOldNoInitiative},
		{on(2023, 2, 28), on(2024, 2, 28), GroundAdmissible},
		{on(2023, 2, 28), on(2024, 2, 29), TooOldNoInitiative},
		{on(2023, 3, 1), on(2024, 2, 29), GroundAdmissible},
	} {
		f := Assess(clearCase(func(s *Submission) { s.FactsOn, s.ReceivedAt = c.facts, c.received.At(23, 59) }))
		if f.Ground != c.ground {
			t.Errorf("facts %s, received %s: %s", c.facts, c.received, f.Ground)
		}
	}
}

// The day of receipt is Brussels' day: just before midnight UTC it is the next.
func TestTheYearEndsAtMidnightInBrussels(t *testing.T) {
	for received, ground := range map[time.Time]Ground{
		time.Date(2026, 3, 2, 22, 59, 0, 0, time.UTC): GroundAdmissible,
		time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC):  TooOldNoInitiative,
	} {
		if f := Assess(clearCase(func(s *Submission) { s.FactsOn, s.ReceivedAt = on(2025, 3, 2), received })); f.Ground != ground {
			t.Errorf("%s: %s", received, f.Ground)
		}
	}
}

func TestFactsThatWentOnAreAsOldAsTheirLastDay(t *testing.T) {
	for until, ground := range map[Day]Ground{
		on(2025, 3, 1): TooOldNoInitiative, on(2025, 3, 2): GroundAdmissible, on(2026, 3, 2): GroundAdmissible, on(2026, 3, 3): FactsAfterSubmission,
	} {
		f := Assess(clearCase(func(s *Submission) { s.FactsOn, s.FactsUntil = on(2019, 5, 1), until }))
		if f.Ground != ground || !slices.Contains(f.Facts, Fact{"facts_until", until}) {
			t.Errorf("until %s: %+v", until, f)
		}
	}
}

func TestOneInitiativeSinceTheFactsIsEnough(t *testing.T) {
	old := on(2024, 6, 3)
	for name, c := range map[string]struct {
		steps  []Initiative
		prior  *PriorContact
		ground Ground
	}{
		"none":                       {nil, nil, TooOldNoInitiative},
		"one of the complainant":     {[]Initiative{{on(2024, 6, 4), "phone", ""}}, nil, GroundAdmissible},
		"said to be theirs":          {[]Initiative{{on(2024, 6, 4), "phone", ByComplainant}}, nil, GroundAdmissible},
		"one of the representative":  {[]Initiative{{on(2025, 1, 4), "letter", ByRepresentative}}, nil, GroundAdmissible},
		"the organisation's own act": {[]Initiative{{on(2025, 1, 4), "letter", ByOrganisation}}, nil, TooOldNoInitiative},
		"before the facts":           {[]Initiative{{on(2024, 6, 2), "phone", ""}}, nil, TooOldNoInitiative},
		"after the receipt":          {[]Initiative{{on(2026, 3, 3), "phone", ""}}, nil, TooOldNoInitiative},
		"contact with the service":   {nil, &PriorContact{On: on(2025, 2, 1)}, GroundAdmissible},
	} {
		f := Assess(clearCase(func(s *Submission) { s.FactsOn, s.Initiatives, s.PriorContact = old, c.steps, c.prior }))
		if f.Ground != c.ground {
			t.Errorf("%s: %s", name, f.Ground)
		}
	}
}

func TestAnInitiativeThatIsItselfOldIsHinted(t *testing.T) {
	hinted := func(step Day) bool {
		f := Assess(clearCase(func(s *Submission) { s.FactsOn, s.Initiatives = on(2023, 1, 1), []Initiative{{On: step, How: "phone"}} }))
		return slices.Contains(f.Facts, Fact{"last_initiative_over_a_year_ago", step})
	}
	if hinted(on(2025, 3, 2)) || !hinted(on(2025, 3, 1)) {
		t.Error("the hint stands exactly where the last step is more than a year old")
	}
}

func TestNoRuleRefusesOnTheGroundsOfOtherBodies(t *testing.T) {
	for _, g := range ForeignGrounds {
		if g.Refuses() || g.CanBeMended() || !g.OfOtherBodies() {
			t.Errorf("%s", g)
		}
	}
}

func TestAReplyCompletesWhatWasLodged(t *testing.T) {
	note := clearCase(func(s *Submission) { s.Intake = PhoneNote })
	if f := Assess(note.With(Reply{Kind: ReplyInformation, ReceivedAt: march})); f.Ground != NotInWriting {
		t.Errorf("information is no writing: %s", f.Ground)
	}
	if f := Assess(note.With(Reply{Kind: ReplyWriting, ReceivedAt: march})); f.Ground != GroundAdmissible {
		t.Errorf("the writing has come: %s", f.Ground)
	}
	undated := clearCase(func(s *Submission) { s.FactsOn = Day{} })
	if f := Assess(undated.With(Reply{Kind: ReplyInformation, FactsOn: on(2026, 2, 1)})); f.Ground != GroundAdmissible {
		t.Errorf("the date has come: %s", f.Ground)
	}
	old := clearCase(func(s *Submission) { s.FactsOn = on(2024, 1, 1) })
	if f := Assess(old.With(Reply{Kind: ReplyInformation, Initiatives: []Initiative{{On: on(2025, 1, 1), How: "phone"}}})); f.Ground != GroundAdmissible {
		t.Errorf("a step was shown: %s", f.Ground)
	}
}
