package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ombudsdienst/api"
	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// The complaints of a scene. The handler is of HOSPITALISATIE, which is asked about
// all of them but the foreign and the unsplit one; the other is of POST, which is
// asked about the foreign one.
var (
	cases = []string{"ordinary", "foreign", "conflict", "unsplit", "mixed", "pure", "closed"}
	tasks = map[string]string{"ordinary": "HOSPITALISATIE", "foreign": "POST", "pure": "HOSPITALISATIE"} // helped with first
)

// object is a complaint with what hangs on it. What is written on it is marked
// with its name: markordinarytekst, markordinarynaam, ...
type object struct {
	number, code, task                                                 string
	consultation, letter, dpoLetter, document, fromDepartment, finding int64
}

var absent = object{"2026-999999", "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ", "2026-999999", 4711, 4711, 4711, 4711, 4711, 4711}

// scene is a register in which something of everything has happened, behind two
// counters: the house's own, and one that takes back what it did.
type scene struct {
	house
	t        *testing.T
	objects  map[string]*object
	rewound  counter
	rewinder *sqlx.DB
}

func openScene(t *testing.T) *scene {
	t.Helper()
	unlimited := func(c *api.Config) { c.PublicBurst = 1 << 30 }
	s := &scene{house: openHouse(t, unlimited), t: t, objects: map[string]*object{}}
	s.rewinder = rewinding(t, s.appURL)
	s.rewound = open(t, unlimited, func(c *api.Config) {
		desk := deskOver(t, s.rewinder, c.Organisation)
		c.Desk, c.Staff, c.Entrance = desk, &staff.Store{DB: s.rewinder, Now: c.Now}, casework.NewEntrance(desk)
	})
	s.people()
	for _, name := range cases {
		s.objects[name] = s.lodge(name, "")
	}
	for name, department := range tasks {
		s.help(name, department)
	}
	s.askDepartments()
	s.refer()
	s.close()
	for _, name := range cases {
		s.hang(name, s.objects[name])
	}
	s.must(http.StatusAccepted, "POST", "/verification", "supervisor", `{}`)
	return s
}

// people adds those whom commands name, and one whose account is disabled.
func (s *scene) people() {
	store := &staff.Store{DB: s.app, Now: func() time.Time { return noon }}
	for _, login := range []string{"ombuds-1", "ombuds-2", "gone", "hugo"} {
		role, department := staff.Ombuds, ""
		if login == "hugo" {
			role, department = staff.Handler, "UITKERINGEN"
		}
		s.db.MustExec(`INSERT INTO accounts (login, name, role, department, password_hash, created_at)
			VALUES ($1, $1, $2, NULLIF($3, ''), $4, $5)`, login, role, department, longEnough(), noon)
		s.tokens[login] = s.token(s.t, store, login, 0)
	}
	s.db.MustExec(`UPDATE accounts SET disabled_at = $1 WHERE login = 'gone'`, noon)
}

// must asks for what the scene is made of.
func (s *scene) must(status int, method, path, login, body string) map[string]any {
	s.t.Helper()
	return answer(s.t, s.ask(method, "/api/v1"+path, s.tokens[login], body), status)
}

const marked = `{"intake": "email", "language": "nl", "received_at": "2026-02-27T09:00:00Z", "text": "mark%[1]stekst", "topic": "mark%[1]sonderwerp",
	"facts_on": "2026-02-01", "department": "HOSPITALISATIE", %[2]s "contested_decision": {"on": "2026-02-02", "reference": "mark%[1]skenmerk"},
	"complainant": {"name": "mark%[1]snaam", "email": "mark%[1]spost@voorbeeld.example", "street": "mark%[1]sstraat 1", "postcode": "1000",
		"city": "Brussel", "member_number": "mark%[1]slid"},
	"attachments": [{"name": "mark%[1]sbijlage.pdf", "media_type": "application/pdf", "content": "JVBERi0="}]}`

func (s *scene) lodge(name, more string) *object {
	s.t.Helper()
	if name == "unsplit" {
		more += `"concerns_privacy": true,`
	}
	receipt := s.must(http.StatusCreated, "POST", "/submissions", "intake", fmt.Sprintf(marked, name, more))
	return &object{number: receipt["number"].(string), code: receipt["receipt_code"].(string)}
}

// help hands a complaint of its own to a department first.
func (s *scene) help(name, department string) {
	s.t.Helper()
	task := s.lodge(name, "").number
	s.objects[name].task = task
	s.must(http.StatusAccepted, "POST", "/complaints/"+task+"/service-first", "ombuds-2",
		fmt.Sprintf(`{"department": %q, "return_on": "2026-03-12", "agreed": true, "reasons": "mark%svraag"}`, department, name))
	if name == "pure" {
		s.must(http.StatusAccepted, "POST", "/complaints/"+task+"/privacy-referral", "ombuds-2", `{"reasons": "markpurereden", "mixed": false}`)
	}
}

func (s *scene) askDepartments() {
	s.t.Helper()
	for _, name := range cases {
		o, department := s.objects[name], "HOSPITALISATIE"
		switch name {
		case "unsplit": // nobody is asked before the split
			o.consultation = absent.consultation
			continue
		case "foreign":
			department = "POST"
		}
		asked := s.must(http.StatusCreated, "POST", "/complaints/"+o.number+"/consultations", "ombuds-2",
			fmt.Sprintf(`{"department": %q, "question": "mark%svraag"}`, department, name))
		o.consultation = int64(asked["id"].(float64))
		s.must(http.StatusAccepted, "POST", "/complaints/"+o.number+"/notes", "ombuds-2", fmt.Sprintf(`{"text": "mark%snota"}`, name))
		if name == "mixed" || name == "pure" || name == "closed" {
			s.must(http.StatusAccepted, "POST", fmt.Sprintf("/consultations/%d/answer", o.consultation), "handler", fmt.Sprintf(
				`{"answer": "mark%[1]santwoord", "attachments": [{"name": "mark%[1]santwoord.pdf", "media_type": "application/pdf", "content": "JVBERi0="}]}`, name))
		}
	}
	s.must(http.StatusAccepted, "POST", "/complaints/"+s.objects["conflict"].number+"/involved", "intake",
		`{"logins": ["ombuds", "handler"], "reasons": "markconflictreden"}`)
	s.must(http.StatusAccepted, "POST", "/complaints/"+s.objects["ordinary"].number+"/links", "ombuds-2",
		fmt.Sprintf(`{"number": %q, "reasons": "markordinaryreden"}`, s.objects["pure"].number))
}

func (s *scene) refer() {
	s.t.Helper()
	for name, mixed := range map[string]bool{"mixed": true, "pure": false} {
		s.must(http.StatusAccepted, "POST", "/complaints/"+s.objects[name].number+"/privacy-referral", "ombuds-2",
			fmt.Sprintf(`{"reasons": "mark%sreden", "mixed": %t, "suspected_breach": true}`, name, mixed))
	}
	s.must(http.StatusAccepted, "POST", "/privacy/"+s.objects["mixed"].number+"/extension", "dpo", `{"reasons": "markmixedgeheim"}`)
	s.must(http.StatusOK, "GET", "/privacy", "dpo", "")
}

// close ends two of the cases, as their procedures do.
func (s *scene) close() {
	s.t.Helper()
	s.must(http.StatusAccepted, "POST", "/complaints/"+s.objects["closed"].number+"/outcome", "ombuds-2",
		strings.Replace(bodies["POST /api/v1/complaints/{number}/outcome"], "Ja.", "markclosedoordeel", 1))
	s.db.MustExec(`UPDATE complaints SET stage = 'investigating'`)
	s.db.MustExec(`UPDATE complaints SET stage = 'assessing', waiting_for = 'ombuds' WHERE number = $1`, s.objects["unsplit"].number)
	for name, result := range map[string]string{"closed": "answered", "pure": "referred_privacy"} {
		s.db.MustExec(`UPDATE complaints SET stage = 'closed', waiting_for = 'none', result = $2, closed_at = $3 WHERE number IN ($1, $4)`,
			s.objects[name].number, result, noon, s.objects[name].task)
	}
}

// hang finds what hangs on a complaint: a letter that was sent, one of the DPO's
// file (printed, of the mixed one), documents, findings and blocked commands.
func (s *scene) hang(name string, o *object) {
	s.t.Helper()
	const write = `UPDATE letters SET rendered_at = $2, recipient = '', subject = 'Brief', text = $3, pdf = '%PDF-', channel = $4, state = $5,
			left_at = CASE $5 WHEN 'sent' THEN $2::timestamptz END, printed_at = CASE $5 WHEN 'printed' THEN $2::timestamptz END
		WHERE id = (SELECT id FROM letters WHERE number = $1 AND kind = $6) RETURNING id`
	get := func(into *int64, query string, args ...any) {
		if err := s.db.Get(into, query, args...); err != nil {
			s.t.Fatalf("%s: %v", name, err)
		}
	}
	get(&o.letter, write, o.number, noon, "mark"+name+"brief", "email", "sent", "acknowledgement")
	get(&o.document, `SELECT id FROM attachments WHERE number = $1 AND consultation IS NULL`, o.number)
	o.fromDepartment, o.dpoLetter = absent.fromDepartment, absent.dpoLetter
	switch name {
	case "unsplit", "pure":
		get(&o.dpoLetter, write, o.number, noon, "mark"+name+"geheim", "email", "sent", "privacy-transfer")
	case "mixed":
		get(&o.dpoLetter, write, o.number, noon, "mark"+name+"geheim", "post", "printed", "privacy-extension")
	}
	if name == "mixed" || name == "pure" || name == "closed" {
		get(&o.fromDepartment, `SELECT id FROM attachments WHERE number = $1 AND consultation IS NOT NULL`, o.number)
	}
	file, workflow := "", "complaint-"+o.number
	if name == "pure" {
		file, workflow = "privacy", "privacy-"+o.number
	}
	get(&o.finding, `INSERT INTO findings (kind, file, number, subject, text, since, seen_at)
		VALUES ('outbox', $1, $2, '', 'the command waits', $3, $3) RETURNING id`, file, o.number, noon)
	if name == "ordinary" || name == "pure" {
		s.db.MustExec(`UPDATE outbox SET blocked_at = $2 WHERE workflow_id = $1 AND seq = 1`, workflow, noon)
	}
}
