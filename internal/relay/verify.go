package relay

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

// VerifyConfig is what Verify compares.
type VerifyConfig struct {
	DB        *sqlx.DB        // the application's
	Store     *register.Store // over the same database
	Temporal  Temporal        // may be lazy, and away
	Namespace string
	Now       func() time.Time
	Repair    bool // whether to mend what has one right answer

	// Folder is where letters lie as files; empty when they lie elsewhere.
	Folder string
	// Astray finds the open cases whose last day does not follow from their events.
	// Nil: that is not checked.
	Astray func(context.Context) ([]complaint.Number, error)
}

// Finding is something that is not as it should be, in words for those who
// supervise the procedure. It names numbers and codes only.
type Finding struct {
	Check    string // its kind: numbers, workflows, stuck, outbox, blocked, letters, deadlines, history, attachments, content, files, surplus
	File     complaint.FileKind
	Number   complaint.Number // empty: it is not about one complaint
	Subject  string           // tells findings of one kind and number apart
	Text     string
	Repaired bool
}

// String is the finding as one line.
func (f Finding) String() string {
	line := f.Check + ": "
	if f.Number != "" {
		line += string(f.Number) + ": "
	}
	line += f.Text
	if f.Repaired {
		line += " Repaired."
	}
	return line
}

// Verify checks the register against itself and against Temporal. Findings are
// no error: an error means that the register could not be read. That Temporal
// cannot be asked is a finding. It may run beside everything else; what is
// just happening is left out by some minutes of grace.
func Verify(ctx context.Context, c VerifyConfig) ([]Finding, error) {
	v := verifier{VerifyConfig: c, now: c.Now()}
	var findings []Finding
	for _, check := range checks {
		found, err := check(&v, ctx)
		findings = append(findings, found...)
		if err != nil {
			return findings, fmt.Errorf("verify: %w", err)
		}
	}
	return findings, nil
}

// checks are looked through in this order. What has one right answer is mended
// where that is asked for: rows put off too far, keys left over, a counter behind
// what is stored, a procedure that is gone or runs on after its case has closed.
// All else needs a person, who knows what happened, or the programs, which go on
// by themselves.
var checks = []func(*verifier, context.Context) ([]Finding, error){
	(*verifier).missingNumbers,
	(*verifier).numbersBeyondCounter,
	(*verifier).incompleteCases,
	(*verifier).blockedWorkflows,
	(*verifier).unrecordedRows,
	(*verifier).postponedRows,
	(*verifier).waitingLetters,
	(*verifier).unscannedAttachments,
	(*verifier).lateAcknowledgements,
	(*verifier).lateRefusals,
	(*verifier).unmarkedOverdue,
	(*verifier).history,
	(*verifier).healing,
	(*verifier).astrayDeadlines,
	(*verifier).openQuestions,
	(*verifier).unreadableCodes,
	(*verifier).leftoverKeys,
	(*verifier).lostFiles,
	(*verifier).surplusFiles,
	(*verifier).workflows,
}

// Grace: what takes no longer than this is on its way and no finding.
const grace = 10 * time.Minute

type verifier struct {
	VerifyConfig
	now time.Time // one moment for all checks
}

// each reads rows and makes a finding of each.
func each[T any](ctx context.Context, v *verifier, finding func(T) Finding, query string, args ...any) ([]Finding, error) {
	var rows []T
	if err := v.DB.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	findings := make([]Finding, 0, len(rows))
	for _, row := range rows {
		findings = append(findings, finding(row))
	}
	return findings, nil
}

// clock writes a moment as people in Brussels read it.
func clock(moment time.Time) string {
	return moment.In(complaint.Brussels).Format("2006-01-02 15:04")
}
