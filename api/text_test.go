package api

import "testing"

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
