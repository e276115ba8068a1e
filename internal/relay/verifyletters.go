package relay

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"
)

const (
	checkLetters   = "letters"
	checkDeadlines = "deadlines"
)

// How long a letter may stand still before somebody has to look.
const (
	programHas = time.Hour      // to make and send it
	personHas  = 24 * time.Hour // to post or settle it, and what is held, to go on by itself
)

// acknowledgeDays is the promise to acknowledge within a week of receipt.
const acknowledgeDays = 7

// waitingLetters finds letters that stand still, and says who has to act.
func (v *verifier) waitingLetters(ctx context.Context) ([]Finding, error) {
	type letter struct {
		ID     int64
		Number complaint.Number
		Kind   complaint.LetterKind
		State  complaint.LetterState
		Since  time.Time
	}
	const query = `
		SELECT * FROM (
			SELECT id, number, kind, state, CASE state
				WHEN 'owed' THEN owed_at
				WHEN 'rendered' THEN rendered_at
				WHEN 'printed' THEN coalesce(printed_at, rendered_at)
				ELSE coalesce(sending_at, rendered_at, owed_at) END AS since
			FROM letters) letter
		WHERE state IN ('owed', 'rendered', 'sending') AND since < $1
		   OR state IN ('in_doubt', 'failed', 'printed', 'held') AND since < $2
		ORDER BY number, id`
	return each(ctx, v, func(l letter) Finding {
		return Finding{Check: checkLetters, File: l.Kind.File(), Number: l.Number, Subject: fmt.Sprintf("letter %d", l.ID), Text: fmt.Sprintf(
			"Letter %d (%s) is %s since %s: %s.", l.ID, l.Kind, l.State, clock(l.Since), whoActs(l.Kind.File(), l.State))}
	}, query, v.now.Add(-programHas), v.now.Add(-personHas))
}

func whoActs(file complaint.FileKind, state complaint.LetterState) string {
	person := "an ombuds officer"
	if file == complaint.PrivacyFile {
		person = "the DPO"
	}
	switch state {
	case complaint.LetterPrinted:
		return "the mail room has to post it and note the day"
	case complaint.LetterInDoubt:
		return person + " has to find out whether it left, and settle it"
	case complaint.LetterFailed:
		return person + " has to decide how it leaves, because it was refused"
	case complaint.LetterHeld:
		return "its address has had as many letters as it may have in a day, so it leaves the next day, or when " + person + " says so"
	default:
		return "it leaves by itself once a worker and the mail server run"
	}
}

// lateAcknowledgements finds complainants who have not heard of us in a week. A
// complaint entered under an old date is given a day by the clock all the same.
func (v *verifier) lateAcknowledgements(ctx context.Context) ([]Finding, error) {
	type owed struct {
		ID     int64
		Number complaint.Number
		Day0   complaint.Day `db:"day_0"`
		State  complaint.LetterState
	}
	const query = `
		SELECT l.id, l.number, c.day_0, l.state
		FROM letters l JOIN complaints c USING (number)
		WHERE l.kind = 'acknowledgement' AND l.state NOT IN ('sent', 'posted', 'dropped') AND c.day_0 <= $1
		  AND l.owed_at < $2
		ORDER BY l.number`
	today := complaint.DayOf(v.now)
	return each(ctx, v, func(o owed) Finding {
		return Finding{Check: checkLetters, Number: o.Number, Subject: "acknowledgement", Text: fmt.Sprintf(
			"The acknowledgement (letter %d, %s) is still owed on day %d.", o.ID, o.State, o.Day0.DaysUntil(today))}
	}, query, today.AddDays(-acknowledgeDays), v.now.Add(-personHas))
}

// lateRefusals finds complaints of which the rules found ten days after receipt
// that they are refused, and which nobody has decided or whose refusal has not
// left.
func (v *verifier) lateRefusals(ctx context.Context) ([]Finding, error) {
	type refusal struct {
		Number complaint.Number
		Ground complaint.Ground
		Day0   complaint.Day `db:"day_0"`
		Judged bool
	}
	const query = `
		SELECT c.number, c.ground, c.day_0, c.decided_at IS NOT NULL AS judged
		FROM complaints c JOIN submissions s ON s.number = c.number
		WHERE c.stage <> 'closed' AND c.finding = 'inadmissible' AND c.day_0 <= $1 AND s.registered_at < $2
		  AND NOT EXISTS (SELECT FROM decisions d WHERE d.number = c.number AND d.kind = 'admissibility'
			AND d.content->>'decision' = 'admissible')
		  AND (c.decided_at IS NULL OR EXISTS (SELECT FROM letters l WHERE l.number = c.number
			AND l.kind = 'inadmissible' AND l.state NOT IN ('sent', 'posted', 'dropped')))
		ORDER BY c.number`
	today := complaint.DayOf(v.now)
	return each(ctx, v, func(r refusal) Finding {
		what := "nobody has decided on it"
		if r.Judged {
			what = "its letter has not left"
		}
		return Finding{Check: checkDeadlines, Number: r.Number, Subject: "refusal", Text: fmt.Sprintf(
			"The rules found a refusal (%s) and on day %d %s: a refusal leaves within %d days.",
			r.Ground, r.Day0.DaysUntil(today), what, complaint.RefusalDays)}
	}, query, today.AddDays(-complaint.RefusalDays), v.now.Add(-personHas))
}

// unmarkedOverdue finds open cases whose term has ended without the watch
// saying so. What was entered just now under an old date is not asked for yet.
func (v *verifier) unmarkedOverdue(ctx context.Context) ([]Finding, error) {
	type late struct {
		Number  complaint.Number
		LastDay complaint.Day `db:"last_day"`
		File    complaint.FileKind
	}
	const query = `
		SELECT c.number, c.last_day, '' AS file FROM complaints c JOIN submissions s ON s.number = c.number
		WHERE c.stage <> 'closed' AND c.ends_at < $1 AND s.registered_at < $1 AND c.overdue_at IS NULL
		  AND NOT EXISTS (SELECT FROM events e WHERE e.number = c.number AND e.kind = 'overdue_taken_back'
			AND e.at >= c.ends_at)
		UNION ALL
		SELECT f.number, f.last_day, 'privacy' FROM privacy_files f JOIN submissions s ON s.number = f.number
		WHERE f.stage <> 'closed' AND f.ends_at < $1 AND s.registered_at < $1 AND f.overdue_at IS NULL
		ORDER BY number`
	return each(ctx, v, func(l late) Finding {
		return Finding{Check: checkDeadlines, File: l.File, Number: l.Number, Subject: "overdue", Text: fmt.Sprintf(
			"Its last day was %s, but the watch has not marked it overdue: see that a worker runs, then look at its workflow.", l.LastDay)}
	}, query, v.now.Add(-grace))
}
