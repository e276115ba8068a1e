package complaint

import (
	"encoding/json"
	"time"
)

// Told is what the register tells a run that takes the place of one that was
// lost: which commands were applied and what the watch did, in the order in which
// they were recorded, and where things stand after that.
type Told struct {
	Steps    []ToldStep      `json:"steps"`
	Taken    int             `json:"taken"` // the highest place that is recorded, applied or not
	Row      int64           `json:"row"`   // of that place
	Position Position        `json:"position"`
	Letters  []LetterSettled `json:"letters"`           // of the file, but those of commands that are still to come
	Notices  []int64         `json:"notices,omitempty"` // messages to staff that have not left
	Overdue  WatchRecorded   `json:"overdue"`           // what the watch does after the end; AgainAt is zero before it
}

// ToldStep is a command that was applied, or something that the watch did.
type ToldStep struct {
	At      time.Time       `json:"at"` // when it was recorded
	Command CommandKind     `json:"command,omitempty"`
	Row     int64           `json:"row,omitempty"`
	Seq     int             `json:"seq,omitempty"`
	Body    json.RawMessage `json:"body,omitempty"`
	Watch   *WatchEvent     `json:"watch,omitempty"`   // nil: it is a command
	Letters []int64         `json:"letters,omitempty"` // that the watch owed
}

// Progress is how far a run has come, as it says itself.
type Progress struct {
	Taken      int   `json:"taken"`       // the highest place it took
	Row        int64 `json:"row"`         // of that place
	Revision   int   `json:"revision"`    // of its position
	TakingOver bool  `json:"taking_over"` // it has still to be told what was before it
}
