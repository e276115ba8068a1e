package api_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// schemas builds bodies from the description of a server: whole ones, and ones
// with exactly one thing wrong that no server may take.
type schemas struct {
	named  map[string]any
	chance *rand.Rand
	marker string // stands in what is wrong, and must not come back

	raws map[string]string // placeholders for what no encoder writes
}

func (s *schemas) resolve(schema map[string]any) map[string]any {
	if ref, _ := schema["$ref"].(string); ref != "" {
		named, _ := s.named[ref[strings.LastIndexByte(ref, '/')+1:]].(map[string]any)
		return named
	}
	return schema
}

// kindOf is the type of a schema, null apart.
func kindOf(schema map[string]any) string {
	switch kind := schema["type"].(type) {
	case string:
		return kind
	case []any:
		for _, k := range kind {
			if k != "null" {
				return k.(string)
			}
		}
	}
	return ""
}

func sub(schema map[string]any, name string) map[string]any {
	found, _ := schema[name].(map[string]any)
	return found
}

func list(schema map[string]any, name string) []any {
	found, _ := schema[name].([]any)
	return found
}

func limitOf(schema map[string]any, name string) int {
	limit, _ := schema[name].(float64)
	return int(limit)
}

// whole builds a value that fits its schema.
func (s *schemas) whole(schema map[string]any) any {
	schema = s.resolve(schema)
	if values := list(schema, "enum"); len(values) > 0 {
		return values[s.chance.IntN(len(values))]
	}
	switch kindOf(schema) {
	case "object":
		return s.wholeObject(schema)
	case "array":
		return []any{s.whole(sub(schema, "items"))}
	case "integer", "number":
		return max(1, limitOf(schema, "minimum"))
	case "boolean":
		return false
	}
	switch {
	case schema["format"] == "date":
		return "2026-02-20"
	case schema["format"] == "date-time":
		return "2026-02-20T10:00:00Z"
	case schema["contentEncoding"] == "base64":
		return "JVBERi0="
	}
	return "woord"
}

func (s *schemas) wholeObject(schema map[string]any) map[string]any {
	object := map[string]any{}
	properties := sub(schema, "properties")
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property, _ := properties[name].(map[string]any)
		if slices.Contains(list(schema, "required"), any(name)) || s.chance.IntN(3) > 0 {
			object[name] = s.whole(property)
		}
	}
	return object
}

// spoiled builds a value that fits its schema but for one thing.
func (s *schemas) spoiled(schema map[string]any) any {
	schema = s.resolve(schema)
	switch kindOf(schema) {
	case "object":
		if s.chance.IntN(8) > 0 {
			return s.spoiledObject(schema)
		}
	case "array":
		if limit := limitOf(schema, "maxItems"); limit > 0 && s.chance.IntN(4) == 0 {
			return slices.Repeat([]any{s.whole(sub(schema, "items"))}, limit+1)
		}
		if s.chance.IntN(4) > 0 {
			return []any{s.spoiled(sub(schema, "items"))}
		}
	case "string":
		if s.chance.IntN(2) == 0 {
			return s.spoiledText(schema)
		}
	case "integer":
		if minimum, bounded := schema["minimum"].(float64); bounded && s.chance.IntN(4) == 0 {
			return minimum - 1
		}
		return s.one(s.marker, s.raw("1e400"), s.raw("99999999999999999999"), 1.5, true, []any{1})
	case "":
		return s.raw(`{"` + s.marker) // of a free schema only the writing can be wrong
	}
	return s.ofAnotherKind(kindOf(schema))
}

// ofAnotherKind is a value that no schema of a kind takes.
func (s *schemas) ofAnotherKind(kind string) any {
	others := map[string]any{
		"string": s.marker, "number": 12345.678, "array": []any{s.marker}, "object": map[string]any{s.marker: s.marker},
		"boolean": true,
	}
	delete(others, kind)
	return others[s.pick(slices.Sorted(maps.Keys(others)))]
}

func (s *schemas) spoiledObject(schema map[string]any) any {
	object := s.wholeObject(schema)
	names := slices.Sorted(maps.Keys(object))
	required := list(schema, "required")
	switch s.chance.IntN(6) {
	case 0:
		object[s.marker] = s.marker
		return object
	case 1:
		object[s.marker] = s.deep()
		return object
	case 2:
		if len(required) > 0 {
			delete(object, required[s.chance.IntN(len(required))].(string))
			return object
		}
	case 3:
		if len(names) > 0 {
			return s.raw(s.doubled(object, s.pick(names)))
		}
	}
	if len(names) == 0 {
		object[s.marker] = 1
		return object
	}
	name := s.pick(names)
	property, _ := sub(schema, "properties")[name].(map[string]any)
	object[name] = s.spoiled(property)
	return object
}

// doubled writes an object that gives one name twice.
func (s *schemas) doubled(object map[string]any, name string) string {
	text := s.write(object)
	return text[:len(text)-1] + "," + strconv.Quote(name) + ":" + s.write(object[name]) + "}"
}

func (s *schemas) deep() any {
	depth := s.chance.IntN(20_000)
	return s.raw(strings.Repeat("[", depth) + strings.Repeat("]", depth))
}

// spoiledText is a text that does not fit: no characters at all, half of one, or
// too many of them.
func (s *schemas) spoiledText(schema map[string]any) any {
	choices := []any{
		s.raw(`"` + s.marker + `\u0000"`), s.raw(`"` + s.marker + `\ud800"`), s.raw(`"\udc00` + s.marker + `\ud83d"`),
		s.raw(`"` + s.marker + "\xff\xfe" + `"`), s.raw(`"` + s.marker + "\xed\xa0\x80" + `"`), s.raw(`"` + s.marker + "\n" + `"`),
		s.raw(`"` + s.marker + `\x"`), s.raw("'" + s.marker + "'"),
	}
	if limit := limitOf(schema, "maxLength"); limit > 0 {
		choices = append(choices, s.marker+strings.Repeat("é", limit))
	}
	if limitOf(schema, "minLength") > 0 {
		choices = append(choices, "")
	}
	if len(list(schema, "enum")) > 0 || schema["format"] != nil || schema["pattern"] != nil {
		choices = append(choices, s.marker, " ", "2026-02-30"+s.marker, "\u202e")
	}
	return choices[s.chance.IntN(len(choices))]
}

func (s *schemas) one(choices ...any) any { return choices[s.chance.IntN(len(choices))] }

func (s *schemas) pick(names []string) string { return names[s.chance.IntN(len(names))] }

// raw stands for text that is written as it is.
func (s *schemas) raw(text string) any {
	name := "raw-" + strconv.Itoa(len(s.raws)) + "-" + s.marker
	s.raws[strconv.Quote(name)] = text
	return name
}

// write is the JSON of a value, or what looks like it.
func (s *schemas) write(value any) string {
	content, err := json.Marshal(value)
	if err != nil {
		panic(err) // the values are ours
	}
	text := string(content)
	for name, raw := range s.raws {
		text = strings.ReplaceAll(text, name, raw)
	}
	return text
}
