package organisation

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzFile: an organisation file is read and passes its own check, or is refused
// in one sentence that names the file.
func FuzzFile(f *testing.F) {
	f.Add(solidarisBrabant)
	f.Add(bytes.Replace(solidarisBrabant, []byte("GEZONDHEIDSZORGEN"), []byte("gezond heid"), 1))
	for _, text := range []string{"", "a: b", "- a", "departments: [", "departments: &a [*a]", "departments: [{code: X}, {code: X}]", "---\n---\n", "\x00", "terms: {answer: 1e9}", "days_off: {2026: [2026-13-01]}", "? a\n: *b"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		o, err := parse("organisation file x.yaml", content)
		if err != nil {
			if o != nil || !strings.HasPrefix(err.Error(), "organisation file x.yaml") {
				t.Fatalf("%v", err)
			}
			return
		}
		if wrong := o.check(); len(wrong) > 0 {
			t.Fatalf("%v", wrong)
		}
		o.Calendar()
		for _, code := range o.Codes() {
			if d, known := o.Department(code); !known || d.Code != code {
				t.Fatalf("department %q is not found", code)
			}
		}
	})
}
