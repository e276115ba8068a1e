package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ombudsdienst/api"
	"ombudsdienst/internal/complaint"
)

// The malformed requests are made from the description of the running server,
// so a new route is covered by itself. The many are thrown with
//
//	go test -run TestMalformedRequests ./api -malformed.requests 20000
//
// and one that failed is thrown again alone with its seed and place.
var (
	malformedRequests = flag.Int("malformed.requests", 3000, "how many malformed requests are thrown")
	malformedSeed     = flag.Uint64("malformed.seed", 1, "seed of the malformed requests")
	malformedPlace    = flag.Int("malformed.place", -1, "throws only the request at this place")
)

// throwers is how many throw at one time.
const throwers = 8

// TestMalformedRequests: each is refused in the contract's form, none repeats
// what was sent, and nothing is written but the audit.
func TestMalformedRequests(t *testing.T) {
	h, address, known := shootingRange(t)
	g := loadGun(t, h, known)
	before := h.contents(t)
	places := make(chan int)
	var throwing sync.WaitGroup
	for range throwers {
		throwing.Go(func() {
			l := &line{address: address}
			defer l.hangUp()
			for place := range places {
				s := g.shot(place)
				if wrong := l.throw(s); wrong != "" {
					t.Errorf("-malformed.seed %d -malformed.place %d (%s): %s\n%.1500q", g.seed, place, s.why, wrong, s.bytes)
				}
			}
		})
	}
	for place := range *malformedRequests {
		if *malformedPlace < 0 || place == *malformedPlace {
			places <- place
		}
	}
	close(places)
	throwing.Wait()
	for table, content := range h.contents(t) {
		if before[table] != content {
			t.Errorf("something was written to %s", table)
		}
	}
	if t.Failed() {
		t.Logf("%.3000s", h.log)
	}
}

// shootingRange is a running server over a register with cases to shoot at. Its limits
// on how much one address may ask are lifted.
func shootingRange(t *testing.T) (house, string, map[string][]string) {
	h := openHouse(t, func(c *api.Config) { c.PublicBurst = 1 << 30 })
	number, code := lodged(t, h, webForm)
	other, _ := lodged(t, h, strings.Replace(webForm, `"intake"`, `"concerns_privacy": true, "intake"`, 1))
	asked := answer(t, h.ask("POST", "/api/v1/complaints/"+number+"/consultations", h.tokens["ombuds"],
		`{"department": "HOSPITALISATIE", "question": "Waarom?"}`), http.StatusCreated)
	server := httptest.NewUnstartedServer(nil)
	server.Config = api.NewServer(h)
	server.Config.ReadTimeout = 5 * time.Second
	server.Listener = api.Listen(server.Listener)
	server.Start()
	t.Cleanup(server.Close)
	return h, server.Listener.Addr().String(), map[string][]string{
		"number": {number, other}, "receipt_code": {code}, "id": {fmt.Sprint(asked["id"]), "1", "2", "3"},
		"workflow_id": {"complaint-" + number}, "login": {"ombuds", "other"},
	}
}

func lodged(t *testing.T, h house, body string) (number, code string) {
	receipt := answer(t, h.ask("POST", lodging, "", body), http.StatusCreated)
	return receipt["number"].(string), receipt["receipt_code"].(string)
}

func loadGun(t *testing.T, h house, known map[string][]string) *gun {
	var document map[string]any
	if err := json.Unmarshal(h.ask("GET", "/openapi.json", "", "").Body.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	return &gun{
		seed: *malformedSeed, named: sub(sub(document, "components"), "schemas"), routes: routesOf(document),
		tokens: h.tokens, known: known,
	}
}

// traces are the tables in which a refused request or a look may leave a line:
// the audit with what binds its lines together, and when a token was last used.
var traces = []string{"audit", "bindings", "tokens", "goose_db_version"}

// contents is each table's rows in one text, all of one moment.
func (h house) contents(t *testing.T) map[string]string {
	t.Helper()
	var tables, parts []string
	if err := h.db.Select(&tables, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if !slices.Contains(traces, table) {
			parts = append(parts, `SELECT '`+table+`' AS name, count(*) || ' ' ||
				coalesce(md5(string_agg(r::text, E'\n' ORDER BY r::text)), '') AS content FROM `+table+` r`)
		}
	}
	var rows []struct{ Name, Content string }
	if err := h.db.Select(&rows, strings.Join(parts, " UNION ALL ")); err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, row := range rows {
		contents[row.Name] = row.Content
	}
	return contents
}

// line is a connection to the server, opened again when it was closed.
type line struct {
	address string
	conn    net.Conn
	reader  *bufio.Reader
}

func (l *line) hangUp() {
	if l.conn != nil {
		_ = l.conn.Close()
	}
	l.conn = nil
}

// throw sends a shot and tells what is wrong with the answer.
func (l *line) throw(s shot) string {
	if l.conn == nil {
		conn, err := net.Dial("tcp", l.address)
		if err != nil {
			return err.Error()
		}
		l.conn, l.reader = conn, bufio.NewReader(conn)
	}
	_ = l.conn.SetDeadline(time.Now().Add(time.Minute))
	_, _ = l.conn.Write(s.bytes) // it may be refused before it is all there
	if s.ends {
		_ = l.conn.(*net.TCPConn).CloseWrite()
	}
	response, err := http.ReadResponse(l.reader, &http.Request{Method: s.method})
	if err != nil {
		l.hangUp()
		return "no answer: " + err.Error()
	}
	body, err := io.ReadAll(response.Body)
	if response.Close || s.ends || err != nil {
		l.hangUp()
	}
	return faultOf(s, response, body)
}

func faultOf(s shot, response *http.Response, body []byte) string {
	var head bytes.Buffer
	_ = response.Header.Write(&head) // memory takes it
	whole := strings.ToLower(head.String() + string(body))
	switch {
	case response.StatusCode >= http.StatusInternalServerError:
		return fmt.Sprintf("%d: %s", response.StatusCode, body)
	case strings.Contains(whole, s.marker):
		return fmt.Sprintf("%d repeats what was sent: %s", response.StatusCode, whole)
	case response.StatusCode < http.StatusBadRequest && s.mayPass:
		return ""
	case response.StatusCode < http.StatusBadRequest:
		return fmt.Sprintf("%d: it was taken: %s", response.StatusCode, body)
	}
	return formFault(response, body)
}

// formFault holds a refusal against the contract's form.
func formFault(response *http.Response, body []byte) string {
	var p struct {
		Type, Title, Detail, Code string
		Status                    int
		Errors                    []complaint.FieldError
	}
	kind := response.Header.Get("Content-Type")
	if err := json.Unmarshal(body, &p); err != nil || kind != "application/problem+json" {
		return fmt.Sprintf("%d is no problem: %s %s", response.StatusCode, kind, body)
	}
	if p.Type == "" || p.Title == "" || p.Detail == "" || p.Code == "" || p.Status != response.StatusCode {
		return fmt.Sprintf("%d is not whole: %s", response.StatusCode, body)
	}
	if p.Status == http.StatusUnprocessableEntity && p.Code == "invalid" && len(p.Errors) == 0 {
		return "422 does not say where: " + string(body)
	}
	return ""
}
