package complaint

// Entry asks the register to enter a complaint for a run of the procedure.
type Entry struct {
	Number Number   `json:"number"`
	File   FileKind `json:"file,omitempty"`
	Row    int64    `json:"row"`
	RunID  string   `json:"run_id"`
	Position

	TakesOver bool `json:"takes_over,omitempty"` // the run takes the place of one that was lost
}

// Entered answers an Entry. Ours is false when another run has entered this row
// before: this run then ends and changes nothing.
type Entered struct {
	Ours bool  `json:"ours"`
	Told *Told `json:"told,omitempty"` // for a run that takes over
}

// Position is where a case stands, with a revision that grows with each change,
// so that a late recording never overwrites a newer one.
type Position struct {
	Revision   int        `json:"revision"`
	Stage      Stage      `json:"stage"`
	WaitingFor WaitingFor `json:"waiting_for"`
}

// Effect is what became of a command in the procedure.
type Effect string

// The effects.
const (
	Applied      Effect = "applied"
	NotApplied   Effect = "not_applied"   // it no longer fitted when it arrived
	AfterClosing Effect = "after_closing" // the procedure had ended
)

// Recording tells the register that the procedure has taken a command. Row 0
// records only a new position.
type Recording struct {
	Number Number   `json:"number"`
	File   FileKind `json:"file,omitempty"`
	Row    int64    `json:"row"`
	Effect Effect   `json:"effect"`
	Position
}

// Closing asks the register to close a case. Taken is the highest sequence the
// procedure has taken; a command given later keeps the case open.
type Closing struct {
	Number   Number   `json:"number"`
	File     FileKind `json:"file,omitempty"`
	Result   Result   `json:"result"`
	Taken    int      `json:"taken"`
	Revision int      `json:"revision"`
}

// Delivery asks for letters to leave. With a row its command is recorded first,
// whatever becomes of the letters; with Closing the case is closed when all
// letters have left.
type Delivery struct {
	Number    Number     `json:"number"`
	File      FileKind   `json:"file,omitempty"`
	Recording *Recording `json:"recording,omitempty"`
	Letters   []int64    `json:"letters"`
	Closing   *Closing   `json:"closing,omitempty"`
}

// Delivered says where each letter stands, and whether the case was closed.
type Delivered struct {
	Letters []LetterSettled `json:"letters"`
	Closed  bool            `json:"closed"`
}
