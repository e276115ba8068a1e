package complaint

// The commands of a privacy file's procedure, beside CommandStart, ChangeDeadline
// and SettleLetter. Like all messages they carry numbers, codes and moments only.
const (
	ExtendPrivacy CommandKind = "ExtendPrivacy"
	AnswerPrivacy CommandKind = "AnswerPrivacy"
	ChangeBreach  CommandKind = "ChangeBreach"
)

// PrivacyReferred tells the complaint's procedure that the DPO answers. Mixed
// means that the complaint goes on with the rest; without it the complaint ends,
// unless a person has still to confirm that.
type PrivacyReferred struct {
	Mixed   bool    `json:"mixed"`
	Letters []int64 `json:"letters,omitempty"`

	Unconfirmed bool           `json:"unconfirmed,omitempty"` // a person has still to say which part is about personal data
	Found       *ReplyReceived `json:"found,omitempty"`       // with mixed: what the rules find of the rest
	Dropped     []int64        `json:"dropped,omitempty"`     // letters that no longer leave
}

// PrivacyStart is the input of a new privacy procedure.
type PrivacyStart struct {
	Number   Number  `json:"number"`
	Moments  Moments `json:"moments"`
	Transfer int64   `json:"transfer"` // the letter to the DPO
	Breach
}

// PrivacyExtended gives the term its longer end and says which letters follow.
type PrivacyExtended struct {
	Moments Moments `json:"moments"`
	Letters []int64 `json:"letters,omitempty"`
}

// PrivacyClosed says that the DPO answered and which letters follow.
type PrivacyClosed struct {
	Result  PrivacyResult `json:"result"`
	Letters []int64       `json:"letters,omitempty"`
}
