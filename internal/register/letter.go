package register

import (
	"context"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// OwedLetter is a letter that has to leave. To the complainant it has a channel
// and a language; to a department, which is written to by e-mail in its own
// language, it has the department's code.
type OwedLetter struct {
	Number     complaint.Number
	Kind       complaint.LetterKind
	Version    int64 // the consultation, recommendation or deadline version it is about, else 1
	Channel    complaint.Channel
	Language   complaint.Language
	Department string
	CopyOf     int64 // the letter that this is the complainant's copy of; 0: none
}

// OweLetter adds a letter to those that have to leave and answers with its ID.
func (s *Store) OweLetter(ctx context.Context, tx *sqlx.Tx, l OwedLetter) (int64, error) {
	ids, err := s.OweLetters(ctx, tx, l)
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

type owedRow struct {
	Number     complaint.Number     `json:"number"`
	Kind       complaint.LetterKind `json:"kind"`
	Version    int64                `json:"version"`
	Channel    complaint.Channel    `json:"channel"`
	Department *string              `json:"department"`
	Language   *string              `json:"language"`
	OwedAt     time.Time            `json:"owed_at"`
	CopyOf     *int64               `json:"copy_of"`
}

func (s *Store) owedRow(l OwedLetter) owedRow {
	if l.Kind.ToDepartment() || l.Kind.ToDPO() {
		l.Channel, l.Language = complaint.ByEmail, ""
	}
	row := owedRow{l.Number, l.Kind, l.Version, l.Channel, orNull(l.Department), orNull(string(l.Language)), s.now(), nil}
	if l.CopyOf != 0 {
		row.CopyOf = &l.CopyOf
	}
	return row
}

// letterName is what tells a letter from all others.
type letterName struct {
	Number  complaint.Number
	Kind    complaint.LetterKind
	Version int64
	CopyOf  int64 `db:"copy_of"`
}

const newLetters = `
	INSERT INTO letters (number, kind, version, channel, department, language, owed_at, copy_of)
	SELECT number, kind, version, channel, department, language, owed_at, copy_of
	FROM json_populate_recordset(NULL::letters, $1)
	RETURNING id, number, kind, version, COALESCE(copy_of, 0) AS copy_of`

// OweLetters adds letters by one statement and answers with their IDs, in the
// order of the letters.
func (s *Store) OweLetters(ctx context.Context, tx *sqlx.Tx, letters ...OwedLetter) ([]int64, error) {
	ids := make([]int64, len(letters))
	if len(letters) == 0 {
		return ids, nil
	}
	rows, places := make([]owedRow, len(letters)), map[letterName]int{}
	for i, l := range letters {
		rows[i] = s.owedRow(l)
		places[letterName{l.Number, l.Kind, l.Version, l.CopyOf}] = i
	}
	var owed []struct {
		ID int64
		letterName
	}
	err := selectRows(ctx, s, tx, &owed, newLetters, rows)
	for _, l := range owed {
		ids[places[l.letterName]] = l.ID
	}
	if len(letters) == 1 {
		return ids, wrap(err, "owe the letter %s of %s", letters[0].Kind, letters[0].Number)
	}
	return ids, wrap(err, "owe %d letters", len(letters))
}

// IsOwed tells whether a complaint has, or had, a letter of a kind and version.
func IsOwed(ctx context.Context, tx *sqlx.Tx, number complaint.Number, kind complaint.LetterKind, version int64) (bool, error) {
	var owed bool
	err := tx.GetContext(ctx, &owed, `
		SELECT EXISTS (SELECT FROM letters WHERE number = $1 AND kind = $2 AND version = $3)`, number, kind, version)
	return owed, wrap(err, "look for the letter %s of %s", kind, number)
}

// LetterCase is a letter as its locked complaint has it.
type LetterCase struct {
	ID         int64                 `db:"id"`
	Number     complaint.Number      `db:"number"`
	Kind       complaint.LetterKind  `db:"kind"`
	Version    int64                 `db:"version"`
	State      complaint.LetterState `db:"state"`
	Channel    complaint.Channel     `db:"channel"`
	PrintedAt  *time.Time            `db:"printed_at"`
	Department string                `db:"department"` // code; empty: it goes to somebody else
	IsCopy     bool                  `db:"is_copy"`    // the complainant's, of a letter to the representative
	Written    bool                  `db:"written"`
	Bounced    bool                  `db:"bounced"`    // it was sent, and came back
	Postal     bool                  `db:"postal"`     // it can be posted: to a department, or to an address
	FallsBack  bool                  `db:"falls_back"` // written as e-mail to somebody whose postal address stands in it
	Stray      bool                  `db:"stray"`      // no running procedure answers for it
}

// LockLetter locks the complaint of a letter and reads the letter. Everything
// that changes a letter goes through it, so all take turns.
func LockLetter(ctx context.Context, tx *sqlx.Tx, id int64) (LetterCase, error) {
	var l LetterCase
	err := tx.GetContext(ctx, &l.Number, `SELECT number FROM letters WHERE id = $1`, id)
	if err != nil {
		return LetterCase{}, wrap(missing(err, "letter"), "read letter %d", id)
	}
	if err := lock(ctx, tx, l.Number); err != nil {
		return LetterCase{}, err
	}
	err = tx.GetContext(ctx, &l, `
		SELECT l.id, l.number, l.kind, l.version, l.state, l.channel, l.printed_at, l.copy_of IS NOT NULL AS is_copy,
			COALESCE(l.department, '') AS department, l.stray, l.rendered_at IS NOT NULL AS written, l.bounced_at IS NOT NULL AS bounced,
			l.language IS NOT NULL AND l.channel = 'email' AND l.rendered_at IS NOT NULL AND (
				lower(l.recipient) = lower(s.email) AND s.street <> '' AND s.city <> ''
				OR lower(l.recipient) = lower(s.representative->>'email')
					AND s.representative->>'street' <> '' AND s.representative->>'city' <> '') IS TRUE AS falls_back,
			l.department IS NOT NULL OR l.channel = 'post' OR (s.street <> '' AND s.city <> '')
				OR (s.representative->>'street' <> '' AND s.representative->>'city' <> '') IS TRUE AS postal
		FROM letters l JOIN submissions s ON s.number = l.number
		WHERE l.id = $1`, id)
	return l, wrap(err, "read letter %d", id)
}

// Settlement is what a person said of a letter.
type Settlement struct {
	State    complaint.LetterState
	Channel  complaint.Channel
	By       string
	Reasons  string
	PostedOn complaint.Day // for posted
	LeftAt   time.Time     // for sent and posted
}

// SettleLetter keeps what a person said of a letter. Sent again, a letter that
// was never written is owed as before.
func (s *Store) SettleLetter(ctx context.Context, tx *sqlx.Tx, l LetterCase, to Settlement) error {
	var left *time.Time
	if !to.LeftAt.IsZero() {
		left = &to.LeftAt
	}
	err := one(tx.ExecContext(ctx, `
		UPDATE letters
		SET state = CASE WHEN $2 = 'rendered' AND rendered_at IS NULL THEN 'owed' ELSE $2 END,
			channel = $3, settled_by = $4, settled_at = $5, settled_reason = NULLIF($6, ''),
			posted_on = $7, left_at = $8, tried_since = NULL, held_until = NULL, released = $2 = 'rendered',
			recipient = CASE WHEN $3 = 'post' AND rendered_at IS NOT NULL THEN '' ELSE recipient END
		WHERE id = $1`,
		l.ID, to.State, to.Channel, to.By, s.now(), to.Reasons, to.PostedOn, left))
	if err == nil && left != nil {
		err = s.noteLeft(ctx, tx, l, *left)
	}
	return wrap(err, "settle letter %d", l.ID)
}

// noteLeft keeps on the complaint when its acknowledgement left.
func (s *Store) noteLeft(ctx context.Context, tx *sqlx.Tx, l LetterCase, at time.Time) error {
	if l.Kind != complaint.LetterAcknowledgement || l.IsCopy {
		return nil
	}
	return one(tx.ExecContext(ctx, `UPDATE complaints SET acknowledged_at = $2 WHERE number = $1`, l.Number, at))
}
