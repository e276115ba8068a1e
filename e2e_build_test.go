package main

import (
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/wiring"
	"ombudsdienst/worker"
	"ombudsdienst/workflows"
)

// changeVariable names the change with which a worker of these tests was built.
const changeVariable = "OMBUDSDIENST_E2E_CHANGE"

// The changes: a step more at the head of the procedure, as the recipe says it
// is done, and as it must not be done.
const (
	gatedChange   = "gated"
	ungatedChange = "ungated"
	talkative     = "talkative" // not of the procedure: it logs all that it can
)

const addedStep = "A step of the second build"

// changed makes a program of which the procedure was changed.
func changed(change string) func(*wiring.Program) {
	return func(p *wiring.Program) {
		switch change {
		case "":
		case talkative:
			p.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
		default:
			p.Interceptors = append(p.Interceptors, &changedProcedure{change: change})
		}
	}
}

// changedProcedure stands around the procedure as changed code would stand in it.
type changedProcedure struct {
	interceptor.WorkerInterceptorBase
	change string
}

func (c *changedProcedure) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &changedRun{interceptor.WorkflowInboundInterceptorBase{Next: next}, c.change}
}

type changedRun struct {
	interceptor.WorkflowInboundInterceptorBase
	change string
}

func (c *changedRun) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	if c.change == ungatedChange || workflow.GetVersion(ctx, "added-step", workflow.DefaultVersion, 1) == 1 {
		step := workflow.NewTimerWithOptions(ctx, time.Millisecond, workflow.TimerOptions{Summary: addedStep})
		if err := step.Get(ctx, nil); err != nil {
			return nil, err
		}
	}
	return c.Next.ExecuteWorkflow(ctx, in)
}

// replays tells how a build with a change takes a history.
func replays(t *testing.T, history *historypb.History, change string) error {
	t.Helper()
	options := sdk.WorkflowReplayerOptions{}
	if change != "" {
		options.Interceptors = []interceptor.WorkerInterceptor{&changedProcedure{change: change}}
	}
	replayer, err := sdk.NewWorkflowReplayerWithOptions(options)
	require.NoError(t, err)
	replayer.RegisterWorkflowWithOptions(workflows.ComplaintProcedure, workflow.RegisterOptions{Name: workflows.ComplaintProcedureName})
	return replayer.ReplayWorkflowHistory(silent{}, history)
}

// startBuild deploys a build of the worker as the recipe says, and waits until
// procedures move to it.
func (s *stack) startBuild(build, change string) {
	s.t.Helper()
	s.startAs("worker "+build, []string{"worker", "--promote"}, "BUILD_ID="+build, changeVariable+"="+change)
	s.eventually(func() bool {
		d, err := s.temporal.WorkerDeploymentClient().GetHandle(worker.DeploymentName).Describe(s.t.Context(), client.WorkerDeploymentDescribeOptions{})
		if err != nil {
			return false
		}
		current := d.Info.RoutingConfig.CurrentVersion
		return current != nil && current.BuildID == build
	}, "build %s is the current one", build)
}

// builds lists the builds that worked on a run, each as often as it took over.
func builds(history *historypb.History) []string {
	var found []string
	for _, e := range history.Events {
		build := e.GetWorkflowTaskCompletedEventAttributes().GetDeploymentVersion().GetBuildId()
		if build != "" && (len(found) == 0 || found[len(found)-1] != build) {
			found = append(found, build)
		}
	}
	return found
}

func hasAddedStep(history *historypb.History) bool {
	for _, e := range history.Events {
		if string(e.GetUserMetadata().GetSummary().GetData()) == strconv.Quote(addedStep) {
			return true
		}
	}
	return false
}

// TestASecondBuildTakesOverInTheMiddleOfACase: build 1 opens a case, build 2
// with changed workflow code is promoted while a department is being asked.
func TestASecondBuildTakesOverInTheMiddleOfACase(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start("api", "")
	s.startBuild("1", "")
	begun, _ := s.lodge("", s01(complaint.DayOf(time.Now()).AddDays(-30)))
	s.reaches(begun, "investigating", "ombuds")
	question := s.consult(begun, "GEZONDHEIDSZORGEN")
	s.reaches(begun, "investigating", "department:GEZONDHEIDSZORGEN")
	middle := s.history(begun)
	require.Equal(t, []string{"1"}, builds(middle))
	require.NoError(t, replays(t, middle, gatedChange), "the change is behind its gate")
	require.Error(t, replays(t, middle, ungatedChange), "without a gate it breaks what runs")

	s.startBuild("2", gatedChange)
	s.answerConsultation(question, "GEZONDHEIDSZORGEN")
	s.reaches(begun, "investigating", "ombuds")
	s.must(http.StatusAccepted, "POST", "/complaints/"+begun+"/outcome", "ombuds", outcomeBody())
	s.reaches(begun, "closed", "none")
	whole := s.history(begun)
	require.Equal(t, []string{"1", "2"}, builds(whole), "the build before had the case until the second took over")
	require.False(t, hasAddedStep(whole), "a case goes on as it began")
	require.NoError(t, replays(t, whole, gatedChange))
	require.NoError(t, replays(t, whole, ""))

	number := s.standardCase()
	second := s.history(number)
	require.Equal(t, []string{"2"}, builds(second))
	require.True(t, hasAddedStep(second))
	require.NoError(t, replays(t, second, gatedChange))
	require.Error(t, replays(t, second, ""), "what the second build began the first cannot take back")

	s.kill("worker 1")
	s.startBuild("2", gatedChange) // a worker that starts again promotes the same build again
	s.eventually(func() bool { return s.verify() == "all is well\n" }, "verify finds nothing")
	s.pollsAs("2")
}

// pollsAs holds what the relay reads of Temporal to know whether a worker is there.
func (s *stack) pollsAs(build string) {
	s.t.Helper()
	queue, err := s.temporal.WorkflowService().DescribeTaskQueue(s.t.Context(), &workflowservice.DescribeTaskQueueRequest{
		Namespace: "default", TaskQueue: &taskqueuepb.TaskQueue{Name: workflows.TaskQueue, Kind: enumspb.TASK_QUEUE_KIND_NORMAL},
		TaskQueueType: enumspb.TASK_QUEUE_TYPE_WORKFLOW,
	})
	require.NoError(s.t, err)
	require.Equal(s.t, build, queue.GetVersioningInfo().GetCurrentDeploymentVersion().GetBuildId())
	var polled []string
	for _, p := range queue.GetPollers() {
		polled = append(polled, p.GetDeploymentOptions().GetBuildId())
	}
	require.Contains(s.t, polled, build)
}
