package complaint

// Verified is what a run of verification came to, in counts and codes.
type Verified struct {
	Run      int64          `json:"run"`
	Standing int            `json:"standing"` // findings that stand
	New      int            `json:"new"`
	Gone     int            `json:"gone"`
	Kinds    map[string]int `json:"kinds,omitempty"` // by kind, of this run
}
