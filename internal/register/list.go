package register

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// ComplaintFilter says which complaints a list shows; what is empty filters
// nothing. Lists run from the latest number backwards.
type ComplaintFilter struct {
	Stage        complaint.Stage
	Department   string
	Result       complaint.Result
	Language     complaint.Language
	Overdue      bool          // open after the end of the term
	DueBefore    complaint.Day // the last day is before it; open complaints only
	ReceivedFrom complaint.Day // inclusive
	ReceivedTo   complaint.Day // inclusive
	Mine         bool          // handled by the caller, whose login is then Officer, or while standing in
	Officer      string
	Q            string // full-text: names, text, letters, number; or an identification number
	NISS         string // eleven digits, found by exact match
	Paging
}

// Named lists what is filtered by, by name.
func (f ComplaintFilter) Named() []string {
	return named("stage", f.Stage != "", "department", f.Department != "", "result", f.Result != "",
		"language", f.Language != "", "overdue", f.Overdue, "due_before", !f.DueBefore.IsZero(),
		"received_from", !f.ReceivedFrom.IsZero(), "received_to", !f.ReceivedTo.IsZero(), "mine", f.Mine, "q", f.Q != "", "niss", f.NISS != "")
}

// ComplaintRow is a complaint in a list.
type ComplaintRow struct {
	Number          complaint.Number     `db:"number" json:"number"`
	Stage           complaint.Stage      `db:"stage" json:"stage"`
	Result          *complaint.Result    `db:"result" json:"result" nullable:"true" doc:"how it ended; null while it is open"`
	Intake          complaint.Intake     `db:"intake" json:"intake"`
	Language        complaint.Language   `db:"language" json:"language"`
	Department      *string              `db:"department" json:"department" nullable:"true"`
	ReceivedOn      complaint.Day        `db:"-" json:"received_on" format:"date"`
	LastDay         complaint.Day        `db:"last_day" json:"last_day" format:"date" nullable:"true"`
	SendBy          complaint.Day        `db:"send_by" json:"send_by" format:"date" nullable:"true" doc:"last working day on or before the last day"`
	EndsAt          *time.Time           `db:"ends_at" json:"ends_at" nullable:"true"`
	Overdue         bool                 `db:"overdue" json:"overdue" doc:"open after the end of the term"`
	DaysLeft        *int                 `db:"-" json:"days_left" nullable:"true" doc:"calendar days to the last day; null when no term runs"`
	WaitingFor      complaint.WaitingFor `db:"waiting_for" json:"waiting_for"`
	Officer         *string              `db:"officer" json:"officer" nullable:"true"`
	ComplainantName string               `db:"complainant_name" json:"complainant_name"`
	Concealed       bool                 `db:"concealed" json:"concealed" doc:"all of it is about personal data: what it is about, how it came and in which language is the DPO's alone"`
	Topic           string               `db:"topic" json:"topic"`
	NewDocument     bool                 `db:"new_document" json:"new_document" doc:"the complainant sent something that no officer has looked at"`
	ReceivedAt      time.Time            `db:"received_at" json:"received_at"`
}

// ComplaintPage is a part of the list of complaints.
type ComplaintPage = Page[ComplaintRow]

// complaintSelect takes the present moment as $1. Of what is the DPO's alone it
// shows number, dates and how it ended.
const complaintSelect = `
	SELECT c.number, c.stage, c.result, ` + receivedAt + ` AS received_at, c.last_day, c.send_by,
		c.ends_at, COALESCE(c.stage <> 'closed' AND c.ends_at <= $1, false) AS overdue, c.waiting_for, c.officer,
		CASE WHEN c.concealed THEN '' ELSE s.name END AS complainant_name,
		CASE WHEN c.concealed THEN '' ELSE s.topic END AS topic, c.concealed,
		CASE WHEN c.concealed THEN '' ELSE s.intake END AS intake,
		CASE WHEN c.concealed THEN '' ELSE s.language END AS language,
		CASE WHEN c.concealed THEN NULL ELSE s.department END AS department,
		NOT c.concealed AND EXISTS (SELECT FROM documents d WHERE d.number = c.number AND d.added_by IS NULL
			AND NOT EXISTS (SELECT FROM audit a WHERE a.number = c.number AND a.action = 'look_file'
				AND a.role = 'ombuds' AND a.at >= d.added_at)) AS new_document
	FROM complaints c JOIN submissions s USING (number)`

// dated fills in what follows from the present day.
func (r *ComplaintRow) dated(now time.Time) {
	r.ReceivedOn = complaint.DayOf(r.ReceivedAt)
	if r.Stage != complaint.Closed && !r.LastDay.IsZero() {
		left := complaint.DayOf(now).DaysUntil(r.LastDay)
		r.DaysLeft = &left
	}
}

// conditions collects what a list is filtered by, with its arguments.
type conditions struct {
	texts []string
	args  []any
}

// add takes a condition in which each ? stands for the next argument.
func (c *conditions) add(condition string, args ...any) {
	for _, arg := range args {
		c.args = append(c.args, arg)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.texts = append(c.texts, condition)
}

func (c *conditions) where() string {
	if len(c.texts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.texts, " AND ")
}

// Complaints lists complaints.
func (s *Store) Complaints(ctx context.Context, f ComplaintFilter) (ComplaintPage, error) {
	now := s.now()
	if err := s.ready(ctx, s.db); err != nil {
		return ComplaintPage{}, err
	}
	where, err := s.complaintConditions(f, now)
	if err != nil {
		return ComplaintPage{}, err
	}
	if err := s.officerCondition(ctx, where, f.Officer, complaint.DayOf(now)); err != nil {
		return ComplaintPage{}, err
	}
	var rows []ComplaintRow
	query := complaintSelect + where.where() + fmt.Sprintf(` ORDER BY c.number DESC LIMIT %d`, f.limit()+1)
	if err := s.db.SelectContext(ctx, &rows, query, where.args...); err != nil {
		return ComplaintPage{}, wrap(err, "list complaints")
	}
	for i := range rows {
		rows[i].dated(now)
	}
	return pageOf(rows, f.Paging, func(r ComplaintRow) complaint.Number { return r.Number }), nil
}

func (s *Store) complaintConditions(f ComplaintFilter, now time.Time) (*conditions, error) {
	where := &conditions{args: []any{now}}
	texts := []struct{ condition, value string }{
		{"c.stage = ?", string(f.Stage)},
		{"c.result = ?", string(f.Result)},
		{"NOT c.concealed AND s.language = ?", string(f.Language)},
		{"NOT c.concealed AND s.department = ?", f.Department},
	}
	for _, t := range texts {
		if t.value != "" {
			where.add(t.condition, t.value)
		}
	}
	if f.Overdue {
		where.add("c.stage <> 'closed' AND c.ends_at <= $1")
	}
	if !f.DueBefore.IsZero() {
		where.add("c.stage <> 'closed' AND c.last_day < ?", f.DueBefore)
	}
	if !f.ReceivedFrom.IsZero() {
		where.add("s.received_at >= ?", f.ReceivedFrom.Start())
	}
	if !f.ReceivedTo.IsZero() {
		where.add("s.received_at < ?", f.ReceivedTo.End())
	}
	s.searchCondition(where, f.Q, now)
	if f.NISS != "" {
		where.add("NOT c.concealed AND s.niss_hash = ?", s.keys.Hash(purposeNISS, []byte(f.NISS)))
	}
	var last complaint.Number
	if more, err := readCursor(f.Cursor, &last); err != nil {
		return nil, err
	} else if more {
		where.add("c.number < ?", last)
	}
	return where, nil
}

// searchCondition looks for a number or a part of one, an identification number
// by its hash, or words by their beginnings.
func (s *Store) searchCondition(where *conditions, query string, now time.Time) {
	query = strings.TrimSpace(query)
	digits, err := complaint.ParseNISS(query, complaint.DayOf(now))
	switch {
	case query == "":
	case complaint.Number(query).Valid():
		where.add("c.number = ?", query)
	case err == nil:
		where.add("NOT c.concealed AND s.niss_hash = ?", s.keys.Hash(purposeNISS, []byte(digits)))
	default:
		words := "c.search @@ " + wordBeginnings
		if part := strings.Trim(query, "-"); numberPart.MatchString(part) {
			where.add("("+words+" OR c.number LIKE '%' || ? || '%')", part, part)
		} else {
			where.add(words, query)
		}
	}
}

// wordBeginnings reads words, "phrases", or and -not, and takes each word for the
// beginning of one. PostgreSQL makes a query of anything that people type, and
// writes it with its words in single quotes, which are then marked.
const wordBeginnings = `regexp_replace(websearch_to_tsquery('simple', ?)::text, '''([^'']|'''')*''', '\&:*', 'g')::tsquery`

// numberPart tells what may be a part of a complaint's number.
var numberPart = regexp.MustCompile(`^[0-9][0-9-]{0,10}$`)

// complaintRow reads one complaint as a list shows it.
func complaintRow(ctx context.Context, db sqlx.QueryerContext, number complaint.Number, now time.Time) (ComplaintRow, error) {
	var row ComplaintRow
	err := sqlx.GetContext(ctx, db, &row, complaintSelect+` WHERE c.number = $2`, now, number)
	row.dated(now)
	return row, wrap(missing(err, "complaint"), "read complaint %s", number)
}
