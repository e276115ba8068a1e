package relay

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"ombudsdienst/internal/complaint"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// delivery is something that reached Temporal.
type delivery struct {
	Workflow string
	Row      int64
	Start    *client.StartWorkflowOptions // nil: a signal
	Type     any
	Input    any
	Signal   *workflowservice.SignalWorkflowExecutionRequest
}

// fakeTemporal keeps what it is told and answers as a test wants.
type fakeTemporal struct {
	workflowservice.WorkflowServiceClient
	operatorservice.OperatorServiceClient

	mu         sync.Mutex
	sent       []delivery
	down       error                                      // answers everything
	answer     func(delivery) error                       // answers deliveries; nil: taken
	workers    int                                        // that poll
	attributes map[string]enumspb.IndexedValueType        // of the namespace
	statuses   map[string]enumspb.WorkflowExecutionStatus // of workflows
	pending    map[string]pending                         // of workflows
	schedules  []string                                   // what was asked about schedules
	asked      []string                                   // workflows that were asked about
	queue      *workflowservice.DescribeTaskQueueResponse // nil: workers without a version
	arrived    chan delivery                              // nil: nobody waits
	marker     int64                                      // 0: there is none
	progress   map[string]complaint.Progress              // of workflows, when asked
	started    map[string]time.Time                       // of workflows, as they are listed
	ended      []string                                   // workflows that were terminated
}

func newFakeTemporal() *fakeTemporal {
	return &fakeTemporal{workers: 1, attributes: map[string]enumspb.IndexedValueType{},
		statuses: map[string]enumspb.WorkflowExecutionStatus{}, pending: map[string]pending{},
		progress: map[string]complaint.Progress{}, started: map[string]time.Time{}}
}

func (f *fakeTemporal) WorkflowService() workflowservice.WorkflowServiceClient { return f }
func (f *fakeTemporal) OperatorService() operatorservice.OperatorServiceClient { return f }

func (f *fakeTemporal) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeTemporal) trouble() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.down
}

func (f *fakeTemporal) sentRows() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	rows := []int64{}
	for _, d := range f.sent {
		rows = append(rows, d.Row)
	}
	return rows
}

func (f *fakeTemporal) take(d delivery) error {
	if err := f.trouble(); err != nil {
		return err
	}
	f.mu.Lock()
	answer, arrived := f.answer, f.arrived
	f.sent = append(f.sent, d)
	f.mu.Unlock()
	if arrived != nil {
		arrived <- d
	}
	if answer != nil {
		return answer(d)
	}
	return nil
}

func (f *fakeTemporal) ExecuteWorkflow(_ context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error) {
	row := reflect.ValueOf(args[0]).FieldByName("Row").Int() // whatever its body is
	return nil, f.take(delivery{Workflow: options.ID, Row: row, Start: &options, Type: workflow, Input: args[0]})
}

func (f *fakeTemporal) SignalWorkflowExecution(_ context.Context, in *workflowservice.SignalWorkflowExecutionRequest, _ ...grpc.CallOption) (*workflowservice.SignalWorkflowExecutionResponse, error) {
	var message complaint.Message[json.RawMessage]
	if err := json.Unmarshal(in.GetInput().GetPayloads()[0].GetData(), &message); err != nil {
		return nil, err
	}
	err := f.take(delivery{Workflow: in.GetWorkflowExecution().GetWorkflowId(), Row: message.Row, Signal: in})
	return &workflowservice.SignalWorkflowExecutionResponse{}, err
}

func (f *fakeTemporal) DescribeTaskQueue(context.Context, *workflowservice.DescribeTaskQueueRequest, ...grpc.CallOption) (*workflowservice.DescribeTaskQueueResponse, error) {
	if err := f.trouble(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.queue != nil {
		return f.queue, nil
	}
	return &workflowservice.DescribeTaskQueueResponse{Pollers: make([]*taskqueuepb.PollerInfo, f.workers)}, nil
}

func (f *fakeTemporal) DescribeWorkflowExecution(_ context.Context, in *workflowservice.DescribeWorkflowExecutionRequest, _ ...grpc.CallOption) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	if err := f.trouble(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	workflow := in.GetExecution().GetWorkflowId()
	f.asked = append(f.asked, workflow)
	status, there := f.statuses[workflow]
	if !there {
		return nil, serviceerror.NewNotFound("no such workflow")
	}
	return &workflowservice.DescribeWorkflowExecutionResponse{
		WorkflowExecutionInfo: &workflowpb.WorkflowExecutionInfo{Status: status, Execution: in.GetExecution()},
		PendingWorkflowTask:   f.pending[workflow].task,
		PendingActivities:     f.pending[workflow].activities,
	}, nil
}

// pending is what a workflow waits for, and when it asked for its activities.
type pending struct {
	task       *workflowpb.PendingWorkflowTaskInfo
	activities []*workflowpb.PendingActivityInfo
	since      time.Time
}

func (f *fakeTemporal) GetWorkflowExecutionHistory(_ context.Context, in *workflowservice.GetWorkflowExecutionHistoryRequest, _ ...grpc.CallOption) (*workflowservice.GetWorkflowExecutionHistoryResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, history := f.pending[in.GetExecution().GetWorkflowId()], &historypb.History{}
	for _, a := range p.activities {
		history.Events = append(history.Events, &historypb.HistoryEvent{
			EventTime: timestamppb.New(p.since),
			Attributes: &historypb.HistoryEvent_ActivityTaskScheduledEventAttributes{
				ActivityTaskScheduledEventAttributes: &historypb.ActivityTaskScheduledEventAttributes{ActivityId: a.GetActivityId()}},
		})
	}
	return &workflowservice.GetWorkflowExecutionHistoryResponse{History: history}, nil
}

func (f *fakeTemporal) ListSearchAttributes(context.Context, *operatorservice.ListSearchAttributesRequest, ...grpc.CallOption) (*operatorservice.ListSearchAttributesResponse, error) {
	if err := f.trouble(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return &operatorservice.ListSearchAttributesResponse{CustomAttributes: maps.Clone(f.attributes)}, nil
}

func (f *fakeTemporal) AddSearchAttributes(_ context.Context, in *operatorservice.AddSearchAttributesRequest, _ ...grpc.CallOption) (*operatorservice.AddSearchAttributesResponse, error) {
	if err := f.trouble(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.Copy(f.attributes, in.GetSearchAttributes())
	return &operatorservice.AddSearchAttributesResponse{}, nil
}

// attributeNames are the search attributes of the namespace.
func (f *fakeTemporal) attributeNames() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.attributes))
}
