package complaint

// Judgement is what the rules say of a complaint, or what a person decided.
type Judgement string

// The judgements. The rules find; only a person decides InadmissibleFinding,
// ReclassifiedFinding or how a pending, private or doubtful complaint goes on.
const (
	FindAdmissible   Judgement = "admissible"
	FindInadmissible Judgement = "inadmissible"
	FindPending      Judgement = "pending" // a form defect that can be mended
	FindPrivacy      Judgement = "privacy" // for the DPO
	FindDoubt        Judgement = "doubt"   // the facts do not settle it
	FindReclassified Judgement = "reclassified"
)

// Ground (grond) is why.
type Ground string

// The grounds. The first three refuse, by the procedure text; the form grounds
// ask for what is missing; the last ones send the matter elsewhere.
const (
	GroundAdmissible     Ground = "ADMISSIBLE"
	NotOurService        Ground = "NOT_OUR_SERVICE"
	Anonymous            Ground = "ANONYMOUS"
	TooOldNoInitiative   Ground = "TOO_OLD_NO_INITIATIVE"
	NotInWriting         Ground = "NOT_IN_WRITING"
	MandateMissing       Ground = "MANDATE_MISSING"
	GroundPrivacy        Ground = "PRIVACY"
	InformationRequest   Ground = "INFORMATION_REQUEST"
	FactsDateUnknown     Ground = "FACTS_DATE_UNKNOWN"
	FactsAfterSubmission Ground = "FACTS_AFTER_RECEIPT"
)

// RefusalGrounds are the grounds on which the procedure text refuses a complaint.
var RefusalGrounds = []Ground{NotOurService, Anonymous, TooOldNoInitiative}

// Finding (bevinding) is the rules' judgement with the facts it rests on. It
// holds codes and dates only, so it may travel anywhere.
type Finding struct {
	Judgement Judgement `json:"finding"`
	Ground    Ground    `json:"ground"`
	Facts     []Fact    `json:"facts"`
}

// Fact is one fact that a finding rests on.
type Fact struct {
	Code string `json:"code"`
	Day  Day    `json:"day,omitzero"`
}

// NeedsPerson tells whether an ombuds officer has to decide.
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
	case s.Intake == PhoneNote:
		return find(FindPending, NotInWriting, Fact{Code: "phone_note"})
	case s.Complainant.Name == "":
		return find(FindInadmissible, Anonymous, Fact{Code: "no_name"})
	case s.Correspondent().Channel == "":
		return find(FindInadmissible, Anonymous, Fact{Code: "no_way_to_answer"})
	case s.Representative != nil && s.Representative.Mandate == MandateNone:
		return find(FindPending, MandateMissing, Fact{Code: "mandate_none"})
	}
	if finding, settled := assessAge(s, received); settled {
		return finding
	}
	if s.Department == "" {
		return find(FindDoubt, NotOurService, Fact{Code: "no_department"})
	}
	return find(FindAdmissible, GroundAdmissible,
		Fact{Code: "in_writing"}, Fact{Code: "identity_known"}, Fact{Code: "facts_on", Day: s.factsDay()})
}

// assessAge applies "facts more than a year old AND no initiative since": both
// halves must hold. Up to and including the same date of the next year is not
// more than a year.
func assessAge(s Submission, received Day) (Finding, bool) {
	facts, step := s.factsDay(), s.lastInitiative(received)
	switch {
	case facts.IsZero() && step.IsZero():
		return find(FindDoubt, FactsDateUnknown, Fact{Code: "facts_on_unknown"}), true
	case facts.IsZero():
		return Finding{}, false // a step was taken: the second half of the ground cannot hold
	case facts.After(received):
		return find(FindDoubt, FactsAfterSubmission, Fact{"facts_on", facts}, Fact{"received_on", received}), true
	case received.After(facts.OneYearLater()) && (step.IsZero() || step.Before(facts)):
		return find(FindInadmissible, TooOldNoInitiative,
			Fact{"facts_on", facts}, Fact{"one_year_later", facts.OneYearLater()}, Fact{"received_on", received},
			Fact{Code: "no_initiative_since"}), true
	}
	return Finding{}, false
}

// factsDay is the day of the facts; a contested decision is a fact with a date.
func (s Submission) factsDay() Day {
	if s.FactsOn.IsZero() && s.ContestedDecision != nil {
		return s.ContestedDecision.On
	}
	return s.FactsOn
}

// lastInitiative is the latest dated step of the complainant up to the receipt.
// Contact with the service counts; the organisation's own acts are never listed
// as initiatives.
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
		days = append(days, i.On)
	}
	if s.PriorContact != nil {
		days = append(days, s.PriorContact.On)
	}
	return days
}

func find(j Judgement, g Ground, facts ...Fact) Finding {
	return Finding{Judgement: j, Ground: g, Facts: facts}
}
