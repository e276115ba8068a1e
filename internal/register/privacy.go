package register

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// privacyEvents begins the kinds of what happens in a privacy file, which the
// complaint's own file does not show.
const privacyEvents = "privacy_"

// PrivacyEntryVoided is what a privacy file says of its complaint that was entered
// in error.
const PrivacyEntryVoided = privacyEvents + "entry_voided"

// eventOf names something that happens in either file of a complaint.
func eventOf(file complaint.FileKind, kind string) string {
	if file == complaint.PrivacyFile {
		return privacyEvents + kind
	}
	return kind
}

// PrivacyReferral opens a privacy file.
type PrivacyReferral struct {
	Number          complaint.Number
	By              string // login; empty: the submission itself says so
	Reasons         string
	Split           complaint.Split
	SuspectedBreach bool
	NotifyBy        time.Time // counts where a breach is suspected
	Deadline        complaint.Deadline
}

// OpenPrivacy opens the privacy file of a locked complaint that has none.
func (s *Store) OpenPrivacy(ctx context.Context, tx *sqlx.Tx, r PrivacyReferral) error {
	var splitBy *string
	var splitAt *time.Time
	now := s.now()
	if r.Split != complaint.SplitUnconfirmed {
		splitBy, splitAt = &r.By, &now
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO privacy_files (number, referred_at, referred_by, reasons, split, split_by, split_at, suspected_breach,
			notify_by, deadline_version, day_0, last_day, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.Number, now, orNull(r.By), r.Reasons, r.Split, splitBy, splitAt, r.SuspectedBreach,
		r.NotifyBy, r.Deadline.Version, r.Deadline.Day0, r.Deadline.LastDay, r.Deadline.EndsAt)
	if err == nil {
		err = s.keepPrivacyDeadline(ctx, tx, r.Number, r.Deadline)
	}
	if err == nil && r.SuspectedBreach {
		_, err = s.ChangeBreach(ctx, tx, r.Number, BreachStep{Kind: BreachSuspected, At: now, NotifyBy: &r.NotifyBy, Reasons: r.Reasons, By: r.By}, nil)
	}
	if err == nil && r.Split != complaint.SplitUnconfirmed {
		err = s.noteSplit(ctx, tx, r.Number, SplitNote{Split: r.Split, Reasons: r.Reasons, By: r.By})
	}
	return wrap(err, "open the privacy file of %s", r.Number)
}

func (s *Store) keepPrivacyDeadline(ctx context.Context, tx *sqlx.Tx, number complaint.Number, d complaint.Deadline) error {
	body, err := jsonText(d)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO privacy_deadlines (number, version, deadline, at) VALUES ($1, $2, $3, $4)`,
		number, d.Version, body, s.now())
	return err
}

// NoteReferred notes that a complaint ends because the DPO answers, or, with
// false, that it goes on after all. It answers with the letters that no longer
// leave.
func (s *Store) NoteReferred(ctx context.Context, tx *sqlx.Tx, number complaint.Number, ended bool) (dropped []int64, err error) {
	var decided *time.Time
	if now := s.now(); ended {
		decided = &now
	}
	err = one(tx.ExecContext(ctx, `UPDATE complaints SET decided_at = $2 WHERE number = $1`, number, decided))
	if err == nil && ended {
		dropped, err = s.askNoMore(ctx, tx, number)
	}
	if err == nil && ended {
		err = s.endConsultations(ctx, tx, number)
	}
	return dropped, wrap(err, "note the referral of %s", number)
}

// PrivacyCase is where a privacy file stands, with what has been decided.
type PrivacyCase struct {
	Split           complaint.Split      `db:"split"`
	SplitByDPO      bool                 `db:"split_by_dpo"` // the DPO said so, not an officer
	Stage           complaint.Stage      `db:"stage"`
	WaitingFor      complaint.WaitingFor `db:"waiting_for"`
	SuspectedBreach bool                 `db:"suspected_breach"`
	ReceivedAt      time.Time            `db:"received_at"`
	Version         int                  `db:"deadline_version"`
	EndsAt          time.Time            `db:"ends_at"`
	Extended        bool                 `db:"extended"`
	Answered        bool                 `db:"answered"`
	NotifyBy        time.Time            `db:"notify_by"` // counts where a breach is suspected
	BreachAwareAt   *time.Time           `db:"breach_aware_at"`
	BreachVersion   int                  `db:"breach_version"`
	Notified        bool                 `db:"notified"` // the authority was told of the breach
}

// PrivacyCase reads the privacy file of a locked complaint; nil where there is
// none.
func (s *Store) PrivacyCase(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (*PrivacyCase, error) {
	var c PrivacyCase
	err := tx.GetContext(ctx, &c, `
		SELECT p.split, EXISTS (SELECT FROM accounts a WHERE a.login = p.split_by AND a.role = 'dpo') AS split_by_dpo, p.stage, p.waiting_for, p.suspected_breach, `+receivedAt+` AS received_at, p.deadline_version, p.ends_at,
			p.extended_at IS NOT NULL AS extended, p.answered_at IS NOT NULL AS answered,
			p.notify_by, p.breach_aware_at, p.breach_version, p.breach_notified_at IS NOT NULL AS notified
		FROM privacy_files p JOIN submissions s USING (number) JOIN complaints c USING (number)
		WHERE p.number = $1`, number)
	if err == errNoRows {
		return nil, nil
	}
	return &c, wrap(err, "read the privacy file of %s", number)
}

// ExtendPrivacy gives a privacy file its longer term.
func (s *Store) ExtendPrivacy(ctx context.Context, tx *sqlx.Tx, number complaint.Number, d complaint.Deadline, reasons, by string) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE privacy_files
		SET deadline_version = $2, last_day = $3, ends_at = $4, warned = NULL,
			extended_by = $5, extended_at = $6, extension_reasons = $7
		WHERE number = $1 AND extended_at IS NULL`,
		number, d.Version, d.LastDay, d.EndsAt, by, s.now(), reasons))
	if err == nil {
		err = s.keepPrivacyDeadline(ctx, tx, number, d)
	}
	return wrap(err, "extend the term of %s", number)
}

// MovePrivacyTerm gives a privacy file the term of another moment of receipt. An
// end that has not come yet takes back what the watch saw of the one before.
func (s *Store) MovePrivacyTerm(ctx context.Context, tx *sqlx.Tx, number complaint.Number, d complaint.Deadline) error {
	err := one(tx.ExecContext(ctx, `
		UPDATE privacy_files
		SET deadline_version = $2, day_0 = $3, last_day = $4, ends_at = $5::timestamptz, warned = NULL,
			overdue_at = CASE WHEN $5::timestamptz <= $6 THEN overdue_at END
		WHERE number = $1`,
		number, d.Version, d.Day0, d.LastDay, d.EndsAt, s.now()))
	if err == nil {
		err = s.keepPrivacyDeadline(ctx, tx, number, d)
	}
	return wrap(err, "move the term of %s", number)
}

// NamedPrivacyDay tells whether a letter that has been written named the DPO's
// last day to the complainant.
func NamedPrivacyDay(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (bool, error) {
	var named bool
	err := tx.GetContext(ctx, &named, `
		SELECT EXISTS (SELECT FROM letters
			WHERE number = $1 AND rendered_at IS NOT NULL AND state <> 'dropped'
			  AND kind IN ('privacy-referral', 'privacy-split', 'privacy-extension', 'privacy-correction'))`, number)
	return named, wrap(err, "look at the letters of %s", number)
}

// AnswerPrivacy keeps the DPO's answer, once.
func (s *Store) AnswerPrivacy(ctx context.Context, tx *sqlx.Tx, number complaint.Number, result complaint.PrivacyResult, answer, by string) error {
	return wrap(one(tx.ExecContext(ctx, `
		UPDATE privacy_files SET result = $2, answer = $3, answered_by = $4, answered_at = $5
		WHERE number = $1 AND answered_at IS NULL`, number, result, answer, by, s.now())),
		"keep the DPO's answer on %s", number)
}

// sparing leaves out of a complaint's own history what is the DPO's: whether a
// breach is suspected, and that another complaint which is the DPO's alone is on
// the same matter or of the same person.
func (f *File) sparing() error {
	kept := []Event{}
	for _, e := range f.Events {
		var details map[string]any
		if err := json.Unmarshal(e.Details, &details); err != nil {
			return wrap(err, "read event %d of %s", e.ID, f.Number)
		}
		shown := func(l Link) bool { return string(l.Number) == details["number"] }
		if e.Kind == "linked" && !slices.ContainsFunc(f.Links, shown) {
			continue
		}
		_, tells := details["suspected_breach"]
		_, lists := details["earlier"] // of the same person: rows of an earlier version have it
		if tells || lists {
			delete(details, "suspected_breach")
			delete(details, "earlier")
			e.Details, _ = json.Marshal(details) // it was read from JSON
		}
		kept = append(kept, e)
	}
	f.Events = kept
	return nil
}

// ofPrivacy picks the events of the privacy file, or those of the complaint's own.
func ofPrivacy(all []Event, privacy bool) []Event {
	picked := []Event{}
	for _, e := range all {
		if strings.HasPrefix(e.Kind, privacyEvents) == privacy {
			picked = append(picked, e)
		}
	}
	return picked
}
