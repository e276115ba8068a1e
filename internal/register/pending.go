package register

import (
	"context"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Pending is what is asked of the complainant, and until when.
type Pending struct {
	Reason complaint.Ground `json:"reason" db:"reason" doc:"ground that the missing thing would lift"`
	Until  complaint.Day    `json:"until" db:"until" format:"date" doc:"last day; then a person decides"`
}

// SetPending keeps that something is asked of the complainant of a locked
// complaint, and answers with the round: 1 for the first time.
func SetPending(ctx context.Context, tx *sqlx.Tx, number complaint.Number, p Pending) (round int, err error) {
	err = tx.GetContext(ctx, &round, `
		UPDATE complaints SET pending_ground = $2, pending_until = $3, asked_rounds = asked_rounds + 1
		WHERE number = $1
		RETURNING asked_rounds`, number, p.Reason, p.Until)
	return round, wrap(missing(err, "complaint"), "keep what is asked on %s", number)
}

// EndPending keeps that nothing is asked of the complainant any more.
func EndPending(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE complaints SET pending_ground = NULL, pending_until = NULL WHERE number = $1`, number)),
		"end what is asked on %s", number)
}

// SaveFinding keeps what the rules find after something has changed.
func SaveFinding(ctx context.Context, tx *sqlx.Tx, number complaint.Number, f complaint.Finding) error {
	facts, err := jsonText(f.Facts)
	if err != nil {
		return err
	}
	would, err := jsonText(f.WouldChange)
	if err != nil {
		return err
	}
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE complaints SET finding = $2, ground = $3, facts = $4, would_change = $5 WHERE number = $1`,
		number, f.Judgement, f.Ground, facts, would)), "keep the finding on %s", number)
}

// ReverseRefusal lets a locked complaint that was refused go on: it is undecided
// again, and letters of the refusal that have not left do not leave any more. It
// answers with those, and whether the refusal may have reached the complainant.
func (s *Store) ReverseRefusal(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (dropped []int64, told bool, err error) {
	if err := one(tx.ExecContext(ctx, `UPDATE complaints SET decided_at = CASE stage WHEN 'closed' THEN decided_at END WHERE number = $1`, number)); err != nil {
		return nil, false, wrap(err, "reverse the refusal of %s", number)
	}
	dropped, err = s.dropUnsent(ctx, tx, number, "refusal_reversed", complaint.LetterInadmissible)
	if err != nil {
		return nil, false, err
	}
	err = tx.GetContext(ctx, &told, `
		SELECT EXISTS (SELECT FROM letters
			WHERE number = $1 AND kind = 'inadmissible' AND state IN ('sending', 'sent', 'posted', 'in_doubt'))`, number)
	return dropped, told, wrap(err, "reverse the refusal of %s", number)
}

// Refusals counts how often a complaint was refused: the version of the
// letter that says so.
func Refusals(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (int, error) {
	var n int
	err := tx.GetContext(ctx, &n, `
		SELECT count(*) FROM decisions
		WHERE number = $1 AND kind = 'admissibility' AND content->>'decision' = 'inadmissible'`, number)
	return n, wrap(err, "count the refusals of %s", number)
}

// DropRequests lets the letters that ask for what is missing no longer leave,
// and answers with those that had not left: what they ask for is there.
func (s *Store) DropRequests(ctx context.Context, tx *sqlx.Tx, number complaint.Number) ([]int64, error) {
	return s.dropUnsent(ctx, tx, number, "nothing_missing", complaint.LetterMissing, complaint.LetterMissingReminder)
}

// DropSplits lets letters that tell of an earlier split no longer leave, and
// answers with those that had not left.
func (s *Store) DropSplits(ctx context.Context, tx *sqlx.Tx, number complaint.Number) ([]int64, error) {
	return s.dropUnsent(ctx, tx, number, "split_corrected", complaint.LetterPrivacySplit)
}

// dropUnsent drops the letters of some kinds that have not left, also those that
// lie printed, and answers with them. The reason is a code.
func (s *Store) dropUnsent(ctx context.Context, tx *sqlx.Tx, number complaint.Number, reason string, kinds ...complaint.LetterKind) ([]int64, error) {
	dropped := []int64{}
	err := tx.SelectContext(ctx, &dropped, `
		UPDATE letters SET state = 'dropped', settled_at = $2, settled_reason = $3
		WHERE number = $1 AND kind = ANY ($4) AND state IN ('owed', 'rendered', 'held', 'printed', 'failed')
		RETURNING id`, number, s.now(), reason, pq.Array(kinds))
	return dropped, wrap(err, "drop letters of %s", number)
}

// PendingOf reads what is asked of the complainant; nil when nothing is.
func PendingOf(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (*Pending, error) {
	var p Pending
	err := sqlx.GetContext(ctx, db, &p, `
		SELECT pending_ground AS reason, pending_until AS until
		FROM complaints
		WHERE number = $1 AND pending_ground IS NOT NULL`, number)
	if err == errNoRows {
		return nil, nil
	}
	return &p, wrap(err, "read what is asked on %s", number)
}

// missed is what is asked of the complainant with an officer's words; nil when
// nothing is asked.
func missed(ctx context.Context, db sqlx.QueryerContext, number complaint.Number, asked *complaint.AdmissionDecision) (*complaint.Missed, error) {
	p, err := PendingOf(ctx, db, number)
	if err != nil || p == nil {
		return nil, err
	}
	m := complaint.Missed{Ground: p.Reason, Until: p.Until}
	if asked != nil && asked.Ground == p.Reason {
		m.Reasons = asked.Reasons
	}
	return &m, nil
}

// askNoMore ends what is asked of the complainant when the case is decided, and
// answers with the letters that no longer leave, so that the procedure does not
// wait for one that was held until tomorrow. A letter that already lies printed,
// or waits for a person, still goes its way.
func (s *Store) askNoMore(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (dropped []int64, err error) {
	if err := EndPending(ctx, tx, number); err != nil {
		return nil, err
	}
	err = tx.SelectContext(ctx, &dropped, `
		UPDATE letters SET state = 'dropped', settled_at = $2, settled_reason = 'decided'
		WHERE number = $1 AND kind IN ('missing', 'missing-reminder') AND state IN ('owed', 'rendered', 'held')
		RETURNING id`, number, s.now())
	return dropped, err
}

// oweMissingReminder reminds the complainant, once, while the same thing is
// still asked.
func (s *Store) oweMissingReminder(ctx context.Context, tx *sqlx.Tx, c Case, e complaint.WatchEvent) ([]int64, error) {
	var asked bool
	err := tx.GetContext(ctx, &asked, `
		SELECT pending_ground IS NOT NULL AND asked_rounds = $2 FROM complaints WHERE number = $1`, e.Number, e.Round)
	if err != nil || !asked {
		return nil, err
	}
	return s.OweComplainant(ctx, tx, c, complaint.LetterMissingReminder, int64(e.Round))
}
