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
	"go.temporal.io/sdk/temporal"
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
	ending      answer = "ending"      // a reopening found the run of the term before, which is about to end
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
	if starts(row) {
		return r.start(ctx, row)
	}
	return r.signal(ctx, row)
}

// starts tells whether a row begins a run: the first of a workflow, or that of a
// case that had closed and is open again.
func starts(row register.OutboxRow) bool {
	return row.Kind == complaint.CommandStart || row.Kind.StartsAgain()
}

// reuse tells whether a start may follow a run that has ended, as a reopening
// does. Delivered once more after its run has ended it makes another, which the
// register turns away: that row has been recorded.
func reuse(row register.OutboxRow) enumspb.WorkflowIdReusePolicy {
	if row.Kind.StartsAgain() {
		return enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	}
	return enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
}

// start begins the procedure of the file that the row's workflow ID names.
func (r *Relay) start(ctx context.Context, row register.OutboxRow) error {
	return begin(ctx, r.temporal, r.taskQueue, row, manner{reuse: reuse(row)})
}

func begin(ctx context.Context, t Temporal, taskQueue string, row register.OutboxRow, how manner) error {
	of, ok := complaint.CaseOf(row.Workflow)
	switch {
	case !ok:
		return errUnreadable
	case of.File == complaint.PrivacyFile:
		return beginAs(ctx, t, taskQueue, row, how, workflows.PrivacyProcedureName, workflows.PrivacyStartAttributes, workflows.PrivacyStartSummary)
	default:
		return beginAs(ctx, t, taskQueue, row, how, workflows.ComplaintProcedureName, workflows.StartAttributes, workflows.StartSummary)
	}
}

func beginAs[T any](ctx context.Context, t Temporal, taskQueue string, row register.OutboxRow, how manner, procedure string,
	attributes func(T) temporal.SearchAttributes, summary func(T) string,
) error {
	message, err := messageOf[T](row)
	if err != nil {
		return err
	}
	message.TakesOver = how.takesOver
	options := how.options(row, taskQueue)
	options.TypedSearchAttributes, options.StaticSummary = attributes(message.Body), summary(message.Body)
	_, err = t.ExecuteWorkflow(ctx, options, procedure, message)
	return err
}

func (r *Relay) signal(ctx context.Context, row register.OutboxRow) error {
	name, request := string(row.Kind), fmt.Sprintf("outbox-%d", row.ID)
	if row.PassedOver { // another message in its place, which the server has not seen
		name, request, row.Body = workflows.SignalPassOver, request+"-passed-over", []byte(`{}`)
	}
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
		SignalName:        name,
		Input:             input,
		Identity:          identity,
		RequestId:         request,
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
