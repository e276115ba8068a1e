package relay

import (
	"context"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/workflows"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"
)

func (f *fakeTemporal) SignalWithStartWorkflowExecution(_ context.Context, in *workflowservice.SignalWithStartWorkflowExecutionRequest, _ ...grpc.CallOption) (*workflowservice.SignalWithStartWorkflowExecutionResponse, error) {
	if err := f.trouble(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return nil, converter.GetDefaultDataConverter().FromPayloads(in.GetSignalInput(), &f.marker)
}

func (f *fakeTemporal) GetWorkflowExecutionHistoryReverse(context.Context, *workflowservice.GetWorkflowExecutionHistoryReverseRequest, ...grpc.CallOption) (*workflowservice.GetWorkflowExecutionHistoryReverseResponse, error) {
	if err := f.trouble(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.marker == 0 {
		return nil, serviceerror.NewNotFound("no such workflow")
	}
	typed, _ := converter.GetDefaultDataConverter().ToPayloads(f.marker + 1000)
	raised, err := converter.GetDefaultDataConverter().ToPayloads(f.marker)
	signal := func(identity string, input *commonpb.Payloads) *historypb.HistoryEvent {
		return &historypb.HistoryEvent{Attributes: &historypb.HistoryEvent_WorkflowExecutionSignaledEventAttributes{
			WorkflowExecutionSignaledEventAttributes: &historypb.WorkflowExecutionSignaledEventAttributes{
				SignalName: workflows.SignalRaise, Input: input, Identity: identity}}}
	}
	return &workflowservice.GetWorkflowExecutionHistoryReverseResponse{History: &historypb.History{Events: []*historypb.HistoryEvent{
		{}, signal("a person", typed), signal(identity, raised), {}}}}, err
}

func (f *fakeTemporal) QueryWorkflow(_ context.Context, in *workflowservice.QueryWorkflowRequest, _ ...grpc.CallOption) (*workflowservice.QueryWorkflowResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	progress, there := f.progress[in.GetExecution().GetWorkflowId()]
	if !there {
		return nil, serviceerror.NewQueryFailed("the code fails")
	}
	answer, err := converter.GetDefaultDataConverter().ToPayloads(progress)
	return &workflowservice.QueryWorkflowResponse{QueryResult: answer}, err
}

func (f *fakeTemporal) ListWorkflowExecutions(context.Context, *workflowservice.ListWorkflowExecutionsRequest, ...grpc.CallOption) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer := &workflowservice.ListWorkflowExecutionsResponse{}
	for workflow, status := range f.statuses {
		answer.Executions = append(answer.Executions, &workflowpb.WorkflowExecutionInfo{Status: status,
			Execution: &commonpb.WorkflowExecution{WorkflowId: workflow}, StartTime: timestamppb.New(f.started[workflow])})
	}
	return answer, nil
}

func (f *fakeTemporal) TerminateWorkflowExecution(_ context.Context, in *workflowservice.TerminateWorkflowExecutionRequest, _ ...grpc.CallOption) (*workflowservice.TerminateWorkflowExecutionResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = append(f.ended, in.GetWorkflowExecution().GetWorkflowId())
	delete(f.statuses, in.GetWorkflowExecution().GetWorkflowId())
	return nil, nil
}

// runs makes Temporal have a procedure that is as far as it says.
func (f *fakeTemporal) runs(workflow string, p complaint.Progress) {
	f.set(func() {
		f.statuses[workflow], f.progress[workflow] = enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, p
	})
}

// running lodges the n-th case, whose procedure has entered it and runs.
func (w *world) running(n int) (workflow string, row int64) {
	w.Helper()
	row = w.lodge(n)
	w.record(n, row)
	workflow = workflows.ComplaintID(complaint.NewNumber(2026, n))
	w.temporal.runs(workflow, complaint.Progress{Taken: 1, Row: row, Revision: 1})
	return workflow, row
}

func (w *world) tend() {
	w.Helper()
	w.relay.prepared.Store(true)
	if err := w.relay.tend(w.Context()); err != nil {
		w.Fatalf("the relay is in trouble: %v", err)
	}
}

// marked is a world in which both stores have the marker at three.
func marked(t *testing.T) *world {
	w := newWorld(t)
	for range 3 {
		w.tend()
		w.tend() // is seen
		w.pass(time.Minute)
	}
	w.relay.prepared.Store(false)
	return w
}

func (w *world) rebuilt() (workflowIDs []string) {
	w.Helper()
	for _, d := range w.temporal.sent {
		if d.Start != nil && d.Start.WorkflowIDConflictPolicy == enumspb.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING {
			workflowIDs = append(workflowIDs, d.Workflow)
		}
	}
	return workflowIDs
}

func (w *world) healing() *register.Healing {
	w.Helper()
	h, err := w.store.OpenHealing(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return h
}
