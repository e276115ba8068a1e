package register

import (
	"context"
	"encoding/json"
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

// submissionRow is a row of submissions; its columns have the same names in both
// forms.
type submissionRow struct {
	Number             complaint.Number `db:"number" json:"number"`
	Version            int              `db:"version" json:"-"`
	InitiativesVersion int              `db:"initiatives_version" json:"-"`
	RegisteredAt       time.Time        `db:"registered_at" json:"registered_at"`
	LodgedBy           *string          `db:"lodged_by" json:"lodged_by"`
	Intake             string           `db:"intake" json:"intake"`
	Language           string           `db:"language" json:"language"`
	ReceivedAt         time.Time        `db:"received_at" json:"received_at"`
	ComplainantType    string           `db:"complainant_type" json:"complainant_type"`
	Name               string           `db:"name" json:"name"`
	ContactName        string           `db:"contact_name" json:"contact_name"`
	Salutation         string           `db:"salutation" json:"salutation"`
	Street             string           `db:"street" json:"street"`
	Postcode           string           `db:"postcode" json:"postcode"`
	City               string           `db:"city" json:"city"`
	Country            string           `db:"country" json:"country"`
	Email              string           `db:"email" json:"email"`
	Phone              string           `db:"phone" json:"phone"`
	IsMember           *bool            `db:"is_member" json:"is_member"`
	MemberNumber       string           `db:"member_number" json:"member_number"`
	NISSSealed         optional         `db:"niss_sealed" json:"niss_sealed"`
	NISSHash           optional         `db:"niss_hash" json:"niss_hash"`
	Representative     document         `db:"representative" json:"representative"`
	FactsOn            complaint.Day    `db:"facts_on" json:"facts_on"`
	FactsUntil         complaint.Day    `db:"facts_until" json:"facts_until"`
	PriorContact       document         `db:"prior_contact" json:"prior_contact"`
	ContestedOn        complaint.Day    `db:"contested_on" json:"contested_on"`
	ContestedReference *string          `db:"contested_reference" json:"contested_reference"`
	Department         *string          `db:"department" json:"department"`
	Topic              string           `db:"topic" json:"topic"`
	Text               string           `db:"text" json:"text"`
	ConcernsPrivacy    bool             `db:"concerns_privacy" json:"concerns_privacy"`
	ReplyBy            *string          `db:"reply_by" json:"reply_by"`
	ReceiptHash        optional         `db:"receipt_hash" json:"receipt_hash"`
	ReceiptSealed      optional         `db:"receipt_sealed" json:"receipt_sealed"`
}

const newSubmissions = `
	INSERT INTO submissions (number, intake, language, received_at, registered_at, lodged_by,
		complainant_type, name, contact_name, salutation, street, postcode, city, country, email, phone,
		is_member, member_number, niss_sealed, niss_hash, representative, facts_on, facts_until, prior_contact,
		contested_on, contested_reference, department, topic, text, concerns_privacy, reply_by,
		receipt_hash, receipt_sealed)
	SELECT number, intake, language, received_at, registered_at, lodged_by,
		complainant_type, name, contact_name, salutation, street, postcode, city, country, email, phone,
		is_member, member_number, niss_sealed, niss_hash, representative, facts_on, facts_until, prior_contact,
		contested_on, contested_reference, department, topic, text, concerns_privacy, reply_by,
		receipt_hash, receipt_sealed
	FROM json_populate_recordset(NULL::submissions, $1)`

func (s *Store) submissionRows(lodgings []Lodging) ([]submissionRow, error) {
	rows := make([]submissionRow, len(lodgings))
	for i, l := range lodgings {
		var err error
		if rows[i], err = s.rowOf(l); err != nil {
			return nil, err
		}
	}
	return rows, nil
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
		row.Representative, err = json.Marshal(sub.Representative)
	}
	if err == nil && sub.PriorContact != nil {
		row.PriorContact, err = json.Marshal(sub.PriorContact)
	}
	return row, err
}

// addInitiatives keeps the list of steps as a later version of the submission
// has it.
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

type initiativeRow struct {
	Number   complaint.Number `json:"number"`
	Position int              `json:"position"`
	On       complaint.Day    `json:"on_day"`
	How      string           `json:"how"`
	By       complaint.Actor  `json:"taken_by"`
}

const newInitiatives = `
	INSERT INTO initiatives (number, position, on_day, how, taken_by)
	SELECT number, position, on_day, how, taken_by
	FROM json_populate_recordset(NULL::initiatives, $2)`

func initiativeRows(lodgings []Lodging) []initiativeRow {
	rows := []initiativeRow{}
	for _, l := range lodgings {
		for i, step := range l.Submission.Initiatives {
			rows = append(rows, initiativeRow{l.Number, i + 1, step.On, step.How, step.By})
		}
	}
	return rows
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
		err = json.Unmarshal(row.Representative, &sub.Representative)
	}
	if err == nil && row.PriorContact != nil {
		err = json.Unmarshal(row.PriorContact, &sub.PriorContact)
	}
	return stored{Submission: sub, Version: row.Version, RegisteredAt: row.RegisteredAt, LodgedBy: orEmpty(row.LodgedBy), ReceiptCode: string(code)}, err
}
