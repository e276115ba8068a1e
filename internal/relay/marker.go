package relay

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/register"
	"ombudsdienst/workflows"

	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"
)

// keepMarker compares the markers of both stores now and then, has one raised
// when it is time, and heals what a store that lost time has left behind.
func (r *Relay) keepMarker(ctx context.Context) {
	tick := time.NewTicker(r.Tick)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := r.tend(ctx); err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "the relay could not see to the marker", "reason", err)
		}
		select {
		case <-ctx.Done():
		case <-r.appeared:
		case <-tick.C:
		}
	}
}

// tend does what is due of that. While Temporal is away there is nothing to do.
func (r *Relay) tend(ctx context.Context) error {
	if !r.Connected() {
		return nil
	}
	if err := r.mark(ctx); err != nil {
		return err
	}
	return r.heal(ctx)
}

// mark compares the markers and notes which store lost time; when neither did,
// it raises them if that is due.
func (r *Relay) mark(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	healing, err := r.store.OpenHealing(ctx)
	if err != nil || healing != nil {
		return err
	}
	here, err := r.store.Marker(ctx) // before it is read there, where it may be higher meanwhile
	if err != nil {
		return err
	}
	there, err := r.markerThere(ctx)
	if err != nil {
		return err
	}
	if lost := lostTime(here, there); lost != "" {
		if again, err := r.store.Marker(ctx); err != nil || again != here {
			return err // another relay has just raised it
		}
		return r.beginHealing(ctx, lost)
	}
	counter, err := r.store.SeeMarker(ctx, there, r.RaiseEvery)
	if err != nil || counter <= there {
		return err
	}
	return r.raise(ctx, counter)
}

// lostTime tells which store is older than it was, if any.
func lostTime(here register.Marker, there int64) register.Lost {
	switch {
	case there > here.Counter:
		return register.LostRegister
	case there < here.Seen, there == 0 && here.Counter > 1:
		return register.LostTemporal
	default: // one raise may be on its way
		return ""
	}
}

// markerThere reads the counter that Temporal has; 0 when it has none.
func (r *Relay) markerThere(ctx context.Context) (int64, error) {
	request := &workflowservice.GetWorkflowExecutionHistoryReverseRequest{
		Namespace: r.namespace, Execution: &commonpb.WorkflowExecution{WorkflowId: workflows.MarkerID}, MaximumPageSize: 20,
	}
	for {
		page, err := r.temporal.WorkflowService().GetWorkflowExecutionHistoryReverse(ctx, request)
		switch answerTo(err) {
		case taken:
		case gone:
			return 0, nil
		default:
			return 0, fmt.Errorf("read the marker in Temporal: %w", err)
		}
		for _, event := range page.GetHistory().GetEvents() {
			if counter := raisedBy(event); counter > 0 {
				return counter, nil
			}
		}
		request.NextPageToken = page.GetNextPageToken()
		if len(request.NextPageToken) == 0 {
			return 0, nil
		}
	}
}

// raisedBy is the counter that an event of the marker's history brought; 0 for
// any other event.
func raisedBy(event *historypb.HistoryEvent) (counter int64) {
	input := event.GetWorkflowExecutionStartedEventAttributes().GetInput()
	if signal := event.GetWorkflowExecutionSignaledEventAttributes(); signal != nil {
		if signal.GetSignalName() != workflows.SignalRaise || signal.GetIdentity() != identity {
			return 0 // typed in by a person
		}
		input = signal.GetInput()
	}
	if err := converter.GetDefaultDataConverter().FromPayloads(input, &counter); err != nil {
		return 0
	}
	return counter
}

// raise brings the counter to Temporal, where the marker may have to be begun.
func (r *Relay) raise(ctx context.Context, counter int64) error {
	input, err := converter.GetDefaultDataConverter().ToPayloads(counter)
	if err != nil {
		return err
	}
	_, err = r.temporal.WorkflowService().SignalWithStartWorkflowExecution(ctx,
		&workflowservice.SignalWithStartWorkflowExecutionRequest{
			Namespace:    r.namespace,
			WorkflowId:   workflows.MarkerID,
			WorkflowType: &commonpb.WorkflowType{Name: workflows.MarkerName},
			TaskQueue:    &taskqueuepb.TaskQueue{Name: r.taskQueue},
			Input:        input,
			SignalName:   workflows.SignalRaise,
			SignalInput:  input,
			Identity:     identity,
			RequestId:    fmt.Sprintf("marker-%d", counter),
		})
	if err != nil {
		return fmt.Errorf("raise the marker in Temporal: %w", err)
	}
	return nil
}
