package register

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// What is sealed, and hashed, for what.
const (
	purposeNISS    = "niss"
	purposeReceipt = "receipt"
	purposeAnswer  = "answer"
	purposeKey     = "idempotency key"
	purposeBody    = "idempotency body"

	purposeMailAddress = "mail address"
)

// MaskedNISS stands where an identification number is known and not shown.
const MaskedNISS = "*******-***.**"

// NextNumbers takes the next n numbers of the year in which a moment falls in
// Brussels and answers with the first place. They are taken when the transaction
// commits and not at all otherwise; until then other lodgings of the year wait.
func NextNumbers(ctx context.Context, tx *sqlx.Tx, at time.Time, n int) (year, first int, err error) {
	year, _, _ = complaint.DayOf(at).Date()
	var last int
	err = tx.GetContext(ctx, &last, `
		INSERT INTO counters (year, last) VALUES ($1, $2)
		ON CONFLICT (year) DO UPDATE SET last = counters.last + excluded.last
		RETURNING last`, year, n)
	return year, last - n + 1, wrap(err, "take the next number")
}

// optional is a value that may be NULL: empty means not there.
type optional []byte

// Value stores nothing as NULL.
func (o optional) Value() (driver.Value, error) {
	if len(o) == 0 {
		return nil, nil
	}
	return []byte(o), nil
}

// Scan reads NULL as nothing.
func (o *optional) Scan(src any) error {
	*o = nil
	if src == nil {
		return nil
	}
	value, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("bytes cannot be read from %T", src)
	}
	*o = slices.Clone(value) // the driver uses its buffer again
	return nil
}

// submissionRow is a row of submissions.
type submissionRow struct {
	Number             complaint.Number `db:"number"`
	Version            int              `db:"version"`
	InitiativesVersion int              `db:"initiatives_version"`
	RegisteredAt       time.Time        `db:"registered_at"`
	LodgedBy           *string          `db:"lodged_by"`
	Intake             string           `db:"intake"`
	Language           string           `db:"language"`
	ReceivedAt         time.Time        `db:"received_at"`
	ComplainantType    string           `db:"complainant_type"`
	Name               string           `db:"name"`
	ContactName        string           `db:"contact_name"`
	Salutation         string           `db:"salutation"`
	Street             string           `db:"street"`
	Postcode           string           `db:"postcode"`
	City               string           `db:"city"`
	Country            string           `db:"country"`
	Email              string           `db:"email"`
	Phone              string           `db:"phone"`
	IsMember           *bool            `db:"is_member"`
	MemberNumber       string           `db:"member_number"`
	NISSSealed         optional         `db:"niss_sealed"`
	NISSHash           optional         `db:"niss_hash"`
	Representative     *string          `db:"representative"`
	FactsOn            complaint.Day    `db:"facts_on"`
	FactsUntil         complaint.Day    `db:"facts_until"`
	PriorContact       *string          `db:"prior_contact"`
	ContestedOn        complaint.Day    `db:"contested_on"`
	ContestedReference *string          `db:"contested_reference"`
	Department         *string          `db:"department"`
	Topic              string           `db:"topic"`
	Text               string           `db:"text"`
	ConcernsPrivacy    bool             `db:"concerns_privacy"`
	ReplyBy            *string          `db:"reply_by"`
	ReceiptHash        []byte           `db:"receipt_hash"`
	ReceiptSealed      []byte           `db:"receipt_sealed"`
}

// Lodging is a submission as it is stored: checked, numbered and judged.
type Lodging struct {
	Number       complaint.Number
	Submission   complaint.Submission
	RegisteredAt time.Time
	LodgedBy     string // login; empty for the public
	ReceiptCode  string
	Finding      complaint.Finding
	Deadline     complaint.Deadline // zero LastDay: no term runs yet
	Moments      complaint.Moments
}

// Lodge stores a submission with its complaint and its deadline.
func (s *Store) Lodge(ctx context.Context, tx *sqlx.Tx, l Lodging) error {
	for _, step := range []func(context.Context, *sqlx.Tx, Lodging) error{
		s.insertSubmission, s.insertInitiatives, s.insertRepresentation, s.insertComplaint, s.insertDeadline,
	} {
		if err := step(ctx, tx, l); err != nil {
			return wrap(err, "store submission %s", l.Number)
		}
	}
	for _, a := range l.Submission.Attachments {
		if err := addAttachment(ctx, tx, l.Number, nil, a); err != nil {
			return wrap(err, "store submission %s", l.Number)
		}
	}
	return nil
}

func (s *Store) insertSubmission(ctx context.Context, tx *sqlx.Tx, l Lodging) error {
	if err := s.checkKey(ctx, tx); err != nil {
		return err
	}
	row, err := s.rowOf(l)
	if err != nil {
		return err
	}
	_, err = tx.NamedExecContext(ctx, `
		INSERT INTO submissions (number, intake, language, received_at, registered_at, lodged_by,
			complainant_type, name, contact_name, salutation, street, postcode, city, country, email, phone,
			is_member, member_number, niss_sealed, niss_hash, representative, facts_on, facts_until, prior_contact,
			contested_on, contested_reference, department, topic, text, concerns_privacy, reply_by,
			receipt_hash, receipt_sealed)
		VALUES (:number, :intake, :language, :received_at, :registered_at, :lodged_by,
			:complainant_type, :name, :contact_name, :salutation, :street, :postcode, :city, :country, :email, :phone,
			:is_member, :member_number, :niss_sealed, :niss_hash, :representative, :facts_on, :facts_until, :prior_contact,
			:contested_on, :contested_reference, :department, :topic, :text, :concerns_privacy, :reply_by,
			:receipt_hash, :receipt_sealed)`, row)
	return err
}

func (s *Store) rowOf(l Lodging) (submissionRow, error) {
	sub, c := l.Submission, l.Submission.Complainant
	row := submissionRow{
		Number: l.Number, RegisteredAt: l.RegisteredAt, LodgedBy: orNull(l.LodgedBy),
		Intake: string(sub.Intake), Language: string(sub.Language), ReceivedAt: sub.ReceivedAt,
		ComplainantType: c.Type, Name: c.Name, ContactName: c.ContactName, Salutation: c.Salutation,
		Street: c.Street, Postcode: c.Postcode, City: c.City, Country: c.Country, Email: c.Email, Phone: c.Phone,
		IsMember: c.IsMember, MemberNumber: c.MemberNumber,
		FactsOn: sub.FactsOn, FactsUntil: sub.FactsUntil, Department: orNull(sub.Department), Topic: sub.Topic, Text: sub.Text,
		ConcernsPrivacy: sub.ConcernsPrivacy, ReplyBy: orNull(string(sub.ReplyBy)),
		ReceiptHash:   s.keys.Hash(purposeReceipt, []byte(l.ReceiptCode)),
		ReceiptSealed: s.keys.Seal(purposeReceipt, []byte(l.ReceiptCode)),
	}
	if c.NISS != "" {
		row.NISSSealed = s.keys.Seal(purposeNISS, []byte(c.NISS))
		row.NISSHash = s.keys.Hash(purposeNISS, []byte(c.NISS))
	}
	if d := sub.ContestedDecision; d != nil {
		row.ContestedOn, row.ContestedReference = d.On, &d.Reference
	}
	var err error
	if sub.Representative != nil {
		row.Representative, err = jsonText(sub.Representative)
	}
	if err == nil && sub.PriorContact != nil {
		row.PriorContact, err = jsonText(sub.PriorContact)
	}
	return row, err
}

func (s *Store) insertInitiatives(ctx context.Context, tx *sqlx.Tx, l Lodging) error {
	return addInitiatives(ctx, tx, l.Number, 0, l.Submission.Initiatives)
}

// addInitiatives keeps the list of steps as a version of the submission has it.
func addInitiatives(ctx context.Context, tx *sqlx.Tx, number complaint.Number, version int, steps []complaint.Initiative) error {
	for i, step := range steps {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO initiatives (number, version, position, on_day, how, taken_by)
			VALUES ($1, $2, $3, $4, $5, $6)`, number, version, i+1, step.On, step.How, step.By)
		if err != nil {
			return err
		}
	}
	return nil
}

// orNull stores an empty text as NULL.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// jsonText writes what a jsonb column takes. It is text: bytes would go to the
// database in its own binary form where the connection asks for that.
func jsonText(value any) (*string, error) {
	content, err := json.Marshal(value)
	text := string(content)
	return &text, err
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// stored is a submission as it is read back. The identification number is never
// opened for reading; that it is known shows as a mask.
type stored struct {
	complaint.Submission
	Version      int // how often it was corrected
	RegisteredAt time.Time
	LodgedBy     string
	ReceiptCode  string
}

// Submission is what came in, as it was corrected since.
func (s *Store) Submission(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (complaint.Submission, error) {
	found, err := s.submission(ctx, tx, number)
	return found.Submission, wrap(err, "read the submission of %s", number)
}

func (s *Store) submission(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (stored, error) {
	var row submissionRow
	if err := s.ready(ctx, db); err != nil {
		return stored{}, err
	}
	err := sqlx.GetContext(ctx, db, &row, `
		SELECT number, version, initiatives_version, intake, language, received_at, registered_at, lodged_by,
			complainant_type, name, contact_name, salutation, street, postcode, city, country, email, phone,
			is_member, member_number, niss_sealed, niss_hash, representative, facts_on, facts_until, prior_contact,
			contested_on, contested_reference, department, topic, text, concerns_privacy, reply_by,
			receipt_hash, receipt_sealed
		FROM submissions
		WHERE number = $1`, number)
	if err != nil {
		return stored{}, wrap(missing(err, "complaint"), "read submission %s", number)
	}
	read, err := s.readRow(row)
	if err != nil {
		return stored{}, wrap(err, "read submission %s", number)
	}
	err = sqlx.SelectContext(ctx, db, &read.Initiatives, `
		SELECT on_day AS on, how, taken_by AS by
		FROM initiatives
		WHERE number = $1 AND version = $2
		ORDER BY position`, number, row.InitiativesVersion)
	return read, wrap(err, "read the initiatives of %s", number)
}

func (s *Store) readRow(row submissionRow) (stored, error) {
	code, err := s.keys.Open(purposeReceipt, row.ReceiptSealed)
	if err != nil {
		return stored{}, err
	}
	sub := complaint.Submission{
		Intake: complaint.Intake(row.Intake), Language: complaint.Language(row.Language), ReceivedAt: row.ReceivedAt,
		Complainant: complaint.Complainant{
			Type: row.ComplainantType, Name: row.Name, ContactName: row.ContactName, Salutation: row.Salutation,
			Address: complaint.Address{Street: row.Street, Postcode: row.Postcode, City: row.City, Country: row.Country, Email: row.Email},
			Phone:   row.Phone, IsMember: row.IsMember, MemberNumber: row.MemberNumber,
		},
		FactsOn: row.FactsOn, FactsUntil: row.FactsUntil, Department: orEmpty(row.Department), Topic: row.Topic, Text: row.Text,
		ConcernsPrivacy: row.ConcernsPrivacy, ReplyBy: complaint.Channel(orEmpty(row.ReplyBy)),
	}
	if len(row.NISSSealed) > 0 {
		sub.Complainant.NISS = MaskedNISS
	}
	if row.ContestedReference != nil {
		sub.ContestedDecision = &complaint.ContestedDecision{On: row.ContestedOn, Reference: *row.ContestedReference}
	}
	if row.Representative != nil {
		err = json.Unmarshal([]byte(*row.Representative), &sub.Representative)
	}
	if err == nil && row.PriorContact != nil {
		err = json.Unmarshal([]byte(*row.PriorContact), &sub.PriorContact)
	}
	return stored{Submission: sub, Version: row.Version, RegisteredAt: row.RegisteredAt, LodgedBy: orEmpty(row.LodgedBy), ReceiptCode: string(code)}, err
}
