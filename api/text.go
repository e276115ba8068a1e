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
// where every text is looked at, then into the type.
func unmarshal(data []byte, v any) error {
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

// givesTwice tells whether an object gives one name twice. The data is JSON.
func givesTwice(data []byte) bool {
	reader := json.NewDecoder(bytes.NewReader(data))
	var objects []map[string]bool // under way; nil for a list
	name := false                 // whether a name comes next
	for {
		token, err := reader.Token()
		if err != nil {
			return false // the end
		}
		inside := len(objects) > 0 && objects[len(objects)-1] != nil
		switch token {
		case json.Delim('{'):
			objects, name = append(objects, map[string]bool{}), true
			continue
		case json.Delim('['):
			objects, name = append(objects, nil), false
			continue
		case json.Delim('}'), json.Delim(']'):
			objects = objects[:len(objects)-1]
			name = len(objects) > 0 && objects[len(objects)-1] != nil
			continue
		}
		if inside && name {
			given, names := token.(string), objects[len(objects)-1]
			if names[given] {
				return true
			}
			names[given] = true
		}
		name = inside && !name
	}
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
