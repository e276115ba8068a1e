package complaint

import "time"

// The commands of a privacy file's procedure, beside CommandStart and
// SettleLetter. Like all messages they carry numbers, codes and moments only.
const (
	ExtendPrivacy CommandKind = "ExtendPrivacy"
	AnswerPrivacy CommandKind = "AnswerPrivacy"
)

// PrivacyReferred tells the complaint's procedure that the DPO answers. Mixed
// means that the complaint goes on with the rest.
type PrivacyReferred struct {
	Mixed   bool    `json:"mixed"`
	Letters []int64 `json:"letters,omitempty"`
}

// PrivacyStart is the input of a new privacy procedure.
type PrivacyStart struct {
	Number   Number    `json:"number"`
	Moments  Moments   `json:"moments"`
	NotifyBy time.Time `json:"notify_by"` // of a suspected breach; zero: none is suspected
	Transfer int64     `json:"transfer"`  // the letter to the DPO
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
