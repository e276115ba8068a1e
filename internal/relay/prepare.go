package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"ombudsdienst/workflows"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
)

// prepare sees that Temporal answers, knows the search attributes and has lost no
// time unnoticed, each time that it appears. Nothing is delivered before.
func (r *Relay) prepare(ctx context.Context) error {
	if r.prepared.Load() {
		return nil
	}
	added, err := r.seeToAttributes(ctx)
	if err != nil {
		return err
	}
	if added > 0 || r.preparedAt.Load() == 0 {
		r.preparedAt.Store(r.now().UnixNano())
	}
	if err := r.mark(ctx); err != nil {
		return err
	}
	r.glanceDue.Store(true)
	r.prepared.Store(true)
	tell(r.appeared)
	r.log.InfoContext(ctx, "Temporal is ready", "namespace", r.namespace, "attributes_added", added)
	return nil
}

// seeToAttributes adds the search attributes that are missing.
func (r *Relay) seeToAttributes(ctx context.Context) (added int, err error) {
	missing, err := r.missingAttributes(ctx)
	if err != nil || len(missing) == 0 {
		return 0, err
	}
	return len(missing), r.addAttributes(ctx, missing)
}

// settling tells whether parts of Temporal may not have heard of the search
// attributes yet, which they read now and then.
func (r *Relay) settling() bool {
	return r.now().Before(time.Unix(0, r.preparedAt.Load()).Add(r.Settling))
}

// missingAttributes are the search attributes that the namespace does not have.
func (r *Relay) missingAttributes(ctx context.Context) (map[string]enumspb.IndexedValueType, error) {
	known, err := r.temporal.OperatorService().ListSearchAttributes(ctx,
		&operatorservice.ListSearchAttributesRequest{Namespace: r.namespace})
	if err != nil {
		return nil, fmt.Errorf("ask Temporal for its search attributes: %w", err)
	}
	missing := map[string]enumspb.IndexedValueType{}
	for _, attribute := range workflows.SearchAttributes() {
		if _, there := known.GetCustomAttributes()[attribute.GetName()]; !there {
			missing[attribute.GetName()] = attribute.GetValueType()
		}
	}
	return missing, nil
}

// addAttributes may find that another relay was faster.
func (r *Relay) addAttributes(ctx context.Context, missing map[string]enumspb.IndexedValueType) error {
	_, err := r.temporal.OperatorService().AddSearchAttributes(ctx,
		&operatorservice.AddSearchAttributesRequest{Namespace: r.namespace, SearchAttributes: missing})
	if _, there := errors.AsType[*serviceerror.AlreadyExists](err); err != nil && !there {
		return fmt.Errorf("add search attributes to Temporal: %w", err)
	}
	return nil
}

// pollersKnownFor is how long an answer about the workers holds.
const pollersKnownFor = 5 * time.Second

// pollers is what Temporal last said about the workers.
type pollers struct {
	there   bool
	askedAt time.Time
}

// workerPolls tells whether a worker asks for work on our task queue that would
// be given it. Temporal forgets one that has stopped after some minutes.
func (r *Relay) workerPolls(ctx context.Context) (bool, error) {
	if r.now().Before(r.pollers.askedAt.Add(pollersKnownFor)) {
		return r.pollers.there, nil
	}
	there, err := r.askForWorkers(ctx)
	if err == nil {
		r.pollers = pollers{there: there, askedAt: r.now()}
	}
	return there, err
}

func (r *Relay) askForWorkers(ctx context.Context) (bool, error) {
	queue, err := r.temporal.WorkflowService().DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
		Namespace:     r.namespace,
		TaskQueue:     &taskqueuepb.TaskQueue{Name: r.taskQueue, Kind: enumspb.TASK_QUEUE_KIND_NORMAL},
		TaskQueueType: enumspb.TASK_QUEUE_TYPE_WORKFLOW,
	})
	if err != nil {
		r.prepared.Store(false)
		return false, fmt.Errorf("ask Temporal for the workers: %w", err)
	}
	return slices.ContainsFunc(queue.GetPollers(), ofBuild(queue)), nil
}

// ofBuild tells of which pollers a queue's tasks are for: those of the build
// that was promoted last, or unversioned ones while none was. A poller of a
// build before runs on without being given anything.
func ofBuild(queue *workflowservice.DescribeTaskQueueResponse) func(*taskqueuepb.PollerInfo) bool {
	current := queue.GetVersioningInfo().GetCurrentDeploymentVersion()
	return func(p *taskqueuepb.PollerInfo) bool {
		is := p.GetDeploymentOptions()
		if is.GetWorkerVersioningMode() != enumspb.WORKER_VERSIONING_MODE_VERSIONED {
			return current == nil
		}
		return is.GetDeploymentName() == current.GetDeploymentName() && is.GetBuildId() == current.GetBuildId()
	}
}
