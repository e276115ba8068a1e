package relay

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"
)

const checkWorkflows = "workflows"

// Questions to Temporal are bounded: it has procedures to serve meanwhile.
const (
	questionsPerSecond = 200
	questionsAtOnce    = 8
	questionTakes      = 10 * time.Second // at most
)

// entered is a case that the procedure has entered in the register.
type entered struct {
	Number complaint.Number
	Closed bool
}

// workflows finds open cases without a running procedure and closed ones with
// one. It asks for each workflow by name, because lists of Temporal lag behind.
func (v *verifier) workflows(ctx context.Context) ([]Finding, error) {
	var cases []entered
	const query = `
		SELECT number, stage = 'closed' AS closed FROM complaints
		WHERE run_id IS NOT NULL AND coalesce(closed_at < $1, true) ORDER BY number`
	if err := v.DB.SelectContext(ctx, &cases, query, v.now.Add(-grace)); err != nil {
		return nil, err
	}
	running, unanswered := v.askEach(ctx, cases)
	findings := []Finding{}
	for i, c := range cases {
		text, err := v.compare(ctx, c, running[i])
		if err != nil {
			return findings, err
		}
		if text != "" {
			findings = append(findings, Finding{Check: checkWorkflows, Number: c.Number, Text: text})
		}
	}
	if unanswered != nil {
		findings = append(findings, Finding{Check: checkWorkflows, Text: fmt.Sprintf(
			"Temporal could not be asked (%s), so the workflows of the cases are not all checked.", codeOf(unanswered))})
	}
	return findings, ctx.Err()
}

// execution is what Temporal said about a workflow: its status in words.
type execution string

const (
	notAsked execution = ""
	none     execution = "none"
)

var runs = execution(enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING.String())

// askEach asks about the workflow of each case, until one question fails.
func (v *verifier) askEach(ctx context.Context, cases []entered) ([]execution, error) {
	said := make([]execution, len(cases))
	limit := rate.NewLimiter(questionsPerSecond, questionsAtOnce)
	asking, ctx := errgroup.WithContext(ctx)
	asking.SetLimit(questionsAtOnce)
	for i, c := range cases {
		asking.Go(func() (err error) {
			if err := limit.Wait(ctx); err != nil {
				return err
			}
			said[i], err = v.ask(ctx, workflows.ComplaintID(c.Number))
			return err
		})
	}
	return said, asking.Wait()
}

func (v *verifier) ask(ctx context.Context, workflow string) (execution, error) {
	ctx, cancel := context.WithTimeout(ctx, questionTakes)
	defer cancel()
	described, err := v.Temporal.WorkflowService().DescribeWorkflowExecution(ctx,
		&workflowservice.DescribeWorkflowExecutionRequest{
			Namespace: v.Namespace,
			Execution: &commonpb.WorkflowExecution{WorkflowId: workflow},
		})
	switch answerTo(err) {
	case taken:
		return execution(described.GetWorkflowExecutionInfo().GetStatus().String()), nil
	case gone:
		return none, nil
	default:
		return notAsked, err
	}
}

// compare says what does not fit; empty when all is well.
func (v *verifier) compare(ctx context.Context, c entered, is execution) (string, error) {
	switch {
	case is == notAsked, c.Closed != (is == runs):
		return "", nil
	case c.Closed:
		return "It is closed, but its procedure still runs: look at its workflow.", nil
	}
	var closed bool // it may have ended in the meantime, as it should
	err := v.DB.GetContext(ctx, &closed, `SELECT stage = 'closed' FROM complaints WHERE number = $1`, c.Number)
	if err != nil || closed {
		return "", err
	}
	what := "Temporal has no procedure for it"
	if is != none {
		what = fmt.Sprintf("its procedure does not run (%s)", is)
	}
	return fmt.Sprintf("It is open, but %s: nobody watches its term, and nothing starts the procedure again. "+
		"An ombuds officer has to settle case %s by hand from its file, before its last day.", what, c.Number), nil
}
