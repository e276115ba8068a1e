package exchange

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, complaint.Brussels)

// service answers like the real one: numbers in a row, and by key.
type service struct {
	*httptest.Server
	bodies  map[string][]byte
	numbers map[string]int
	tokens  []string
	before  func(n int, w http.ResponseWriter) bool // may answer the n-th request itself
	n       int
}

func startService(t *testing.T) *service {
	t.Helper()
	s := &service{bodies: map[string][]byte{}, numbers: map[string]int{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.n++
	s.tokens = append(s.tokens, r.Header.Get("Authorization"))
	body, _ := io.ReadAll(r.Body)
	if s.before != nil && s.before(s.n, w) {
		return
	}
	if r.Method != http.MethodPost || r.URL.Path != "/api/v1/submissions" || r.Header.Get("Content-Type") != "application/json" {
		problem(w, http.StatusNotFound, "not_found")
		return
	}
	key := r.Header.Get("Idempotency-Key")
	if known, ok := s.bodies[key]; ok && !bytes.Equal(known, body) {
		problem(w, http.StatusUnprocessableEntity, keyReused)
		return
	} else if ok {
		w.Header().Set("Idempotent-Replayed", "true")
	} else {
		s.bodies[key], s.numbers[key] = body, len(s.numbers)+1
	}
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"number": "2026-%06d", "receipt_code": "x", "last_day": "2027-01-07", "more": 1}`, s.numbers[key])
}

func problem(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status": %d, "code": %q, "detail": "It was refused.", "errors": [{"location": "body.language", "message": "expected one of four"}]}`, status, code)
}

// run lodges without ever sleeping; it returns the pauses that it asked for.
func run(t *testing.T, options LodgeOptions) (Summary, []time.Duration, error) {
	t.Helper()
	var pauses []time.Duration
	summary, err := lodge(t.Context(), options, func(_ context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return nil
	})
	return summary, pauses, err
}

func write(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
