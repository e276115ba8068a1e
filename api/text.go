package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// errUnstorable answers text that no database column can hold.
var errUnstorable = errors.New("text must not hold NUL characters")

// errNotUnicode answers JSON with bytes or escapes that are no character.
var errNotUnicode = errors.New("text must be Unicode in UTF-8")

// errTwice answers JSON in which an object gives one name twice: readers differ
// in which of the two they take.
var errTwice = errors.New("an object must not give a name twice")

// errTooManyParts answers JSON in more pieces than any request has use for.
var errTooManyParts = errors.New("the body has too many parts")

// mostParts bounds of how many objects, lists and members JSON may consist. A part
// is read into many times its own bytes, and may be wrong in several ways. The
// largest body that the routes take, 50 initiatives and 20 attachments with all
// that is known of two people, has fewer than 500.
const mostParts = 10_000

// storable tells whether text can be kept: valid UTF-8 without NUL.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func storableQuery(query url.Values) bool {
	for name, values := range query {
		if !storable(name) || !storable(strings.Join(values, "")) {
			return false
		}
	}
	return true
}

// unmarshal reads JSON as huma asks: first into a tree of anything, which is
// where every text is looked at, then into the type. What has too many parts is
// not read at all.
func unmarshal(data []byte, v any) error {
	if parts(data) > mostParts {
		return errTooManyParts
	}
	if err := json.Unmarshal(data, v); err != nil {
		return err
	}
	tree, ok := v.(*any)
	switch {
	case !ok:
		return nil
	case !utf8.Valid(data) || !pairedEscapes(data):
		return errNotUnicode
	case givesTwice(data):
		return errTwice
	case !storableTree(*tree):
		return errUnstorable
	}
	return nil
}

// parts counts the objects and lists that data opens and the commas between
// members, outside of texts. The data need not be JSON.
func parts(data []byte) (n int) {
	inText := false
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			inText = !inText
		case '\\':
			i++ // in JSON it stands in texts only
		case '{', '[', ',':
			if !inText {
				n++
			}
		}
	}
	return n
}

// givesTwice tells whether an object gives one name twice. The data is JSON.
func givesTwice(data []byte) bool {
	var objects []map[string]bool // the names of those under way; nil for a list
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{':
			objects = append(objects, map[string]bool{})
		case '[':
			objects = append(objects, nil)
		case '}', ']':
			objects = objects[:len(objects)-1]
		case '"':
			text := quoted(data[i:])
			i += len(text) - 1
			if !bytes.HasPrefix(bytes.TrimLeft(data[i+1:], " \t\r\n"), []byte{':'}) {
				continue
			}
			given, names := unquoted(text), objects[len(objects)-1]
			if names[given] {
				return true
			}
			names[given] = true
		}
	}
	return false
}

// quoted is the text that data begins with, in its quotes.
func quoted(data []byte) []byte {
	for end := 1; ; end++ {
		switch data[end] {
		case '\\':
			end++
		case '"':
			return data[:end+1]
		}
	}
}

// unquoted is what a text in quotes says.
func unquoted(text []byte) (said string) {
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text[1 : len(text)-1])
	}
	_ = json.Unmarshal(text, &said) // it is part of what was read as JSON
	return said
}

// pairedEscapes tells whether each half of a character that JSON writes as two
// escapes (a surrogate) has its other half. The data is JSON, where a backslash
// stands in texts only.
func pairedEscapes(data []byte) bool {
	for {
		at := bytes.IndexByte(data, '\\')
		if at < 0 {
			return true
		}
		data = data[at:]
		unit := escaped(data)
		switch {
		case unit < 0:
			data = data[2:]
		case !utf16.IsSurrogate(unit):
			data = data[6:]
		case utf16.DecodeRune(unit, escaped(data[6:])) == utf8.RuneError:
			return false
		default:
			data = data[12:]
		}
	}
}

// escaped is the unit of UTF-16 that data begins with as \uXXXX; -1 for none.
func escaped(data []byte) rune {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}

func storableTree(tree any) bool {
	switch node := tree.(type) {
	case string:
		return storable(node)
	case []any:
		for _, item := range node {
			if !storableTree(item) {
				return false
			}
		}
	case map[string]any:
		for name, item := range node {
			if !storable(name) || !storableTree(item) {
				return false
			}
		}
	}
	return true
}
