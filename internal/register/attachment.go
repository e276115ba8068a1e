package register

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// AttachmentInfo is a document without its content.
type AttachmentInfo struct {
	ID           int64            `db:"id" json:"id"`
	Number       complaint.Number `db:"number" json:"-"`
	Consultation *int64           `db:"consultation" json:"consultation,omitempty" doc:"the answer it came with; none: the submission"`
	Document     *int64           `db:"document" json:"document,omitempty" doc:"the document it came with"`
	Reply        *int64           `db:"reply" json:"reply,omitempty" doc:"the complainant's reply it came with"`
	Department   *string          `db:"department" json:"-"` // of that consultation
	Name         string           `db:"name" json:"name"`
	MediaType    string           `db:"media_type" json:"media_type"`
	Size         int              `db:"size" json:"size" doc:"in bytes"`

	Scan   complaint.ScanState `db:"scan" json:"scan" enum:"unscanned,clean,infected" doc:"what the virus scanner said; an infected document is kept and shown to nobody"`
	SHA256 *string             `db:"sha256" json:"sha256,omitempty" doc:"of a document that was scanned, in hexadecimal"`
}

const scanColumns = `COALESCE(x.state, 'unscanned') AS scan, encode(x.sha256, 'hex') AS sha256`

// AddAnswerAttachment stores a document that came with a department's answer.
func AddAnswerAttachment(ctx context.Context, tx *sqlx.Tx, number complaint.Number, consultation int64, a complaint.Attachment) error {
	return wrap(addAttachment(ctx, tx, number, &consultation, a), "store an attachment of %s", number)
}

func insertAttachments(ctx context.Context, tx *sqlx.Tx, lodgings []Lodging) error {
	for _, l := range lodgings {
		for _, a := range l.Submission.Attachments {
			if err := addAttachment(ctx, tx, l.Number, nil, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func addAttachment(ctx context.Context, tx *sqlx.Tx, number complaint.Number, consultation *int64, a complaint.Attachment) error {
	content := a.Content
	if content == nil {
		content = []byte{}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO attachments (number, consultation, name, media_type, content)
		VALUES ($1, $2, $3, $4, $5)`, number, consultation, a.Name, a.MediaType, content)
	return err
}

func attachments(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]AttachmentInfo, error) {
	infos := []AttachmentInfo{}
	err := sqlx.SelectContext(ctx, db, &infos, `
		SELECT a.id, a.number, a.consultation, a.document, a.reply, a.name, a.media_type, length(a.content) AS size, `+scanColumns+`
		FROM attachments a LEFT JOIN attachment_scans x ON x.attachment = a.id
		WHERE a.number = $1
		ORDER BY a.id`, number)
	return infos, wrap(err, "read the attachments of %s", number)
}

// cameIn leaves out what departments sent with their answers.
func cameIn(all []AttachmentInfo) []AttachmentInfo {
	return slices.DeleteFunc(all, func(a AttachmentInfo) bool { return a.Consultation != nil })
}

// AttachmentInfo finds a document, so that its caller can judge who may open it.
func (s *Store) AttachmentInfo(ctx context.Context, id int64) (AttachmentInfo, error) {
	var info AttachmentInfo
	err := s.db.GetContext(ctx, &info, `
		SELECT a.id, a.number, a.consultation, c.department, a.name, a.media_type, length(a.content) AS size, `+scanColumns+`
		FROM attachments a LEFT JOIN consultations c ON c.id = a.consultation
			LEFT JOIN attachment_scans x ON x.attachment = a.id
		WHERE a.id = $1`, id)
	return info, wrap(missing(err, "attachment"), "read attachment %d", id)
}

// AttachmentContent reads the bytes of a document.
func (s *Store) AttachmentContent(ctx context.Context, id int64) ([]byte, error) {
	var content []byte
	err := s.db.GetContext(ctx, &content, `SELECT content FROM attachments WHERE id = $1`, id)
	return content, wrap(missing(err, "attachment"), "read attachment %d", id)
}
