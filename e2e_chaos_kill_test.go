package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// chaos is a stack whose parts are killed while people use it.
type chaos struct {
	*stack
	seed      uint64
	sink      *sink
	addresses []string // of the replicas of the API
	client    *counterClient

	tales       []*tale
	interrupted map[string]bool // deliveries under way when their worker died
	struck      map[target]int
	deaths      map[string][]time.Time // of the stores, within the last minute
	died        []string               // parts that ended by themselves

	ended atomic.Int64 // tales
}

func newChaos(t *testing.T, seed uint64) *chaos {
	c := &chaos{stack: newStack(t), seed: seed, interrupted: map[string]bool{}, struck: map[target]int{}, deaths: map[string][]time.Time{}}
	c.sink = newSink(t)
	c.smtp = c.sink.url()
	c.organise("per_department_and_day: 500", "per_department_and_day: 100000") // the long version writes to some more often
	c.addresses = []string{c.address, freeAddress(t)}
	c.client = newCounterClient(c)
	for _, part := range []target{firstAPI, secondAPI, theWorker} {
		c.bring(part)
	}
	c.eventually(func() bool { code, _ := c.call("GET", "/readyz", "", nil); return code == 200 }, "the API answers")
	return c
}

// bring starts one of the program's processes and does not wait for it.
func (c *chaos) bring(part target) {
	switch part {
	case firstAPI:
		c.startAs(string(part), []string{"api"}, "LISTEN="+c.addresses[0])
	case secondAPI:
		c.startAs(string(part), []string{"api"}, "LISTEN="+c.addresses[1])
	case theWorker:
		c.startAs(string(part), []string{"worker"})
	}
}

// run lets people come, and strikes at even distances in what they get done,
// until both are through.
func (c *chaos) run(plan []blow, complaints int) {
	told := make(chan struct{})
	go func() {
		defer close(told)
		c.tell(complaints)
	}()
	stop := make(chan struct{})
	var beside sync.WaitGroup
	beside.Go(func() { c.staff(stop) })
	for i, b := range plan {
		due := int64(complaints) * int64(i) / int64(len(plan)+1)
		c.eventuallyIn(chaosPatience(), func() bool { return c.ended.Load() >= due || isOver(told) }, "%d complaints are through", due)
		time.Sleep(b.pause)
		c.strike(b, told)
	}
	c.eventuallyIn(chaosPatience(), func() bool { return isOver(told) }, "all complaints are through")
	close(stop)
	beside.Wait()
}

func isOver(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// strike does one blow and brings back what it struck.
func (c *chaos) strike(b blow, told <-chan struct{}) {
	c.t.Logf("%4d are through, %s is struck", c.ended.Load(), b.target)
	c.struck[b.target]++
	switch b.target {
	case theServer:
		c.killStore("temporal.pid")
	case thePages:
		c.killStore("postgres.pid")
	case theSink:
		c.sink.kill()
		time.Sleep(b.away)
		c.sink.open()
	case midText, unanswered:
		c.sink.cut(b.target, told)
	default:
		c.killPart(b.target)
		if b.target == theWorker {
			c.noteInterrupted()
		}
		time.Sleep(b.away)
		c.bring(b.target)
	}
}

// killPart kills one of the program's processes. One that had ended before is
// noted: none may, whatever dies around it.
func (c *chaos) killPart(part target) {
	p := c.processes[string(part)]
	if isOver(p.ended) {
		c.died = append(c.died, fmt.Sprintf("%s ended by itself: %s", part, lastLine(p.output.String())))
		return
	}
	c.kill(string(part))
}

// noteInterrupted remembers the letters in the hands of a worker that is dead.
// Only such a letter, or one whose conversation was cut, may be in doubt.
func (c *chaos) noteInterrupted() {
	var sending []string
	c.eventually(func() bool {
		return c.db.Select(&sending, `SELECT id || ' ' || attempts FROM letters WHERE state = 'sending'`) == nil
	}, "the register answers")
	for _, letter := range sending {
		c.interrupted[letter] = true
	}
}

// killStore kills a store, which its keeper starts again; not more often within
// a minute than the keeper bears.
func (c *chaos) killStore(file string) {
	c.deaths[file] = slices.DeleteFunc(c.deaths[file], func(at time.Time) bool { return time.Since(at) > time.Minute })
	if deaths := c.deaths[file]; len(deaths) == 3 {
		time.Sleep(time.Until(deaths[0].Add(time.Minute)))
	}
	var pid int
	c.eventually(func() bool { pid = c.processOf(file); return pid > 0 }, "%s names a process", file)
	require.NoError(c.t, syscall.Kill(pid, syscall.SIGKILL))
	c.deaths[file] = append(c.deaths[file], time.Now())
	c.eventually(func() bool { return c.processOf(file) != pid }, "the process of %s is gone", file)
}

// processOf is the store's process that a file names; 0 while there is none.
func (c *chaos) processOf(file string) int {
	content, err := os.ReadFile(c.folder.Path(file))
	require.NoError(c.t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	require.NoError(c.t, err)
	command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		command, _ = exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	}
	if !strings.Contains(string(command), c.folder.Path()) {
		return 0
	}
	return pid
}

func lastLine(text string) string {
	if len(text) > 300 {
		text = text[len(text)-300:]
	}
	return text
}
