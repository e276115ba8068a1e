package api

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"
)

// errUnstorable answers text that no database column can hold.
var errUnstorable = errors.New("text must not hold NUL characters")

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
	if tree, ok := v.(*any); ok && !storableTree(*tree) {
		return errUnstorable
	}
	return nil
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
