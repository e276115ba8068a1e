package relay

import (
	"fmt"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"

	deploymentpb "go.temporal.io/api/deployment/v1"
	enumspb "go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
)

// versioned is a queue whose pollers are of these builds.
func versioned(current string, polling ...string) *workflowservice.DescribeTaskQueueResponse {
	queue := &workflowservice.DescribeTaskQueueResponse{}
	if current != "" {
		queue.VersioningInfo = &taskqueuepb.TaskQueueVersioningInfo{
			CurrentDeploymentVersion: &deploymentpb.WorkerDeploymentVersion{DeploymentName: "ombudsdienst", BuildId: current}}
	}
	for _, build := range polling {
		options := &deploymentpb.WorkerDeploymentOptions{DeploymentName: "ombudsdienst", BuildId: build,
			WorkerVersioningMode: enumspb.WORKER_VERSIONING_MODE_VERSIONED}
		if build == "" {
			options = nil
		}
		queue.Pollers = append(queue.Pollers, &taskqueuepb.PollerInfo{DeploymentOptions: options})
	}
	return queue
}

func TestOnlyWorkersOfThePromotedBuildAreAwaitedFor(t *testing.T) {
	for _, c := range []struct {
		current string
		polling []string
		there   bool
	}{
		{"", nil, false},
		{"", []string{""}, true},
		{"", []string{"1"}, false}, // not promoted yet
		{"1", []string{"1"}, true},
		{"2", []string{"1"}, false}, // only what was there before
		{"2", []string{"1", "2"}, true},
		{"1", []string{""}, false},
	} {
		t.Run(fmt.Sprintf("current %q polling %q", c.current, c.polling), func(t *testing.T) {
			w := &world{T: t, temporal: newFakeTemporal(), clock: complaint.NewDay(2026, time.March, 2).At(10, 0)}
			w.relay = w.newRelay(Tuning{})
			w.temporal.queue = versioned(c.current, c.polling...)
			if there, err := w.relay.workerPolls(t.Context()); err != nil || there != c.there {
				t.Errorf("a worker polls: %v %v, want %v", there, err, c.there)
			}
		})
	}
}
