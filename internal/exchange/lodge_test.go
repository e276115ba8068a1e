package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

const three = `[{"intake": "web_form", "language": "nl", "text": "a"}, {"intake": "web_form", "language": "nl", "text": "b"},
	{"intake": "web_form", "language": "nl", "text": "c"}]`

func TestAFileIsLodgedInItsOrderOnceHoweverOftenItIsRepeated(t *testing.T) {
	s := startService(t)
	for _, again := range []bool{false, true} {
		summary, _, err := run(t, LodgeOptions{File: sample, Server: s.URL, Token: "T", AsOf: noon})
		if err != nil || len(summary.Results) != 12 || summary.Failed() != 0 {
			t.Fatalf("%+v (%v)", summary, err)
		}
		for i, r := range summary.Results {
			if r.Place != i+1 || r.Number != complaint.NewNumber(2026, i+1) || r.Before != again || r.LastDay != complaint.NewDay(2027, 1, 7) {
				t.Errorf("place %d: %+v", i+1, r)
			}
		}
	}
	if len(s.numbers) != 12 || s.tokens[0] != "Bearer T" {
		t.Errorf("%d lodged with %q", len(s.numbers), s.tokens[0])
	}
	for _, body := range s.bodies {
		var content complaint.Submission
		if err := decode(body, &content); err != nil {
			t.Errorf("what is posted is not of the contract: %v", err)
		}
	}
}

func TestAnotherDayOrNameOfTheFileLodgesNothingTwice(t *testing.T) {
	s := startService(t)
	if _, _, err := run(t, LodgeOptions{File: sample, Server: s.URL, Token: "T", AsOf: noon}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, data, "", "\t"); err != nil {
		t.Fatal(err)
	}
	summary, _, err := run(t, LodgeOptions{File: write(t, indented.String()), Server: s.URL, Token: "T", AsOf: noon.AddDate(0, 0, 1)})
	if err != nil || summary.Failed() != 0 || len(s.numbers) != 12 {
		t.Fatalf("%+v, %d lodged (%v)", summary, len(s.numbers), err)
	}
	for _, r := range summary.Results {
		if !r.OtherDates {
			t.Errorf("%+v", r)
		}
	}
}

func TestIdenticalSubmissionsOfOneFileAreSeveral(t *testing.T) {
	s := startService(t)
	one := `{"intake": "web_form", "language": "nl", "text": "a"}`
	if _, _, err := run(t, LodgeOptions{File: write(t, "["+one+","+one+"]"), Server: s.URL}); err != nil || len(s.numbers) != 2 {
		t.Errorf("%d lodged (%v)", len(s.numbers), err)
	}
}

func TestARefusedSubmissionIsNamedByItsPlaceAndTheOthersGoOn(t *testing.T) {
	s := startService(t)
	s.before = func(n int, w http.ResponseWriter) bool {
		if n == 2 {
			problem(w, http.StatusUnprocessableEntity, "invalid")
		}
		return n == 2
	}
	var text strings.Builder
	summary, _, err := run(t, LodgeOptions{File: write(t, `{"submissions": `+three+`}`), Server: s.URL, Progress: &text})
	if err != ErrSomeFailed || summary.Failed() != 1 {
		t.Fatalf("%+v (%v)", summary, err)
	}
	const want = `lodging: 1 of 3
lodging: 2 of 3
lodging: 3 of 3
    1  2026-000001  answer due 2027-01-07
    2  refused: status 422, It was refused.; body.language: expected one of four
    3  2026-000002  answer due 2027-01-07
2 of 3 lodged, 0 lodged before, 0 lodged before under other dates, 1 refused, 0 not tried
`
	if text.String() != want {
		t.Errorf("summary:\n%s", text.String())
	}
}

func TestPossibleDuplicatesAreShownAndLodged(t *testing.T) {
	s := startService(t)
	s.before = func(n int, w http.ResponseWriter) bool {
		if n == 3 {
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, `{"number": "2026-000003", "last_day": "2027-01-07", "possible_duplicates": ["2026-000001", "2026-000002"]}`)
		}
		return n == 3
	}
	var text strings.Builder
	if _, _, err := run(t, LodgeOptions{File: write(t, `{"submissions": `+three+`}`), Server: s.URL, Progress: &text}); err != nil {
		t.Fatal(err)
	}
	const want = "    3  2026-000003  answer due 2027-01-07  perhaps the same as 2026-000001, 2026-000002\n3 of 3 lodged"
	if !strings.Contains(text.String(), want) {
		t.Errorf("summary:\n%s", text.String())
	}
}

func TestABusyServiceIsWaitedForWithinBounds(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		s := startService(t)
		s.before = func(n int, w http.ResponseWriter) bool {
			if n < 3 {
				w.Header().Set("Retry-After", "7")
				problem(w, status, "busy")
			}
			return n < 3
		}
		summary, pauses, err := run(t, LodgeOptions{File: write(t, three), Server: s.URL})
		if err != nil || len(s.numbers) != 3 || len(pauses) != 2 || pauses[0] != 7*time.Second {
			t.Errorf("%d: %+v, pauses %v (%v)", status, summary, pauses, err)
		}
	}
	s := startService(t)
	s.before = func(n int, w http.ResponseWriter) bool {
		problem(w, http.StatusServiceUnavailable, "unavailable")
		return true
	}
	summary, pauses, err := run(t, LodgeOptions{File: write(t, three), Server: s.URL})
	var sum time.Duration
	for _, p := range pauses {
		sum += p
	}
	if err == nil || len(summary.Results) != 0 || len(pauses) == 0 || sum > mostWaiting {
		t.Errorf("%+v after %v (%v)", summary, sum, err)
	}
}

func TestAServiceThatStartsAgainIsWaitedFor(t *testing.T) {
	s := startService(t)
	s.before = func(n int, w http.ResponseWriter) bool {
		if n == 2 {
			panic(http.ErrAbortHandler) // cuts the connection
		}
		return false
	}
	summary, pauses, err := run(t, LodgeOptions{File: write(t, three), Server: s.URL})
	if err != nil || len(s.numbers) != 3 || len(pauses) > 1 {
		t.Errorf("%+v, pauses %v (%v)", summary, pauses, err)
	}
}

func TestWhatConcernsAllOfThemIsOneClearLine(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	_, pauses, err := run(t, LodgeOptions{File: write(t, three), Server: gone.URL})
	if err == nil || !strings.Contains(err.Error(), "nothing listens at") || len(pauses) != 0 {
		t.Errorf("gone: %v, pauses %v", err, pauses)
	}
	for status, want := range map[int]string{http.StatusUnauthorized: "token", http.StatusNotFound: "not this service", http.StatusFound: "not this service"} {
		s := startService(t)
		s.before = func(n int, w http.ResponseWriter) bool {
			w.Header().Set("Location", "/elsewhere")
			problem(w, status, "x")
			return true
		}
		_, _, err := run(t, LodgeOptions{File: write(t, three), Server: s.URL, Token: "SECRET"})
		if err == nil || !strings.Contains(err.Error(), want) || s.n != 1 || strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%d: %v after %d requests", status, err, s.n)
		}
	}
	for _, server := range []string{"localhost:8080", "ftp://localhost", "http://", "http://user:SECRET@localhost"} {
		if _, _, err := run(t, LodgeOptions{File: write(t, three), Server: server}); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", server, err)
		}
	}
}

func TestWithoutATokenOnlyWhatThePublicMayIsPosted(t *testing.T) {
	s := startService(t)
	file := write(t, `[{"intake": "web_form", "language": "nl", "text": "a"}, {"intake": "post", "language": "nl", "text": "b"},
		{"intake": "web_form", "language": "nl", "text": "c", "received_at": "2026-03-20T10:00:00+01:00"}]`)
	_, _, err := run(t, LodgeOptions{File: file, Server: s.URL})
	if err == nil || !strings.Contains(err.Error(), "--token") || !strings.HasSuffix(err.Error(), ": 2, 3") || s.n != 0 {
		t.Errorf("%v after %d requests", err, s.n)
	}
	if _, _, err := run(t, LodgeOptions{File: write(t, three), Server: s.URL}); err != nil || s.tokens[0] != "" {
		t.Errorf("%q: %v", s.tokens, err)
	}
}

func TestACancelledCommandSaysThatItMayBeRepeated(t *testing.T) {
	s := startService(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.before = func(n int, w http.ResponseWriter) bool {
		if n == 2 {
			cancel()
			panic(http.ErrAbortHandler)
		}
		return false
	}
	summary, err := lodge(ctx, LodgeOptions{File: write(t, three), Server: s.URL}, func(context.Context, time.Duration) error { return errors.New("not reached") })
	if err == nil || !strings.Contains(err.Error(), again) || len(summary.Results) != 1 || summary.Total != 3 {
		t.Errorf("%+v (%v)", summary, err)
	}
}

func TestProgressOffATerminalIsAFewPlainLines(t *testing.T) {
	s := startService(t)
	var shown strings.Builder
	if _, _, err := run(t, LodgeOptions{File: write(t, three), Server: s.URL, Progress: &shown}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(shown.String(), "lodging: 1 of 3\nlodging: 2 of 3\nlodging: 3 of 3\n    1  2026-000001") {
		t.Errorf("shown: %q", shown.String())
	}
	lines := &lines{w: &shown, total: 1000, every: 100}
	shown.Reset()
	for range 1000 {
		lines.step()
	}
	if n := strings.Count(shown.String(), "\n"); n != 10 {
		t.Errorf("%d lines for a thousand", n)
	}
}
