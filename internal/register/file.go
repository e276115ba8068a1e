package register

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// File is a complaint's file: all that those may read who handle it. The
// identification number shows as a mask only.
type File struct {
	ComplaintRow
	Handling
	Submission      SubmissionView             `json:"submission"`
	Corrections     []Correction               `json:"corrections" doc:"of what came in, the latest last; they keep what it held before"`
	Admissibility   Admissibility              `json:"admissibility"`
	Pending         *Pending                   `json:"pending" nullable:"true" doc:"what is asked of the complainant; null: nothing"`
	Replies         []ReplyView                `json:"replies" doc:"what came in answer to what was asked; their attachments stand with the submission's"`
	Representation  *RepresentationNote        `json:"representation" nullable:"true" doc:"how the mandate stands; null: nobody represents the complainant"`
	Acknowledgement Acknowledgement            `json:"acknowledgement"`
	Deadline        *DeadlineView              `json:"deadline" nullable:"true" doc:"null while no term runs"`
	Letters         []LetterRow                `json:"letters"`
	Outcome         *complaint.Outcome         `json:"outcome" nullable:"true"`
	Withdrawal      *Withdrawal                `json:"withdrawal" nullable:"true"`
	Recommendations []complaint.Recommendation `json:"recommendations"`
	Voiding         *Voiding                   `json:"voiding" nullable:"true" doc:"set when the entry was made in error"`
	Terms           []FinishedTerm             `json:"terms" doc:"the terms before this one, of a case that was opened again"`
	Continuations   []Continuation             `json:"continuations" doc:"closings that were taken back: the case went on in the term it had"`
	Documents       []Document                 `json:"documents" doc:"sent in after the complaint; their attachments stand with the submission's"`
	Notes           []Note                     `json:"notes"`
	Links           []Link                     `json:"links" doc:"complaints on the same matter"`
	Duplicates      []complaint.Number         `json:"possible_duplicates" doc:"complaints of the same person on what seems to be the same matter, received within 30 days, among the 100 that came in next to it; a person judges"`
	Earlier         []complaint.Number         `json:"earlier" doc:"numbers of earlier complaints of the same person, the latest 100; an entry made in error was none"`
	Events          []Event                    `json:"events"`
	ClosedAt        *time.Time                 `json:"closed_at" nullable:"true"`
	Referral        *ReferralNote              `json:"privacy_referral" nullable:"true" doc:"the DPO answers what concerns personal data; null: it was not referred"`
}

// SubmissionView is the submission as it was corrected since it came in, its
// documents without content.
type SubmissionView struct {
	complaint.Submission
	Version      int              `json:"version" doc:"how often it was corrected; who corrects it names this"`
	RegisteredAt time.Time        `json:"registered_at"`
	LodgedBy     string           `json:"lodged_by,omitempty" doc:"login of the member of staff; empty: the public"`
	Attachments  []AttachmentInfo `json:"attachments"`
}

// Admissibility is what the rules found and what a person decided.
type Admissibility struct {
	Finding complaint.Judgement `json:"finding"`
	Ground  complaint.Ground    `json:"ground"`
	Facts   []complaint.Fact    `json:"facts"`

	WouldChange []complaint.Change     `json:"would_change" doc:"what would lead the rules to another finding"`
	Warnings    []AdmissibilityWarning `json:"warnings" doc:"grounds of other bodies that an officer noted; they refuse nothing here"`

	Decision  *complaint.Judgement `json:"decision" nullable:"true" doc:"null: no person decided"`
	DecidedBy string               `json:"decided_by,omitempty"`
	DecidedAt *time.Time           `json:"decided_at,omitempty"`
	Reasons   string               `json:"reasons,omitempty"`
	ReferTo   string               `json:"refer_to,omitempty"`

	TakenBack []complaint.AdmissionDecision `json:"taken_back" doc:"refusals that were reversed, of this term"`
}

// Acknowledgement is how far the acknowledgement of receipt is.
type Acknowledgement struct {
	Owed     bool       `json:"owed" doc:"it has not left yet"`
	SentAt   *time.Time `json:"sent_at" nullable:"true"`
	LetterID *int64     `json:"letter_id" nullable:"true" doc:"null: nobody can be answered, or not in writing yet"`
}

// DeadlineView is the deadline in force with what the watch saw of it.
type DeadlineView struct {
	complaint.Deadline
	Warned    *int       `json:"warned" nullable:"true" doc:"days left at the last warning; 0: overdue"`
	OverdueAt *time.Time `json:"overdue_at" nullable:"true"`
	DaysTaken int        `json:"days_taken" doc:"calendar days from day 0 to the day on which the answer left, or until today"`
	DaysLeft  int        `json:"days_left" doc:"calendar days from then to the last day"`
	Late      bool       `json:"late" doc:"counts as over the term in figures, also when a delay notice gave a later day"`
}

// caseRow is the part of a complaint that only its file shows.
type caseRow struct {
	Finding        complaint.Judgement `db:"finding"`
	Ground         complaint.Ground    `db:"ground"`
	Facts          []byte              `db:"facts"`
	WouldChange    []byte              `db:"would_change"`
	PendingGround  complaint.Ground    `db:"pending_ground"`
	PendingUntil   complaint.Day       `db:"pending_until"`
	AcknowledgedAt *time.Time          `db:"acknowledged_at"`
	Warned         *int                `db:"warned"`
	OverdueAt      *time.Time          `db:"overdue_at"`
	ClosedAt       *time.Time          `db:"closed_at"`
}

// File reads a complaint's file as it is at one moment.
func (s *Store) File(ctx context.Context, number complaint.Number) (file File, err error) {
	err = s.look(ctx, func(tx *sqlx.Tx) error {
		steps := []func(context.Context, *sqlx.Tx, complaint.Number, *File) error{
			s.fileHead, s.fileSubmission, s.fileDecisions, s.fileHandling, s.fileRest, s.fileAdded, s.fileTerms,
		}
		for _, step := range steps {
			if err := step(ctx, tx, number, &file); err != nil {
				return err
			}
		}
		if file.Concealed {
			file = file.withoutContent()
		}
		return file.sparing()
	})
	return file, wrap(err, "read the file of %s", number)
}

func (s *Store) fileHead(ctx context.Context, tx *sqlx.Tx, number complaint.Number, file *File) (err error) {
	if file.ComplaintRow, err = complaintRow(ctx, tx, number, s.now()); err != nil {
		return err
	}
	var row caseRow
	err = tx.GetContext(ctx, &row, `
		SELECT finding, ground, facts, would_change, COALESCE(pending_ground, '') AS pending_ground, pending_until, acknowledged_at, warned, overdue_at, closed_at
		FROM complaints
		WHERE number = $1`, number)
	if err != nil {
		return err
	}
	file.Admissibility = Admissibility{Finding: row.Finding, Ground: row.Ground}
	if err := json.Unmarshal(row.Facts, &file.Admissibility.Facts); err != nil {
		return err
	}
	if err := json.Unmarshal(row.WouldChange, &file.Admissibility.WouldChange); err != nil {
		return err
	}
	if row.PendingGround != "" && row.ClosedAt == nil {
		file.Pending = &Pending{Reason: row.PendingGround, Until: row.PendingUntil}
	}
	file.Acknowledgement.SentAt, file.ClosedAt = row.AcknowledgedAt, row.ClosedAt
	if file.Admissibility.Warnings, err = admissibilityWarnings(ctx, tx, number); err != nil {
		return err
	}
	found, err := deadline(ctx, tx, number)
	if err == nil && !found.LastDay.IsZero() {
		file.Deadline, err = deadlineView(ctx, tx, number, found, row, s.now())
	}
	return err
}

func (s *Store) fileSubmission(ctx context.Context, tx *sqlx.Tx, number complaint.Number, file *File) error {
	read, err := s.submission(ctx, tx, number)
	if err != nil {
		return err
	}
	file.Submission = SubmissionView{Submission: read.Submission, Version: read.Version, RegisteredAt: read.RegisteredAt, LodgedBy: read.LodgedBy}
	if file.Submission.Attachments, err = attachments(ctx, tx, number); err != nil {
		return err
	}
	if file.Corrections, err = corrections(ctx, tx, number); err != nil {
		return err
	}
	if file.Replies, err = replies(ctx, tx, number); err != nil {
		return err
	}
	file.Representation, err = representation(ctx, tx, number)
	return err
}

func (s *Store) fileDecisions(ctx context.Context, tx *sqlx.Tx, number complaint.Number, file *File) error {
	decided, err := readDecisions(ctx, tx, number)
	if err != nil {
		return err
	}
	if d := decided.Admission; d != nil {
		a := &file.Admissibility
		a.Decision, a.DecidedBy, a.DecidedAt, a.Reasons, a.ReferTo = &d.Decision, d.DecidedBy, &d.DecidedAt, d.Reasons, d.ReferTo
		a.Ground = d.Ground
	}
	file.Admissibility.TakenBack = decided.TakenBack
	file.Outcome, file.Withdrawal = decided.Outcome, decided.Withdrawal
	file.Recommendations, err = recommendations(ctx, tx, number)
	return err
}

func (s *Store) fileRest(ctx context.Context, tx *sqlx.Tx, number complaint.Number, file *File) (err error) {
	if file.Letters, err = lettersOf(ctx, tx, number); err != nil {
		return err
	}
	file.Letters = slices.DeleteFunc(file.Letters, func(l LetterRow) bool { return l.Kind.File() == complaint.PrivacyFile })
	for _, l := range file.Letters {
		if l.Kind == complaint.LetterAcknowledgement && l.CopyOf == nil {
			file.Acknowledgement.LetterID = &l.ID
			file.Acknowledgement.Owed = !l.State.HasLeft()
		}
	}
	happened, err := events(ctx, tx, number)
	if err != nil {
		return err
	}
	file.Events = ofPrivacy(happened, false)
	file.Referral, err = referralNote(ctx, tx, number)
	return err
}
