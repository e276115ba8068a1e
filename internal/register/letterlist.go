package register

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/lib/pq"

	"github.com/jmoiron/sqlx"
)

// LetterFilter says which letters a list shows.
type LetterFilter struct {
	State  complaint.LetterState
	Due    bool // waits for a person: to be posted, or to be settled
	Number complaint.Number
	Posts  bool // the reader posts letters: those printed of privacy files are listed too
	Paging
}

// Named lists what is filtered by, by name.
func (f LetterFilter) Named() []string {
	return named("state", f.State != "", "due", f.Due, "number", f.Number != "")
}

// LetterRow is a letter without its words.
type LetterRow struct {
	ID            int64                 `db:"id" json:"id"`
	Number        complaint.Number      `db:"number" json:"number"`
	Kind          complaint.LetterKind  `db:"kind" json:"kind"`
	State         complaint.LetterState `db:"state" json:"state"`
	Channel       complaint.Channel     `db:"channel" json:"channel"`
	Department    *string               `db:"department" json:"department" nullable:"true" doc:"to whom; null: the complainant"`
	Language      *complaint.Language   `db:"language" json:"language" nullable:"true"`
	SendBy        complaint.Day         `db:"send_by" json:"send_by" format:"date" nullable:"true" doc:"send-by day of its complaint"`
	OwedAt        time.Time             `db:"owed_at" json:"owed_at"`
	RenderedAt    *time.Time            `db:"rendered_at" json:"rendered_at" nullable:"true"`
	PrintedAt     *time.Time            `db:"printed_at" json:"printed_at" nullable:"true"`
	LeftAt        *time.Time            `db:"left_at" json:"left_at" nullable:"true" doc:"sent or posted"`
	PostedOn      complaint.Day         `db:"posted_on" json:"posted_on" format:"date" nullable:"true"`
	Attempts      int                   `db:"attempts" json:"attempts"`
	ErrorCode     *string               `db:"last_error_code" json:"error_code" nullable:"true"`
	SettledBy     *string               `db:"settled_by" json:"settled_by" nullable:"true"`
	SettledReason *string               `db:"settled_reason" json:"settled_reason" nullable:"true"`
	CopyOf        *int64                `db:"copy_of" json:"copy_of" nullable:"true" doc:"the letter to the representative that this is the complainant's copy of"`
	ProviderID    *string               `db:"provider_id" json:"provider_id" nullable:"true" doc:"the Message-ID with which it left, or the name of its file"`
	MessageID     *string               `db:"message_id" json:"message_id" nullable:"true" doc:"the Message-ID with which it is tried, to be found in the mail server's log"`
	FellBackAt    *time.Time            `db:"fell_back_at" json:"fell_back_at" nullable:"true" doc:"since when it goes by post, because e-mail did not reach the addressee"`
	FellBackCode  *string               `db:"fell_back_code" json:"fell_back_code" nullable:"true" doc:"why: smtp_550, bounced, machine_address, unreachable, ..."`
	HeldUntil     *time.Time            `db:"held_until" json:"held_until" nullable:"true" doc:"of a letter that waits because its address has had enough for a day"`
	BouncedAt     *time.Time            `db:"bounced_at" json:"bounced_at" nullable:"true" doc:"when it was noted that it came back after it was sent"`
	BouncedBy     *string               `db:"bounced_by" json:"bounced_by" nullable:"true"`
	Postal        bool                  `db:"postal" json:"postal" doc:"it can go by post"`
	OfDPO         bool                  `db:"of_dpo" json:"-"` // its complaint, or the letter itself, is the DPO's alone
}

// withoutContent leaves out which department was written to and what people said
// of the letter.
func (r LetterRow) withoutContent() LetterRow {
	r.Department, r.Language, r.SettledReason = nil, nil, nil
	return r
}

// LetterPage is a part of the list of letters.
type LetterPage = Page[LetterRow]

// LetterText is a letter with its words; empty before it is written.
type LetterText struct {
	LetterRow
	Recipient string `db:"recipient" json:"recipient" doc:"e-mail address; empty for post"`
	Subject   string `db:"subject" json:"subject"`
	Text      string `db:"text" json:"text"`

	BounceReasons *string `db:"bounce_reasons" json:"bounce_reasons" nullable:"true"`
}

const letterColumns = `l.id, l.number, l.kind, l.state, l.channel, l.department, l.language, c.send_by, l.owed_at,
	l.rendered_at, l.printed_at, l.left_at, l.posted_on, l.attempts, l.last_error_code, l.settled_by, l.settled_reason, l.copy_of,
	c.concealed OR l.file <> '' AS of_dpo, l.provider_id, l.message_id, l.fell_back_at, l.fell_back_code, l.held_until, l.bounced_at, l.bounced_by,
	l.staff IS NULL AND (l.department IS NOT NULL OR l.channel = 'post' OR EXISTS (
		SELECT FROM submissions s WHERE s.number = l.number AND (s.street <> '' AND s.city <> ''
			OR s.representative->>'street' <> '' AND s.representative->>'city' <> ''))) AS postal`

// Letters lists letters, the longest owed first. Those of privacy files are the
// DPO's; whoever posts letters sees that one lies printed, and nothing more.
func (s *Store) Letters(ctx context.Context, f LetterFilter) (LetterPage, error) {
	where := &conditions{}
	if f.State != "" {
		where.add("l.state = ?", f.State)
	}
	if f.Number != "" {
		where.add("l.number = ?", f.Number)
	}
	if f.Due {
		where.add("l.state IN ('printed', 'failed', 'in_doubt', 'held')")
	}
	if f.Posts {
		where.add("(l.file = '' OR l.state = 'printed')")
	} else {
		where.add("l.file = ''")
	}
	var last int64
	if more, err := readCursor(f.Cursor, &last); err != nil {
		return LetterPage{}, err
	} else if more {
		where.add("l.id > ?", last)
	}
	var rows []LetterRow
	err := s.db.SelectContext(ctx, &rows, `
		SELECT `+letterColumns+`
		FROM letters l JOIN complaints c USING (number)`+where.where()+
		fmt.Sprintf(` ORDER BY l.id LIMIT %d`, f.limit()+1), where.args...)
	if err != nil {
		return LetterPage{}, wrap(err, "list letters")
	}
	for i, r := range rows {
		if r.OfDPO {
			rows[i] = r.withoutContent()
		}
	}
	return pageOf(rows, f.Paging, func(r LetterRow) int64 { return r.ID }), nil
}

func lettersOf(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) ([]LetterRow, error) {
	rows := []LetterRow{}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT `+letterColumns+`
		FROM letters l JOIN complaints c USING (number)
		WHERE l.number = $1
		ORDER BY l.id`, number)
	return rows, wrap(err, "read the letters of %s", number)
}

// Letter reads one letter with its words.
func (s *Store) Letter(ctx context.Context, id int64) (LetterText, error) {
	var letter LetterText
	err := s.db.GetContext(ctx, &letter, `
		SELECT `+letterColumns+`,
			COALESCE(l.recipient, '') AS recipient, COALESCE(l.subject, '') AS subject, COALESCE(l.text, '') AS text, l.bounce_reasons
		FROM letters l JOIN complaints c USING (number)
		WHERE l.id = $1`, id)
	return letter, wrap(missing(err, "letter"), "read letter %d", id)
}

// LetterPDF reads the letter as it leaves; nothing before it is written.
func (s *Store) LetterPDF(ctx context.Context, id int64) ([]byte, error) {
	var pdf []byte
	err := s.db.GetContext(ctx, &pdf, `SELECT pdf FROM letters WHERE id = $1`, id)
	return pdf, wrap(missing(err, "letter"), "read letter %d", id)
}

// CountLetters counts letters by state.
func (s *Store) CountLetters(ctx context.Context, states []complaint.LetterState) (map[complaint.LetterState]int, error) {
	var rows []struct {
		State   complaint.LetterState `db:"state"`
		Letters int                   `db:"letters"`
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT state, count(*) AS letters FROM letters WHERE state = ANY ($1) GROUP BY state`, pq.Array(states))
	counts := map[complaint.LetterState]int{}
	for _, row := range rows {
		counts[row.State] = row.Letters
	}
	return counts, wrap(err, "count letters")
}
