package complaint

import "slices"

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

// AskedGrounds are those that a complaint may be pending for: what is missing
// can be asked of the complainant.
var AskedGrounds = []Ground{NotInWriting, MandateMissing, FactsDateUnknown, FactsAfterSubmission}

// FormGrounds are defects of form. They refuse nothing by themselves: only when
// what was asked has not come within its term may a person end the case on them.
var FormGrounds = []Ground{NotInWriting, MandateMissing}

// ForeignGrounds are grounds on which other bodies refuse complaints. The
// procedure text does not know them: they are noted as a warning and never
// refuse.
var ForeignGrounds = []Ground{
	"ALREADY_HANDLED", "NO_INTEREST", "MANIFESTLY_UNFOUNDED", "MANIFESTLY_UNREASONABLE",
	"APPEALS_NOT_EXHAUSTED", "COURT_PENDING", "POLICY_OR_LAW", "STAFF_MATTER",
}

// Refuses tells whether the procedure text refuses a complaint on the ground.
func (g Ground) Refuses() bool { return slices.Contains(RefusalGrounds, g) }

// IsFormDefect tells whether the ground is a defect of form.
func (g Ground) IsFormDefect() bool { return slices.Contains(FormGrounds, g) }

// CanBeMended tells whether what the ground lacks can be asked for.
func (g Ground) CanBeMended() bool { return slices.Contains(AskedGrounds, g) }

// OfOtherBodies tells whether only other bodies refuse on the ground.
func (g Ground) OfOtherBodies() bool { return slices.Contains(ForeignGrounds, g) }

// PendingDays is how long the complainant has to send what is missing, and
// PendingReminderDay the day of that term on which one reminder leaves: the
// organisation's own practice, not in the procedure text.
const (
	PendingDays        = 30
	PendingReminderDay = 20
)

// RefusalDays is within how many calendar days of receipt a refusal leaves
// (Bestuursdecreet II.74-II.87, kept here as good practice).
const RefusalDays = 10
