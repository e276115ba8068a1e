package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// call does one request as somebody, and gives the status and the answer.
func (s *stack) call(method, path, who string, body any) (int, map[string]any) {
	code, content := s.raw(method, path, who, body)
	var answer map[string]any
	_ = json.Unmarshal(content, &answer)
	return code, answer
}

func (s *stack) raw(method, path, who string, body any) (int, []byte) {
	var reader io.Reader
	if body != nil {
		content, err := json.Marshal(body)
		require.NoError(s.t, err)
		reader = bytes.NewReader(content)
	}
	if strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "z") {
		path = "/api/v1" + path
	}
	request, err := http.NewRequestWithContext(context.Background(), method, "http://"+s.address+path, reader)
	require.NoError(s.t, err)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		require.Contains(s.t, s.tokens, who)
		request.Header.Set("Authorization", "Bearer "+s.tokens[who])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	content, _ := io.ReadAll(response.Body)
	return response.StatusCode, content
}

// must is call for what has to work.
func (s *stack) must(code int, method, path, who string, body any) map[string]any {
	s.t.Helper()
	got, answer := s.call(method, path, who, body)
	require.Equal(s.t, code, got, "%s %s: %v", method, path, answer)
	return answer
}

// file is what an officer reads of a case.
func (s *stack) file(number string) map[string]any {
	s.t.Helper()
	return s.must(http.StatusOK, "GET", "/complaints/"+number, "ombuds", nil)
}

// reaches waits until a case stands where it should.
func (s *stack) reaches(number, stage, waiting string) map[string]any {
	s.t.Helper()
	var file map[string]any
	s.eventually(func() bool {
		_, file = s.call("GET", "/complaints/"+number, "ombuds", nil)
		return file["stage"] == stage && file["waiting_for"] == waiting
	}, "%s reaches %s, waiting for %s", number, stage, waiting)
	return file
}

// letters lists "kind state" of a case's letters in the order they were owed.
func letters(file map[string]any) []string {
	var found []string
	list, _ := file["letters"].([]any)
	for _, l := range list {
		letter := l.(map[string]any)
		found = append(found, fmt.Sprint(letter["kind"], " ", letter["state"]))
	}
	return found
}

func (s *stack) mailed(pattern string) []string {
	found, err := filepath.Glob(filepath.Join(s.folder.Path("data"), pattern))
	require.NoError(s.t, err)
	return found
}

// lodgeQuietly lodges as somebody who may hang up.
func (s *stack) lodgeQuietly(ctx context.Context) {
	content, err := json.Marshal(s01(complaint.DayOf(time.Now()).AddDays(-30)))
	require.NoError(s.t, err)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+"/api/v1/submissions", bytes.NewReader(content))
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.tokens["intake"])
	if response, err := http.DefaultClient.Do(request); err == nil {
		_ = response.Body.Close()
	}
}
