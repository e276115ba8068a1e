package relay

import (
	"context"
	"fmt"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// Keep verifies and keeps in the register what it found, as the run of that ID.
func Keep(ctx context.Context, c VerifyConfig, run int64) (complaint.Verified, error) {
	findings, err := Verify(ctx, c)
	if err != nil {
		return complaint.Verified{}, err
	}
	found := distinct(findings)
	for i, f := range findings {
		found[i].Text = f.Text
	}
	kept, err := c.Store.EndVerification(ctx, run, found, unseen(findings))
	if err != nil {
		return complaint.Verified{}, err
	}
	verified := complaint.Verified{Run: run, Standing: kept.Standing, New: kept.New, Gone: kept.Gone, Kinds: map[string]int{}}
	for _, f := range findings {
		verified.Kinds[f.Check]++
	}
	return verified, nil
}

// distinct makes each finding one of its own: where several of one kind and
// number name no subject, they are told apart by their order.
func distinct(findings []Finding) []register.Found {
	found := make([]register.Found, 0, len(findings))
	met := map[register.Found]int{}
	for _, f := range findings {
		one := register.Found{Kind: f.Check, File: f.File, Number: f.Number, Subject: f.Subject}
		met[one]++
		if n := met[one]; n > 1 {
			one.Subject += fmt.Sprintf("#%d", n)
		}
		found = append(found, one)
	}
	return found
}

// unseen lists the kinds that could not be looked at, so that what was found of
// them before is not taken for gone.
func unseen(findings []Finding) []string {
	for _, f := range findings {
		if f.Subject == subjectUnasked {
			return []string{checkWorkflows, checkStuck}
		}
	}
	return nil
}

// subjectUnasked marks the finding that Temporal could not be asked.
const subjectUnasked = "unasked"

// Unsettled leaves out the findings that a person has settled, and tells how many
// those are.
func Unsettled(ctx context.Context, store *register.Store, findings []Finding) ([]Finding, int, error) {
	settled, err := store.SettledFindings(ctx)
	if err != nil || len(settled) == 0 {
		return findings, 0, err
	}
	var rest []Finding
	left := 0
	for i, one := range distinct(findings) {
		if settled[one] {
			left++
			continue
		}
		rest = append(rest, findings[i])
	}
	return rest, left, nil
}
