package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"
)

// refusal is a request that is refused; everything in it is marked.
type refusal struct {
	method, path, who string
	body              string
	headers           map[string]string
}

// refusals gives one for each way in which a value can be wrong: in the address,
// in a parameter, in a header, in a name, and in the body. The cases are known.
func refusals(known []string) []refusal {
	first := "/complaints/" + known[0]
	reasons := fmt.Sprintf(`{"reasons": "%s"}`, mark)
	return []refusal{
		{method: "GET", path: "/complaints/" + mark, who: "ombuds"},
		{method: "GET", path: "/complaints/" + mark + "/", who: "ombuds"},
		{method: "GET", path: "/status/" + mark},
		{method: "GET", path: "/" + mark},
		{method: "GET", path: "/deadline?received_at=" + mark},
		{method: "GET", path: "/complaints?stage=" + mark + "&department=" + mark, who: "ombuds"},
		{method: "GET", path: "/complaints?cursor=" + mark + "&limit=" + mark, who: "ombuds"},
		{method: "GET", path: "/letters/" + mark + "/pdf", who: "ombuds"},
		{method: "GET", path: "/accounts/" + mark, who: "admin"},
		{method: "GET", path: "/officers/" + mark + "/absence", who: "ombuds"},
		{method: "GET", path: "/me", headers: map[string]string{"Authorization": "Bearer " + mark}},
		{method: strings.ToUpper(mark), path: "/submissions"},
		{method: "POST", path: "/submissions", body: mark},
		{method: "POST", path: "/submissions", body: `{"text": "` + mark},
		{method: "POST", path: "/submissions", body: fmt.Sprintf(`{"%s": "%s"}`, mark, markNISS)},
		{method: "POST", path: "/submissions", body: "{}", headers: map[string]string{"Content-Type": "text/" + mark}},
		{method: "POST", path: "/submissions", body: wrongSubmission(nil)},
		{method: "POST", path: "/submissions", body: wrongSubmission(map[string]any{"intake": mark, "language": mark, "facts_on": mark, "reply_by": mark})},
		{method: "POST", path: "/submissions/form", body: "--" + mark, headers: map[string]string{"Content-Type": "multipart/form-data; boundary=" + mark + mark}},
		{method: "POST", path: "/session", body: fmt.Sprintf(`{"login": "%s", "password": "%s"}`, mark, mark)},
		{method: "POST", path: "/accounts", who: "admin", body: fmt.Sprintf(`{"login": "X %s", "name": "%s", "role": "%s"}`, mark, mark, mark)},
		{method: "POST", path: "/relay/blocked/" + mark + "/settlement", who: "ombuds", body: fmt.Sprintf(`{"resolution": "retry", "reasons": "%s"}`, mark)},
		{method: "POST", path: "/consultations/" + mark + "/answer", who: "ombuds", body: fmt.Sprintf(`{"answer": "%s"}`, mark)},
		{method: "POST", path: first + "/void", who: "ombuds", body: reasons},
		{method: "POST", path: first + "/withdrawal", who: "ombuds", body: reasons},
		{method: "POST", path: first + "/assignment", who: "supervisor", body: fmt.Sprintf(`{"officer": "%s", "reasons": "%s"}`, mark, mark)},
		{method: "POST", path: first + "/consultations", who: "ombuds", body: fmt.Sprintf(`{"department": "%s", "question": "%s"}`, mark, mark)},
		{method: "POST", path: first + "/links", who: "ombuds", body: fmt.Sprintf(`{"number": "%s", "reasons": "%s"}`, mark, mark)},
		{method: "POST", path: first + "/receipt-correction", who: "ombuds", body: fmt.Sprintf(`{"received_at": "%s", "reasons": "%s"}`, mark, mark)},
		{method: "POST", path: first + "/correction", who: "intake", body: fmt.Sprintf(`{"version": 99, "reasons": "%s", "topic": "%s"}`, mark, mark)},
	}
}

// wrongSubmission is a marked submission of which much is wrong.
func wrongSubmission(more map[string]any) string {
	body := marked("email")
	complainant := body["complainant"].(map[string]any)
	complainant["email"], complainant["niss"], complainant["type"] = mark+"@@"+mark, markNISS+"0", mark
	body["department"], body["received_at"] = mark, mark
	body["attachments"] = []any{map[string]any{"name": "../" + mark + ".exe", "media_type": mark, "content": "!" + mark}}
	maps.Copy(body, more)
	content, err := json.Marshal(body)
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	return string(content)
}

// isRefused sends them all and gives the answers, headers included.
func (s *stack) isRefused(requests []refusal) []byte {
	s.t.Helper()
	var answers bytes.Buffer
	for _, r := range requests {
		request, err := http.NewRequestWithContext(context.Background(), r.method, "http://"+s.address+"/api/v1"+r.path, strings.NewReader(r.body))
		require.NoError(s.t, err)
		if r.body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		if r.who != "" {
			request.Header.Set("Authorization", "Bearer "+s.tokens[r.who])
		}
		for name, value := range r.headers {
			request.Header.Set(name, value)
		}
		response, err := http.DefaultTransport.RoundTrip(request) // a redirect is an answer too
		require.NoError(s.t, err)
		content, err := io.ReadAll(response.Body)
		require.NoError(s.t, err)
		require.NoError(s.t, response.Body.Close())
		require.GreaterOrEqual(s.t, response.StatusCode, 400, "%s %s: %s", r.method, r.path, content)
		require.Less(s.t, response.StatusCode, 500, "%s %s: %s", r.method, r.path, content)
		_, _ = fmt.Fprintf(&answers, "%s\n", content)
		require.NoError(s.t, response.Header.Write(&answers))
	}
	return answers.Bytes()
}
