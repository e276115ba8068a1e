package register

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
)

// FuzzCursor: a cursor that was handed out comes back as its key; anything else
// is a key too, or refused without repeating it.
func FuzzCursor(f *testing.F) {
	for _, cursor := range []string{"MTI", "IjIwMjYtMDAwMDAxIg", "IlwidTAwMDAi", "bnVsbA", "W10", "=", "eyJEdWUiOiIwMDAwLTAxLTAxIiwiSUQiOjF9", "LTE", "eyJzdGFnZSI6LTEsIndhbGsiOnsiY2hhaW4iOiJhIiwibmV4dCI6MiwiYmVmb3JlIjpbIkFBIl19LCJzaGFyZSI6eyJvZiI6LTF9fQ"} {
		f.Add(cursor)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		var number int64
		cursorComesBack(t, cursor, &number)
		var name complaint.Number
		cursorComesBack(t, cursor, &name)
		var day struct {
			Due complaint.Day
			ID  int64
		}
		cursorComesBack(t, cursor, &day)
		var place historyPlace
		cursorComesBack(t, cursor, &place)
	})
}

func cursorComesBack[K any](t *testing.T, cursor string, key *K) {
	more, err := readCursor(cursor, key)
	if err != nil {
		refusal, ok := errors.AsType[*complaint.Error](err)
		if !ok || refusal.Category != complaint.Invalid || len(cursor) > 12 && strings.Contains(err.Error(), cursor) {
			t.Fatalf("%q: %v", cursor, err)
		}
		var none K
		*key = none
		return
	}
	if !more {
		return
	}
	var back K
	if again, err := readCursor(encodeCursor(*key), &back); !again || err != nil || !reflect.DeepEqual(back, *key) {
		t.Fatalf("%q: %v comes back as %v (%v)", cursor, *key, back, err)
	}
}

// FuzzKeys: a key file is read or refused, never repeated; what was sealed opens,
// and nothing else does.
func FuzzKeys(f *testing.F) {
	f.Add(strings.Repeat("0123456789abcdef", 4), []byte("94051199802"))
	f.Add("not a key", []byte{})
	f.Add(strings.Repeat("AB", 32)+"\n", []byte{0, 1, 2})
	f.Fuzz(func(t *testing.T, text string, data []byte) {
		keys, err := ParseKeys(text)
		if err != nil {
			if len(text) > 12 && strings.Contains(err.Error(), text) {
				t.Fatalf("the error repeats the key: %v", err)
			}
			return
		}
		opened, err := keys.Open(purposeAnswer, keys.Seal(purposeAnswer, data))
		if err != nil || !bytes.Equal(opened, data) {
			t.Fatalf("%q comes back as %q (%v)", data, opened, err)
		}
		if _, err := keys.Open(purposeAnswer, data); err == nil {
			t.Fatalf("%q opens", data)
		}
		if _, err := keys.Open(purposeKey, keys.Seal(purposeAnswer, data)); err == nil {
			t.Fatal("it opens for another purpose")
		}
	})
}
