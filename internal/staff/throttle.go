package staff

import (
	"net/netip"
	"sync"
	"time"
)

// Throttle slows down whoever guesses passwords, without locking anybody out.
// Wrong ones are counted under three names, and whoever is over what one of
// them bears waits before the next try is looked at at all:
//
//   - the account together with the address, where the pauses grow longest;
//   - the address, whatever the account: an office behind one address bears
//     some slips of the keyboard, and has pauses of a minute at most;
//   - the account, whatever the address: many addresses together still learn
//     little, one try for each pause of half a minute at most.
//
// A browser from which the account was entered before is counted by itself
// alone, so what others do keeps nobody out of the own browser.
//
// Somebody at a new browser has a turn in line, whoever asks more often (see
// line). One turn takes half a minute at most, and each goes to the network (an
// IPv4 address, a /48 of IPv6) that had the fewest of the last 240. Somebody
// whose network had none goes before all who had one; of several such, each wide
// network (a /16 of IPv4, a /32 of IPv6) has one turn before any has two. So it
// is normally the next turn, else one more for each wide network that asked
// before: two hours for 240 of them. A person in a wide network that had many
// turns waits some hours at worst, until they are no more among the last 240,
// and so does one who mistyped, but only while others are new all the time.
//
// What remains: whoever asks all the time from more than 240 such wide networks,
// or from more than 120 neighbourhoods in somebody's own /48, can keep that
// person at a new browser waiting for as long as it goes on; so can whoever
// guesses from the very same neighbourhood.
//
// It counts in this process: with several replicas each bears as much. A try
// counts when it begins, so that many at one moment are no way round it. Now is
// the clock.
type Throttle struct {
	Now func() time.Time

	mu                       sync.Mutex
	pairs, places, addressed map[string]tally
	lines                    map[string]*line // at the accounts
}

// bearing is how many wrong passwords are borne without a pause, how long the
// pause grows, and how long it takes to forget one.
type bearing struct {
	free    int
	longest time.Duration
	forget  time.Duration
}

var (
	bearPair    = bearing{free: 5, longest: 15 * time.Minute, forget: 10 * time.Minute}
	bearPlace   = bearing{free: 50, longest: time.Minute, forget: 10 * time.Second}
	bearAccount = bearing{free: 50, longest: 30 * time.Second, forget: time.Minute}
)

// mostTallies bounds the memory that callers can make us use, for each name.
const mostTallies = 20_000

// tally is how many tries were wrong, and when the last one was.
type tally struct {
	wrong int
	last  time.Time
}

// after is the tally as it stands at a moment: what is long ago is forgotten.
func (t tally) after(b bearing, now time.Time) tally {
	if now.Before(t.last) {
		return t
	}
	t.wrong = max(0, t.wrong-int(now.Sub(t.last)/b.forget))
	return t
}

// pause is how long after the last try the next one is looked at: a second
// beyond what is borne, then twice as long each time.
func (b bearing) pause(wrong int) time.Duration {
	over := wrong - b.free
	if over < 0 {
		return 0
	}
	if over > 20 {
		return b.longest
	}
	return min(b.longest, time.Second<<over)
}

// Try is one try to come in, from an address, by a device when it is known for
// that login.
type Try struct {
	Login, Address, Device string
}

// name is one name under which a try is counted.
type name struct {
	book    *map[string]tally
	key     string
	bearing bearing
}

// own are the names that stand for whoever tries, the most particular first.
func (t *Throttle) own(try Try) []name {
	if try.Device != "" {
		return []name{{&t.pairs, "device " + try.Device + " " + try.Login, bearPair}}
	}
	from := Neighbourhood(try.Address).String()
	return []name{{&t.pairs, from + " " + try.Login, bearPair}, {&t.places, from, bearPlace}}
}

// account is the name under which all count who come by no device.
func (t *Throttle) account(try Try) name { return name{&t.addressed, try.Login, bearAccount} }

// Begin counts a try as wrong until Succeeded says otherwise. When it comes too
// early it is not counted, and the answer is after how long to ask again. Who
// waits for the account alone is in line from then on.
func (t *Throttle) Begin(try Try) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, own := t.Now(), t.own(try)
	wait := t.wait(now, own...)
	if try.Device == "" {
		wait = t.inLine(try, now, wait)
	}
	if wait > 0 {
		return wait
	}
	t.count(now, own...)
	return 0
}

// inLine is how long a try waits that has to wait for its own names already. One
// that waits no more is counted at the account.
func (t *Throttle) inLine(try Try, now time.Time, wait time.Duration) time.Duration {
	account, from := t.account(try), Neighbourhood(try.Address)
	line := t.lineAt(account, now)
	if wait == 0 && line != nil && line.use(from, now) {
		return 0 // counted when the turn was given
	}
	busy := t.wait(now, account)
	if wait > 0 {
		return max(wait, busy)
	}
	if line == nil {
		line = t.newLine(account, now)
	}
	if busy > 0 {
		line.note(from)
		return busy
	}
	line.remember(from)
	t.count(now, account)
	return 0
}

// wait is how long the pauses under some names still last.
func (t *Throttle) wait(now time.Time, names ...name) (longest time.Duration) {
	for _, n := range names {
		counted := t.read(n)
		longest = max(longest, counted.last.Add(n.bearing.pause(counted.after(n.bearing, now).wrong)).Sub(now))
	}
	return longest
}

func (t *Throttle) count(now time.Time, names ...name) {
	for _, n := range names {
		t.write(n, tally{t.read(n).after(n.bearing, now).wrong + 1, now})
	}
}

// Succeeded forgets what was wrong before under the most particular name, and
// takes this try off the others.
func (t *Throttle) Succeeded(try Try) {
	t.mu.Lock()
	defer t.mu.Unlock()
	names := t.own(try)
	if try.Device == "" {
		names = append(names, t.account(try))
		t.lines[try.Login].forgive(Neighbourhood(try.Address))
	}
	for i, n := range names {
		counted := t.read(n)
		if i == 0 || counted.wrong <= 1 {
			delete(*n.book, n.key)
			continue
		}
		t.write(n, tally{counted.wrong - 1, counted.last})
	}
}

func (t *Throttle) read(n name) tally { return (*n.book)[n.key] }

func (t *Throttle) write(n name, counted tally) {
	if *n.book == nil {
		*n.book = map[string]tally{}
	}
	book := *n.book
	if _, known := book[n.key]; !known && len(book) >= mostTallies {
		makeRoom(book, n.bearing, t.Now())
	}
	book[n.key] = counted
}

// makeRoom drops what is forgotten by now, and then any others until a tenth is
// free, so that a flood of names fills neither the memory nor our time.
func makeRoom(book map[string]tally, b bearing, now time.Time) {
	for key, counted := range book {
		if counted.after(b, now).wrong == 0 {
			delete(book, key)
		}
	}
	for key := range book {
		if len(book) <= mostTallies*9/10 {
			return
		}
		delete(book, key)
	}
}

// Neighbourhood is whom one count is for: an IPv4 address, or the /64 that one
// IPv6 customer has whole. Unreadable addresses share one.
func Neighbourhood(address string) netip.Prefix {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	ip = ip.Unmap().WithZone("")
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	prefix, _ := ip.Prefix(bits) // both lengths fit their kind
	return prefix
}
