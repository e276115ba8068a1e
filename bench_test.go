package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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

// BenchmarkIntake compares lodging over HTTP with pgbench on the same server,
// turn by turn; see rival for what pgbench does. Temporal is away, so that nothing
// but intake uses the machine. Use -benchtime 1x.
func BenchmarkIntake(b *testing.B) {
	b.Setenv("TRUSTED_PROXIES", "127.0.0.1/32")
	s := newStack(b)
	require.NoError(b, s.server.Stop())
	s.start("api", "")
	l := newLoad(s)
	require.Equal(b, http.StatusCreated, l.once(http.DefaultClient))
	r := newRival(s)
	lodge := func(keyed bool) float64 {
		l.keyed = keyed
		return float64(len(l.run(benchClients, benchTime))) / benchTime.Seconds()
	}
	for b.Loop() {
		var bare, same, one, lodged, keyed float64
		for range benchRounds {
			bare += r.run(r.bare) / benchRounds
			lodged += lodge(false) / benchRounds
			one += r.run(r.one) / benchRounds
			keyed += lodge(true) / benchRounds
			same += r.run(r.same) / benchRounds
		}
		b.Logf("%.0f complaints are lodged a second; %.0f under a key", lodged, keyed)
		b.Logf("pgbench writes the same rows %.0f times a second, bare and with gaps in the numbers: %.2f of that is lodged (%.2f under a key)",
			bare, lodged/bare, keyed/bare)
		b.Logf("with references, triggers and numbers without gaps %.0f times: %.2f (%.2f)", same, lodged/same, keyed/same)
		b.Logf("the row of the submission alone, bare, %.0f times: %.2f (%.2f)", one, lodged/one, keyed/one)
		b.ReportMetric(lodged, "complaints/s")
		b.ReportMetric(lodged/bare, "ratio")
		b.ReportMetric(keyed/bare, "ratio-keyed")
		b.ReportMetric(lodged/same, "ratio-without-gaps")
		b.ReportMetric(lodged/one, "ratio-one-row")
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
// is there and while it is away, turn by turn.
func BenchmarkIntakeWithoutTemporal(b *testing.B) {
	b.Setenv("TRUSTED_PROXIES", "127.0.0.1/32")
	s := newStack(b)
	s.start("api", "")
	l := newLoad(s)
	l.run(fewClients, benchTime) // the first ones prepare what the others use
	p99 := func(took []time.Duration) float64 {
		slices.Sort(took)
		return float64(took[len(took)*99/100].Microseconds()) / 1000
	}
	for b.Loop() {
		var with, away []time.Duration
		for range benchRounds {
			with = append(with, l.run(fewClients, benchTime)...)
			require.NoError(b, s.server.Stop())
			away = append(away, l.run(fewClients, benchTime)...)
			s.restartTemporal()
			s.eventually(func() bool {
				code, state := s.call("GET", "/readyz", "", nil)
				return code == http.StatusOK && state["temporal"] == true
			}, "Temporal is back")
		}
		b.Logf("of %d and %d, 99 of 100 are lodged within %.1f ms with Temporal, within %.1f ms without it (%.2f times)",
			len(with), len(away), p99(with), p99(away), p99(away)/p99(with))
		b.ReportMetric(p99(with), "p99-ms")
		b.ReportMetric(p99(away), "p99-ms-away")
		b.ReportMetric(p99(away)/p99(with), "times")
		b.ReportMetric(0, "ns/op")
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
