package api_test

// onCases says what a route answers on each complaint of the scene to those whom
// mayCall lets in: a status, and after commas other ones for some callers. "-": the
// complaint has no such thing. On one that is not there it is 404 for everybody.
// Rows "of the DPO" are about what hangs on the DPO's file of the complaint, rows
// "of a department" about what came with a department's answer.
//
// The handler is of the department that is asked about all but foreign and unsplit;
// other is of the one that is asked about foreign. In conflict, ombuds and handler
// are named as involved; ombuds-2 never is.
var onCases = map[string]string{
	//                                                         ordinary    foreign     conflict    unsplit     mixed       pure        closed
	"GET /api/v1/status/{receipt_code}":                       `200         200         200         200         200         200         200`,
	"POST /api/v1/status/{receipt_code}/documents":            `202         202         202         202         202         409         409`,
	"GET /api/v1/complaints/{number}":                         `200         200         200         200         200         200         200`,
	"GET /api/v1/complaints/{number}/submission":              `200,dpo:404 200,dpo:404 200,dpo:404 200         200         403,dpo:200 200,dpo:404`,
	"POST /api/v1/complaints/{number}/correction":             `202,dpo:404 202,dpo:404 202,dpo:404,ombuds:409 202 202      403,dpo:202 202,dpo:404`,
	"POST /api/v1/complaints/{number}/assignment":             `202         202         202,ombuds:409 202      202         409         409`,
	"POST /api/v1/complaints/{number}/admissibility":          `409         409         409         409         409         409         409`,
	"POST /api/v1/complaints/{number}/admissibility-warnings": `202        202         202         202         202         409         409`,
	"POST /api/v1/complaints/{number}/representation":         `409         409         409         409         409         409         409`,
	"POST /api/v1/complaints/{number}/complainant-reply":      `409         409         409         409         409         409         409`,
	"POST /api/v1/complaints/{number}/consultations":          `409         201         409         409         201         409         409`,
	"POST /api/v1/complaints/{number}/service-first":          `409         409         409         409         202         409         409`,
	"POST /api/v1/complaints/{number}/outcome":                `409         409         409         409         202         409         409`,
	"POST /api/v1/complaints/{number}/delay-notice":           `202         202         202,ombuds:409 202      202         409         409`,
	"POST /api/v1/complaints/{number}/receipt-correction":     `202         202         202,ombuds:409 202      202         202         409`,
	"POST /api/v1/complaints/{number}/withdrawal":             `202         202         202,ombuds:409 202      202         409         409`,
	"POST /api/v1/complaints/{number}/privacy-referral":       `202         202         202,ombuds:409 202      409         202         409`,
	"POST /api/v1/complaints/{number}/involved":               `202         202         202,ombuds:409 202      202         409         409`,
	"POST /api/v1/complaints/{number}/void":                   `202         202         202,ombuds:409 202      202         409         409`,
	"POST /api/v1/complaints/{number}/reopening":              `409         409         409         409         409         409         202`,
	"POST /api/v1/complaints/{number}/documents":              `202         202         202         202         202         202         202`,
	"POST /api/v1/complaints/{number}/notes":                  `202         202         202         202         202         202         202`,
	"POST /api/v1/complaints/{number}/links":                  `202         422         202         202         202         202         202`,

	// A handler knows the own department's questions and no other.
	"GET /api/v1/consultations/{id}":             `200,other:404 200,handler:404 200,other:404 - 200,other:404 404 200,other:404`,
	"POST /api/v1/consultations/{id}/answer":     `202,other:404 202,handler:404 202,other:404,handler+ombuds:409 - 409,other:404 404 409,other:404`,
	"POST /api/v1/consultations/{id}/hand-over":  `201,other:404 409,handler:404 201,other:404,handler+ombuds:409 - 409,other:404 404 409,other:404`,
	"GET /api/v1/service-first/{number}":         `200,other:404 200,handler:404 - - - 404 -`,
	"POST /api/v1/service-first/{number}/report": `202,other:404 202,handler:404 - - - 404 -`,

	// The complaint's own letters are the DPO's only where all of it is; those of the
	// DPO's file are nobody else's, but for the one that lies printed in the mail room.
	"GET /api/v1/letters/{id}":                        `200,dpo:404 200,dpo:404 200,dpo:404 200,dpo:404 200,dpo:404 404,dpo:200 200,dpo:404`,
	"GET /api/v1/letters/{id}/pdf":                    `200,dpo:404 200,dpo:404 200,dpo:404 200,dpo:404 200,dpo:404 404,dpo:200 200,dpo:404`,
	"GET /api/v1/letters/{id}/txt":                    `200,dpo:404 200,dpo:404 200,dpo:404 200,dpo:404 200,dpo:404 404,dpo:200 200,dpo:404`,
	"POST /api/v1/letters/{id}/dispatch":              `409         409         409         409         409         409         409`,
	"POST /api/v1/letters/{id}/resolution":            `409,dpo:404 409,dpo:404 409,dpo:404 409,dpo:404 409,dpo:404 409,dpo:404 409,dpo:404`,
	"POST /api/v1/letters/{id}/bounce":                `202,dpo:404 202,dpo:404 202,dpo:404 202,dpo:404 202,dpo:404 202,dpo:404 202,dpo:404`,
	"GET /api/v1/letters/{id} of the DPO":             `-           -           -           404,dpo:200 404,dpo:200 404,dpo:200 -`,
	"GET /api/v1/letters/{id}/pdf of the DPO":         `-           -           -           404,dpo:200 404,dpo:200 404,dpo:200 -`,
	"GET /api/v1/letters/{id}/txt of the DPO":         `-           -           -           404,dpo:200 404,dpo:200 404,dpo:200 -`,
	"POST /api/v1/letters/{id}/dispatch of the DPO":   `-           -           -           404         404,intake:202 404      -`,
	"POST /api/v1/letters/{id}/resolution of the DPO": `-          -           -           404,dpo:409 404,dpo:409 404,dpo:409 -`,
	"POST /api/v1/letters/{id}/bounce of the DPO":     `-           -           -           404,dpo:202 404,dpo:409 404,dpo:202 -`,

	"GET /api/v1/attachments/{id}":                 `200,dpo+handler+other:404 200,dpo+handler+other:404 200,dpo+handler+other:404 200,handler+other:404 200,handler+other:404 404,dpo:200 200,dpo+handler+other:404`,
	"GET /api/v1/attachments/{id} of a department": `- - - - 200,dpo+other:404 404,dpo:200 200,dpo+other:404`,

	"GET /api/v1/privacy/{number}":                      `404 404 404 200 200 200 404`,
	"POST /api/v1/privacy/{number}/split":               `404 404 404 202 202 409 404`,
	"POST /api/v1/privacy/{number}/extension":           `404 404 404 202 409 202 404`,
	"POST /api/v1/privacy/{number}/answer":              `404 404 404 202 202 202 404`,
	"POST /api/v1/privacy/{number}/breach":              `404 404 404 202 409 409 404`,
	"POST /api/v1/privacy/{number}/breach-notification": `404 404 404 409 202 202 404`,

	"POST /api/v1/findings/{id}/settlement":                          `202,dpo:404 202,dpo:404 202,dpo:404 202,dpo:404 202,dpo:404 404,dpo:202 202,dpo:404`,
	"POST /api/v1/relay/blocked/{workflow_id}/settlement":            `202,dpo:404 409,dpo:404 409,dpo:404 409,dpo:404 409,dpo:404 409,dpo:404 409,dpo:404`,
	"POST /api/v1/relay/blocked/{workflow_id}/settlement of the DPO": `404         404         404         404,dpo:409 404,dpo:409 404,dpo:202 404`,
}

// onOthers says it of routes on what is no complaint: by login, ID or both.
var onOthers = map[string]map[string]string{
	"GET /api/v1/verification/{id}":         {"1": "200", "4711": "404"},
	"GET /api/v1/officers/{login}/absence":  {"ombuds-1": "200", "nobody": "404", "handler": "404"},
	"POST /api/v1/officers/{login}/absence": {"ombuds-1": "201", "nobody": "404", "handler": "404"},
	"POST /api/v1/officers/{login}/return":  {"ombuds-1": "409", "nobody": "404", "handler": "404"},

	"POST /api/v1/me/tokens/{id}/revocation": {"1": "404,other:200", "4711": "404"}, // the first token is the other's

	"GET /api/v1/accounts/{login}":           {"other": "200", "nobody": "404"},
	"POST /api/v1/accounts/{login}":          {"other": "200", "nobody": "404"},
	"POST /api/v1/accounts/{login}/password": {"other": "201", "nobody": "404"},
	"POST /api/v1/accounts/{login}/logout":   {"other": "200", "nobody": "404"},
	"GET /api/v1/accounts/{login}/tokens":    {"other": "200", "nobody": "404"},
	"POST /api/v1/accounts/{login}/tokens":   {"other": "201", "nobody": "404"},

	"POST /api/v1/accounts/{login}/tokens/{id}/revocation": {"other 1": "200", "ombuds 1": "404", "nobody 1": "404", "other 4711": "404"},
}
