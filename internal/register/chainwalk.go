package register

import (
	"bytes"
	"fmt"
	"time"
)

// walkState is where a walk along the chains stands, so that another can go on.
type walkState struct {
	Chain    string           `json:"chain"`
	Next     int64            `json:"next"`     // the place that should come; 0: nothing was read yet
	Before   [][]byte         `json:"before"`   // what the hash before may be: as it stands and as it should be; empty: not known
	Begun    bool             `json:"begun"`    // a marked row has been met in this chain
	Unmarked map[string]int64 `json:"unmarked"` // by book: the last row met that is older than the chains
}

// chainWalk goes along the chains, place by place.
type chainWalk struct {
	store   *Store
	found   *Integrity
	adopted map[string]int64 // by book: the last row that is older than the chains
	*walkState
}

func (w *chainWalk) step(r boundRow) {
	w.found.Rows++
	if r.Chain != w.Chain || w.Next == 0 {
		w.found.Chains++
		w.Chain, w.Next, w.Before, w.Begun = r.Chain, 1, [][]byte{nil}, false
	}
	if r.Place != w.Next {
		w.flaw(FlawGap, r, "places %d to %d of the chain are gone: rows were removed, or moved elsewhere.", w.Next, r.Place-1)
		w.Before = nil
	}
	w.Next = r.Place + 1
	if !r.Present {
		w.found.Rows--
		w.flaw(FlawRemoved, r, "row %d of %s is gone.", r.RowID, r.Book)
		w.Before = [][]byte{r.Hash}
		return
	}
	w.check(r)
}

// check compares a row with its hash and its mark, and keeps what the next one
// may be bound to: a hash that was changed must not cast doubt on the row after it.
func (w *chainWalk) check(r boundRow) {
	fits, should := len(w.Before) == 0, [][]byte{r.Hash}
	for _, before := range w.Before {
		hash := r.hash(before)
		fits = fits || bytes.Equal(hash, r.Hash)
		should = append(should, hash)
	}
	w.Before = should[:min(len(should), 2)]
	if !fits {
		w.flaw(FlawAltered, r, "row %d of %s, or what binds it, was changed.", r.RowID, r.Book)
		return
	}
	if len(r.Mark) == 0 && !w.Begun && r.RowID <= w.adopted[r.Book] && r.RowID > 0 {
		if w.Unmarked == nil {
			w.Unmarked = map[string]int64{}
		}
		w.Unmarked[r.Book] = max(w.Unmarked[r.Book], r.RowID)
		return
	}
	w.Begun = true
	if content, err := r.content(); err != nil || !w.store.marked(r.Mark, content) {
		w.flaw(FlawForeign, r, "row %d of %s was not written by this program.", r.RowID, r.Book)
	}
}

// end checks that the table of what is older than the chains says no more than
// there is.
func (w *chainWalk) end() {
	for _, book := range []string{"events", "audit"} {
		if last, said := w.adopted[book]; !said || last != w.Unmarked[book] {
			w.found.add(Flaw{Kind: FlawAltered, Book: book, Row: last, Text: fmt.Sprintf(
				"The last row of %s that is older than the chains is said to be %d, but it is %d.", book, last, w.Unmarked[book])})
		}
	}
}

func (w *chainWalk) flaw(kind FlawKind, r boundRow, format string, args ...any) {
	w.found.add(Flaw{Kind: kind, Chain: r.Chain, Place: r.Place, Book: r.Book, Row: r.RowID,
		Text: fmt.Sprintf("In the chain of %s, place %d: ", r.Chain, r.Place) + fmt.Sprintf(format, args...)})
}

func microMoment(micro int64) time.Time { return time.UnixMicro(micro).UTC() }
