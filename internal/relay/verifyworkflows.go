package relay

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"

	enumspb "go.temporal.io/api/enums/v1"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"
)

const (
	checkWorkflows = "workflows"
	checkStuck     = "stuck"
)

// Questions to Temporal are bounded: it has procedures to serve meanwhile.
const (
	questionsPerSecond = 200
	questionsAtOnce    = 8
	questionTakes      = 10 * time.Second // at most
)

// entered is a file that its procedure has entered in the register.
type entered struct {
	Number complaint.Number
	File   complaint.FileKind
	Closed bool
}

func (e entered) id() complaint.CaseID { return complaint.CaseID{Number: e.Number, File: e.File} }

// workflows finds open complaints and privacy files without a running procedure
// and closed ones with one, and procedures that are stuck. It asks for each
// workflow by name, because lists of Temporal lag behind.
func (v *verifier) workflows(ctx context.Context) ([]Finding, error) {
	var cases []entered
	const query = `
		SELECT number, '' AS file, stage = 'closed' AS closed FROM complaints
		WHERE run_id IS NOT NULL AND coalesce(closed_at < $1, true)
		UNION ALL
		SELECT number, 'privacy', stage = 'closed' FROM privacy_files
		WHERE run_id IS NOT NULL AND coalesce(closed_at < $1, true) ORDER BY number, file`
	if err := v.DB.SelectContext(ctx, &cases, query, v.now.Add(-grace)); err != nil {
		return nil, err
	}
	answers, unanswered := v.askEach(ctx, cases)
	findings := []Finding{}
	for i, c := range cases {
		finding, err := v.compare(ctx, c, answers[i].execution)
		if err != nil {
			return findings, err
		}
		if finding.Text != "" {
			finding.Check, finding.File, finding.Number, finding.Text = checkWorkflows, c.File, c.Number, c.of()+finding.Text
			findings = append(findings, finding)
		}
		for _, s := range answers[i].snags {
			findings = append(findings, Finding{Check: checkStuck, File: c.File, Number: c.Number, Text: c.of() + s.String()})
		}
	}
	if unanswered != nil {
		findings = append(findings, Finding{Check: checkWorkflows, Subject: subjectUnasked, Text: fmt.Sprintf(
			"Temporal could not be asked (%s), so the workflows of the cases are not all checked.", codeOf(unanswered))})
	}
	return findings, ctx.Err()
}

// of names the file that a finding is about, where it is not the complaint's own.
func (e entered) of() string {
	if e.File == complaint.PrivacyFile {
		return "Its privacy file: "
	}
	return ""
}

// execution is what Temporal said about a workflow: its status in words.
type execution string

const (
	notAsked execution = ""
	none     execution = "none"
)

// said is how a workflow stands, and what it is stuck at.
type said struct {
	execution
	snags []snag
}

var runs = execution(enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING.String())

// askEach asks about the workflow of each case, until one question fails.
func (v *verifier) askEach(ctx context.Context, cases []entered) ([]said, error) {
	answers := make([]said, len(cases))
	asked := inquiry{v.Temporal, v.Namespace}
	limit := rate.NewLimiter(questionsPerSecond, questionsAtOnce)
	asking, ctx := errgroup.WithContext(ctx)
	asking.SetLimit(questionsAtOnce)
	for i, c := range cases {
		asking.Go(func() (err error) {
			if err := limit.Wait(ctx); err != nil {
				return err
			}
			answers[i].execution, answers[i].snags, err = asked.ask(ctx, c.id().WorkflowID(), v.now)
			return err
		})
	}
	return answers, asking.Wait()
}

// compare says what does not fit, with an empty text when all is well. Where that
// is asked for, a procedure that does not run is begun anew from the register, and
// one that runs for a closed file is ended.
func (v *verifier) compare(ctx context.Context, c entered, is execution) (Finding, error) {
	switch {
	case is == notAsked, c.Closed != (is == runs):
		return Finding{}, nil
	case c.Closed:
		return v.compareClosed(ctx, c), nil
	}
	var closed bool // it may have ended in the meantime, as it should
	query := `SELECT stage = 'closed' FROM complaints WHERE number = $1`
	if c.File == complaint.PrivacyFile {
		query = `SELECT stage = 'closed' FROM privacy_files WHERE number = $1`
	}
	err := v.DB.GetContext(ctx, &closed, query, c.Number)
	if err != nil || closed {
		return Finding{}, err
	}
	what := "Temporal has no procedure for it"
	if is != none {
		what = fmt.Sprintf("its procedure does not run (%s)", is)
	}
	return v.mended(ctx, c, rebuilder.rebuild, fmt.Sprintf("It is open, but %s: nobody watches its term. "+
		"verify --repair begins the procedure anew where the register has it; nobody is written to because of that.", what)), nil
}

// compareClosed says that the procedure of a file runs which was closed some time
// ago: it came back with an older Temporal.
func (v *verifier) compareClosed(ctx context.Context, c entered) Finding {
	return v.mended(ctx, c, rebuilder.endIfClosed, "It is closed, but its procedure still runs: it would not let the case be opened again. "+
		"verify --repair ends the procedure; nothing is left for it to do.")
}

// mended is a finding that is repaired where that is asked for.
func (v *verifier) mended(ctx context.Context, c entered, mend func(rebuilder, context.Context, complaint.CaseID) error, text string) Finding {
	found := Finding{Repaired: v.Repair, Text: text}
	if v.Repair {
		b := rebuilder{v.Store, v.Temporal, v.Namespace, workflows.TaskQueue}
		if err := mend(b, ctx, c.id()); err != nil {
			found.Repaired = false
			found.Text += fmt.Sprintf(" That did not succeed (%s): try it again.", codeOf(err))
		}
	}
	return found
}
