package relay

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
)

// From when on something is stuck and no longer on its way.
const (
	stuckRecording = time.Minute // a command not recorded
	stuckTask      = time.Minute // a step that no worker takes
	stuckFailures  = 2           // of one step in a row: once is a worker that died
	stuckActivity  = time.Hour   // work in the world that is tried again and again
)

// obstacle is what keeps a procedure from going on.
type obstacle string

const (
	taskFails       obstacle = "task_fails"       // its code fails at the next step
	taskWaits       obstacle = "task_waits"       // no worker takes the next step
	activityRetries obstacle = "activity_retries" // a letter or a recording does not succeed
)

// snag is an obstacle in one procedure.
type snag struct {
	obstacle
	Activity string // its type; empty: it is no activity
	Since    time.Time
	Attempts int32
}

// String says it in words for those who supervise the procedure.
func (s snag) String() string {
	switch s.obstacle {
	case taskFails:
		return fmt.Sprintf("The program fails at its next step, %d times so far, so nobody watches its term. "+
			"Go back to the build of the worker before, or mend the program: it then goes on by itself.", s.Attempts)
	case taskWaits:
		return fmt.Sprintf("Since %s no worker takes its next step: see that a worker runs, and that its build is the current one.",
			clock(s.Since))
	default:
		return fmt.Sprintf("%s has not succeeded since %s (%d tries) and is tried again: "+
			"see that the register and the mail server can be reached; the reason stands at its workflow.",
			s.Activity, clock(s.Since), s.Attempts)
	}
}

// inquiry asks Temporal about single workflows.
type inquiry struct {
	temporal  Temporal
	namespace string
}

// ask tells how a workflow stands and what it is stuck at.
func (q inquiry) ask(ctx context.Context, workflow string, now time.Time) (execution, []snag, error) {
	ctx, cancel := context.WithTimeout(ctx, questionTakes)
	defer cancel()
	status, described, err := q.status(ctx, workflow)
	if err != nil || described == nil {
		return status, nil, err
	}
	snags := append([]snag{}, atItsTask(described.GetPendingWorkflowTask(), now)...)
	retrying, err := q.retrying(ctx, described, now)
	return status, append(snags, retrying...), err
}

// status tells how a workflow stands; nothing else is known of one that is not there.
func (q inquiry) status(ctx context.Context, workflow string) (execution, *workflowservice.DescribeWorkflowExecutionResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, questionTakes)
	defer cancel()
	described, err := q.temporal.WorkflowService().DescribeWorkflowExecution(ctx,
		&workflowservice.DescribeWorkflowExecutionRequest{
			Namespace: q.namespace,
			Execution: &commonpb.WorkflowExecution{WorkflowId: workflow},
		})
	switch answerTo(err) {
	case taken:
		return execution(described.GetWorkflowExecutionInfo().GetStatus().String()), described, nil
	case gone:
		return none, nil, nil
	default:
		return notAsked, nil, err
	}
}

// atItsTask finds whether the code of a procedure fails, or waits for a worker.
func atItsTask(task *workflowpb.PendingWorkflowTaskInfo, now time.Time) []snag {
	since := task.GetScheduledTime().AsTime()
	switch {
	case task.GetAttempt() > stuckFailures:
		return []snag{{obstacle: taskFails, Since: since, Attempts: task.GetAttempt() - 1}}
	case task.GetState() == enumspb.PENDING_WORKFLOW_TASK_STATE_SCHEDULED && now.Sub(since) > stuckTask:
		return []snag{{obstacle: taskWaits, Since: since}}
	default:
		return nil
	}
}

// retrying finds the activities that have been tried for too long.
func (q inquiry) retrying(ctx context.Context, described *workflowservice.DescribeWorkflowExecutionResponse, now time.Time) ([]snag, error) {
	again := slices.DeleteFunc(slices.Clone(described.GetPendingActivities()), func(a *workflowpb.PendingActivityInfo) bool {
		return a.GetAttempt() < 2
	})
	if len(again) == 0 {
		return nil, nil
	}
	asked, err := q.asked(ctx, described.GetWorkflowExecutionInfo().GetExecution())
	if err != nil {
		return nil, err
	}
	var snags []snag
	for _, a := range again {
		since, known := asked[a.GetActivityId()]
		if known && now.Sub(since) > stuckActivity {
			snags = append(snags, snag{obstacle: activityRetries, Activity: a.GetActivityType().GetName(),
				Since: since, Attempts: a.GetAttempt()})
		}
	}
	slices.SortFunc(snags, func(a, b snag) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Activity, b.Activity)) })
	return snags, nil
}

// asked reads when a run first asked for each of its activities: of one that is
// tried again Temporal itself only says when it was tried last.
func (q inquiry) asked(ctx context.Context, run *commonpb.WorkflowExecution) (map[string]time.Time, error) {
	asked := map[string]time.Time{}
	request := &workflowservice.GetWorkflowExecutionHistoryRequest{Namespace: q.namespace, Execution: run}
	for {
		page, err := q.temporal.WorkflowService().GetWorkflowExecutionHistory(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, e := range page.GetHistory().GetEvents() {
			if a := e.GetActivityTaskScheduledEventAttributes(); a != nil {
				asked[a.GetActivityId()] = e.GetEventTime().AsTime()
			}
		}
		request.NextPageToken = page.GetNextPageToken()
		if len(request.NextPageToken) == 0 {
			return asked, nil
		}
	}
}
