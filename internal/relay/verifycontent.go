package relay

import (
	"context"
	"fmt"

	"ombudsdienst/internal/complaint"
)

const checkContent = "content"

// sampled is how many receipt codes are opened with the key, the first and the
// last that were stored.
const sampled = 50

// astrayDeadlines finds open cases whose last day does not follow from what
// happened.
func (v *verifier) astrayDeadlines(ctx context.Context) ([]Finding, error) {
	if v.Astray == nil {
		return nil, nil
	}
	numbers, err := v.Astray(ctx)
	var findings []Finding
	for _, number := range numbers {
		findings = append(findings, Finding{Check: checkDeadlines, Number: number, Subject: "astray", Text: "Its last day does not follow from its events: an officer compares the term in its file with what came in."})
	}
	return findings, err
}

// openQuestions finds questions that nobody waits for any more.
func (v *verifier) openQuestions(ctx context.Context) ([]Finding, error) {
	type question struct {
		ID         int64
		Number     complaint.Number
		Department string
	}
	const query = `
		SELECT q.id, q.number, q.department FROM consultations q JOIN complaints c USING (number)
		WHERE q.state = 'open' AND c.stage = 'closed' AND c.closed_at < $1 ORDER BY q.number, q.id`
	return each(ctx, v, func(q question) Finding {
		return Finding{Check: checkContent, Number: q.Number, Subject: fmt.Sprintf("consultation %d", q.ID), Text: fmt.Sprintf(
			"Question %d to %s is open although the case is closed: tell the department that no answer is needed.", q.ID, q.Department)}
	}, query, v.now.Add(-grace))
}

// unreadableCodes finds receipt codes that the key does not open, in a sample.
func (v *verifier) unreadableCodes(ctx context.Context) ([]Finding, error) {
	unreadable, err := v.Store.UnreadableCodes(ctx, sampled)
	var findings []Finding
	for _, number := range unreadable {
		findings = append(findings, Finding{Check: checkContent, Number: number, Subject: "receipt code", Text: "Its receipt code cannot be read with this key, so no letter can name it: look for the key it was sealed with."})
	}
	return findings, err
}

// leftoverKeys finds answers to commands without an answer in them, which no
// transaction leaves behind.
func (v *verifier) leftoverKeys(ctx context.Context) ([]Finding, error) {
	type leftover struct{ Route string }
	const look = `SELECT route FROM idempotency WHERE answer_sealed = '' AND created_at < $1 ORDER BY route`
	const mend = `DELETE FROM idempotency WHERE answer_sealed = '' AND created_at < $1 RETURNING route`
	query := look
	if v.Repair {
		query = mend
	}
	return each(ctx, v, func(l leftover) Finding {
		return Finding{Check: checkContent, Subject: "idempotency " + l.Route, Repaired: v.Repair, Text: fmt.Sprintf(
			"A key of %s is kept without the answer to its command: whoever sends the command again gets none.", l.Route)}
	}, query, v.now.Add(-grace))
}
