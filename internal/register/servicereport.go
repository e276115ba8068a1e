package register

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// ServiceReport is what a service says it did, asked to help first.
type ServiceReport struct {
	Solved bool
	Report string
	By     string
}

// ReportService keeps what the service says it did, with which the complaint is
// back with the officer, and answers with the messages that tell the officer so.
func (s *Store) ReportService(ctx context.Context, tx *sqlx.Tx, c Case, r ServiceReport) ([]int64, error) {
	err := one(tx.ExecContext(ctx, `
		UPDATE service_first
		SET reported_at = $2, reported_by = $3, solved = $4, report = $5, returned_at = COALESCE(returned_at, $2)
		WHERE number = $1 AND reported_at IS NULL`, c.Number, s.now(), r.By, r.Solved, r.Report))
	if err != nil {
		return nil, wrap(err, "keep what the service did on %s", c.Number)
	}
	event := complaint.WatchEvent{Number: c.Number, Kind: complaint.WatchServiceReported, Version: c.DeadlineVersion}
	watched, err := s.keepWatched(ctx, tx, event, nil)
	if err != nil {
		return nil, wrap(err, "keep what the service did on %s", c.Number)
	}
	return s.oweNotices(ctx, tx, event, watched)
}

// ServiceTaskFilter says which hand-overs to a service a list shows.
type ServiceTaskFilter struct {
	Department string
	Open       bool // the service still has its time and has not said what it did
	Paging
}

// ServiceTaskRow is a complaint that a department helps with first, in its list.
type ServiceTaskRow struct {
	Number          complaint.Number `db:"number" json:"number"`
	Department      string           `db:"department" json:"department"`
	ReturnOn        complaint.Day    `db:"return_on" json:"return_on" format:"date" doc:"on this day the ombuds service takes it back"`
	Open            bool             `db:"open" json:"open" doc:"the department has its time, and has not said what it did"`
	HandedAt        time.Time        `db:"handed_at" json:"handed_at"`
	ReportedAt      *time.Time       `db:"reported_at" json:"reported_at" nullable:"true"`
	Solved          *bool            `db:"solved" json:"solved" nullable:"true"`
	EndedAt         *time.Time       `db:"ended_at" json:"ended_at" nullable:"true" doc:"set when its help ended before it said what it did"`
	ComplainantName string           `db:"complainant_name" json:"complainant_name"`
}

// ServiceTaskPage is a part of the list of hand-overs to services.
type ServiceTaskPage = Page[ServiceTaskRow]

// ServiceTask is one of them with what helping needs of the complaint, and
// nothing more.
type ServiceTask struct {
	ServiceTaskRow
	Reasons      string        `db:"reasons" json:"reasons" doc:"what the officer says that the department must know"`
	MemberNumber string        `db:"member_number" json:"member_number"`
	FactsOn      complaint.Day `db:"facts_on" json:"facts_on" format:"date" nullable:"true"`
	Topic        string        `db:"topic" json:"topic"`
	ReportedBy   *string       `db:"reported_by" json:"reported_by" nullable:"true"`
	Report       *string       `db:"report" json:"report" nullable:"true"`
}

const serviceTaskSelect = `
	SELECT f.number, f.department, f.return_on, f.handed_at, f.reported_at, f.solved, s.name AS complainant_name,
		f.ended_at,
		f.returned_at IS NULL AND f.ended_at IS NULL AND c.stage <> 'closed' AS open`

const serviceTaskFrom = ` FROM service_first f JOIN complaints c USING (number) JOIN submissions s USING (number)`

// ServiceTasks lists hand-overs to services, the first to be back first.
func (s *Store) ServiceTasks(ctx context.Context, f ServiceTaskFilter) (ServiceTaskPage, error) {
	where := &conditions{texts: []string{"NOT c.concealed"}}
	if f.Department != "" {
		where.add("f.department = ?", f.Department)
	}
	if f.Open {
		where.add("f.returned_at IS NULL AND f.ended_at IS NULL AND c.stage <> 'closed'")
	}
	type key struct {
		Return complaint.Day
		Number complaint.Number
	}
	var last key
	if more, err := readCursor(f.Cursor, &last); err != nil {
		return ServiceTaskPage{}, err
	} else if more {
		where.add("(f.return_on, f.number) > (?::date, ?)", last.Return, last.Number)
	}
	var rows []ServiceTaskRow
	query := serviceTaskSelect + serviceTaskFrom + where.where() + fmt.Sprintf(` ORDER BY f.return_on, f.number LIMIT %d`, f.limit()+1)
	if err := s.db.SelectContext(ctx, &rows, query, where.args...); err != nil {
		return ServiceTaskPage{}, wrap(err, "list hand-overs to services")
	}
	for i := range rows {
		rows[i].ComplainantName = complaint.WithoutNISS(rows[i].ComplainantName, complaint.DayOf(s.now()))
	}
	return pageOf(rows, f.Paging, func(r ServiceTaskRow) key { return key{r.ReturnOn, r.Number} }), nil
}

// ServiceTask reads the hand-over of one complaint.
func (s *Store) ServiceTask(ctx context.Context, number complaint.Number) (ServiceTask, error) {
	var task ServiceTask
	err := s.db.GetContext(ctx, &task, serviceTaskSelect+`,
			f.reasons, f.reported_by, f.report, s.member_number, s.facts_on, s.topic`+
		serviceTaskFrom+` WHERE f.number = $1 AND NOT c.concealed`, number)
	today := complaint.DayOf(s.now())
	task.ComplainantName, task.Topic = complaint.WithoutNISS(task.ComplainantName, today), complaint.WithoutNISS(task.Topic, today)
	return task, wrap(missing(err, "hand-over to the service"), "read the hand-over of %s to the service", number)
}
