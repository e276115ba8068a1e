package relay

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/workflows"

	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
)

// endStrays ends runs of files that the register has closed, or does not have. It
// is the one place that goes by a list of Temporal's, because no other knows what
// the register has lost: a number that Temporal knows is not given again.
func (p *pass) endStrays(ctx context.Context) error {
	lost := map[complaint.Number]time.Time{}
	request := &workflowservice.ListWorkflowExecutionsRequest{Namespace: p.namespace, PageSize: 500, Query: "ExecutionStatus = 'Running'"}
	if p.healing.Lost == register.LostRegister {
		request.Query = fmt.Sprintf("WorkflowType IN ('%s', '%s')", workflows.ComplaintProcedureName, workflows.PrivacyProcedureName)
	}
	for {
		page, err := p.temporal.WorkflowService().ListWorkflowExecutions(ctx, request)
		if err != nil {
			return fmt.Errorf("list the procedures: %s", codeOf(err))
		}
		for _, run := range page.GetExecutions() {
			of, ours := complaint.CaseOf(run.GetExecution().GetWorkflowId())
			if !ours {
				continue
			}
			known, err := p.endStray(ctx, of, run)
			if err != nil {
				return err
			}
			if !known {
				lost[of.Number] = run.GetStartTime().AsTime()
			}
		}
		request.NextPageToken = page.GetNextPageToken()
		if len(request.NextPageToken) == 0 {
			break
		}
	}
	if len(lost) == 0 {
		return nil
	}
	return p.store.LoseNumbers(ctx, lost)
}

// endStray ends one run if nothing is left for it to do; known tells whether its
// file is in the register.
func (p *pass) endStray(ctx context.Context, of complaint.CaseID, run *workflowpb.WorkflowExecutionInfo) (known bool, err error) {
	is, err := p.store.BelongingOf(ctx, of)
	if err != nil || run.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return is.Known, err
	}
	before := is.ReopenedAt.Valid && run.GetStartTime().AsTime().Before(is.ReopenedAt.Time)
	if is.Known && !is.Closed && !before {
		return true, nil
	}
	if err := p.rebuilder().end(ctx, run.GetExecution()); err != nil {
		return is.Known, err
	}
	p.log.WarnContext(ctx, "a run that the register has no open file for was ended", "workflow", of.WorkflowID())
	p.count(func() { p.done.Ended++ })
	return is.Known, nil
}
