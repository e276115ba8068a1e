package complaint

import "time"

// Asked is what is asked of the complainant (pending), and the moments of it.
type Asked struct {
	Round    int       `json:"round"` // 1, 2, ... of the complaint
	Reason   Ground    `json:"reason"`
	Until    Day       `json:"until"`     // last day
	RemindAt time.Time `json:"remind_at"` // zero: nobody can be reminded
	EndsAt   time.Time `json:"ends_at"`   // then a person decides
}

// ReplyReceived says what the rules find after the complainant answered.
type ReplyReceived struct {
	Judgement       Judgement `json:"judgement"`
	Ground          Ground    `json:"ground"`
	Admitted        bool      `json:"admitted"`                  // by the rules, or by a person before
	StillAsked      bool      `json:"still_asked"`               // the same thing is missing as before
	Asked           *Asked    `json:"asked,omitempty"`           // another thing is missing now
	RefuseBy        time.Time `json:"refuse_by"`                 // a refusal found must have gone out by then; zero: none is found
	Acknowledgement int64     `json:"acknowledgement,omitempty"` // of the letters, since the writing came
	Letters         []int64   `json:"letters,omitempty"`         // that leave now
	Dropped         []int64   `json:"dropped,omitempty"`         // letters that no longer leave
}
