package exchange

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows a person how far a file is.
type progress interface {
	step()
	waiting(d time.Duration)
	end()
}

// newProgress shows a bar on a terminal and about ten plain lines elsewhere.
func newProgress(w io.Writer, total int) progress {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &bar{w, progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(lodging),
			progressbar.OptionShowCount(), progressbar.OptionFullWidth())}
	}
	return &lines{w: w, total: total, every: max(1, total/10)}
}

const lodging = "lodging"

// bar and lines ignore errors: a display that fails is no reason to stop.
type bar struct {
	w io.Writer
	*progressbar.ProgressBar
}

func (b *bar) step() {
	b.Describe(lodging)
	_ = b.Add(1)
}

func (b *bar) waiting(d time.Duration) { b.Describe(fmt.Sprintf("waiting %v for the service", d)) }

func (b *bar) end() { fmt.Fprintln(b.w) }

type lines struct {
	w                  io.Writer
	done, total, every int
}

func (l *lines) step() {
	if l.done++; l.done%l.every == 0 || l.done == l.total {
		fmt.Fprintf(l.w, "lodging: %d of %d\n", l.done, l.total)
	}
}

func (l *lines) waiting(d time.Duration) { fmt.Fprintf(l.w, "waiting %v for the service\n", d) }

func (l *lines) end() {}
