package api

import (
	"errors"
	"net/http"
	"net/netip"
	"sync"

	"ombudsdienst/internal/staff"
)

// usualRoom is how many bytes all large bodies may hold together. To read a body
// costs a few times its size.
const usualRoom = 256 << 20

// errNoRoom ends the reading of a body that finds no room.
var errNoRoom = errors.New("there is no room for the body just now")

// room bounds what bodies hold together while they arrive and are worked on, each
// beyond its first usualBody bytes. What has arrived counts, whatever length was
// announced or not: who sends slowly holds little, and only until the route's time
// is over. Callers without a token hold at most a third of it from one address, so
// that no address fills it alone.
type room struct {
	all int64

	mu     sync.Mutex
	held   int64
	public map[netip.Prefix]int64 // of it, by who has no token
}

func newRoom(all int64) *room { return &room{all: all, public: map[netip.Prefix]int64{}} }

// stay is what one body holds.
type stay struct {
	room *room
	who  caller
	read int64
	held int64
}

// fits tells whether there is room for so many bytes more just now.
func (s *stay) fits(more int64) bool {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.fitsLocked(more)
}

func (s *stay) fitsLocked(more int64) bool {
	if s.room.held+more > s.room.all {
		return false
	}
	return s.who.Role != staff.Public || s.room.public[staff.Neighbourhood(s.who.Address)]+more <= s.room.all/3
}

// take holds what has arrived; false when there is no room for it.
func (s *stay) take(arrived int) bool {
	s.read += int64(arrived)
	more := s.read - usualBody - s.held
	if more <= 0 {
		return true
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if !s.fitsLocked(more) {
		return false
	}
	s.add(more)
	return true
}

// leave gives back all that is held.
func (s *stay) leave() {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.add(-s.held)
}

func (s *stay) add(more int64) {
	s.held += more
	s.room.held += more
	if s.who.Role != staff.Public {
		return
	}
	from := staff.Neighbourhood(s.who.Address)
	if s.room.public[from] += more; s.room.public[from] == 0 {
		delete(s.room.public, from)
	}
}

func noRoom() *Problem {
	p := newProblem(http.StatusServiceUnavailable, "no_room", "Too many large bodies are being worked on; send it again in a while.")
	return p.with("Retry-After", "10").with("Connection", "close")
}
