package register

import (
	"context"
	"encoding/json"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Lodging is a submission as it is stored: checked, numbered and judged, with
// what it owes and leaves behind.
type Lodging struct {
	Number       complaint.Number
	Submission   complaint.Submission
	RegisteredAt time.Time
	LodgedBy     string // login; empty for the public
	ReceiptCode  string
	Finding      complaint.Finding
	Deadline     complaint.Deadline // zero LastDay: no term runs yet
	Moments      complaint.Moments
	Started      bool // its start follows, here or by AppendStarts, so the first place in its outbox is given

	Letters []NumberedLetter
	Event   NewEvent         // without a kind: none
	Audit   Audit            // without an action: none
	Start   *complaint.Start // nil: none, or AppendStarts follows
}

// NumberedLetter is an owed letter under an ID that Places took for it.
type NumberedLetter struct {
	ID int64
	OwedLetter
}

// Places are numbers of complaints in a row, and IDs for letters.
type Places struct {
	Year    int
	First   int // place in the year
	Letters []int64
}

// Number is the i-th of the numbers, from 0.
func (p Places) Number(i int) complaint.Number { return complaint.NewNumber(p.Year, p.First+i) }

// TakePlaces takes the next n numbers of the year in which a moment falls in
// Brussels, and IDs for letters. The numbers are taken when the transaction
// commits and not at all otherwise; until then other lodgings of the year wait.
func (s *Store) TakePlaces(ctx context.Context, tx *sqlx.Tx, at time.Time, n, letters int) (Places, error) {
	var p Places
	p.Year, _, _ = complaint.DayOf(at).Date()
	statement, err := s.statement(ctx, tx, `
		WITH counted AS (
			INSERT INTO counters (year, last) VALUES ($1, $2)
			ON CONFLICT (year) DO UPDATE SET last = counters.last + excluded.last
			RETURNING last
		)
		SELECT last, ARRAY(SELECT nextval('letters_id_seq') FROM generate_series(1, $3)) FROM counted`)
	if err == nil {
		err = statement.QueryRowContext(ctx, p.Year, n, letters).Scan(&p.First, pq.Array(&p.Letters))
	}
	p.First += 1 - n
	return p, wrap(err, "take the next number")
}

// Lodge stores submissions with their complaints, their deadlines and all that
// they leave behind, however many they are, in one statement: each that is sent
// costs everybody who waits for a number. What few bring along is stored one by
// one.
func (s *Store) Lodge(ctx context.Context, tx *sqlx.Tx, lodgings ...Lodging) error {
	err := s.insertLodgings(ctx, tx, lodgings)
	if err == nil {
		err = s.insertRepresentations(ctx, tx, lodgings)
	}
	if err == nil {
		err = insertAttachments(ctx, tx, lodgings)
	}
	return wrap(err, "store %d submissions", len(lodgings))
}

// Each part is checked against the rows it refers to when the statement ends.
const newLodgings = `
	WITH initiatives_added AS (` + newInitiatives + `),
	complaints_added AS (` + newComplaints + `),
	terms_added AS (` + newTerms + `),
	deadlines_added AS (` + newDeadlines + `),
	letters_added AS (` + lodgedLetters + `),
	events_added AS (` + lodgedEvents + `),
	audits_added AS (` + lodgedAudits + `),
	starts_added AS (` + lodgedStarts + `)
	` + newSubmissions

func (s *Store) insertLodgings(ctx context.Context, tx *sqlx.Tx, lodgings []Lodging) error {
	if err := s.checkKey(ctx, tx); err != nil {
		return err
	}
	if err := s.ready(ctx, tx); err != nil {
		return err
	}
	submissions, err := s.submissionRows(lodgings)
	if err != nil {
		return err
	}
	events, audits, err := s.historyRows(lodgings)
	if err != nil {
		return err
	}
	var contents []any
	for _, rows := range []any{
		submissions, initiativeRows(lodgings), complaintRows(lodgings), termRows(lodgings),
		s.letterRows(lodgings), events, audits, s.firstRows(lodgings),
	} {
		content, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		contents = append(contents, string(content))
	}
	statement, err := s.statement(ctx, tx, newLodgings)
	if err != nil {
		return err
	}
	return exactly(len(submissions))(statement.ExecContext(ctx, contents...))
}

type lodgedLetter struct {
	ID int64 `json:"id"`
	owedRow
}

const lodgedLetters = `
	INSERT INTO letters (id, number, kind, version, channel, department, language, owed_at, copy_of)
	SELECT id, number, kind, version, channel, department, language, owed_at, copy_of
	FROM json_to_recordset($5) AS new (id bigint, number text, kind text, version bigint, channel text, department text,
		language text, owed_at timestamptz, copy_of bigint)`

func (s *Store) letterRows(lodgings []Lodging) []lodgedLetter {
	rows := []lodgedLetter{}
	for _, l := range lodgings {
		for _, letter := range l.Letters {
			rows = append(rows, lodgedLetter{letter.ID, s.owedRow(letter.OwedLetter)})
		}
	}
	return rows
}

type lodgedEvent struct {
	Number  complaint.Number `json:"number"`
	At      time.Time        `json:"at"`
	Kind    string           `json:"kind"`
	Actor   string           `json:"actor"`
	Details json.RawMessage  `json:"details"`
	Mark    optional         `json:"mark"`
}

type lodgedAudit struct {
	Number  *string   `json:"number"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Role    string    `json:"role"`
	Action  string    `json:"action"`
	Address string    `json:"address"`
	Fields  []string  `json:"fields"`
	Mark    optional  `json:"mark"`
}

const (
	lodgedEvents = `
		INSERT INTO events (number, at, kind, actor, details, mark)
		SELECT number, at, kind, actor, details, mark
		FROM json_to_recordset($6) AS new (number text, at timestamptz, kind text, actor text, details jsonb, mark bytea)`
	lodgedAudits = `
		INSERT INTO audit (at, actor, role, action, number, address, fields, mark)
		SELECT at, actor, role, action, number, address, fields, mark
		FROM json_to_recordset($7) AS new (at timestamptz, actor text, role text, action text, number text, address text,
			fields text[], mark bytea)`
)

// historyRows are the lines of history and audit about lodgings.
func (s *Store) historyRows(lodgings []Lodging) (events []lodgedEvent, audits []lodgedAudit, err error) {
	events, audits = []lodgedEvent{}, []lodgedAudit{}
	at := s.moment()
	for _, l := range lodgings {
		if e := l.Event; e.Kind != "" {
			row := lodgedEvent{Number: e.Number, At: at, Kind: e.Kind, Actor: e.Actor}
			if row.Details, row.Mark, err = s.detailsOf(at, e); err != nil {
				return nil, nil, err
			}
			events = append(events, row)
		}
		if a := l.Audit; a.Action != "" {
			audits = append(audits, lodgedAudit{
				orNull(string(a.Number)), at, a.Actor, a.Role, a.Action, a.Address, append([]string{}, a.Fields...), s.markAudit(at, a),
			})
		}
	}
	return events, audits, nil
}

const lodgedStarts = `
	INSERT INTO outbox (workflow_id, number, seq, kind, body, created_at, next_at)
	SELECT workflow_id, number, 1, 'Start', body, created_at, created_at
	FROM json_to_recordset($8) AS new (workflow_id text, number text, body jsonb, created_at timestamptz)
	ORDER BY number`

// firstRows are the starts that are known already.
func (s *Store) firstRows(lodgings []Lodging) []startRow {
	rows := []startRow{}
	for _, l := range lodgings {
		if l.Start != nil {
			rows = append(rows, s.startRow(l.Number, *l.Start))
		}
	}
	return rows
}
