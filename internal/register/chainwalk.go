package register

import (
	"bytes"
	"fmt"
	"time"
)

// chainWalk goes along the chains, place by place.
type chainWalk struct {
	store    *Store
	found    *Integrity
	adopted  map[string]int64 // by book: the last row that is older than the chains
	unmarked map[string]int64 // by book: the last such row met

	chain  string
	next   int64    // the place that should come
	before [][]byte // what the hash before may be: as it stands and as it should be; empty: not known
	begun  bool     // a marked row has been met in this chain
}

func (w *chainWalk) step(r boundRow) {
	w.found.Rows++
	if r.Chain != w.chain || w.found.Chains == 0 {
		w.found.Chains++
		w.chain, w.next, w.before, w.begun = r.Chain, 1, [][]byte{nil}, false
	}
	if r.Place != w.next {
		w.flaw(FlawGap, r, "places %d to %d of the chain are gone: rows were removed, or moved elsewhere.", w.next, r.Place-1)
		w.before = nil
	}
	w.next = r.Place + 1
	if !r.Present {
		w.found.Rows--
		w.flaw(FlawRemoved, r, "row %d of %s is gone.", r.RowID, r.Book)
		w.before = [][]byte{r.Hash}
		return
	}
	w.check(r)
}

// check compares a row with its hash and its mark, and keeps what the next one
// may be bound to: a hash that was changed must not cast doubt on the row after it.
func (w *chainWalk) check(r boundRow) {
	fits, should := len(w.before) == 0, [][]byte{r.Hash}
	for _, before := range w.before {
		hash := r.hash(before)
		fits = fits || bytes.Equal(hash, r.Hash)
		should = append(should, hash)
	}
	w.before = should[:min(len(should), 2)]
	if !fits {
		w.flaw(FlawAltered, r, "row %d of %s, or what binds it, was changed.", r.RowID, r.Book)
		return
	}
	if len(r.Mark) == 0 && !w.begun && r.RowID <= w.adopted[r.Book] && r.RowID > 0 {
		w.unmarked[r.Book] = max(w.unmarked[r.Book], r.RowID)
		return
	}
	w.begun = true
	if content, err := r.content(); err != nil || !w.store.marked(r.Mark, content) {
		w.flaw(FlawForeign, r, "row %d of %s was not written by this program.", r.RowID, r.Book)
	}
}

// end checks that the table of what is older than the chains says no more than
// there is.
func (w *chainWalk) end() {
	for _, book := range []string{"events", "audit"} {
		if last, said := w.adopted[book]; !said || last != w.unmarked[book] {
			w.found.add(Flaw{Kind: FlawAltered, Book: book, Row: last, Text: fmt.Sprintf(
				"The last row of %s that is older than the chains is said to be %d, but it is %d.", book, last, w.unmarked[book])})
		}
	}
}

func (w *chainWalk) flaw(kind FlawKind, r boundRow, format string, args ...any) {
	w.found.add(Flaw{Kind: kind, Chain: r.Chain, Place: r.Place, Book: r.Book, Row: r.RowID,
		Text: fmt.Sprintf("In the chain of %s, place %d: ", r.Chain, r.Place) + fmt.Sprintf(format, args...)})
}

func microMoment(micro int64) time.Time { return time.UnixMicro(micro).UTC() }
