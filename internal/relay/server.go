package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/workflows"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
)

// Temporal is what the relay needs of a Temporal client; a client.Client is
// one. It may be lazy: the relay waits until the server answers.
type Temporal interface {
	ExecuteWorkflow(ctx context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error)
	WorkflowService() workflowservice.WorkflowServiceClient
	OperatorService() operatorservice.OperatorServiceClient
}

// identity is how the relay appears in a workflow's history.
const identity = "relay"

// answer is what a delivery came to.
type answer string

const (
	taken       answer = "taken"       // Temporal has it, now or from an earlier delivery
	refused     answer = "refused"     // Temporal looked at this row and does not want it
	gone        answer = "gone"        // a signal found no running procedure
	unprepared  answer = "unprepared"  // Temporal does not know the search attributes yet
	unavailable answer = "unavailable" // Temporal is away, exhausted or lacks the namespace
)

// answerTo sorts what the server said by the type of its error. Any other error
// is the server's trouble, so that no case pays for it.
func answerTo(err error) answer {
	if err == nil {
		return taken
	}
	if _, ok := errors.AsType[*serviceerror.WorkflowExecutionAlreadyStarted](err); ok {
		return taken
	}
	if _, ok := errors.AsType[*serviceerror.NotFound](err); ok {
		return gone
	}
	if _, ok := errors.AsType[*serviceerror.InvalidArgument](err); ok || errors.Is(err, errUnreadable) {
		return refused
	}
	return unavailable
}

// codeOf names an error by its gRPC code: the text of a foreign error is not
// logged.
func codeOf(err error) string { return serviceerror.ToStatus(err).Code().String() }

// errUnreadable is a row whose body is not what its kind promises. It wraps
// nothing, because a decoder's error may repeat what it read.
var errUnreadable = errors.New("the row's body does not fit its kind")

// send delivers one row. Sending it again is harmless: a start is rejected as a
// duplicate, and the server drops a signal whose request ID the run has seen.
func (r *Relay) send(ctx context.Context, row register.OutboxRow) error {
	if row.Kind == complaint.CommandStart {
		return r.start(ctx, row)
	}
	return r.signal(ctx, row)
}

func (r *Relay) start(ctx context.Context, row register.OutboxRow) error {
	message, err := messageOf[complaint.Start](row)
	if err != nil {
		return err
	}
	_, err = r.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                                       row.Workflow,
		TaskQueue:                                r.taskQueue,
		WorkflowIDReusePolicy:                    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		TypedSearchAttributes:                    workflows.StartAttributes(message.Body),
		StaticSummary:                            workflows.StartSummary(message.Body),
	}, workflows.ComplaintProcedureName, message)
	return err
}

func (r *Relay) signal(ctx context.Context, row register.OutboxRow) error {
	message, err := messageOf[json.RawMessage](row)
	if err != nil {
		return err
	}
	input, err := converter.GetDefaultDataConverter().ToPayloads(message)
	if err != nil {
		return errUnreadable
	}
	_, err = r.temporal.WorkflowService().SignalWorkflowExecution(ctx, &workflowservice.SignalWorkflowExecutionRequest{
		Namespace:         r.namespace,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: row.Workflow},
		SignalName:        string(row.Kind),
		Input:             input,
		Identity:          identity,
		RequestId:         fmt.Sprintf("outbox-%d", row.ID),
	})
	return err
}

func messageOf[T any](row register.OutboxRow) (complaint.Message[T], error) {
	message := complaint.Message[T]{Row: row.ID, Seq: row.Seq}
	if err := json.Unmarshal(row.Body, &message.Body); err != nil {
		return message, errUnreadable
	}
	return message, nil
}
