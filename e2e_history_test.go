package main

import (
	"flag"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack"
	"ombudsdienst/workflows"
)

// record keeps the histories of the stories for the replay test of workflows.
var record = flag.Bool("record", false, "record histories under workflows/testdata/history")

// The measure of a standard case (one department, on time).
const (
	mostEvents  = 50
	mostActions = 15
)

func (s *stack) history(number string) *historypb.History {
	return s.historyOf(workflows.ComplaintID(complaint.Number(number)))
}

func (s *stack) historyOf(workflow string) *historypb.History {
	h := &historypb.History{}
	events := s.temporal.GetWorkflowHistory(s.t.Context(), workflow, "", false,
		enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(s.t, err)
		h.Events = append(h.Events, e)
	}
	return h
}

// showsItsTimer checks the words that a supervisor reads in the Web UI.
func (s *stack) showsItsTimer(number, summary string) {
	s.t.Helper()
	require.True(s.t, s.hasTimer(number, summary), summary)
}

// hasTimer tells whether a timer with these words was started.
func (s *stack) hasTimer(number, summary string) bool {
	s.t.Helper()
	var summaries []string
	for _, e := range s.history(number).Events {
		if e.GetEventType() == enumspb.EVENT_TYPE_TIMER_STARTED {
			summaries = append(summaries, string(e.GetUserMetadata().GetSummary().GetData()))
		}
	}
	return slices.Contains(summaries, strconv.Quote(summary))
}

// keep records a history when the tests run with -record.
func (s *stack) keep(number, name string) {
	s.keepOf(workflows.ComplaintID(complaint.Number(number)), name)
}

func (s *stack) keepOf(workflow, name string) {
	if !*record {
		return
	}
	content, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(s.historyOf(workflow))
	require.NoError(s.t, err)
	require.NoError(s.t, os.WriteFile(filepath.Join("workflows", "testdata", "history", name+".json"), append(content, '\n'), 0o644))
}

// costs counts what a case took: its events, and its actions as Temporal Cloud
// bills them (start, signals, activities, timers, attribute updates, and one for
// the local activities of a workflow task).
func costs(h *historypb.History) (events, actions int) {
	actions = 1 // the start
	var task int64
	for _, e := range h.Events {
		switch e.GetEventType() {
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
			enumspb.EVENT_TYPE_TIMER_STARTED, enumspb.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
			actions++
		case enumspb.EVENT_TYPE_MARKER_RECORDED:
			if by := e.GetMarkerRecordedEventAttributes().GetWorkflowTaskCompletedEventId(); by != task {
				task = by
				actions++
			}
		}
	}
	return len(h.Events), actions
}

func TestAStandardCaseStaysWithinItsMeasure(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.start("worker", "")
	number := s.standardCase()
	events, actions := costs(s.history(number))
	t.Logf("a standard case takes %d history events and %d billable actions", events, actions)
	require.LessOrEqual(t, events, mostEvents)
	require.LessOrEqual(t, actions, mostActions)
	s.keep(number, "answered")
}

// restartTemporal starts the server again where it was, on its port.
func (s *stack) restartTemporal() {
	_, port, err := net.SplitHostPort(s.server.Address())
	require.NoError(s.t, err)
	n, err := strconv.Atoi(port)
	require.NoError(s.t, err)
	s.server, err = devstack.StartTemporal(s.t.Context(), s.folder, devstack.TemporalOptions{Port: n})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = s.server.Stop() })
}
