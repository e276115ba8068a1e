package register

import (
	"context"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Case is where a complaint stands, with what has been decided about it. A
// decision counts from the moment it is accepted, also while the procedure has
// not recorded it yet.
type Case struct {
	Number          complaint.Number     `db:"number"`
	Stage           complaint.Stage      `db:"stage"`
	WaitingFor      complaint.WaitingFor `db:"waiting_for"`
	Finding         complaint.Judgement  `db:"finding"`
	Language        complaint.Language   `db:"language"`
	ReplyChannel    complaint.Channel    `db:"reply_channel"` // empty: nobody can be answered
	DeadlineVersion int                  `db:"deadline_version"`
	ReceivedAt      time.Time            `db:"received_at"`
	LastDay         complaint.Day        `db:"last_day"` // zero: no term runs
	Officer         string               `db:"officer"`
	Judged          complaint.Judgement  `db:"judged"` // by a person; empty: not yet
	Answered        bool                 `db:"answered"`
	Withdrawn       bool                 `db:"withdrawn"`
	Voided          bool                 `db:"voided"`
	Term            int                  `db:"term"`       // 1, and one more each time it was opened again
	Result          complaint.Result     `db:"result"`     // empty while it is open
	Ground          complaint.Ground     `db:"ground"`     // of the rules' finding
	Department      string               `db:"department"` // concerned; empty: not known
	Referred        bool                 `db:"referred"`   // to the DPO, with nothing left to examine
	Unsplit         bool                 `db:"unsplit"`    // referred, and nobody has confirmed which part
	Pending         complaint.Ground     `db:"pending"`    // asked of the complainant; empty: nothing is
	Represented     bool                 `db:"represented"`
	Acknowledged    bool                 `db:"acknowledged"` // the acknowledgement has left; of its copy nothing is said
}

// Admissible tells whether the case may be investigated and answered.
func (c Case) Admissible() bool {
	if c.Pending != "" {
		return false
	}
	if c.Judged != "" {
		return c.Judged == complaint.FindAdmissible
	}
	return c.Finding == complaint.FindAdmissible
}

// LockCase locks a complaint's row until the transaction ends and reads where it
// stands then. Every command starts with it, so two commands on one complaint
// take turns. The lock comes in a statement of its own: what it waited for is
// seen only by the next one.
func LockCase(ctx context.Context, tx *sqlx.Tx, number complaint.Number) (Case, error) {
	if err := lock(ctx, tx, number); err != nil {
		return Case{}, err
	}
	var c Case
	err := tx.GetContext(ctx, &c, `
		SELECT c.number, c.stage, c.waiting_for, c.finding, s.language, `+receivedAt+` AS received_at, c.deadline_version, c.last_day,
			COALESCE(c.reply_channel, '') AS reply_channel, COALESCE(c.officer, '') AS officer,
			COALESCE(c.pending_ground, '') AS pending, s.representative IS NOT NULL AS represented, c.acknowledged_at IS NOT NULL AS acknowledged,
			c.term, COALESCE(c.result, '') AS result, c.ground, COALESCE(s.department, '') AS department,
			COALESCE((SELECT content->>'decision' FROM decisions d
				WHERE d.number = c.number AND d.kind = 'admissibility' AND d.content->>'decision' <> 'pending'
				  AND `+inForce+` ORDER BY d.id DESC LIMIT 1), '') AS judged,
			EXISTS (SELECT FROM decisions d
				WHERE d.number = c.number AND d.kind = 'outcome' AND d.term = c.term) AS answered,
			EXISTS (SELECT FROM decisions d
				WHERE d.number = c.number AND d.kind = 'withdrawal' AND d.term = c.term) AS withdrawn,
			EXISTS (SELECT FROM voidings v WHERE v.number = c.number) AS voided,
			EXISTS (SELECT FROM privacy_files p WHERE p.number = c.number AND p.split = 'pure') AS referred,
			EXISTS (SELECT FROM privacy_files p WHERE p.number = c.number AND p.split = 'unconfirmed') AS unsplit
		FROM complaints c JOIN submissions s USING (number)
		WHERE c.number = $1`, number)
	return c, wrap(err, "read complaint %s", number)
}

func lock(ctx context.Context, tx *sqlx.Tx, number complaint.Number) error {
	var found complaint.Number
	err := tx.GetContext(ctx, &found, `SELECT number FROM complaints WHERE number = $1 FOR UPDATE`, number)
	return wrap(missing(err, "complaint"), "lock complaint %s", number)
}

type lodgedRow struct {
	Number          complaint.Number    `json:"number"`
	DeadlineVersion int                 `json:"deadline_version"`
	Day0            complaint.Day       `json:"day_0"`
	LastDay         complaint.Day       `json:"last_day"`
	SendBy          complaint.Day       `json:"send_by"`
	EndsAt          *time.Time          `json:"ends_at"`
	Finding         complaint.Judgement `json:"finding"`
	Ground          complaint.Ground    `json:"ground"`
	Facts           any                 `json:"facts"`
	WouldChange     any                 `json:"would_change"`
	ReplyChannel    *string             `json:"reply_channel"`
	LastSeq         int                 `json:"last_seq"`
	Words           string              `json:"words"`
}

const newComplaints = `
	INSERT INTO complaints (number, stage, waiting_for, deadline_version, day_0, last_day, term_last_day, send_by, ends_at,
		finding, ground, facts, would_change, reply_channel, last_seq, search)
	SELECT number, 'received', 'none', deadline_version, day_0, last_day, last_day, send_by, ends_at,
		finding, ground, COALESCE(facts, '[]'), COALESCE(would_change, '[]'), reply_channel, last_seq, to_tsvector('simple', words)
	FROM json_to_recordset($3) AS new (number text, deadline_version int, day_0 date, last_day date, send_by date,
		ends_at timestamptz, finding text, ground text, facts jsonb, would_change jsonb, reply_channel text, last_seq int, words text)`

func complaintRows(lodgings []Lodging) []lodgedRow {
	rows := make([]lodgedRow, len(lodgings))
	for i, l := range lodgings {
		rows[i] = lodgedRow{
			Number: l.Number, DeadlineVersion: l.Deadline.Version,
			Day0: l.Deadline.Day0, LastDay: l.Deadline.LastDay, SendBy: l.Deadline.SendBy,
			Finding: l.Finding.Judgement, Ground: l.Finding.Ground, Facts: l.Finding.Facts, WouldChange: l.Finding.WouldChange,
			ReplyChannel: orNull(string(l.Submission.Correspondent().Channel)), Words: searchText(l.Number, l.Submission),
		}
		if !l.Deadline.LastDay.IsZero() {
			rows[i].EndsAt = &l.Deadline.EndsAt
		}
		if l.Started {
			rows[i].LastSeq = 1
		}
	}
	return rows
}

// searchText is what full-text search finds a complaint by. The identification
// number is not in it: that is found by its hash.
func searchText(number complaint.Number, sub complaint.Submission) string {
	words := []string{string(number), sub.Complainant.Name, sub.Complainant.ContactName,
		sub.Complainant.Email, sub.Complainant.MemberNumber, sub.Topic, sub.Text}
	if r := sub.Representative; r != nil {
		words = append(words, r.Name, r.Email)
	}
	return strings.Join(words, "\n")
}
