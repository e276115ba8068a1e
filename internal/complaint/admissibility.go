package complaint

import "slices"

// Judgement is what the rules say of a complaint, or what a person decided.
type Judgement string

// The judgements. The rules find; only a person decides InadmissibleFinding,
// ReclassifiedFinding or how a private or doubtful complaint goes on. A form
// defect is pending by itself.
const (
	FindAdmissible   Judgement = "admissible"
	FindInadmissible Judgement = "inadmissible"
	FindPending      Judgement = "pending" // a form defect that can be mended
	FindPrivacy      Judgement = "privacy" // for the DPO
	FindDoubt        Judgement = "doubt"   // the facts do not settle it
	FindReclassified Judgement = "reclassified"
)

// Finding (bevinding) is the rules' judgement with the facts it rests on and
// what would change it. It holds codes and dates only, so it may travel
// anywhere.
type Finding struct {
	Judgement   Judgement `json:"finding"`
	Ground      Ground    `json:"ground"`
	Facts       []Fact    `json:"facts"`
	WouldChange []Change  `json:"would_change"`
}

// Fact is one fact that a finding rests on.
type Fact struct {
	Code string `json:"code"`
	Day  Day    `json:"day,omitzero"`
}

// Change is something that, when it is shown, leads to another finding.
type Change string

// The changes.
const (
	NotAboutPersonalData Change = "not_about_personal_data"
	WritingArrives       Change = "writing_arrives"
	NameGiven            Change = "name_given"
	AddressGiven         Change = "address_given"
	MandateArrives       Change = "mandate_arrives"
	LaterFactsShown      Change = "later_facts_shown"
	InitiativeShown      Change = "initiative_shown"
	FactsDateGiven       Change = "facts_date_given"
	FactsDateCorrected   Change = "facts_date_corrected"
	DepartmentNamed      Change = "department_named"
)

// wouldChange says of each ground what would lift it.
var wouldChange = map[Ground][]Change{
	GroundAdmissible:     {},
	GroundPrivacy:        {NotAboutPersonalData},
	NotInWriting:         {WritingArrives},
	MandateMissing:       {MandateArrives},
	TooOldNoInitiative:   {LaterFactsShown, InitiativeShown},
	FactsDateUnknown:     {FactsDateGiven, InitiativeShown},
	FactsAfterSubmission: {FactsDateCorrected},
	NotOurService:        {DepartmentNamed},
}

// NeedsPerson tells whether an ombuds officer has to decide, or the complainant
// to complete what is missing.
func (f Finding) NeedsPerson() bool { return f.Judgement != FindAdmissible }

// Assess (ontvankelijkheid) judges a submission by the procedure text on clear
// facts. It never refuses: a refusal it finds waits for a person like a doubt.
//
// The order is from "who answers it" (privacy) over "is it a complaint in
// writing by a known person" to "how old are the facts" and "is it about us".
func Assess(s Submission) Finding {
	received := DayOf(s.ReceivedAt)
	switch {
	case s.ConcernsPrivacy:
		return find(FindPrivacy, GroundPrivacy, Fact{Code: "concerns_privacy"})
	case !s.InWriting():
		return find(FindPending, NotInWriting, Fact{Code: "phone_note"})
	case s.Complainant.Name == "":
		return find(FindInadmissible, Anonymous, Fact{Code: "no_name"}).unless(NameGiven)
	case s.FirstContact().Channel == "":
		return find(FindInadmissible, Anonymous, Fact{Code: "no_way_to_answer"}).unless(AddressGiven)
	case s.Representative != nil && !s.Representative.InForce():
		return find(FindPending, MandateMissing, Fact{Code: "mandate_" + string(s.Representative.Mandate)})
	}
	if finding, settled := assessAge(s, received); settled {
		return finding
	}
	if s.Department == "" {
		return find(FindDoubt, NotOurService, Fact{Code: "no_department"})
	}
	facts := append([]Fact{{Code: "in_writing"}, {Code: "identity_known"}}, s.datedFacts()...)
	return find(FindAdmissible, GroundAdmissible, append(facts, s.stepFacts(received)...)...)
}

// assessAge applies "facts more than a year old AND no initiative since": both
// halves must hold. Up to and including the same date of the next year is not
// more than a year; facts that went on are as old as their last day.
func assessAge(s Submission, received Day) (Finding, bool) {
	last, step := s.LastFactsDay(), s.lastInitiative(received)
	switch {
	case last.IsZero() && step.IsZero():
		return find(FindDoubt, FactsDateUnknown, Fact{Code: "facts_on_unknown"}), true
	case last.IsZero():
		return Finding{}, false // a step was taken: the second half of the ground cannot hold
	case last.After(received):
		return find(FindDoubt, FactsAfterSubmission, append(s.datedFacts(), Fact{"received_on", received})...), true
	case received.After(last.OneYearLater()) && (step.IsZero() || step.Before(last)):
		return find(FindInadmissible, TooOldNoInitiative, append(s.datedFacts(),
			Fact{"one_year_later", last.OneYearLater()}, Fact{"received_on", received}, Fact{Code: "no_initiative_since"})...), true
	}
	return Finding{}, false
}

// datedFacts are the facts' first and, when they went on, their last day.
func (s Submission) datedFacts() []Fact {
	facts := []Fact{{"facts_on", s.factsDay()}}
	if !s.FactsUntil.IsZero() {
		facts = append(facts, Fact{"facts_until", s.FactsUntil})
	}
	return facts
}

// stepFacts names the initiative that keeps old facts admissible, with a hint
// when that step is itself more than a year old.
func (s Submission) stepFacts(received Day) []Fact {
	last, step := s.LastFactsDay(), s.lastInitiative(received)
	if step.IsZero() || !last.IsZero() && !received.After(last.OneYearLater()) {
		return nil
	}
	facts := []Fact{{"last_initiative_on", step}}
	if received.After(step.OneYearLater()) {
		facts = append(facts, Fact{"last_initiative_over_a_year_ago", step})
	}
	return facts
}

// factsDay is the day of the facts; a contested decision is a fact with a date.
func (s Submission) factsDay() Day {
	if s.FactsOn.IsZero() && s.ContestedDecision != nil {
		return s.ContestedDecision.On
	}
	return s.FactsOn
}

// LastFactsDay is the last day on which the facts lasted.
func (s Submission) LastFactsDay() Day {
	if !s.FactsUntil.IsZero() {
		return s.FactsUntil
	}
	return s.factsDay()
}

// lastInitiative is the latest dated step of the complainant or the
// representative up to the receipt. Contact with the service counts; the
// organisation's own acts are no initiative of the complainant.
func (s Submission) lastInitiative(received Day) Day {
	var last Day
	for _, day := range s.initiativeDays() {
		if !day.IsZero() && !day.After(received) && (last.IsZero() || day.After(last)) {
			last = day
		}
	}
	return last
}

func (s Submission) initiativeDays() []Day {
	var days []Day
	for _, i := range s.Initiatives {
		if i.By != ByOrganisation {
			days = append(days, i.On)
		}
	}
	if s.PriorContact != nil {
		days = append(days, s.PriorContact.On)
	}
	return days
}

func find(j Judgement, g Ground, facts ...Fact) Finding {
	return Finding{Judgement: j, Ground: g, Facts: facts, WouldChange: slices.Clone(wouldChange[g])}
}

func (f Finding) unless(c Change) Finding {
	f.WouldChange = []Change{c}
	return f
}
