package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// callers are who may come to the counter. An expired and a revoked token let
// nobody in, whatever the account was.
var callers = []string{"public", "intake", "handler", "ombuds", "supervisor", "dpo", "auditor", "admin"}

// mayCall says of every route who gets in. It is written by hand on purpose: a
// route that is added without a row, or opened to one role more, fails here.
var mayCall = map[string]string{
	"GET /healthz":                                            "public intake handler ombuds supervisor dpo auditor admin",
	"GET /readyz":                                             "public intake handler ombuds supervisor dpo auditor admin",
	"GET /metrics":                                            "public intake handler ombuds supervisor dpo auditor admin",
	"GET /openapi.json":                                       "public intake handler ombuds supervisor dpo auditor admin",
	"GET /api/v1/organisation":                                "public intake handler ombuds supervisor dpo auditor admin",
	"GET /api/v1/departments":                                 "public intake handler ombuds supervisor dpo auditor admin",
	"GET /api/v1/deadline":                                    "public intake handler ombuds supervisor dpo auditor admin",
	"GET /api/v1/status/{receipt_code}":                       "public intake handler ombuds supervisor dpo auditor admin",
	"POST /api/v1/submissions":                                "public intake ombuds dpo",
	"POST /api/v1/submissions/form":                           "public intake ombuds dpo",
	"GET /api/v1/me":                                          "intake handler ombuds supervisor dpo auditor admin",
	"POST /api/v1/session":                                    "public intake handler ombuds supervisor dpo auditor admin",
	"DELETE /api/v1/session":                                  "public intake handler ombuds supervisor dpo auditor admin",
	"POST /api/v1/me/password":                                "intake handler ombuds supervisor dpo auditor admin",
	"GET /api/v1/me/tokens":                                   "intake handler ombuds supervisor dpo auditor admin",
	"POST /api/v1/me/tokens":                                  "intake handler ombuds supervisor dpo auditor admin",
	"POST /api/v1/me/tokens/{id}/revocation":                  "intake handler ombuds supervisor dpo auditor admin",
	"GET /api/v1/accounts":                                    "admin",
	"POST /api/v1/accounts":                                   "admin",
	"GET /api/v1/accounts/{login}":                            "admin",
	"POST /api/v1/accounts/{login}":                           "admin",
	"POST /api/v1/accounts/{login}/password":                  "admin",
	"POST /api/v1/accounts/{login}/logout":                    "admin",
	"GET /api/v1/accounts/{login}/tokens":                     "admin",
	"POST /api/v1/accounts/{login}/tokens":                    "admin",
	"POST /api/v1/accounts/{login}/tokens/{id}/revocation":    "admin",
	"GET /api/v1/complaints":                                  "intake ombuds supervisor",
	"GET /api/v1/complaints/{number}":                         "ombuds supervisor",
	"POST /api/v1/complaints/{number}/assignment":             "ombuds supervisor",
	"POST /api/v1/complaints/{number}/admissibility":          "ombuds",
	"POST /api/v1/complaints/{number}/consultations":          "ombuds",
	"POST /api/v1/complaints/{number}/admissibility-warnings": "ombuds",
	"POST /api/v1/complaints/{number}/representation":         "ombuds",
	"POST /api/v1/complaints/{number}/complainant-reply":      "intake ombuds",
	"POST /api/v1/complaints/{number}/outcome":                "ombuds",
	"POST /api/v1/complaints/{number}/delay-notice":           "ombuds",
	"POST /api/v1/complaints/{number}/receipt-correction":     "intake ombuds",
	"POST /api/v1/complaints/{number}/withdrawal":             "ombuds",
	"POST /api/v1/status/{receipt_code}/documents":            "public intake ombuds dpo",
	"POST /api/v1/complaints/{number}/documents":              "intake ombuds",
	"POST /api/v1/complaints/{number}/notes":                  "ombuds",
	"POST /api/v1/complaints/{number}/void":                   "ombuds",
	"POST /api/v1/complaints/{number}/reopening":              "ombuds",
	"POST /api/v1/complaints/{number}/links":                  "intake ombuds",
	"GET /api/v1/officers/{login}/absence":                    "ombuds supervisor",
	"POST /api/v1/officers/{login}/absence":                   "ombuds supervisor",
	"POST /api/v1/officers/{login}/return":                    "ombuds supervisor",
	"POST /api/v1/complaints/{number}/involved":               "intake ombuds",
	"POST /api/v1/complaints/{number}/service-first":          "ombuds",
	"POST /api/v1/consultations/{id}/hand-over":               "handler ombuds",
	"GET /api/v1/service-first":                               "handler ombuds supervisor",
	"GET /api/v1/service-first/{number}":                      "handler ombuds supervisor",
	"POST /api/v1/service-first/{number}/report":              "handler ombuds",
	"POST /api/v1/complaints/search":                          "intake ombuds supervisor",
	"GET /api/v1/complaints/{number}/submission":              "intake ombuds dpo",
	"POST /api/v1/complaints/{number}/correction":             "intake ombuds dpo",
	"GET /api/v1/consultations":                               "handler ombuds supervisor",
	"GET /api/v1/consultations/{id}":                          "handler ombuds supervisor",
	"POST /api/v1/consultations/{id}/answer":                  "handler ombuds",
	"GET /api/v1/letters":                                     "intake ombuds supervisor",
	"GET /api/v1/letters/{id}":                                "intake ombuds supervisor dpo",
	"GET /api/v1/letters/{id}/pdf":                            "intake ombuds supervisor dpo",
	"GET /api/v1/letters/{id}/txt":                            "intake ombuds supervisor dpo",
	"POST /api/v1/letters/{id}/dispatch":                      "intake ombuds",
	"POST /api/v1/letters/{id}/resolution":                    "ombuds dpo",
	"POST /api/v1/letters/{id}/bounce":                        "intake ombuds dpo",
	"POST /api/v1/complaints/{number}/privacy-referral":       "ombuds",
	"GET /api/v1/privacy":                                     "dpo",
	"GET /api/v1/privacy/{number}":                            "dpo",
	"POST /api/v1/privacy/{number}/split":                     "dpo",
	"POST /api/v1/privacy/{number}/extension":                 "dpo",
	"POST /api/v1/privacy/{number}/answer":                    "dpo",
	"POST /api/v1/privacy/{number}/breach":                    "dpo",
	"POST /api/v1/privacy/{number}/breach-notification":       "dpo",
	"GET /api/v1/relay/blocked":                               "ombuds supervisor dpo",
	"POST /api/v1/relay/blocked/{workflow_id}/settlement":     "ombuds supervisor dpo",
	"GET /api/v1/findings":                                    "ombuds supervisor dpo auditor",
	"POST /api/v1/findings/{id}/settlement":                   "ombuds supervisor dpo",
	"POST /api/v1/verification":                               "supervisor auditor",
	"GET /api/v1/verification/{id}":                           "supervisor auditor",
	"GET /api/v1/audit":                                       "auditor",
	"GET /api/v1/audit/verify":                                "auditor",
	"GET /api/v1/attachments/{id}":                            "handler ombuds supervisor dpo",
}

// request is a well-formed request for a route.
func (c counter) request(route, token string) (status int) {
	method, path, _ := strings.Cut(route, " ")
	path = strings.Replace(path, "{id}/revocation", "4711/revocation", 1) // the callers' own tokens have small ones
	path = strings.NewReplacer("{number}", string(known), "{id}", "7", "{receipt_code}", "SOMECODE", "{workflow_id}", "complaint-"+string(known), "{login}", "ombuds-1").Replace(path)
	if path == "/api/v1/deadline" {
		path += "?received_at=2026-02-13T10:00:00Z"
	}
	if strings.HasSuffix(route, "/form") {
		body, kind := formOf(map[string][]string{"intake": {"web_form"}, "language": {"nl"}, "text": {"Te laat."}})
		return c.ask(method, path, token, body, "Content-Type", kind).Code
	}
	return c.ask(method, path, token, bodies[route]).Code
}

// bodies are the least that each command takes.
var bodies = map[string]string{
	"POST /api/v1/submissions":                                `{"intake": "web_form", "language": "nl", "text": "Te laat."}`,
	"POST /api/v1/session":                                    `{"login": "other", "password": "long enough"}`,
	"POST /api/v1/me/password":                                `{"current_password": "long enough", "new_password": "kort maar goed"}`,
	"POST /api/v1/me/tokens":                                  `{"label": "script", "password": "long enough"}`,
	"POST /api/v1/me/tokens/{id}/revocation":                  `{}`,
	"POST /api/v1/accounts":                                   `{"login": "nieuw", "name": "Nieuw", "role": "intake"}`,
	"POST /api/v1/accounts/{login}":                           `{"name": "Anders"}`,
	"POST /api/v1/accounts/{login}/password":                  `{}`,
	"POST /api/v1/accounts/{login}/logout":                    `{}`,
	"POST /api/v1/accounts/{login}/tokens":                    `{"label": "script"}`,
	"POST /api/v1/accounts/{login}/tokens/{id}/revocation":    `{}`,
	"POST /api/v1/complaints/{number}/assignment":             `{"officer": "ombuds-2"}`,
	"POST /api/v1/complaints/{number}/admissibility":          `{"decision": "admissible"}`,
	"POST /api/v1/complaints/{number}/admissibility-warnings": `{"ground": "COURT_PENDING", "reasons": "Gelezen."}`,
	"POST /api/v1/complaints/{number}/representation":         `{"mandate": "attached"}`,
	"POST /api/v1/complaints/{number}/complainant-reply":      `{"kind": "information", "text": "Op 3 mei."}`,
	"POST /api/v1/complaints/{number}/consultations":          `{"department": "HOSPITALISATIE", "question": "Waarom?"}`,
	"POST /api/v1/complaints/{number}/outcome": `{"verdict": "founded", "resolution": "resolved",
		"findings": [{"point": "Te laat", "verdict": "founded", "reasons": "Ja."}]}`,
	"POST /api/v1/complaints/{number}/delay-notice":       `{"reasons": "Meer tijd.", "new_date": "2026-04-24"}`,
	"POST /api/v1/complaints/{number}/receipt-correction": `{"reasons": "Stempel.", "received_at": "2026-02-20T09:00:00Z"}`,
	"POST /api/v1/complaints/{number}/withdrawal":         `{"reasons": "Opgelost."}`,
	"POST /api/v1/status/{receipt_code}/documents":        `{"text": "Zie de bijlage."}`,
	"POST /api/v1/complaints/{number}/documents":          `{"text": "Zie de bijlage."}`,
	"POST /api/v1/complaints/{number}/notes":              `{"text": "Gebeld."}`,
	"POST /api/v1/complaints/{number}/void":               `{"reasons": "Twee keer ingevoerd."}`,
	"POST /api/v1/complaints/{number}/reopening":          `{"reasons": "Nieuwe stukken."}`,
	"POST /api/v1/complaints/{number}/links":              `{"number": "2026-000122", "reasons": "Zelfde zaak."}`,
	"POST /api/v1/consultations/{id}/hand-over":           `{"department": "POST", "reasons": "Niet van ons."}`,
	"POST /api/v1/complaints/{number}/involved":           `{"logins": ["hugo"], "reasons": "De klacht gaat over hem."}`,
	"POST /api/v1/complaints/{number}/service-first":      `{"department": "POST", "return_on": "2026-03-12", "agreed": true, "reasons": "Nog niet gevraagd."}`,
	"POST /api/v1/officers/{login}/absence":               `{"from": "2026-03-02", "until": "2026-03-13", "stand_in": "ombuds-2"}`,
	"POST /api/v1/officers/{login}/return":                `{"on": "2026-03-04"}`,
	"POST /api/v1/consultations/{id}/answer":              `{"answer": "Dat klopt."}`,
	"POST /api/v1/letters/{id}/dispatch":                  `{"posted_on": "2026-03-02"}`,
	"POST /api/v1/complaints/{number}/privacy-referral":   `{"reasons": "Gezondheidsgegevens.", "mixed": true}`,
	"POST /api/v1/privacy/{number}/split":                 `{"reasons": "Alleen gegevens.", "mixed": false}`,
	"POST /api/v1/privacy/{number}/extension":             `{"reasons": "Veel stukken."}`,
	"POST /api/v1/privacy/{number}/answer":                `{"answer": "U krijgt inzage."}`,
	"POST /api/v1/privacy/{number}/breach":                `{"suspected": true, "reasons": "Een brief van een ander lid."}`,
	"POST /api/v1/privacy/{number}/breach-notification":   `{"notified_at": "2026-03-02T09:00:00Z"}`,
	"POST /api/v1/relay/blocked/{workflow_id}/settlement": `{"resolution": "retry", "reasons": "Hersteld."}`,
	"POST /api/v1/service-first/{number}/report":          `{"solved": true, "report": "Vandaag betaald."}`,
	"POST /api/v1/complaints/search":                      `{"niss": "65.01.01-991.60"}`,
	"POST /api/v1/complaints/{number}/correction":         `{"version": 0, "reasons": "Tikfout.", "topic": "Te laat"}`,
	"POST /api/v1/findings/{id}/settlement":               `{"reasons": "Bekend."}`,
	"POST /api/v1/verification":                           `{}`,
	"POST /api/v1/letters/{id}/resolution":                `{"resolution": "left", "reasons": "Gezien."}`,
	"POST /api/v1/letters/{id}/bounce":                    `{"reasons": "Onbekende mailbox."}`,
}

func TestEveryRouteLetsInExactlyItsRoles(t *testing.T) {
	c := open(t)
	routes := c.routes(t)
	for _, route := range routes {
		if mayCall[route] == "" {
			t.Errorf("%s has no row: say who may call it", route)
			continue
		}
		for _, caller := range callers {
			token, refused := caller, http.StatusForbidden
			if caller == "public" {
				token, refused = "", http.StatusUnauthorized
			}
			status := c.request(route, token)
			if lets(route, caller) {
				if status >= 300 {
					t.Errorf("%s refuses %s with %d", route, caller, status)
				}
			} else if status != refused {
				t.Errorf("%s answers %s with %d, want %d", route, caller, status, refused)
			}
		}
		for _, token := range []string{"expired", "revoked"} {
			if status := c.request(route, token); status != http.StatusUnauthorized && !probes[route] {
				t.Errorf("%s answers a token that is no longer good with %d", route, status)
			}
		}
	}
	if len(mayCall) != len(routes) {
		t.Errorf("the table has %d rows for %d routes", len(mayCall), len(routes))
	}
}

func lets(route, caller string) bool { return slices.Contains(strings.Fields(mayCall[route]), caller) }
