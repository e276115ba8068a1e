package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"ombudsdienst/internal/complaint"
)

// problemType is the media type of every answer that is no success (RFC 9457).
const problemType = "application/problem+json"

// mostFields bounds how many wrong fields one answer lists.
const mostFields = 50

// Problem is the one form of every answer that is no success.
type Problem struct {
	Type   string                 `json:"type" doc:"about:blank: status and code say which problem it is"`
	Title  string                 `json:"title" doc:"the status in words"`
	Status int                    `json:"status" doc:"the HTTP status"`
	Detail string                 `json:"detail" doc:"one sentence for people; it never repeats what was sent"`
	Code   string                 `json:"code" doc:"which problem it is; stable, for programs"`
	Errors []complaint.FieldError `json:"errors,omitempty" doc:"with 422: where, and what is wrong there"`

	headers http.Header
}

func newProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

func (p *Problem) with(header, value string) *Problem {
	if p.headers == nil {
		p.headers = http.Header{}
	}
	p.headers.Set(header, value)
	return p
}

// Error, GetStatus, GetHeaders and ContentType make a Problem an error that
// huma writes as it stands.
func (p *Problem) Error() string             { return p.Detail }
func (p *Problem) GetStatus() int            { return p.Status }
func (p *Problem) GetHeaders() http.Header   { return p.headers }
func (p *Problem) ContentType(string) string { return problemType }

// write answers outside of huma: unknown routes, panics, refusals at the door.
func (p *Problem) write(c *gin.Context) {
	for name, values := range p.headers {
		c.Writer.Header()[name] = values
	}
	content, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	c.Abort()
	c.Data(p.Status, problemType, content)
}

// statusOf is the one place where the categories of refusals become statuses.
var statusOf = map[complaint.Category]int{
	complaint.NotFound:      http.StatusNotFound,
	complaint.Invalid:       http.StatusUnprocessableEntity,
	complaint.NotAllowedNow: http.StatusConflict,
	complaint.Forbidden:     http.StatusForbidden,
	complaint.TooLarge:      http.StatusRequestEntityTooLarge,
	complaint.Unavailable:   http.StatusServiceUnavailable,
}

// problemOf translates a refusal; an error that is none tells nothing.
func problemOf(err error) *Problem {
	refusal, ok := errors.AsType[*complaint.Error](err)
	if !ok || statusOf[refusal.Category] == 0 {
		return unexpected()
	}
	p := newProblem(statusOf[refusal.Category], refusal.Code, refusal.Detail)
	p.Errors = refusal.Fields
	if refusal.Category == complaint.Unavailable {
		p.with("Retry-After", "5")
	}
	return p
}

func unexpected() *Problem {
	return newProblem(http.StatusInternalServerError, "internal", "Something went wrong here; it has been noted.")
}

func nothingHere() *Problem {
	return newProblem(http.StatusNotFound, "not_found", "There is nothing at this address.")
}

func tooLarge() *Problem {
	return newProblem(http.StatusRequestEntityTooLarge, "too_large", "The body is larger than this route takes.")
}

func invalid(fields ...complaint.FieldError) *Problem {
	p := newProblem(http.StatusUnprocessableEntity, "invalid", "The request has invalid fields.")
	p.Errors = fields[:min(len(fields), mostFields)]
	return p
}

// fromHuma puts what huma found wrong with a request in our form. Its own
// details repeat values and the words of JSON readers, so they are chosen from,
// never passed on.
func fromHuma(ctx huma.Context, status int, _ string, details ...error) huma.StatusError {
	if ctx != nil && bodyOf(ctx).fault != nil {
		fault := bodyOf(ctx).fault
		for name := range fault.headers { // huma writes those of a handler's error only
			ctx.SetHeader(name, fault.headers.Get(name))
		}
		return fault
	}
	switch status {
	case http.StatusUnprocessableEntity:
		return invalid(fieldsOf(details)...)
	case http.StatusBadRequest:
		if mentions(details, errUnstorable) {
			return invalid(complaint.FieldError{Location: "body", Message: errUnstorable.Error()})
		}
		if mentions(details, errTwice) {
			return newProblem(status, "name_twice", "An object in the body gives one name twice.")
		}
		if mentions(details, errTooManyParts) {
			return newProblem(http.StatusRequestEntityTooLarge, "too_many_parts", "The body has more objects, lists and members than this route has use for.")
		}
		return newProblem(status, "not_json", "The body is not JSON in UTF-8.")
	}
	return unexpected()
}

func mentions(details []error, sought error) bool {
	return slices.ContainsFunc(details, func(err error) bool {
		detail, ok := err.(huma.ErrorDetailer)
		return ok && detail.ErrorDetail().Message == sought.Error()
	})
}

// fieldsOf looks at errors until it has as many fields as one answer lists.
func fieldsOf(details []error) []complaint.FieldError {
	var fields []complaint.FieldError
	for _, err := range details {
		detail, ok := err.(huma.ErrorDetailer)
		if !ok {
			continue
		}
		d := detail.ErrorDetail()
		field := complaint.FieldError{Location: known(d.Location), Message: ownWords(d.Message)}
		if slices.Contains(fields, field) {
			continue
		}
		if fields = append(fields, field); len(fields) == mostFields {
			break
		}
	}
	slices.SortFunc(fields, func(a, b complaint.FieldError) int { return cmp.Compare(a.Location, b.Location) })
	return fields
}

// ownMessage tells the messages that speak of the schema. What a reader of
// JSON, numbers or moments says may quote what it read.
var ownMessage = regexp.MustCompile(`^(expected|unexpected property|unknown query parameter|required|invalid (integer|boolean)$|invalid value: not a day)`)

func ownWords(message string) string {
	if !ownMessage.MatchString(message) {
		return "is not valid"
	}
	return message
}
