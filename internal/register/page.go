package register

import (
	"encoding/base64"
	"encoding/json"

	"ombudsdienst/internal/complaint"
)

// Page sizes of every list.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Paging is the part of a list that is asked for. Lists are read by keys, not by
// offsets, so rows that come in meanwhile neither repeat nor skip others.
type Paging struct {
	Limit  int    // 1 to MaxLimit; 0 is DefaultLimit
	Cursor string // next_cursor of the page before; empty: from the start
}

func (p Paging) limit() int {
	if p.Limit <= 0 {
		return DefaultLimit
	}
	return min(p.Limit, MaxLimit)
}

// Page is a part of a list; without a next cursor it is the last one.
type Page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// PageOf makes a page of rows that another room read, one more than the limit.
func PageOf[T, K any](rows []T, p Paging, key func(T) K) Page[T] { return pageOf(rows, p, key) }

// From reads the key after which the page begins into key; false when it is the
// first page.
func (p Paging) From(key any) (bool, error) { return readCursor(p.Cursor, key) }

// Rows is how many rows to read for the page: one more than it shows.
func (p Paging) Rows() int { return p.limit() + 1 }

// pageOf cuts off the one row more that was read to see whether there is more.
func pageOf[T, K any](rows []T, p Paging, key func(T) K) Page[T] {
	if rows == nil {
		rows = []T{}
	}
	if len(rows) <= p.limit() {
		return Page[T]{Items: rows}
	}
	rows = rows[:p.limit()]
	next := encodeCursor(key(rows[len(rows)-1]))
	return Page[T]{Items: rows, NextCursor: &next}
}

func encodeCursor(key any) string {
	text, err := json.Marshal(key)
	if err != nil {
		panic(err) // keys are numbers and days
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// readCursor fills key from a cursor; false when the list starts at its first row.
func readCursor(cursor string, key any) (bool, error) {
	if cursor == "" {
		return false, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, key)
	}
	if err != nil {
		return false, complaint.InvalidFields([]complaint.FieldError{
			{Location: "query.cursor", Message: "not a cursor of this list"},
		})
	}
	return true, nil
}
