package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"

	"ombudsdienst/internal/complaint"
)

// tally is what is counted when all has come to rest. The first group has to
// stay empty, the second tells what went on.
type tally struct {
	lost, twice, gaps, lettersTwice, lettersLost, stuck, untimed, faults, failed []string

	complaints, open, commands, letters, late, kills, doubts, interrupted, retries int
	struck                                                                         map[target]int
}

// wrong lists everything that must not be.
func (c tally) wrong() []string {
	found := slices.Concat(c.lost, c.twice, c.gaps, c.lettersTwice, c.lettersLost, c.stuck, c.untimed, c.faults, c.failed)
	if c.doubts > c.interrupted {
		found = append(found, fmt.Sprintf("%d letters in doubt for %d interrupted deliveries", c.doubts, c.interrupted))
	}
	return found
}

func (c tally) String() string {
	var b strings.Builder
	line := func(what string, n int) { fmt.Fprintf(&b, "%7d %s\n", n, what) }
	line("complaints accepted", c.complaints)
	line("of them left open", c.open)
	line("commands accepted", c.commands)
	line("letters by mail received", c.letters)
	line("messages to staff on their way when their case closed", c.late)
	line("requests that had to be sent again", c.retries)
	line("kills", c.kills)
	for _, t := range slices.Sorted(maps.Keys(c.struck)) {
		line("- "+string(t), c.struck[t])
	}
	line("deliveries interrupted by a kill", c.interrupted)
	line("letters in doubt, settled by a person or late news", c.doubts)
	line("complaints or commands lost", len(c.lost))
	line("complaints or commands twice", len(c.twice))
	line("numbers missing or given twice", len(c.gaps))
	line("letters twice", len(c.lettersTwice))
	line("letters said to have left that did not come", len(c.lettersLost))
	line("stuck", len(c.stuck))
	line("open cases without a timer", len(c.untimed))
	line("answers that nobody should get", len(c.faults))
	line("courses that went otherwise", len(c.failed))
	return b.String()
}

// rest waits until nothing is on its way any more, while the staff goes on.
func (c *chaos) rest() {
	var left []string
	c.eventuallyIn(chaosPatience(), func() bool {
		c.postAndSettle()
		left = c.underWay()
		time.Sleep(200 * time.Millisecond)
		return len(left) == 0
	}, "all comes to rest: %v", &left)
}

// underWay names what has not come to its end.
func (c *chaos) underWay() []string {
	left := []string{}
	err := c.db.Select(&left, `
		SELECT 'row ' || workflow_id || ' ' || seq || ' ' || kind FROM outbox WHERE done_at IS NULL
		UNION ALL
		SELECT 'letter ' || id || ' ' || kind || ' ' || state FROM letters WHERE state NOT IN ('sent', 'posted', 'dropped')`)
	require.NoError(c.t, err)
	return left
}

// count compares what people were promised with what there is.
func (c *chaos) count() tally {
	n := tally{struck: c.struck, retries: c.client.retries, failed: c.died}
	for _, times := range c.struck {
		n.kills += times
	}
	for what, times := range c.client.faults {
		n.faults = append(n.faults, fmt.Sprintf("%d times %s", times, what))
	}
	c.countComplaints(&n)
	c.countCommands(&n)
	c.countLetters(&n)
	c.countProcedures(&n)
	return n
}

// countComplaints looks for the text of each accepted complaint under its number.
func (c *chaos) countComplaints(n *tally) {
	var lodged []struct{ Number, Text string }
	require.NoError(c.t, c.db.Select(&lodged, `SELECT number, text FROM submissions ORDER BY number`))
	under := map[string][]string{}
	for place, l := range lodged {
		_, marker, _ := strings.Cut(l.Text, ": ")
		under[marker] = append(under[marker], l.Number)
		if want := complaint.NewNumber(complaint.Number(l.Number).Year(), place+1); l.Number != string(want) {
			n.gaps = append(n.gaps, fmt.Sprintf("%s stands in the place of %s", l.Number, want))
		}
	}
	for _, t := range c.tales {
		if t.wrong != "" {
			n.failed = append(n.failed, t.wrong)
		}
		if t.number == "" {
			continue
		}
		n.complaints++
		switch numbers := under[t.marker()]; {
		case !slices.Contains(numbers, t.number):
			n.lost = append(n.lost, "complaint "+t.number)
		case len(numbers) > 1:
			n.twice = append(n.twice, fmt.Sprintf("complaint %v", numbers))
		}
	}
}

// countCommands looks for each accepted command in the history of its case, and
// for the end that it should have brought.
func (c *chaos) countCommands(n *tally) {
	var kept []struct {
		Number, Kind string
		Times        int
	}
	require.NoError(c.t, c.db.Select(&kept, `SELECT number, kind, count(*) AS times FROM events GROUP BY number, kind`))
	found := map[string]int{}
	for _, k := range kept {
		found[k.Number+" "+k.Kind] = k.Times
	}
	ends := c.ends()
	for _, t := range c.tales {
		for event, times := range t.promised {
			n.commands += times
			switch has := found[t.number+" "+event]; {
			case has < times:
				n.lost = append(n.lost, fmt.Sprintf("%s of %s: %d of %d", event, t.number, has, times))
			case has > times:
				n.twice = append(n.twice, fmt.Sprintf("%s of %s: %d for %d", event, t.number, has, times))
			}
		}
		if t.wrong == "" && ends[t.number] != t.ends {
			n.lost = append(n.lost, fmt.Sprintf("the end of %s (%s): %s, not %s", t.number, t.kind, ends[t.number], t.ends))
		}
	}
	var passed []string // an answer after the decision is kept as late
	require.NoError(c.t, c.db.Select(&passed, `
		SELECT number || ' ' || kind || ' ' || effect FROM outbox o
		WHERE effect = 'not_applied' AND kind <> 'SettleLetter'
		  AND NOT (kind = 'ReceiveAnswer' AND EXISTS (SELECT FROM consultations q WHERE q.number = o.number AND q.state = 'late'))`))
	n.lost = append(n.lost, passed...)
}

// ends is how each case stands: its result or open, and that of its privacy file.
func (c *chaos) ends() map[string]string {
	var rows []struct{ Number, Ends string }
	require.NoError(c.t, c.db.Select(&rows, `
		SELECT c.number, coalesce(c.result, 'open') || CASE
			WHEN f.stage IS NULL THEN '' WHEN f.stage = 'closed' THEN '/closed' ELSE '/open' END AS ends
		FROM complaints c LEFT JOIN privacy_files f USING (number)`))
	ends := map[string]string{}
	for _, r := range rows {
		ends[r.Number] = r.Ends
	}
	return ends
}

// countLetters compares what the mail server received with what the register says.
func (c *chaos) countLetters(n *tally) {
	received, severed := c.sink.received()
	for letter, times := range received {
		n.letters++
		if times > 1 {
			n.lettersTwice = append(n.lettersTwice, fmt.Sprintf("%s came %d times", letter, times))
		}
	}
	var sent []string
	require.NoError(c.t, c.db.Select(&sent, `
		SELECT number || '-' || kind || '-' || id FROM letters WHERE state = 'sent' AND channel = 'email'`))
	for _, letter := range sent {
		if received[letter] == 0 {
			n.lettersLost = append(n.lettersLost, letter+" was never received")
		}
	}
	var late []string // messages to staff that were on their way when their case closed
	require.NoError(c.t, c.db.Select(&late, `
		SELECT number || '-' || kind || '-' || id FROM letters
		WHERE state = 'dropped' AND settled_reason = 'closed' AND sending_at IS NOT NULL AND staff IS NOT NULL`))
	for letter := range received {
		switch {
		case slices.Contains(late, letter):
			n.late++
		case !slices.Contains(sent, letter):
			n.lettersTwice = append(n.lettersTwice, letter+" was received and is not noted as sent")
		}
	}
	var printed []string
	require.NoError(c.t, c.db.Select(&printed, `
		SELECT number || '-' || kind || '-' || id FROM letters WHERE state = 'posted'`))
	for _, letter := range printed {
		if len(c.mailed("print/"+letter+".pdf")) != 1 {
			n.lettersLost = append(n.lettersLost, letter+" was never printed")
		}
	}
	require.NoError(c.t, c.db.Get(&n.doubts, `SELECT count(*) FROM events WHERE kind LIKE '%letter_in_doubt'`))
	n.interrupted = severed + len(c.interrupted)
}

// countProcedures asks Temporal about each case: an open one has its running
// procedure with a timer, a closed one has none.
func (c *chaos) countProcedures(n *tally) {
	var cases []struct {
		Workflow string
		Open     bool
	}
	require.NoError(c.t, c.db.Select(&cases, `
		SELECT 'complaint-' || number AS workflow, stage <> 'closed' AS open FROM complaints
		UNION ALL SELECT 'privacy-' || number, stage <> 'closed' FROM privacy_files ORDER BY workflow`))
	var mu sync.Mutex
	var asking sync.WaitGroup
	places := make(chan struct{}, 8)
	for _, k := range cases {
		places <- struct{}{}
		asking.Go(func() {
			defer func() { <-places }()
			running, timers := c.stands(k.Workflow)
			mu.Lock()
			defer mu.Unlock()
			if k.Open {
				n.open++
			}
			if running != k.Open {
				n.stuck = append(n.stuck, fmt.Sprintf("%s: open %v, running %v", k.Workflow, k.Open, running))
			}
			if running && timers == 0 {
				n.untimed = append(n.untimed, k.Workflow)
			}
		})
	}
	asking.Wait()
}

// stands tells whether a procedure runs, and how many of its timers.
func (c *chaos) stands(workflow string) (running bool, timers int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	described, err := c.temporal.DescribeWorkflowExecution(ctx, workflow, "")
	if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
		return false, 0
	}
	if err != nil || described.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return false, 0
	}
	events := c.temporal.GetWorkflowHistory(ctx, workflow, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return true, 0
		}
		switch e.GetEventType() {
		case enumspb.EVENT_TYPE_TIMER_STARTED:
			timers++
		case enumspb.EVENT_TYPE_TIMER_FIRED, enumspb.EVENT_TYPE_TIMER_CANCELED:
			timers--
		}
	}
	return true, timers
}
