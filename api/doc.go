// Package api is the counter (loket) for programs: the JSON API under /api/v1,
// its description at /openapi.json, and what an operator asks of the process.
//
// It binds a request, asks casework and answers. It decides nothing about
// complaints, knows no SQL and no Temporal, and starts and answers whether or
// not the procedure can be reached. Moments in answers are written in Brussels
// time; no error and no log line repeats what somebody sent.
package api
