package staff

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"time"
)

// line is who waits for a turn at one account while it has pauses, and who had
// the last ones. Each pause ends with one turn, which is given and kept for a
// while, so that whoever asks more often gains nothing. It goes to those who had
// the fewest of the last turns, and among them to who asked first.
type line struct {
	had     []netip.Prefix // of the last turns, used or not; the oldest first
	waiting []waiter       // in the order in which they first asked
	given   []turn
}

type waiter struct {
	from  netip.Prefix
	share share
}

// turn is a try of one neighbourhood that is looked at when it comes in time.
type turn struct {
	of    netip.Prefix
	until time.Time
}

const (
	mostWaiting = 120  // at one account
	mostHad     = 240  // of the last turns are remembered: two hours' at the longest pause
	mostLines   = 1000 // of some 20 KB at most
)

// turnKept is for how long a turn waits for who has it: a person reads and types
// before coming back, and nobody else is held up meanwhile.
const turnKept = 5 * time.Minute

// around is a neighbourhood and what it lies in. Whoever has one address of IPv6
// easily has a /48, and for little money a /32; IPv4 has no such rule, and a /16
// stands for one provider.
func around(from netip.Prefix) (site, wide netip.Prefix) {
	inSite, inWide := 32, 16
	if from.Addr().Is6() {
		inSite, inWide = 48, 32
	}
	site, _ = from.Addr().Prefix(inSite) // all lengths fit their kind
	wide, _ = from.Addr().Prefix(inWide)
	return site, wide
}

// share is how many of the last turns went to a neighbourhood's site, to its
// wide network, and to itself.
type share struct{ site, wide, own int }

func (s share) compare(other share) int {
	return cmp.Or(cmp.Compare(s.site, other.site), cmp.Compare(s.wide, other.wide), cmp.Compare(s.own, other.own))
}

// counting is the share of a neighbourhood after so many turns more of another.
func (s share) counting(from, had netip.Prefix, turns int) share {
	site, wide := around(from)
	same := from == had // also when neither can be read
	if same {
		s.own += turns
	}
	if same || site.Contains(had.Addr()) {
		s.site += turns
	}
	if same || wide.Contains(had.Addr()) {
		s.wide += turns
	}
	return s
}

func (l *line) share(from netip.Prefix) (s share) {
	for _, had := range l.had {
		s = s.counting(from, had, 1)
	}
	return s
}

// note lets a neighbourhood wait, unless it does already. When too many wait, one
// of those goes that had the most turns, and of them the last to come.
func (l *line) note(from netip.Prefix) {
	if slices.ContainsFunc(l.waiting, func(w waiter) bool { return w.from == from }) {
		return
	}
	l.waiting = append(l.waiting, waiter{from, l.share(from)})
	if len(l.waiting) <= mostWaiting {
		return
	}
	last := 0
	for i, w := range l.waiting {
		if w.share.compare(l.waiting[last].share) >= 0 {
			last = i
		}
	}
	l.waiting = slices.Delete(l.waiting, last, last+1)
}

// give gives the turn of a moment to the first in line.
func (l *line) give(at time.Time) {
	first := 0
	for i, w := range l.waiting {
		if w.share.compare(l.waiting[first].share) < 0 {
			first = i
		}
	}
	from := l.waiting[first].from
	l.waiting = slices.Delete(l.waiting, first, first+1)
	l.given = append(l.given, turn{from, at.Add(turnKept)})
	l.remember(from)
}

func (l *line) remember(from netip.Prefix) {
	if len(l.had) >= mostHad {
		l.forget(0)
	}
	l.had = append(l.had, from)
	l.count(from, 1)
}

func (l *line) forget(i int) {
	from := l.had[i]
	l.had = slices.Delete(l.had, i, i+1)
	l.count(from, -1)
}

func (l *line) count(had netip.Prefix, turns int) {
	for i, w := range l.waiting {
		l.waiting[i].share = w.share.counting(w.from, had, turns)
	}
}

// forgive forgets the last turn of a neighbourhood, whose password was right.
func (l *line) forgive(from netip.Prefix) {
	if l == nil {
		return
	}
	for i, had := range slices.Backward(l.had) {
		if had == from {
			l.forget(i)
			return
		}
	}
}

// use takes the turn that a neighbourhood has, and tells whether it had one.
// Those that came too late are lost.
func (l *line) use(from netip.Prefix, now time.Time) bool {
	l.given = slices.DeleteFunc(l.given, func(t turn) bool { return now.After(t.until) })
	i := slices.IndexFunc(l.given, func(t turn) bool { return t.of == from })
	if i < 0 {
		return false
	}
	l.given = slices.Delete(l.given, i, i+1)
	return true
}

// lineAt is the line at an account as it stands at a moment, if there is one:
// the turns until then are given, and count there as wrong tries do.
func (t *Throttle) lineAt(account name, now time.Time) *line {
	counted := t.read(account)
	if counted.after(account.bearing, now).wrong == 0 {
		delete(t.lines, account.key)
	}
	l := t.lines[account.key]
	for l != nil && len(l.waiting) > 0 {
		// No pause of an account is as long as it takes to forget a wrong try.
		at := counted.last.Add(account.bearing.pause(counted.wrong))
		if at.After(now) {
			break
		}
		l.give(at)
		counted = tally{counted.wrong + 1, at}
		t.write(account, counted)
	}
	return l
}

// newLine makes room first when there are too many: a tenth goes, those at
// accounts where all is forgotten before the others, and then those that had the
// fewest turns.
func (t *Throttle) newLine(account name, now time.Time) *line {
	if t.lines == nil {
		t.lines = map[string]*line{}
	}
	if len(t.lines) >= mostLines {
		turns := map[string]int{}
		for key, l := range t.lines {
			if (*account.book)[key].after(account.bearing, now).wrong > 0 {
				turns[key] = len(l.had)
			}
		}
		keys := slices.SortedFunc(maps.Keys(t.lines), func(a, b string) int { return cmp.Compare(turns[a], turns[b]) })
		for _, key := range keys[:mostLines/10] {
			delete(t.lines, key)
		}
	}
	l := &line{}
	t.lines[account.key] = l
	return l
}
