package main

import (
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The chaos test lets people come with complaints of every kind while parts of
// the service are killed under them, lets all come to rest, and counts. By
// itself it is short; the long version is
//
//	go test -timeout 3h -v -run 'TestChaos$' . -chaos.complaints 2000 -chaos.kills 200
//
// The seed fixes who comes with what, and what is killed in which order after
// which pause; it is printed. How far each case is at that moment is chance.
var (
	chaosComplaints = flag.Int("chaos.complaints", 50, "complaints of the chaos test")
	chaosKills      = flag.Int("chaos.kills", 10, "kills of the chaos test")
	chaosSeed       = flag.Uint64("chaos.seed", 1, "seed of the chaos test; 0 takes one from the clock")
)

// chaosPeople is how many people are at it at once.
const chaosPeople = 32

// chaosPatience is how long one of them, or all that is under way at the end, may
// take at most: the pauses before something is tried again grow with the kills.
func chaosPatience() time.Duration { return 5*time.Minute + time.Duration(*chaosKills)*3*time.Second }

// TestChaos: nothing is lost, nothing happens twice, nothing gets stuck.
func TestChaos(t *testing.T) {
	t.Parallel()
	seed := *chaosSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-chaos.complaints %d -chaos.kills %d -chaos.seed %d", *chaosComplaints, *chaosKills, seed)
	begun := time.Now()
	c := newChaos(t, seed)
	c.run(planOf(seed, *chaosKills), *chaosComplaints)
	t.Logf("all were there after %s", time.Since(begun).Round(time.Second))
	c.rest()
	counted := c.count()
	t.Logf("after %s:\n%s", time.Since(begun).Round(time.Second), counted)
	require.Empty(t, counted.wrong())
	require.Equal(t, "all is well\n", c.verify())
}
