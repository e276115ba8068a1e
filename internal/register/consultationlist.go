package register

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"
)

// ConsultationFilter says which consultations a list shows.
type ConsultationFilter struct {
	Department string
	Open       bool // without an answer so far
	Paging
}

// Named lists what is filtered by, by name.
func (f ConsultationFilter) Named() []string {
	return named("department", f.Department != "", "open", f.Open)
}

// ConsultationRow is a consultation in the work list of a department.
type ConsultationRow struct {
	ID              int64                       `db:"id" json:"id"`
	Number          complaint.Number            `db:"number" json:"number"`
	Department      string                      `db:"department" json:"department"`
	Question        string                      `db:"question" json:"question"`
	DueOn           complaint.Day               `db:"due_on" json:"due_on" format:"date"`
	State           complaint.ConsultationState `db:"state" json:"state" enum:"open,answered,late,ended,handed_over"`
	FollowUpTo      *int64                      `db:"follow_up_to" json:"follow_up_to" nullable:"true" doc:"the question that it follows up"`
	HandedOverTo    *string                     `db:"handed_over_to" json:"handed_over_to" nullable:"true" doc:"the department that continues it"`
	Overdue         bool                        `db:"overdue" json:"overdue" doc:"open after the due day"`
	AskedAt         time.Time                   `db:"asked_at" json:"asked_at"`
	AnsweredAt      *time.Time                  `db:"answered_at" json:"answered_at" nullable:"true"`
	ComplainantName string                      `db:"complainant_name" json:"complainant_name"`
}

// ConsultationPage is a part of the list of consultations.
type ConsultationPage = Page[ConsultationRow]

// ConsultationView is a consultation with what answering it needs of the
// complaint, and nothing more.
type ConsultationView struct {
	ConsultationRow
	AskedBy            string           `db:"asked_by" json:"asked_by"`
	HandedOverBy       *string          `db:"handed_over_by" json:"handed_over_by" nullable:"true" doc:"the department that had the question before"`
	HandOverReasons    *string          `db:"hand_over_reasons" json:"hand_over_reasons" nullable:"true" doc:"why it came from there"`
	AnsweredBy         *string          `db:"answered_by" json:"answered_by" nullable:"true"`
	Answer             *string          `db:"answer" json:"answer" nullable:"true"`
	ProposedRemedy     *string          `db:"proposed_remedy" json:"proposed_remedy" nullable:"true"`
	MemberNumber       string           `db:"member_number" json:"member_number"`
	FactsOn            complaint.Day    `db:"facts_on" json:"facts_on" format:"date" nullable:"true"`
	Topic              string           `db:"topic" json:"topic"`
	ContestedReference *string          `db:"contested_reference" json:"contested_reference" nullable:"true"`
	AnswerAttachments  []AttachmentInfo `db:"-" json:"attachments" doc:"documents that came with the answer"`
}

// spare takes out identification numbers that were typed where they do not belong.
func (r *ConsultationRow) spare(today complaint.Day) {
	r.ComplainantName = complaint.WithoutNISS(r.ComplainantName, today)
}

func (v *ConsultationView) spare(today complaint.Day) {
	v.ConsultationRow.spare(today)
	v.Topic = complaint.WithoutNISS(v.Topic, today)
	if v.ContestedReference != nil {
		*v.ContestedReference = complaint.WithoutNISS(*v.ContestedReference, today)
	}
}

// notConcealed leaves out what is the DPO's alone since it was asked about.
const notConcealed = `NOT EXISTS (SELECT FROM complaints c WHERE c.number = q.number AND c.concealed)`

// consultationSelect takes the present day as $1.
const consultationSelect = `
	SELECT q.id, q.number, q.department, q.question, q.due_on, q.state, q.asked_at, q.answered_at,
		q.state = 'open' AND q.due_on < $1::date AS overdue, s.name AS complainant_name, q.follow_up_to,
		(SELECT n.department FROM consultations n WHERE n.handed_over_from = q.id) AS handed_over_to`

// Consultations lists consultations, the first due first.
func (s *Store) Consultations(ctx context.Context, f ConsultationFilter) (ConsultationPage, error) {
	where := &conditions{args: []any{complaint.DayOf(s.now())}}
	where.add(notConcealed)
	if f.Department != "" {
		where.add("q.department = ?", f.Department)
	}
	if f.Open {
		where.add("q.state = 'open'")
	}
	type key struct {
		Due complaint.Day
		ID  int64
	}
	var last key
	if more, err := readCursor(f.Cursor, &last); err != nil {
		return ConsultationPage{}, err
	} else if more {
		where.add("(q.due_on, q.id) > (?::date, ?)", last.Due, last.ID)
	}
	var rows []ConsultationRow
	query := consultationSelect + ` FROM consultations q JOIN submissions s USING (number)` + where.where() +
		fmt.Sprintf(` ORDER BY q.due_on, q.id LIMIT %d`, f.limit()+1)
	if err := s.db.SelectContext(ctx, &rows, query, where.args...); err != nil {
		return ConsultationPage{}, wrap(err, "list consultations")
	}
	for i := range rows {
		rows[i].spare(complaint.DayOf(s.now()))
	}
	return pageOf(rows, f.Paging, func(r ConsultationRow) key { return key{r.DueOn, r.ID} }), nil
}

// ConsultationView reads one consultation with what answering it needs.
func (s *Store) ConsultationView(ctx context.Context, id int64) (ConsultationView, error) {
	var view ConsultationView
	err := s.db.GetContext(ctx, &view, consultationSelect+`,
			q.asked_by, q.answered_by, q.answer, q.proposed_remedy, q.hand_over_reasons,
			(SELECT b.department FROM consultations b WHERE b.id = q.handed_over_from) AS handed_over_by,
			s.member_number, s.facts_on, s.topic, s.contested_reference
		FROM consultations q JOIN submissions s USING (number)
		WHERE q.id = $2 AND `+notConcealed, complaint.DayOf(s.now()), id)
	if err != nil {
		return ConsultationView{}, wrap(missing(err, "consultation"), "read consultation %d", id)
	}
	view.spare(complaint.DayOf(s.now()))
	view.AnswerAttachments = []AttachmentInfo{}
	err = s.db.SelectContext(ctx, &view.AnswerAttachments, `
		SELECT a.id, a.number, a.consultation, a.name, a.media_type, length(a.content) AS size, `+scanColumns+`
		FROM attachments a LEFT JOIN attachment_scans x ON x.attachment = a.id
		WHERE a.consultation = $1
		ORDER BY a.id`, id)
	return view, wrap(err, "read the documents of consultation %d", id)
}
