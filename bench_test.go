package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// What the benchmark of intake does.
const (
	benchClients = 32
	benchRounds  = 3
	benchTime    = 5 * time.Second // of each side in each round
	fewClients   = 4               // where latency is measured, so that nothing queues
)

// load lodges complaints of the public from several clients for some time.
type load struct {
	s     *stack
	body  []byte
	from  atomic.Int64
	keyed bool
}

func newLoad(s *stack) *load {
	content := s01(complaint.DayOf(time.Now()).AddDays(-30))
	content["complainant"].(map[string]any)["email"] = "lotte.v@example.org"
	body, err := json.Marshal(content)
	require.NoError(s.t, err)
	return &load{s: s, body: body}
}

// run answers with how long each took, in order of size.
func (l *load) run(clients int, during time.Duration) []time.Duration {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var all []time.Duration
	var wg sync.WaitGroup
	end := time.Now().Add(during)
	for range clients {
		wg.Go(func() {
			var took []time.Duration
			for time.Now().Before(end) {
				started := time.Now()
				if code := l.once(client); code != http.StatusCreated {
					l.s.t.Errorf("an answer of %d", code)
					break
				}
				took = append(took, time.Since(started))
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
		})
	}
	wg.Wait()
	slices.Sort(all)
	return all
}

// lodge lodges so many, however long it takes; who is told to come again does.
func (l *load) lodge(clients, n int) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	work := make(chan struct{})
	for range clients {
		wg.Go(func() {
			for range work {
				code := l.once(client)
				for code == http.StatusServiceUnavailable || code == http.StatusTooManyRequests {
					code = l.once(client)
				}
				if code != http.StatusCreated {
					l.s.t.Errorf("an answer of %d", code)
				}
			}
		})
	}
	for range n {
		work <- struct{}{}
	}
	close(work)
	wg.Wait()
}

// once lodges from one of many addresses, for each may lodge a few a second, and
// for a person of its own, for each is written to a few times a day.
func (l *load) once(client *http.Client) int {
	n := l.from.Add(1)
	request, err := http.NewRequest(http.MethodPost, "http://"+l.s.address+"/api/v1/submissions",
		bytes.NewReader(bytes.ReplaceAll(l.body, []byte("lotte.v@"), fmt.Appendf(nil, "lotte.%d@", n))))
	if err != nil {
		return 0
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.7", n/250%20, n%250))
	if l.keyed {
		request.Header.Set("Idempotency-Key", "benchmark-"+strconv.FormatInt(n, 10))
	}
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// pgbench inserts a row like that of the submission, of the same size and with
// the same indexes, and commits each by itself: so many a second.
func (s *stack) pgbench(binary, script string) float64 {
	address, err := url.Parse(s.postgres.OwnerURL())
	require.NoError(s.t, err)
	password, _ := address.User.Password()
	command := exec.Command(binary, "-n", "-M", "prepared", "-c", strconv.Itoa(benchClients), "-j", "2",
		"-T", strconv.Itoa(int(benchTime.Seconds())), "-f", script,
		"-h", address.Hostname(), "-p", address.Port(), "-U", address.User.Username(), filepath.Base(address.Path))
	command.Env = append(os.Environ(), "PGPASSWORD="+password)
	out, err := command.CombinedOutput()
	require.NoError(s.t, err, string(out))
	found := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	require.NotNil(s.t, found, string(out))
	tps, err := strconv.ParseFloat(string(found[1]), 64)
	require.NoError(s.t, err)
	return tps
}

// plainInsert writes the script of pgbench over a copy of the table.
func (s *stack) plainInsert() string {
	_, err := s.db.Exec(`
		CREATE SEQUENCE plain_number;
		CREATE TABLE plain (LIKE submissions INCLUDING ALL);
		ALTER TABLE plain ALTER number SET DEFAULT '2026-' || lpad(nextval('plain_number')::text, 6, '0')`)
	require.NoError(s.t, err)
	script := filepath.Join(s.t.TempDir(), "insert.sql")
	text := `INSERT INTO plain (intake, language, received_at, registered_at, complainant_type, name, contact_name, salutation,
		street, postcode, city, country, email, phone, is_member, member_number, niss_sealed, niss_hash, facts_on,
		department, topic, text, concerns_privacy, reply_by, receipt_hash, receipt_sealed)
	VALUES ('web_form', 'nl', now(), now(), 'person', 'Lotte Voorbeeldmans', '', 'mevrouw',
		'Fictiestraat 12 bus 3', '1080', 'Sint-Jans-Molenbeek', '', 'lotte.v@example.org', '', true, '',
		decode(repeat('ab', 40), 'hex'), decode(repeat('cd', 32), 'hex'), current_date - 30,
		'GEZONDHEIDSZORGEN', 'Terugbetaling kinesitherapie laat op zich wachten',
		'Drie getuigschriften van mijn kinesist, samen 87,50 euro, staan nog altijd niet op mijn rekening.', false, 'email',
		uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), decode(repeat('ef', 58), 'hex'));`
	require.NoError(s.t, os.WriteFile(script, []byte(text), 0o600))
	return script
}

// BenchmarkIntake compares lodging over HTTP with the plain insert of the same
// row, turn by turn on the same server. Temporal is away, so that nothing but
// intake uses the machine. Use -benchtime 1x.
func BenchmarkIntake(b *testing.B) {
	binary, err := exec.LookPath("pgbench")
	if err != nil {
		b.Skip("SKIPPED, pgbench is not there")
	}
	b.Setenv("TRUSTED_PROXIES", "127.0.0.1/32")
	s := newStack(b)
	require.NoError(b, s.server.Stop())
	s.start("api", "")
	script, l := s.plainInsert(), newLoad(s)
	for b.Loop() {
		var plain, lodged, keyed float64
		for range benchRounds {
			plain += s.pgbench(binary, script) / benchRounds
			l.keyed = false
			lodged += float64(len(l.run(benchClients, benchTime))) / benchTime.Seconds() / benchRounds
			l.keyed = true
			keyed += float64(len(l.run(benchClients, benchTime))) / benchTime.Seconds() / benchRounds
		}
		b.Logf("pgbench inserts %.0f rows a second; %.0f complaints are lodged (%.2f of it), %.0f under a key (%.2f)",
			plain, lodged, lodged/plain, keyed, keyed/plain)
		b.ReportMetric(plain, "inserts/s")
		b.ReportMetric(lodged, "complaints/s")
		b.ReportMetric(lodged/plain, "ratio")
		b.ReportMetric(keyed/plain, "ratio-keyed")
		b.ReportMetric(0, "ns/op")
	}
	s.numbersAreWhole()
}

// numbersAreWhole checks that every number was given once.
func (s *stack) numbersAreWhole() {
	s.t.Helper()
	var count, highest, last int
	require.NoError(s.t, s.db.QueryRow(`SELECT count(*), max(right(number, 6)::int) FROM submissions`).Scan(&count, &highest))
	require.NoError(s.t, s.db.QueryRow(`SELECT last FROM counters`).Scan(&last))
	require.Equal(s.t, count, highest)
	require.Equal(s.t, count, last)
}

// BenchmarkIntakeWithoutTemporal compares how long lodging takes while Temporal
// is there and while it is away.
func BenchmarkIntakeWithoutTemporal(b *testing.B) {
	b.Setenv("TRUSTED_PROXIES", "127.0.0.1/32")
	s := newStack(b)
	s.start("api", "")
	l := newLoad(s)
	p99 := func() float64 {
		took := l.run(fewClients, 2*benchTime)
		return float64(took[len(took)*99/100].Microseconds()) / 1000
	}
	for b.Loop() {
		with := p99()
		require.NoError(b, s.server.Stop())
		away := p99()
		b.Logf("99 of 100 are lodged within %.1f ms with Temporal, within %.1f ms without it (%.2f times)", with, away, away/with)
		b.ReportMetric(with, "p99-ms")
		b.ReportMetric(away, "p99-ms-away")
		b.ReportMetric(away/with, "times")
		b.ReportMetric(0, "ns/op")
		s.restartTemporal()
	}
}

// BenchmarkStandardCase shows what a standard case costs in Temporal.
func BenchmarkStandardCase(b *testing.B) {
	s := newStack(b)
	s.start("api", "")
	s.start("worker", "")
	for b.Loop() {
		events, actions := costs(s.history(s.standardCase()))
		b.ReportMetric(float64(events), "events/case")
		b.ReportMetric(float64(actions), "actions/case")
	}
}
