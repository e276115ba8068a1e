package register

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Correction is one correction of what came in: what it changed, who did it and
// why. Of the identification number it shows masks.
type Correction struct {
	Version int                     `json:"version" doc:"of the submission after it"`
	By      string                  `json:"corrected_by"`
	At      time.Time               `json:"corrected_at"`
	Reasons string                  `json:"reasons"`
	Changes []complaint.FieldChange `json:"changes"`
}

func (c Correction) fields() []string {
	names := make([]string, len(c.Changes))
	for i, change := range c.Changes {
		names[i] = change.Field
	}
	return names
}

// Correcting is a correction about to be kept: the submission as it now is, with
// what changed of it. NISS is given where it is replaced or, empty, cleared.
type Correcting struct {
	Number     complaint.Number
	Version    int // that was read; the next one is kept
	Submission complaint.Submission
	NISS       *string
	Changes    []complaint.FieldChange
	Reasons    string
	By         string
}

// ErrCorrectedMeanwhile says that a submission has another version than the one
// that was read.
var ErrCorrectedMeanwhile = complaint.Conflict("corrected_meanwhile",
	"What came in was corrected meanwhile: read it again, then say what is still not right.")

// Correctable reads a locked complaint's submission with its version.
func (s *Store) Correctable(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (complaint.Submission, int, error) {
	read, err := s.submission(ctx, tx, number)
	return read.Submission, read.Version, err
}

// SameNISS tells whether a complaint's identification number is this one; empty:
// whether none is known.
func (s *Store) SameNISS(ctx context.Context, tx *sqlx.Tx, number complaint.Number, digits string) (bool, error) {
	var hash optional
	if digits != "" {
		hash = s.keys.Hash(purposeNISS, []byte(digits))
	}
	var same bool
	err := tx.GetContext(ctx, &same, `SELECT niss_hash IS NOT DISTINCT FROM $2 FROM submissions WHERE number = $1`, number, hash)
	return same, wrap(err, "compare a field of %s", number)
}

// Correct keeps a correction of a locked complaint's submission. Lists and full-
// text search find the complaint by the new values, letters that are not on their
// way yet are written with them, and what the submission held stays readable.
func (s *Store) Correct(ctx context.Context, tx *sqlx.Tx, c Correcting) error {
	err := s.keepCorrection(ctx, tx, c)
	if err == nil {
		err = s.updateSubmission(ctx, tx, c)
	}
	if err == nil {
		err = followCorrection(ctx, tx, c)
	}
	return wrap(err, "correct the submission of %s", c.Number)
}

// keepCorrection comes first, with the number that it replaces still there.
func (s *Store) keepCorrection(ctx context.Context, tx *sqlx.Tx, c Correcting) error {
	listed, err := jsonText(c.Changes)
	if err != nil {
		return err
	}
	kept, err := tx.ExecContext(ctx, `
		INSERT INTO corrections (number, version, reasons, changes, niss_before_sealed, corrected_by, corrected_at)
		SELECT number, version + 1, $3, $4, CASE WHEN $5 THEN niss_sealed END, $6, $7
		FROM submissions
		WHERE number = $1 AND version = $2`,
		c.Number, c.Version, c.Reasons, listed, c.NISS != nil, c.By, s.now())
	if err != nil {
		return err
	}
	if n, err := kept.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrCorrectedMeanwhile
}

func (s *Store) updateSubmission(ctx context.Context, tx *sqlx.Tx, c Correcting) error {
	row, err := s.rowOf(Lodging{Number: c.Number, Submission: c.Submission})
	if err != nil {
		return err
	}
	row.Version, row.NISSSealed, row.NISSHash = c.Version, nil, nil
	if c.NISS != nil && *c.NISS != "" {
		row.NISSSealed, row.NISSHash = s.keys.Seal(purposeNISS, []byte(*c.NISS)), s.keys.Hash(purposeNISS, []byte(*c.NISS))
	}
	steps := slices.ContainsFunc(c.Changes, func(change complaint.FieldChange) bool { return change.Field == "initiatives" })
	err = one(tx.NamedExecContext(ctx, `
		UPDATE submissions SET version = version + 1, language = :language, complainant_type = :complainant_type,
			name = :name, contact_name = :contact_name, salutation = :salutation, street = :street, postcode = :postcode,
			city = :city, country = :country, email = :email, phone = :phone, is_member = :is_member,
			member_number = :member_number, representative = :representative, facts_on = :facts_on, facts_until = :facts_until,
			prior_contact = :prior_contact, contested_on = :contested_on, contested_reference = :contested_reference,
			department = :department, topic = :topic, text = :text, reply_by = :reply_by,
			initiatives_version = CASE WHEN :steps THEN version + 1 ELSE initiatives_version END
		WHERE number = :number AND version = :version`, struct {
		submissionRow
		Steps bool `db:"steps"`
	}{row, steps}))
	if err == nil && c.NISS != nil {
		err = one(tx.NamedExecContext(ctx, `
			UPDATE submissions SET niss_sealed = :niss_sealed, niss_hash = :niss_hash WHERE number = :number`, row))
	}
	if err != nil || !steps {
		return err
	}
	return addInitiatives(ctx, tx, c.Number, c.Version+1, c.Submission.Initiatives)
}

// followCorrection brings what follows from the submission up to date. A letter
// that was refused is written anew when somebody has it sent again.
func followCorrection(ctx context.Context, tx *sqlx.Tx, c Correcting) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE letters SET language = $2
		WHERE number = $1 AND language IS NOT NULL AND state IN ('owed', 'rendered', 'failed')`, c.Number, c.Submission.Language)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE letters SET rendered_at = NULL, recipient = NULL, subject = NULL, text = NULL, pdf = NULL
		WHERE number = $1 AND state = 'failed' AND language IS NOT NULL`, c.Number)
	if err != nil {
		return err
	}
	if err := WriteAnew(ctx, tx, c.Number); err != nil {
		return err
	}
	// The words of its letters come from the letters themselves.
	_, err = tx.ExecContext(ctx, `
		UPDATE complaints SET search = to_tsvector('simple', $2) || to_tsvector('simple',
			COALESCE((SELECT string_agg(text, ' ') FROM letters WHERE number = $1 AND text IS NOT NULL AND file = ''), ''))
		WHERE number = $1 AND NOT concealed`, c.Number, searchText(c.Number, c.Submission))
	return err
}

// corrections reads how what came in was corrected.
func corrections(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]Correction, error) {
	var rows []struct {
		Version int       `db:"version"`
		By      string    `db:"corrected_by"`
		At      time.Time `db:"corrected_at"`
		Reasons string    `db:"reasons"`
		Changes []byte    `db:"changes"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT version, corrected_by, corrected_at, reasons, changes
		FROM corrections
		WHERE number = $1
		ORDER BY version`, number)
	found := []Correction{}
	for _, row := range rows {
		c := Correction{Version: row.Version, By: row.By, At: row.At, Reasons: row.Reasons}
		if err == nil {
			err = json.Unmarshal(row.Changes, &c.Changes)
		}
		found = append(found, c)
	}
	return found, wrap(err, "read the corrections of %s", number)
}

// SubmissionFile is what came in with its corrections, for who corrects it.
type SubmissionFile struct {
	Number      complaint.Number        `json:"number"`
	Submission  SubmissionView          `json:"submission" doc:"as it is now"`
	Corrections []Correction            `json:"corrections" doc:"the latest last"`
	AsReceived  []complaint.FieldChange `json:"as_received" doc:"the fields that are not as they came in, each with what it held then and holds now"`
}

// SubmissionFile reads it.
func (s *Store) SubmissionFile(ctx context.Context, number complaint.Number) (found SubmissionFile, err error) {
	found = SubmissionFile{Number: number, AsReceived: []complaint.FieldChange{}}
	err = s.look(ctx, func(tx *sqlx.Tx) error {
		var file File
		if err := s.fileSubmission(ctx, tx, number, &file); err != nil {
			return err
		}
		found.Submission, found.Corrections = file.Submission, file.Corrections
		found.Submission.Attachments = cameIn(found.Submission.Attachments)
		return nil
	})
	places := map[string]int{}
	for _, c := range found.Corrections {
		for _, change := range c.Changes {
			if i, known := places[change.Field]; known {
				found.AsReceived[i].After = change.After
				continue
			}
			places[change.Field] = len(found.AsReceived)
			found.AsReceived = append(found.AsReceived, change)
		}
	}
	return found, err
}
