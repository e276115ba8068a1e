package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
)

type description struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		Roles      []string        `json:"x-roles"`
		Signal     string          `json:"x-signal"`
		Security   json.RawMessage `json:"security"`
		Parameters []struct {
			Name string `json:"name"`
			In   string `json:"in"`
		} `json:"parameters"`
		RequestBody *struct {
			Content map[string]json.RawMessage `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

func (c counter) describe(t testing.TB) description {
	t.Helper()
	var d description
	w := c.ask("GET", "/openapi.json", "", "")
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// routes lists what is described, and fails where that is not what is served.
func (c counter) routes(t testing.TB) []string {
	t.Helper()
	var routes []string
	for path, methods := range c.describe(t).Paths {
		for method := range methods {
			routes = append(routes, strings.ToUpper(method)+" "+path)
		}
	}
	if served := c.Handler.(*gin.Engine).Routes(); len(served) != len(routes) {
		t.Fatalf("%d routes are served and %d described", len(served), len(routes))
	}
	slices.Sort(routes)
	return routes
}

func TestTheDescriptionNamesTheSameRoles(t *testing.T) {
	for path, methods := range open(t).describe(t).Paths {
		for method, op := range methods {
			if row := mayCall[strings.ToUpper(method)+" "+path]; strings.Join(op.Roles, " ") != inOrder(row) {
				t.Errorf("%s %s is described for %v", method, path, op.Roles)
			}
		}
	}
}

// inOrder writes a row in the order in which roles are described.
func inOrder(row string) string {
	var sorted []string
	for _, role := range callers {
		if slices.Contains(strings.Fields(row), role) {
			sorted = append(sorted, role)
		}
	}
	return strings.Join(sorted, " ")
}

func TestEveryCommandNamesItsSignal(t *testing.T) {
	signals := map[string]string{
		"/api/v1/submissions":                                "Start",
		"/api/v1/submissions/form":                           "Start",
		"/api/v1/session":                                    "none",
		"/api/v1/me/password":                                "none",
		"/api/v1/me/tokens":                                  "none",
		"/api/v1/me/tokens/{id}/revocation":                  "none",
		"/api/v1/accounts":                                   "none",
		"/api/v1/accounts/{login}":                           "none",
		"/api/v1/accounts/{login}/password":                  "none",
		"/api/v1/accounts/{login}/logout":                    "none",
		"/api/v1/accounts/{login}/tokens":                    "none",
		"/api/v1/accounts/{login}/tokens/{id}/revocation":    "none",
		"/api/v1/complaints/{number}/assignment":             "none",
		"/api/v1/complaints/{number}/admissibility":          "DecideAdmissibility",
		"/api/v1/complaints/{number}/consultations":          "AskDepartment",
		"/api/v1/complaints/{number}/admissibility-warnings": "none",
		"/api/v1/complaints/{number}/representation":         "none",
		"/api/v1/complaints/{number}/complainant-reply":      "ReceiveReply",
		"/api/v1/complaints/{number}/outcome":                "DecideOutcome",
		"/api/v1/complaints/{number}/delay-notice":           "ChangeDeadline",
		"/api/v1/complaints/{number}/receipt-correction":     "ChangeDeadline",
		"/api/v1/complaints/{number}/withdrawal":             "Withdraw",
		"/api/v1/status/{receipt_code}/documents":            "none",
		"/api/v1/complaints/{number}/documents":              "none",
		"/api/v1/complaints/{number}/notes":                  "none",
		"/api/v1/complaints/{number}/void":                   "Void",
		"/api/v1/complaints/{number}/reopening":              "Reopen",
		"/api/v1/complaints/{number}/links":                  "none",
		"/api/v1/consultations/{id}/answer":                  "ReceiveAnswer",
		"/api/v1/consultations/{id}/hand-over":               "HandOverQuestion",
		"/api/v1/complaints/{number}/service-first":          "HandToService",
		"/api/v1/complaints/{number}/involved":               "EndQuestions",
		"/api/v1/service-first/{number}/report":              "ReportService",
		"/api/v1/complaints/search":                          "none",
		"/api/v1/complaints/{number}/correction":             "CorrectSubmission",
		"/api/v1/officers/{login}/absence":                   "none",
		"/api/v1/officers/{login}/return":                    "none",
		"/api/v1/letters/{id}/dispatch":                      "SettleLetter",
		"/api/v1/complaints/{number}/privacy-referral":       "ReferPrivacy",
		"/api/v1/privacy/{number}/split":                     "ReferPrivacy",
		"/api/v1/privacy/{number}/extension":                 "ExtendPrivacy",
		"/api/v1/privacy/{number}/answer":                    "AnswerPrivacy",
		"/api/v1/privacy/{number}/breach":                    "ChangeBreach",
		"/api/v1/privacy/{number}/breach-notification":       "ChangeBreach",
		"/api/v1/letters/{id}/resolution":                    "SettleLetter",
		"/api/v1/letters/{id}/bounce":                        "SettleLetter",
		"/api/v1/relay/blocked/{workflow_id}/settlement":     "PassOver",
		"/api/v1/verification":                               "none",
		"/api/v1/findings/{id}/settlement":                   "none",
	}
	for path, methods := range open(t).describe(t).Paths {
		if op, command := methods["post"]; command && (op.Signal == "" || op.Signal != signals[path]) {
			t.Errorf("POST %s names the signal %q, want %q", path, op.Signal, signals[path])
		}
	}
}
