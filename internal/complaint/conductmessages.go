package complaint

// QuestionsEnded says that nobody waits for departments any more that are named
// as involved: the questions to them are over, and so is the time of the service
// that was to help first. Letters tell them so.
type QuestionsEnded struct {
	Consultations []int64 `json:"consultations,omitempty"`
	Service       bool    `json:"service,omitempty"`
	Letters       []int64 `json:"letters,omitempty"`
}

// ServiceReported says that the service, asked to help first, told what it did:
// the officer has the case again at once. Notices tell the officer so.
type ServiceReported struct {
	Solved  bool    `json:"solved"`
	Notices []int64 `json:"notices,omitempty"`
}
