package register

import (
	"context"
	"database/sql"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

type letterFileRow struct {
	Number     complaint.Number      `db:"number"`
	Kind       complaint.LetterKind  `db:"kind"`
	Version    int64                 `db:"version"`
	State      complaint.LetterState `db:"state"`
	Language   complaint.Language    `db:"language"`
	Channel    complaint.Channel     `db:"channel"`
	Department string                `db:"department"`
	IsCopy     bool                  `db:"is_copy"`
	OwedAt     time.Time             `db:"owed_at"`
	RenderedAt *time.Time            `db:"rendered_at"`
	Recipient  string                `db:"recipient"`
	Subject    string                `db:"subject"`
	Text       string                `db:"text"`
	PDF        []byte                `db:"pdf"`
	Released   bool                  `db:"released"`
}

// look reads one consistent picture over several statements.
func (s *Store) look(ctx context.Context, read func(*sqlx.Tx) error) error {
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return wrap(err, "begin to read")
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return read(tx)
}

// LetterFile reads all that a letter may be written from.
func (s *Store) LetterFile(ctx context.Context, id int64) (file complaint.LetterFile, err error) {
	err = s.look(ctx, func(tx *sqlx.Tx) error {
		file, err = s.letterFile(ctx, tx, id)
		return err
	})
	return file, err
}

func (s *Store) letterFile(ctx context.Context, tx *sqlx.Tx, id int64) (complaint.LetterFile, error) {
	var row letterFileRow
	err := tx.GetContext(ctx, &row, `
		SELECT number, kind, version, state, COALESCE(language, '') AS language, channel,
			COALESCE(department, '') AS department, owed_at, rendered_at, COALESCE(recipient, '') AS recipient,
			COALESCE(subject, '') AS subject, COALESCE(text, '') AS text, pdf, copy_of IS NOT NULL AS is_copy, released
		FROM letters
		WHERE id = $1`, id)
	if err != nil {
		return complaint.LetterFile{}, wrap(missing(err, "letter"), "read letter %d", id)
	}
	file := complaint.LetterFile{
		ID: id, Number: row.Number, Kind: row.Kind, State: row.State, Language: row.Language,
		Channel: row.Channel, Department: row.Department, OwedAt: row.OwedAt,
		Copy: row.IsCopy,
	}
	if row.RenderedAt != nil {
		file.Rendered = &complaint.RenderedLetter{Recipient: row.Recipient, Subject: row.Subject, Text: row.Text, PDF: row.PDF}
	}
	if err := s.fillLetterFile(ctx, tx, row, &file); err != nil {
		return complaint.LetterFile{}, err
	}
	if !row.Released { // a person may have it sent all the same
		if file.Unreachable, err = unreachable(ctx, tx, row.Number); err != nil {
			return complaint.LetterFile{}, err
		}
	}
	if to := file.Addressee(); file.Department == "" && !file.Kind.ToStaff() && file.Rendered == nil && !to.Takes(file.Channel) {
		file.Channel = to.Channel // who speaks for the complainant has changed
	}
	return file, nil
}

// fillLetterFile adds what the letter is about.
func (s *Store) fillLetterFile(ctx context.Context, tx *sqlx.Tx, row letterFileRow, file *complaint.LetterFile) error {
	sub, err := s.submission(ctx, tx, row.Number)
	if err != nil {
		return err
	}
	if file.Submission, err = s.brought(ctx, tx, row.Number, sub.Submission); err != nil {
		return err
	}
	file.ReceiptCode = sub.ReceiptCode
	file.Submission.Complainant.NISS = "" // no letter needs it
	if file.Deadline, err = deadline(ctx, tx, row.Number); err != nil {
		return err
	}
	if file.FirstDay0, err = firstDay0(ctx, tx, row.Number); err != nil {
		return err
	}
	decided, err := readDecisions(ctx, tx, row.Number)
	if err != nil {
		return err
	}
	file.Admission, file.Outcome = decided.Admission, decided.Outcome
	if decided.Withdrawal != nil {
		file.WithdrawnOn = decided.Withdrawal.On
	}
	return s.fillMatter(ctx, tx, row, decided, file)
}

// fillMatter adds what only a kind of letter is about.
func (s *Store) fillMatter(ctx context.Context, tx *sqlx.Tx, row letterFileRow, decided decisions, file *complaint.LetterFile) (err error) {
	switch row.Kind {
	case complaint.LetterConsultation, complaint.LetterReminder, complaint.LetterEscalation, complaint.LetterNoLongerNeeded:
		asked, err := consultation(ctx, tx, row.Version)
		file.Consultation = &asked
		return err
	case complaint.LetterMissing, complaint.LetterMissingReminder:
		file.Missing, err = missed(ctx, tx, row.Number, decided.Asked)
	case complaint.LetterServiceFirst, complaint.LetterServiceHandOver, complaint.LetterServiceTakenBack:
		file.ServiceFirst, err = FindServiceFirst(ctx, tx, row.Number)
	case complaint.LetterPrivacyReferral, complaint.LetterPrivacySplit, complaint.LetterPrivacyExtension, complaint.LetterPrivacyAnswer,
		complaint.LetterPrivacyTransfer, complaint.LetterPrivacyReminder,
		complaint.LetterPrivacyBreach, complaint.LetterPrivacyMoved, complaint.LetterPrivacyCorrection:
		file.Privacy, err = privacyMatter(ctx, tx, row.Number, s.now())
	case complaint.LetterAcknowledgement:
		if file.Submission.ConcernsPrivacy {
			file.Privacy, err = privacyMatter(ctx, tx, row.Number, s.now())
		}
	case complaint.LetterStaffNotice, complaint.LetterSupervisorNotice:
		return fillNotice(ctx, tx, row, file)
	case complaint.LetterDelayNotice, complaint.LetterCorrection:
		return fillTerm(ctx, tx, row, file)
	case complaint.LetterRecommendation:
		file.Remark, err = recommendation(ctx, tx, row.Version)
	}
	return err
}

func recommendation(ctx context.Context, db sqlx.QueryerContext, id int64) (*complaint.Recommendation, error) {
	var r complaint.Recommendation
	err := sqlx.GetContext(ctx, db, &r, `
		SELECT id, department, text, due_on FROM recommendations WHERE id = $1`, id)
	return &r, wrap(missing(err, "recommendation"), "read recommendation %d", id)
}
