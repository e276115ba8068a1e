package relay

import (
	"context"
	"fmt"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/workflows"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	querypb "go.temporal.io/api/query/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
)

// rebuilder begins procedures anew from the register. It is the one way in which
// a run that is gone or behind is replaced: the new run begins as that one did
// and is told by the register what was recorded since.
type rebuilder struct {
	store     *register.Store
	temporal  Temporal
	namespace string
	taskQueue string
}

// rebuild begins the procedure of an open file anew, in place of whatever runs
// under its name. Asked again it makes another, which harms nothing either.
func (b rebuilder) rebuild(ctx context.Context, of complaint.CaseID) error {
	row, err := b.store.StartOf(ctx, of)
	if err != nil {
		return err
	}
	return begin(ctx, b.temporal, b.taskQueue, row, takeOver)
}

// end terminates a run that the register has no open file for.
func (b rebuilder) end(ctx context.Context, run *commonpb.WorkflowExecution) error {
	_, err := b.temporal.WorkflowService().TerminateWorkflowExecution(ctx, &workflowservice.TerminateWorkflowExecutionRequest{
		Namespace:         b.namespace,
		WorkflowExecution: run,
		Reason:            "the register has no open file for it",
		Identity:          identity,
	})
	if err != nil && answerTo(err) != gone { // it has ended meanwhile
		return fmt.Errorf("end %s: %s", run.GetWorkflowId(), codeOf(err))
	}
	return nil
}

// endIfClosed ends the run of a file that is closed. It asks for the run first: one
// of a case that is opened again meanwhile is another.
func (b rebuilder) endIfClosed(ctx context.Context, of complaint.CaseID) error {
	status, described, err := inquiry{b.temporal, b.namespace}.status(ctx, of.WorkflowID())
	if err != nil || status != runs {
		return err
	}
	has, err := b.store.CourseOf(ctx, of)
	if err != nil || !has.Closed {
		return err
	}
	return b.end(ctx, described.GetWorkflowExecutionInfo().GetExecution())
}

// manner is how a start treats a run of the same name.
type manner struct {
	reuse     enumspb.WorkflowIdReusePolicy
	conflict  enumspb.WorkflowIdConflictPolicy
	takesOver bool // the run is told what was before it
}

var (
	// takeOver ends a run that is there and replaces it.
	takeOver = manner{enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, enumspb.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING, true}
	// replace is the same for a start that no run has entered yet.
	replace = manner{enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, enumspb.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING, false}
)

// condition is how a procedure compares with the register.
type condition string

const (
	intact  condition = "intact"
	behind  condition = "behind"  // it misses what the register has
	missing condition = "missing" // it does not run
	foreign condition = "foreign" // it took what this register does not have
	over    condition = "over"    // its term has closed, which it does not know, so it will not end
)

// examine compares the procedure of a file with the register, which is asked
// first: a procedure that goes on meanwhile is never found behind. While the
// register is the one that lost time, whatever is ahead of it is foreign; else its
// recordings are on their way. It answers with the run that it looked at too.
func (b rebuilder) examine(ctx context.Context, of complaint.CaseID, lost register.Lost) (condition, *commonpb.WorkflowExecution, error) {
	has, err := b.store.CourseOf(ctx, of)
	if err != nil {
		return "", nil, err
	}
	atRest := has.Closed || !has.Entered // it has ended, or its start is still to be carried
	status, described, err := inquiry{b.temporal, b.namespace}.status(ctx, of.WorkflowID())
	run := described.GetWorkflowExecutionInfo().GetExecution()
	switch {
	case err != nil:
		return "", nil, err
	case status != runs && atRest:
		return intact, run, nil
	case status != runs:
		return missing, run, nil
	}
	says, err := b.progress(ctx, of)
	switch {
	case atRest && err == nil && !says.TakingOver && says.Taken < has.Done:
		return over, run, nil
	case atRest: // it ends by itself; one that does not say how far it is, verify names
		return intact, run, nil
	case err != nil:
		return "", run, err
	}
	found, err := b.judge(ctx, of, has, says, lost)
	return found, run, err
}

// judge compares how far the procedure of an open file is with the register.
func (b rebuilder) judge(ctx context.Context, of complaint.CaseID, has register.Course, says complaint.Progress, lost register.Lost) (condition, error) {
	if says.TakingOver {
		return intact, nil // it will be brought up by itself
	}
	row, err := b.store.RowAt(ctx, of, says.Taken)
	switch {
	case err != nil:
		return "", err
	case says.Taken < has.Done, says.Revision < has.Revision:
		return behind, nil
	case row != 0 && row != says.Row:
		return foreign, nil
	case lost == register.LostRegister && (says.Taken > has.Done || says.Revision > has.Revision):
		return foreign, nil
	}
	return intact, nil
}

// errUntold is a procedure that does not say how far it is.
type errUntold struct{ workflow, code string }

func (e errUntold) Error() string {
	return fmt.Sprintf("%s does not say how far it is (%s)", e.workflow, e.code)
}

// progress asks a procedure how far it is; a worker answers for it.
func (b rebuilder) progress(ctx context.Context, of complaint.CaseID) (p complaint.Progress, err error) {
	ctx, cancel := context.WithTimeout(ctx, questionTakes)
	defer cancel()
	answer, err := b.temporal.WorkflowService().QueryWorkflow(ctx, &workflowservice.QueryWorkflowRequest{
		Namespace: b.namespace,
		Execution: &commonpb.WorkflowExecution{WorkflowId: of.WorkflowID()},
		Query:     &querypb.WorkflowQuery{QueryType: workflows.QueryProgress},
	})
	if err == nil {
		err = converter.GetDefaultDataConverter().FromPayloads(answer.GetQueryResult(), &p)
	}
	if err != nil {
		return p, errUntold{of.WorkflowID(), codeOf(err)}
	}
	return p, nil
}

// options are how a procedure is started.
func (m manner) options(row register.OutboxRow, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: row.Workflow, TaskQueue: taskQueue,
		WorkflowIDReusePolicy: m.reuse, WorkflowIDConflictPolicy: m.conflict,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}
}
