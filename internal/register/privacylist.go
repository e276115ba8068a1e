package register

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// PrivacyFilter says which privacy files a list shows.
type PrivacyFilter struct {
	Open    bool // not closed
	Overdue bool // open after the end of the term
	Breach  bool // a breach is suspected
	Due     bool // of which the authority has still to be told
	Paging
}

// Named lists what is filtered by, by name.
func (f PrivacyFilter) Named() []string {
	return named("open", f.Open, "overdue", f.Overdue, "breach", f.Breach)
}

// PrivacyRow is a privacy file in the DPO's list.
type PrivacyRow struct {
	Number          complaint.Number         `db:"number" json:"number"`
	Stage           complaint.Stage          `db:"stage" json:"stage" enum:"received,investigating,answering,closed"`
	WaitingFor      complaint.WaitingFor     `db:"waiting_for" json:"waiting_for" enum:"dpo,mail_room,none"`
	Result          *complaint.PrivacyResult `db:"result" json:"result" nullable:"true" enum:"answered,refused,withdrawn" doc:"null until it is answered"`
	Split           complaint.Split          `db:"split" json:"split" enum:"unconfirmed,pure,mixed" doc:"which part is about personal data; confirmed by the DPO or an officer"`
	SuspectedBreach bool                     `db:"suspected_breach" json:"suspected_breach"`
	NotifyBy        *time.Time               `db:"notify_by" json:"notify_by" nullable:"true" doc:"72 hours after becoming aware, where a breach is suspected"`
	NotifiedAt      *time.Time               `db:"breach_notified_at" json:"notified_at" nullable:"true" doc:"when the authority was told of the breach"`
	BreachOverdue   bool                     `db:"breach_overdue" json:"breach_overdue" doc:"the 72 hours are over and the authority was not told"`
	Language        complaint.Language       `db:"language" json:"language"`
	ReceivedAt      time.Time                `db:"received_at" json:"received_at"`
	ReceivedOn      complaint.Day            `db:"-" json:"received_on" format:"date"`
	ReferredAt      time.Time                `db:"referred_at" json:"referred_at"`
	LastDay         complaint.Day            `db:"last_day" json:"last_day" format:"date"`
	EndsAt          time.Time                `db:"ends_at" json:"ends_at"`
	Extended        bool                     `db:"extended" json:"extended"`
	Overdue         bool                     `db:"overdue" json:"overdue" doc:"open after the end of the term"`
	DaysLeft        *int                     `db:"-" json:"days_left" nullable:"true" doc:"calendar days to the last day; null when closed"`
	ComplainantName string                   `db:"complainant_name" json:"complainant_name"`
	Topic           string                   `db:"topic" json:"topic"`
}

// PrivacyPage is a part of the list of privacy files.
type PrivacyPage = Page[PrivacyRow]

// PrivacyFile is a privacy file with all that the DPO needs to answer it.
type PrivacyFile struct {
	PrivacyRow
	ReferredBy string             `db:"referred_by" json:"referred_by,omitempty" doc:"empty: the submission itself says that it concerns personal data"`
	Reasons    string             `db:"reasons" json:"reasons"`
	SplitBy    *string            `db:"split_by" json:"split_by" nullable:"true"`
	SplitAt    *time.Time         `db:"split_at" json:"split_at" nullable:"true"`
	Splits     []SplitNote        `db:"-" json:"splits" doc:"what persons confirmed, with reasons; the last one counts"`
	Submission SubmissionView     `db:"-" json:"submission"`
	Documents  []Document         `db:"-" json:"documents" doc:"sent in after the submission"`
	Deadline   complaint.Deadline `db:"-" json:"deadline"`
	Warned     *int               `db:"warned" json:"warned" nullable:"true" doc:"days left at the last reminder; 0: overdue"`
	OverdueAt  *time.Time         `db:"overdue_at" json:"overdue_at" nullable:"true"`

	ExtendedBy       *string    `db:"extended_by" json:"extended_by" nullable:"true"`
	ExtendedAt       *time.Time `db:"extended_at" json:"extended_at" nullable:"true"`
	ExtensionReasons *string    `db:"extension_reasons" json:"extension_reasons" nullable:"true"`
	Answer           *string    `db:"answer" json:"answer" nullable:"true"`
	AnsweredBy       *string    `db:"answered_by" json:"answered_by" nullable:"true"`
	AnsweredAt       *time.Time `db:"answered_at" json:"answered_at" nullable:"true"`
	ClosedAt         *time.Time `db:"closed_at" json:"closed_at" nullable:"true"`

	Breach BreachFile `db:"" json:"breach" doc:"what was said of a suspected breach"`

	Letters []LetterRow `db:"-" json:"letters" doc:"of this file, and those of the complaint when all of it is about personal data"`
	Events  []Event     `db:"-" json:"events"`
}

const privacyColumns = `p.number, p.stage, p.waiting_for, p.result, p.split, p.suspected_breach,
	CASE WHEN p.suspected_breach THEN p.notify_by END AS notify_by, p.breach_notified_at,
	p.suspected_breach AND p.breach_notified_at IS NULL AND p.notify_by <= $1 AS breach_overdue,
	s.language, ` + receivedAt + ` AS received_at, p.referred_at,
	p.last_day, p.ends_at, p.extended_at IS NOT NULL AS extended, p.stage <> 'closed' AND p.ends_at <= $1 AS overdue,
	s.name AS complainant_name, s.topic`

const privacyTables = `privacy_files p JOIN submissions s USING (number) JOIN complaints c USING (number)`

// dated fills in what follows from the present day.
func (r *PrivacyRow) dated(now time.Time) {
	r.ReceivedOn = complaint.DayOf(r.ReceivedAt)
	if r.Stage != complaint.Closed {
		left := complaint.DayOf(now).DaysUntil(r.LastDay)
		r.DaysLeft = &left
	}
}

// PrivacyFiles lists privacy files from the latest number backwards.
func (s *Store) PrivacyFiles(ctx context.Context, f PrivacyFilter) (PrivacyPage, error) {
	now := s.now()
	where := &conditions{args: []any{now}}
	if f.Open {
		where.add("p.stage <> 'closed'")
	}
	if f.Overdue {
		where.add("p.stage <> 'closed' AND p.ends_at <= $1")
	}
	if f.Breach {
		where.add("p.suspected_breach")
	}
	if f.Due {
		where.add("p.suspected_breach AND p.breach_notified_at IS NULL")
	}
	var last complaint.Number
	if more, err := readCursor(f.Cursor, &last); err != nil {
		return PrivacyPage{}, err
	} else if more {
		where.add("p.number < ?", last)
	}
	var rows []PrivacyRow
	query := `SELECT ` + privacyColumns + ` FROM ` + privacyTables + where.where() +
		fmt.Sprintf(` ORDER BY p.number DESC LIMIT %d`, f.limit()+1)
	if err := s.db.SelectContext(ctx, &rows, query, where.args...); err != nil {
		return PrivacyPage{}, wrap(err, "list privacy files")
	}
	for i := range rows {
		rows[i].dated(now)
	}
	return pageOf(rows, f.Paging, func(r PrivacyRow) complaint.Number { return r.Number }), nil
}

// PrivacyFile reads one privacy file as it is at one moment.
func (s *Store) PrivacyFile(ctx context.Context, number complaint.Number) (file PrivacyFile, err error) {
	err = s.look(ctx, func(tx *sqlx.Tx) error {
		now := s.now()
		err := tx.GetContext(ctx, &file, `
			SELECT `+privacyColumns+`, COALESCE(p.referred_by, '') AS referred_by, p.reasons, p.split_by, p.split_at,
				p.warned, p.overdue_at, p.extended_by, p.extended_at, p.extension_reasons,
				p.answer, p.answered_by, p.answered_at, p.closed_at, `+breachColumns+`
			FROM `+privacyTables+`
			WHERE p.number = $2`, now, number)
		if err != nil {
			return missing(err, "privacy file")
		}
		file.dated(now)
		return s.fillPrivacyFile(ctx, tx, &file)
	})
	return file, wrap(err, "read the privacy file of %s", number)
}

func (s *Store) fillPrivacyFile(ctx context.Context, tx *sqlx.Tx, file *PrivacyFile) error {
	read, err := s.submission(ctx, tx, file.Number)
	if err != nil {
		return err
	}
	file.Submission = SubmissionView{Submission: read.Submission, RegisteredAt: read.RegisteredAt, LodgedBy: read.LodgedBy}
	if file.Submission.Attachments, err = attachments(ctx, tx, file.Number); err != nil {
		return err
	}
	if file.Split != complaint.SplitPure { // what a department answered belongs to the rest
		file.Submission.Attachments = cameIn(file.Submission.Attachments)
	}
	if file.Splits, err = splits(ctx, tx, file.Number); err != nil {
		return err
	}
	if file.Breach.Steps, err = breachSteps(ctx, tx, file.Number); err != nil {
		return err
	}
	if file.Documents, err = documents(ctx, tx, file.Number); err != nil {
		return err
	}
	var deadline []byte
	err = tx.GetContext(ctx, &deadline, `
		SELECT deadline FROM privacy_deadlines WHERE number = $1 ORDER BY version DESC LIMIT 1`, file.Number)
	if err == nil {
		err = json.Unmarshal(deadline, &file.Deadline)
	}
	if err != nil {
		return err
	}
	all, err := lettersOf(ctx, tx, file.Number)
	if err != nil {
		return err
	}
	file.Letters = []LetterRow{}
	for _, l := range all {
		if l.Kind.File() == complaint.PrivacyFile || file.Split == complaint.SplitPure {
			file.Letters = append(file.Letters, l)
		}
	}
	happened, err := events(ctx, tx, file.Number)
	file.Events = ofPrivacy(happened, true)
	return err
}

// PrivacyLook is what decides who may see a complaint's content.
type PrivacyLook struct {
	Referred  bool `db:"referred"`  // it has a privacy file
	Concealed bool `db:"concealed"` // its content is the DPO's alone
}

// PrivacyLook tells who may see a complaint's content.
func (s *Store) PrivacyLook(ctx context.Context, number complaint.Number) (PrivacyLook, error) {
	var look PrivacyLook
	err := s.db.GetContext(ctx, &look, `
		SELECT concealed, EXISTS (SELECT FROM privacy_files p WHERE p.number = c.number) AS referred
		FROM complaints c WHERE number = $1`, number)
	return look, wrap(missing(err, "complaint"), "read complaint %s", number)
}

// ReferralNote is what a complaint's own file keeps of a referral to the DPO.
type ReferralNote struct {
	ReferredAt time.Time       `db:"referred_at" json:"referred_at"`
	ReferredBy string          `db:"referred_by" json:"referred_by,omitempty" doc:"empty: the submission itself says that it concerns personal data"`
	Split      complaint.Split `db:"split" json:"split" enum:"unconfirmed,pure,mixed"`
}

func referralNote(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (*ReferralNote, error) {
	var note ReferralNote
	err := sqlx.GetContext(ctx, db, &note, `
		SELECT referred_at, COALESCE(referred_by, '') AS referred_by, split FROM privacy_files WHERE number = $1`, number)
	if err == errNoRows {
		return nil, nil
	}
	return &note, wrap(err, "read the referral of %s", number)
}

// toldOfReferred are the events that a file shows of a complaint whose content is
// the DPO's alone.
var toldOfReferred = []string{"received", "registered", "referred", "split_confirmed", "split_corrected", "closed"}

// withoutContent is all that a file shows of a complaint whose content is the
// DPO's alone: number, days and that it was referred, and which letters have left.
func (f File) withoutContent() File {
	shown := File{
		ComplaintRow: f.ComplaintRow, Acknowledgement: f.Acknowledgement, Deadline: f.Deadline,
		ClosedAt: f.ClosedAt, Referral: f.Referral,
	}
	for _, l := range f.Letters {
		shown.Letters = append(shown.Letters, l.withoutContent())
	}
	for _, e := range f.Events {
		if slices.Contains(toldOfReferred, e.Kind) {
			e.Details = json.RawMessage("{}")
			shown.Events = append(shown.Events, e)
		}
	}
	shown.Submission.ReceivedAt, shown.Submission.RegisteredAt = f.Submission.ReceivedAt, f.Submission.RegisteredAt
	shown.Submission.ConcernsPrivacy = f.Submission.ConcernsPrivacy
	return shown
}
