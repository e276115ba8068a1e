package activities

import (
	"context"
	"errors"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// books keeps letters in memory with the register's rules on their states.
type books struct {
	Books     // what a test does not expect panics
	states    map[int64]complaint.LetterState
	ways      map[int64]complaint.Channel
	codes     map[int64]string
	rows      []complaint.Recording
	closed    bool
	down      error // the database, until it is mended
	refuses   error // the register's rules, of commands that are applied
	postal    bool  // letters have an address to fall back to
	recipient string
	full      bool // every address has had its share of the day
	anew      int  // how often what was written is taken back before it leaves
	set       []complaint.Setback
}

func (b *books) Record(_ context.Context, r complaint.Recording) error {
	if b.refuses != nil && r.Effect == complaint.Applied {
		return b.refuses
	}
	b.rows = append(b.rows, r)
	return b.down
}

func (b *books) Close(context.Context, complaint.Closing) (bool, error) {
	b.closed = true
	return true, nil
}

func (b *books) LetterFile(_ context.Context, id int64) (complaint.LetterFile, error) {
	return complaint.LetterFile{
		ID: id, Number: number, State: b.states[id], Channel: b.ways[id], Rendered: &complaint.RenderedLetter{Text: "written once", Recipient: b.recipient},
	}, nil
}

func (b *books) ClaimLetter(_ context.Context, id int64) (complaint.LetterState, error) {
	switch b.states[id] {
	case complaint.LetterRendered:
		b.states[id] = complaint.LetterSending
		return complaint.LetterSending, nil
	case complaint.LetterSending:
		b.states[id] = complaint.LetterInDoubt
	}
	return b.states[id], nil
}

func (b *books) LetterLeft(ctx context.Context, id int64, state complaint.LetterState, _ string) error {
	if err := errors.Join(ctx.Err(), b.down); err != nil {
		return err
	}
	b.states[id] = state
	return nil
}

func (b *books) LetterBack(_ context.Context, id int64, state complaint.LetterState, code string) error {
	b.states[id], b.codes[id] = state, code
	return nil
}

func (b *books) AdmitLetter(_ context.Context, id int64, a complaint.Admission) (complaint.LetterState, error) {
	if b.anew > 0 {
		b.anew--
		return complaint.LetterOwed, nil
	}
	if b.full && b.states[id] == complaint.LetterRendered {
		b.states[id] = complaint.LetterHeld
	}
	return b.states[id], nil
}

func (b *books) LetterRefused(_ context.Context, id int64, s complaint.Setback) (complaint.LetterState, complaint.Channel, error) {
	b.set, b.codes[id] = append(b.set, s), s.Code
	switch {
	case s.Certainty == complaint.Unclear:
		b.states[id] = complaint.LetterInDoubt
	case s.Certainty == complaint.Temporary:
		b.states[id] = complaint.LetterRendered
	case b.postal && b.ways[id] == complaint.ByEmail:
		b.states[id], b.ways[id] = complaint.LetterRendered, complaint.ByPost
	default:
		b.states[id] = complaint.LetterFailed
	}
	return b.states[id], b.ways[id], nil
}

// office answers as a test says and counts what left.
type office struct {
	files  bool
	fails  map[int64]error
	left   map[int64]int
	during func()         // while the letter is on its way
	prints map[int64]bool // the print folder
	away   error          // the folder, until it is mended
}

func (o *office) Withdraw(_ context.Context, f complaint.LetterFile) error {
	if o.away == nil {
		delete(o.prints, f.ID)
	}
	return o.away
}

func (o *office) Repeatable(channel complaint.Channel) bool {
	return o.files || channel == complaint.ByPost
}

func (o *office) MessageID(f complaint.LetterFile) string {
	return "<" + f.FileName() + "@fund.example>"
}

func (o *office) Send(_ context.Context, f complaint.LetterFile) (string, error) {
	if o.during != nil {
		o.during()
	}
	if err := o.fails[f.ID]; err != nil && f.Channel == complaint.ByEmail {
		return "", err
	}
	o.left[f.ID]++
	if f.Channel == complaint.ByPost {
		o.prints[f.ID] = true
	}
	return "id", nil
}

// fund is the embedded organisation.
var fund = func() *organisation.Organisation {
	o, err := organisation.Load("")
	if err != nil {
		panic(err)
	}
	return o
}()

func setUp() (*Activities, *books, *office) {
	b := &books{
		states: map[int64]complaint.LetterState{1: complaint.LetterRendered, 2: complaint.LetterRendered},
		ways:   map[int64]complaint.Channel{1: complaint.ByEmail, 2: complaint.ByEmail},
		codes:  map[int64]string{},
	}
	o := &office{fails: map[int64]error{}, left: map[int64]int{}, prints: map[int64]bool{}}
	return &Activities{Books: b, Post: o, Organisation: fund}, b, o
}

func delivery(letters ...int64) complaint.Delivery {
	return complaint.Delivery{
		Number: number, Letters: letters,
		Recording: &complaint.Recording{Row: 7, Effect: complaint.Applied},
		Closing:   &complaint.Closing{Result: complaint.Answered},
	}
}
