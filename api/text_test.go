package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

func TestANameThatAnObjectGivesTwiceIsFound(t *testing.T) {
	for data, twice := range map[string]bool{
		`{"a": 1, "a": 2}`:                           true,
		`{"a": 1, "\u0061": 2}`:                      true,
		`{"a\"b": 1, "c": {"x": []}, "a\"b" : 2}`:    true,
		`[{"a": {"b": 1}}, {"c": 1, "d": 2, "c":3}]`: true,
		`{"a": [{"b": 1}, {"b": 2}], "b": "b"}`:      false,
		`{"a": "a", "b": "\"a\":", "c": ["a", "a"]}`: false,
		`{"a\\": 1, "a": 2, "A": 3}`:                 false,
		`"a"`:                                        false,
		`{}`:                                         false,
		"{\"a\"\n\t:{\"a\":1} , \"b\" :1}":           false,
	} {
		if givesTwice([]byte(data)) != twice {
			t.Errorf("%s: want %t", data, twice)
		}
	}
}

// lookedAt counts how often an error is looked at.
type lookedAt struct {
	error
	detail *huma.ErrorDetail
	times  *int
}

func (l lookedAt) ErrorDetail() *huma.ErrorDetail {
	*l.times++
	return l.detail
}

func TestNoMoreErrorsAreLookedAtThanOneAnswerLists(t *testing.T) {
	var details []error
	times := 0
	for i := range 1000 {
		detail := &huma.ErrorDetail{Location: fmt.Sprintf("body[%d]", i), Message: "expected string"}
		details = append(details, lookedAt{detail, detail, &times})
	}
	if fields := fieldsOf(details); len(fields) != mostFields || times != mostFields {
		t.Errorf("%d fields of %d errors", len(fields), times)
	}
}

// FuzzUnmarshal: of any JSON in Unicode, an object that gives a name twice is
// found as reading it name by name finds it, and half a character is found as
// the sign that stands for what could not be read.
func FuzzUnmarshal(f *testing.F) {
	for _, data := range []string{
		`{"a": 1, "a": 2}`, `{"a": 1, "\u0061": 2}`, `{"a\\": {"a\"": ["a", {"b": "{\"b\":"}]}, "b" :1}`, `[{}, [], "a", {"":1, "" : null}]`,
		`"\ud83d\ude00\\ud800"`, `{"\ud83d": 1}`, `"\ufffd"`, ` "a" `, `-1e9`, ``, "{\"a\"\r\n\t:1}",
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var tree any
		if !utf8.Valid(data) || json.Unmarshal(data, &tree) != nil {
			return
		}
		if !pairedEscapes(data) {
			read, err := json.Marshal(tree)
			if err != nil || !strings.ContainsRune(string(read), utf8.RuneError) && !twiceByToken(t, data) {
				t.Fatalf("%q holds no half of a character (%v)", data, err)
			}
			return
		}
		if found, want := givesTwice(data), twiceByToken(t, data); found != want {
			t.Fatalf("%q gives a name twice: %t, want %t", data, found, want)
		}
	})
}

// twiceByToken is givesTwice by the library's reading, one token at a time.
func twiceByToken(t *testing.T, data []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var twice bool
	var value func(token json.Token)
	next := func() json.Token {
		token, err := decoder.Token()
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		return token
	}
	value = func(token json.Token) {
		names := map[json.Token]bool{}
		switch token {
		case json.Delim('['):
			for decoder.More() {
				value(next())
			}
			next()
		case json.Delim('{'):
			for decoder.More() {
				name := next()
				twice = twice || names[name]
				names[name] = true
				value(next())
			}
			next()
		}
	}
	value(next())
	return twice
}
