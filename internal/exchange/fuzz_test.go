package exchange

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

// FuzzFile: a file of submissions is read or refused; shifted, the newest was
// received on the day that was asked for, none later, and the order stays.
func FuzzFile(f *testing.F) {
	for _, text := range []string{
		`[{"intake": "post", "language": "nl", "text": "a", "received_at": "2026-02-01T10:00:00+01:00", "facts_on": "2026-01-01"}]`,
		`{"submissions": [{"intake": "web_form", "language": "fr", "text": "b"}, {"intake": "post", "received_at": "9999-12-31T23:59:59Z"}]}`,
		`{"letters": [{"id": "L1", "received": "2026-03-29T02:30:00+02:00", "text": "c"}]}`,
		`{"letters": [{}]}`, `[null]`, `[]`, `{}`, `[[]]`, `{"submissions": [1], "letters": [2]}`, ``, `[{"received_at": "0001-01-01T00:00:00Z"}]`,
	} {
		f.Add([]byte(text), int64(1_790_000_000))
	}
	f.Fuzz(func(t *testing.T, data []byte, seconds int64) {
		items, mapping, err := open(data)
		if err != nil {
			return
		}
		var entries []entry
		var before []time.Time
		for _, item := range items {
			content, err := mapping(item)
			if err != nil {
				return
			}
			entries = append(entries, entry{key: keys{}.of(item), content: content})
			before = append(before, content.ReceivedAt)
		}
		asOf := time.Unix(seconds%8_000_000_000, 0).In(complaint.Brussels)
		if shift(entries, asOf) == nil {
			checkShift(t, entries, before, asOf)
		}
	})
}

func checkShift(t *testing.T, entries []entry, before []time.Time, asOf time.Time) {
	newest := time.Time{}
	for i, e := range entries {
		at := e.content.ReceivedAt
		if at.IsZero() != before[i].IsZero() {
			t.Fatalf("%s became %s", before[i], at)
		}
		if at.After(asOf) {
			t.Fatalf("received at %s, after %s", at, asOf)
		}
		if at.After(newest) {
			newest = at
		}
		for j := range i {
			if !at.IsZero() && !before[j].IsZero() && complaint.DayOf(before[j]).Before(complaint.DayOf(before[i])) && at.Before(entries[j].content.ReceivedAt) {
				t.Fatalf("%s came before %s", before[j], before[i])
			}
		}
	}
	if complaint.DayOf(newest) != complaint.DayOf(asOf) {
		t.Fatalf("the newest was received at %s, not on the day of %s", newest, asOf)
	}
}

// FuzzDecode: an error about a file names fields and repeats no value.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{"2026-02-30", "Jan Voorbeeldmans", "", "2026-02-01T10:00:00Z", "!!!!", "9e99"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, value string) {
		secret, err := json.Marshal(value + " geheim")
		if err != nil {
			return
		}
		for _, item := range []string{
			`{"received_at": X}`, `{"facts_on": X}`, `{"intake": [X]}`, `{"complainant": {"is_member": X}}`, `{"attachments": [{"content": X}]}`, `{"initiatives": X}`, `X`, `{"text": X`,
		} {
			_, err := fromContract(json.RawMessage(strings.ReplaceAll(item, "X", string(secret))))
			if err != nil && strings.Contains(err.Error(), "geheim") {
				t.Fatalf("%s: %v", item, err)
			}
		}
	})
}
