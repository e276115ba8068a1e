package api_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// whole is a submission that fills every field.
const whole = `{
	"intake": "post", "language": "fr", "received_at": "2026-02-27T10:30:00+01:00",
	"complainant": {"type": "person", "name": "Jean Exemple", "contact_name": "", "salutation": "Monsieur",
		"street": "rue de l'Exemple 1", "postcode": "1000", "city": "Bruxelles", "country": "BE",
		"email": "jean@exemple.example", "phone": "02 000 00 00", "is_member": true, "member_number": "123", "niss": "85073003328"},
	"representative": {"name": "Anne Exemple", "mandate": "attached", "email": "anne@exemple.example"},
	"facts_on": "2026-02-01", "initiatives": [{"on": "2026-02-05", "how": "phone"}, {"on": "2026-02-09", "how": "email"}],
	"prior_contact": {"on": "2026-02-05", "how": "phone", "result": "rien"},
	"contested_decision": {"on": "2026-02-02", "reference": "A-1"},
	"department": "HOSPITALISATIE", "topic": "Remboursement", "text": "Trop tard.", "concerns_privacy": false, "reply_by": "email",
	"attachments": [{"name": "lettre.pdf", "media_type": "application/pdf", "content": "JVBERi0="}]
}`

// full are the commands with every field filled.
func full() map[string]string {
	all := maps.Clone(bodies)
	all["POST /api/v1/submissions"] = whole
	all["POST /api/v1/complaints/{number}/outcome"] = `{"verdict": "founded", "resolution": "resolved", "remedy": "Betaald.",
		"findings": [{"point": "Te laat", "verdict": "founded", "reasons": "Ja."}], "norms": ["reasonable_time"],
		"recommendations": [{"department": "POST", "text": "Sneller.", "due_on": "2026-06-01"}], "without_answers": "Genoeg."}`
	all["POST /api/v1/consultations/{id}/answer"] = `{"answer": "Dat klopt.", "proposed_remedy": "Betalen.",
		"attachments": [{"name": "a.pdf", "media_type": "application/pdf", "content": "JVBERi0="}]}`
	return all
}

// junk stands in place of every value once.
var junk = []any{
	nil, true, -1, 1.5, "", " ", "x", "\x00", "\u202e\uffff", "9999-99-99", "2026-02-30", "0000-01-01", "-1",
	"9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z", strings.Repeat("é", 60_000),
	[]any{}, []any{nil}, []any{[]any{}}, map[string]any{}, map[string]any{"a": 1}, json.Number("1e400"), json.Number("99999999999999999999"),
}

var rubbish = []string{
	"", " ", "{", "}", "[]", "null", "0", `""`, `"x"`, "{}{}", "\xff\xfe", "\x00", `{"a":}`, "<xml/>", `{"\u0000": 1}`,
	strings.Repeat("[", 20_000), `{"text": "` + strings.Repeat("a", 2<<20) + `"}`,
}

// nulCursor looks like a cursor and holds what no column can.
var nulCursor = base64.RawURLEncoding.EncodeToString([]byte(`"\u0000"`))

// sound fails when an answer is the server's fault or in another form.
func sound(t *testing.T, c counter, method, path, token, body string, headers ...string) {
	t.Helper()
	w := c.ask(method, path, token, body, headers...)
	if w.Code >= http.StatusInternalServerError {
		lines := strings.Split(strings.TrimSpace(c.log.String()), "\n")
		t.Errorf("%s %s: %d on %.200s: %s", method, path, w.Code, body, lines[max(0, len(lines)-2)])
	} else if w.Code >= http.StatusBadRequest {
		problem(t, w, w.Code)
	}
}

func TestNothingThatIsSentBreaksTheCounter(t *testing.T) {
	misuse(t, open(t), string(known), "7")
}

// misuse sends what no well-meaning caller sends to every route, about a
// complaint and a consultation or letter that exist.
func misuse(t *testing.T, c counter, number, id string) {
	paths := c.describe(t).Paths
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for method, op := range paths[path] {
			route := strings.ToUpper(method) + " " + path
			token := strings.Fields(mayCall[route])[len(strings.Fields(mayCall[route]))-1]
			if slices.Contains(op.Roles, "ombuds") {
				token = "ombuds"
			}
			filled := strings.NewReplacer("{number}", number, "{id}", id, "{receipt_code}", "SOMECODE").Replace(path)
			for _, id := range []string{"0", "-1", "x", "99999999999999999999", "9223372036854775807", "%00", "%ff", "2026-999999", "..", strings.Repeat("9", 500)} {
				sound(t, c, strings.ToUpper(method), strings.NewReplacer("{number}", id, "{id}", id, "{receipt_code}", id).Replace(path), token, bodies[route])
			}
			for _, parameter := range op.Parameters {
				for _, value := range append([]string{"YQ", nulCursor, "%", "' OR 1=1 --"}, texts()...) {
					if parameter.In == "query" {
						sound(t, c, "GET", filled+"?"+parameter.Name+"="+url.QueryEscape(value), token, "")
					}
				}
			}
			if op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil {
				for _, body := range rubbish {
					sound(t, c, "POST", filled, token, body, "Content-Type", "application/json")
				}
				for body := range mutations(t, full()[route]) {
					sound(t, c, "POST", filled, token, body)
				}
			}
		}
	}
	for _, token := range append(texts(), "a b", "\xff") {
		sound(t, c, "GET", "/api/v1/me", token, "")
	}
	for _, key := range []string{"a b", "é", strings.Repeat("k", 201), "\xff"} {
		problem(t, c.ask("POST", lodging, "", bodies["POST "+lodging], "Idempotency-Key", key), http.StatusUnprocessableEntity)
	}
	for _, keys := range [][]string{{""}, {"k1", "k2"}, {"k1", "k1"}, {"", "k1"}} {
		r := httptest.NewRequest("POST", lodging, strings.NewReader(bodies["POST "+lodging]))
		r.Header.Set("Content-Type", "application/json")
		r.Header["Idempotency-Key"] = keys
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		if p := problem(t, w, http.StatusUnprocessableEntity); len(p.Errors) != 1 || p.Errors[0].Location != "header.Idempotency-Key" {
			t.Errorf("%q is refused for %v", keys, p.Errors)
		}
	}
}

func texts() []string {
	var texts []string
	for _, value := range junk {
		if text, ok := value.(string); ok && len(text) < 1000 {
			texts = append(texts, text)
		}
	}
	return texts
}

// mutations yields a body with each of its values in turn replaced by junk.
func mutations(t *testing.T, body string) func(func(string) bool) {
	var tree any
	if err := json.Unmarshal([]byte(body), &tree); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return func(yield func(string) bool) {
		for _, bad := range junk {
			for _, mutated := range replaced(tree, bad) {
				text, err := json.Marshal(mutated)
				if err != nil {
					t.Fatal(err)
				}
				if !yield(string(text)) {
					return
				}
			}
		}
	}
}

func replaced(tree, bad any) []any {
	variants := []any{bad}
	switch node := tree.(type) {
	case map[string]any:
		for name, value := range node {
			for _, variant := range replaced(value, bad) {
				clone := maps.Clone(node)
				clone[name] = variant
				variants = append(variants, clone)
			}
		}
	case []any:
		for i, value := range node {
			for _, variant := range replaced(value, bad) {
				clone := slices.Clone(node)
				clone[i] = variant
				variants = append(variants, clone)
			}
		}
	}
	return variants
}

func quoted(text string) string {
	written, err := json.Marshal(text)
	if err != nil {
		panic(err) // texts always marshal
	}
	return string(written)
}
