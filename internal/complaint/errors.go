package complaint

import (
	"errors"
	"fmt"
)

// Category is the kind of a refusal. Each edge translates it in one place.
type Category string

// The categories.
const (
	NotFound      Category = "not_found"
	Invalid       Category = "invalid"
	NotAllowedNow Category = "not_allowed_now"
	Forbidden     Category = "forbidden"
	Unavailable   Category = "unavailable"
	TooLarge      Category = "too_large"
)

// FieldError is one thing wrong with what was sent: where, and what, without
// repeating the value.
type FieldError struct {
	Location string `json:"location"` // "body.complainant.email"
	Message  string `json:"message"`
}

// Error is a refusal that may be shown to the caller. Code is stable for
// programs; Detail is one English sentence without personal data.
type Error struct {
	Category Category
	Code     string
	Detail   string
	Fields   []FieldError
}

func (e *Error) Error() string { return e.Detail }

// Refuse makes a refusal of a category.
func Refuse(category Category, code, format string, args ...any) error {
	return &Error{Category: category, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Conflict refuses a command that is not allowed now.
func Conflict(code, format string, args ...any) error {
	return Refuse(NotAllowedNow, code, format, args...)
}

// Missing says that something does not exist, or not for this caller.
func Missing(what string) error {
	return Refuse(NotFound, "not_found", "There is no such %s.", what)
}

// InvalidFields refuses input by its fields; nil when there are none.
func InvalidFields(fields []FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Category: Invalid, Code: "invalid", Detail: "The request has invalid fields.", Fields: fields}
}

// CategoryOf finds the category of an error; empty for an unexpected one.
func CategoryOf(err error) Category {
	if refusal, ok := errors.AsType[*Error](err); ok {
		return refusal.Category
	}
	return ""
}
