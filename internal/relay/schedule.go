package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ombudsdienst/workflows"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	schedulepb "go.temporal.io/api/schedule/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/types/known/durationpb"
)

// scheduleEvery is how often the relay sees that the schedule is there: a
// Temporal that was set up anew has none.
const scheduleEvery = 5 * time.Minute

// keepSchedule sees that the nightly verification is scheduled whenever Temporal
// is there, until ctx ends. Every relay does; one schedule comes of it.
func (r *Relay) keepSchedule(ctx context.Context) {
	look := time.NewTicker(r.Tick)
	defer look.Stop()
	var seen time.Time
	updated := false
	for {
		if r.Connected() && !r.now().Before(seen.Add(scheduleEvery)) {
			if err := r.schedule(ctx, &updated); err == nil {
				seen = r.now()
			} else if ctx.Err() == nil {
				r.log.WarnContext(ctx, "the nightly verification is not scheduled yet", "reason", codeOf(err))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// schedule makes the schedule, or brings one of an earlier program up to date,
// once for each process.
func (r *Relay) schedule(ctx context.Context, updated *bool) error {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	_, err := r.temporal.WorkflowService().CreateSchedule(ctx, &workflowservice.CreateScheduleRequest{
		Namespace: r.namespace, ScheduleId: workflows.VerificationSchedule, Schedule: r.nightly(),
		Identity: identity, RequestId: fmt.Sprint("schedule-", r.now().UnixNano()),
	})
	if err == nil {
		*updated = true
		return nil
	}
	_, there := errors.AsType[*serviceerror.WorkflowExecutionAlreadyStarted](err)
	if _, also := errors.AsType[*serviceerror.AlreadyExists](err); !there && !also {
		return err
	}
	if *updated {
		return nil
	}
	_, err = r.temporal.WorkflowService().UpdateSchedule(ctx, &workflowservice.UpdateScheduleRequest{
		Namespace: r.namespace, ScheduleId: workflows.VerificationSchedule, Schedule: r.nightly(),
		Identity: identity, RequestId: fmt.Sprint("schedule-", r.now().UnixNano()),
	})
	*updated = err == nil
	return err
}

// nightly runs the verification at its hour in Brussels, never two at one time;
// a night that was missed by more than an hour is left to the next.
func (r *Relay) nightly() *schedulepb.Schedule {
	return &schedulepb.Schedule{
		Spec: &schedulepb.ScheduleSpec{
			TimezoneName: "Europe/Brussels",
			CronString:   []string{fmt.Sprintf("0 %d * * *", workflows.VerificationHour)},
		},
		Action: &schedulepb.ScheduleAction{Action: &schedulepb.ScheduleAction_StartWorkflow{
			StartWorkflow: &workflowpb.NewWorkflowExecutionInfo{
				WorkflowId:   workflows.VerificationSchedule,
				WorkflowType: &commonpb.WorkflowType{Name: workflows.VerificationName},
				TaskQueue:    &taskqueuepb.TaskQueue{Name: r.taskQueue, Kind: enumspb.TASK_QUEUE_KIND_NORMAL},
			},
		}},
		Policies: &schedulepb.SchedulePolicies{
			OverlapPolicy: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
			CatchupWindow: durationpb.New(time.Hour),
		},
	}
}
