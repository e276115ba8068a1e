package register

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

const purposeMark = "history mark"

// A mark is some random bytes, so that no two are alike, and a keyed hash of
// them with what the row says.
const (
	markRandom = 8
	markBytes  = 32
)

// mark shows that this program wrote a row. Without the key nobody makes one.
func (s *Store) mark(content string) []byte {
	mark := make([]byte, markRandom, markBytes)
	rand.Read(mark)
	return append(mark, s.markOf(mark, content)...)
}

func (s *Store) markOf(random []byte, content string) []byte {
	return s.keys.Hash(purposeMark, markedContent(random, content))[:markBytes-markRandom]
}

func markedContent(random []byte, content string) []byte {
	return append(bytes.Clone(random), content...)
}

// marked tells whether a mark is this content's, by this key or one before it:
// history is not written anew when the key is changed.
func (s *Store) marked(mark []byte, content string) bool {
	return len(mark) == markBytes && s.keys.made(mark[markRandom:], purposeMark, markedContent(mark[:markRandom], content))
}

func (s *Store) markEvent(at time.Time, e NewEvent, details []byte) ([]byte, error) {
	content, err := eventContent(at, e, details)
	return s.mark(content), err
}

func (s *Store) markAudit(at time.Time, a Audit) []byte { return s.mark(auditContent(at, a)) }

// eventContent is what the mark of an event stands for. The database writes JSON
// its own way, so the details are read and written anew.
func eventContent(at time.Time, e NewEvent, details []byte) (string, error) {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(details))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return "", err
	}
	plain, err := json.Marshal(value)
	return bound("event", fmt.Sprint(at.UnixMicro()), string(e.Number), e.Kind, e.Actor, string(plain)), err
}

func auditContent(at time.Time, a Audit) string {
	return bound("audit", fmt.Sprint(at.UnixMicro()), string(a.Number), a.Actor, a.Role, a.Action, a.Address, bound(a.Fields...))
}

// bound writes texts one behind the other, each with its length before it, so
// that no two lists read alike.
func bound(texts ...string) string {
	var b strings.Builder
	for _, text := range texts {
		fmt.Fprintf(&b, "%d:%s", len(text), text)
	}
	return b.String()
}
